//! Sans-IO: the client of the signaling server, one socket for all rooms of an engine. It decides
//! what is said and when; `session/signaling.rs` holds the socket and the clock.

mod backoff;
mod client;
mod sleep;

pub(crate) use client::{Client, Event, Output};
pub(crate) use sleep::SleepWatch;
