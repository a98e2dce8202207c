//! The client of the signaling server: one socket for all rooms of an engine.
//!
//! [`client`] decides, without I/O or clock; [`actor`] does what it says; [`presence`] turns what
//! the server tells of a watched room into names.

mod actor;
mod backoff;
mod client;
mod presence;

pub(crate) use actor::{Handle, Request, RoomEvent, start};
pub(crate) use presence::watch;
