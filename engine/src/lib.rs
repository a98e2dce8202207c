//! Parlor's engine: rooms, calls and chat between peers over WebRTC, with one API on every
//! platform.
//!
//! An [`Engine`] is one device of one person. It enters rooms with a [`RoomKey`], the secret that
//! an invitation link carries; what a room is like at a moment is a [`RoomState`], and
//! [`Room::changed`] tells when there is a new one.
//!
//! ```no_run
//! # async fn example() -> parlor_engine::Result<()> {
//! use parlor_engine::{Config, Engine, Profile, RoomKey};
//!
//! let engine = Engine::new(Config::new("wss://parlor.example/ws"))?;
//! let key: RoomKey = "…the end of an invitation link…".parse().map_err(|_| bad_link())?;
//! let (mut room, _notices) = engine.enter(&key, Profile { name: "Alice".into() });
//! room.post("Hello, everybody")?;
//! while room.changed().await {
//!     for message in room.state().messages.iter() {
//!         show(&message.name, &message.text);
//!     }
//! }
//! # Ok(()) }
//! # fn bad_link() -> parlor_engine::Error { unimplemented!() }
//! # fn show(_: &str, _: &str) {}
//! ```
//!
//! The signaling server only introduces peers: everything that they say to each other through it
//! is sealed with the room's key, and everything else goes from peer to peer.

#![warn(missing_docs)]

mod call;
mod capabilities;
mod chat;
mod engine;
mod error;
mod identity;
mod inbox;
mod key;
mod media;
mod notice;
mod peer;
mod platform;
mod random;
mod room;
mod seal;
mod session;
mod signaling;

pub use chat::{Delivery, MAX_TEXT_CHARS, Message, MessageId};
pub use engine::{Config, Engine, Presence, Watch};
pub use error::{Error, ErrorKind, Result};
pub use identity::PersonId;
pub use key::{ParseKeyError, RoomKey};
pub use media::{AudioConstraints, Device, DeviceKind, Kind, Track, VideoConstraints};
pub use notice::{CallOutcome, DeclineReason, Notice, Notices};
pub use parlor_signaling_protocol::{ErrorCode, PeerId};
#[cfg(target_arch = "wasm32")]
pub use platform::web;
pub use room::{
    Answer, Call, Link, MAX_NAME_CHARS, MediaState, Participant, Profile, Room, RoomState,
    ServerLink,
};
