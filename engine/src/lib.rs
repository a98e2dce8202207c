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
//! let (mut room, _notices) = engine.enter(&key, Profile { name: "Alice".into() })?;
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
//!
//! Peer connections can also be used alone, with signaling of your own: see the [`guide`].

#![warn(missing_docs)]
#![cfg_attr(
    target_arch = "wasm32",
    allow(
        clippy::arc_with_non_send_sync,
        reason = "one source for all platforms; a page has one thread"
    )
)]

#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

mod budget;
mod call;
mod capabilities;
mod chat;
mod credentials;
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
mod rtc;
mod seal;
mod session;
mod signaling;
mod text;
#[cfg(test)]
mod vectors;
mod verification;

pub use capabilities::Capabilities;
pub use chat::{ChatMessage, Delivery, MessageId};
pub use engine::{Config, Engine, Presence, Watch};
pub use error::{Error, ErrorKind, Result};
pub use identity::PersonId;
pub use key::{ParseKeyError, RoomKey};
pub use media::{
    AudioConstraints, BySource, Constraint, Device, DeviceKind, DisplaySurface, EncodedFrame,
    FacingMode, Kind, PermissionState, Property, ResizeMode, ScreenConstraints, SourceRequest,
    Track, TrackSettings, TrackSource, VideoConstraints,
};
pub use notice::{CallOutcome, DeclineReason, Notice, Notices};
pub use parlor_signaling_protocol::{ErrorCode, IceServer, Origin, OriginError, PeerId};
pub use peer::{
    BundlePolicy, CandidateError, CandidateKind, CandidatePairStats, ChannelOptions, ChannelState,
    ChannelStats, Codec, Configuration, ConnectionState, ConnectionStats, DegradationPreference,
    Direction, Encoding, IceCandidate, IceConnectionState, IceGatheringState, IceTransportPolicy,
    InboundStats, Message, OutboundStats, RtcpMuxPolicy, SdpType, SendParameters,
    SessionDescription, Signal, SignalingState, SourceStats, StatsReport, TransceiverInit,
};
#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
pub use platform::fake;
#[cfg(target_arch = "wasm32")]
pub use platform::web;
pub use room::{
    Answer, Call, LinkState, MediaState, Participant, Profile, Publication, Room, RoomState,
    ServerLink,
};
pub use rtc::{
    CandidateEvent, ChannelEvent, Chunked, DataChannel, Events, MAX_MESSAGE, Negotiator,
    PeerConnection, RemoteTrack, SEND_HIGH_WATER, StatsEvery, TrackEvent, Transceiver, Watched,
};
pub use text::{MAX_NAME, MAX_TEXT, TextLimit, graphemes, single_line};
pub use verification::Fingerprint;
