//! Sans-IO: the client of the signaling server, one socket for all rooms of an engine. It decides
//! what is said and when; `session/signaling.rs` holds the socket and the clock.

mod backoff;
mod client;

pub(crate) use client::{Client, Event, Output};
