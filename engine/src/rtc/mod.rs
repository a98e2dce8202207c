//! Peer connections as an application uses them, alone or beside rooms.
//!
//! What every platform does in its own way is in the back-ends; what the handles promise beyond
//! that is made here, once: candidates that come early are held, sending waits for room, nothing
//! that arrives is lost without a word, states are values that can be asked and watched.

mod channel;
mod chunked;
mod connection;
mod held;
mod hub;
mod inbox;
mod negotiation;
mod negotiator;
mod shared;
mod stats;
mod transceiver;
mod watched;

pub use channel::{ChannelEvent, DataChannel, MAX_MESSAGE, SEND_HIGH_WATER};
pub use chunked::Chunked;
pub(crate) use connection::WeakPeerConnection;
pub use connection::{PeerConnection, RemoteTrack};
pub use hub::Events;
pub(crate) use negotiation::{Negotiation, Output, Rules};
pub use negotiator::Negotiator;
pub use shared::{CandidateEvent, TrackEvent};
pub use stats::StatsEvery;
pub use transceiver::Transceiver;
pub use watched::Watched;
