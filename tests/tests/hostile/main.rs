//! Members with valid keys, and servers in their hands, that keep to no rule.
//!
//! They are written after `signaling-protocol/PROTOCOL.md` and `PEERS.md` alone: their keys, seals,
//! signatures and messages are their own. `docs/security.md` names the promise that each test keeps.

mod amounts;
mod calls;
mod chat;
mod keys;
mod member;
mod middle;
mod names;
mod proxy;
mod seen;
mod victim;
mod visits;
