//! Sans-IO: how two peers agree. No async, no clock, no platform: inputs with the time in,
//! outputs out, so that glare, loss and reordering are tested with scripts.
//!
//! [`negotiation`]: descriptions and candidates between two peers. [`health`]: when a connection
//! needs repair. [`description`]: a description is its sender's. [`ringing`]: the room's call. [`message`]: what peers say to each other.

mod card;
mod cooldown;
mod description;
#[cfg(test)]
mod fuzz;
mod health;
mod message;
mod negotiation;
mod ringing;

pub(crate) use card::Card;
pub(crate) use description::Description;
pub(crate) use health::{Health, Repair};
pub(crate) use message::{
    CallId, Envelope, LinkIds, Mids, PeerMessage, PeerState, SignedSignal, decode,
};
pub(crate) use negotiation::{Negotiation, Op, Output};
pub(crate) use ringing::{Published, Ringing};
