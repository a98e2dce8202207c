//! The wire between Parlor's peers and its signaling server: messages, ids and limits, no I/O.
//!
//! A connection is a WebSocket that carries one JSON object per text frame. The client speaks
//! first, with [`ClientMessage::Hello`]; `PROTOCOL.md` beside this crate tells who says what,
//! when, to whom and why, with the sequences in full.
//!
//! The server introduces peers and passes on what they say to each other. What they say is
//! [`Sealed`]: the server has no key for it and never looks inside.

#![warn(missing_docs)]

mod codec;
mod fields;
mod host;
mod ice_url;
mod id;
pub mod limits;
mod message;
mod origin;
mod proof;

pub use codec::{DecodeError, decode_client, decode_server, encode};
pub use fields::{FieldError, Fields};
pub use host::HostError;
pub use ice_url::{IceScheme, IceServerError, IceTransport, IceUrl, IceUrlError};
pub use id::{Challenge, ParseIdError, PeerId, PeerKey, ResumeToken, RoomId, Signature};
pub use message::{
    ClientMessage, CloseCode, ErrorCode, IceServer, LeaveReason, Member, Resume, Sealed,
    ServerMessage,
};
pub use origin::{Origin, OriginError};
pub use proof::join_claim;

/// The version of this wire that this crate speaks. A server and a client that differ in it
/// cannot talk; the server answers [`ErrorCode::UnsupportedVersion`] and says which it has.
pub const VERSION: u16 = 2;
