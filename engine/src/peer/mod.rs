//! Words of a peer connection that all back-ends share, after the
//! [W3C specification](https://www.w3.org/TR/webrtc/).

mod candidate;
mod channel;
mod configuration;
mod description;
mod send;
mod signal;
mod state;
mod stats;

pub use candidate::{CandidateError, IceCandidate};
pub use channel::{ChannelOptions, ChannelState, Message};
pub use configuration::{BundlePolicy, Configuration, IceTransportPolicy, RtcpMuxPolicy};
pub use description::{SdpType, SessionDescription};
pub use send::{
    Codec, DegradationPreference, Direction, Encoding, SendParameters, TransceiverInit,
};
pub use signal::Signal;
pub use state::{ConnectionState, IceConnectionState, IceGatheringState, SignalingState};
pub use stats::{
    CandidateKind, CandidatePairStats, ChannelStats, ConnectionStats, InboundStats, OutboundStats,
    SourceStats, StatsReport,
};
