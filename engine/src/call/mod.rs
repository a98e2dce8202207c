//! Sans-IO: how two peers agree. No async, no clock, no platform: inputs with the time in,
//! outputs out, so that glare, loss and reordering are tested with scripts.
//!
//! [`health`]: when a connection needs repair. [`ringing`]: the room's call. [`message`]: what peers
//! say to each other. [`envelope`]: how that passes the server, signed.

mod card;
mod cooldown;
mod envelope;
#[cfg(test)]
mod fuzz;
mod health;
mod message;
mod ringing;

pub(crate) use card::Card;
pub(crate) use envelope::{Address, Envelope, LinkIds};
pub(crate) use health::{Health, Repair};
pub(crate) use message::{CallId, PeerMessage, PeerState, TrackInfo, decode};
pub(crate) use ringing::{Published, Ringing};
