/// How a connection as a whole stands
/// ([W3C `RTCPeerConnectionState`](https://www.w3.org/TR/webrtc/#rtcpeerconnectionstate-enum)).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ConnectionState {
    /// Nothing has begun.
    #[default]
    New,
    /// A way is looked for, or keys are agreed on.
    Connecting,
    /// Data flows.
    Connected,
    /// Nothing comes at the moment; this may pass by itself.
    Disconnected,
    /// No way is left. Only an ICE restart helps.
    Failed,
    /// Closed by this side.
    Closed,
}

/// How the search for a way stands
/// ([W3C `RTCIceConnectionState`](https://www.w3.org/TR/webrtc/#rtciceconnectionstate-enum)).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum IceConnectionState {
    /// Nothing has begun.
    #[default]
    New,
    /// Ways are tried.
    Checking,
    /// One works, others are still tried.
    Connected,
    /// One works and nothing is left to try.
    Completed,
    /// Nothing comes at the moment.
    Disconnected,
    /// None works.
    Failed,
    /// Closed by this side.
    Closed,
}

impl IceConnectionState {
    /// Whether a way was found and still works.
    pub fn is_connected(self) -> bool {
        matches!(self, Self::Connected | Self::Completed)
    }
}

/// Whether own candidates are being looked for
/// ([W3C `RTCIceGatheringState`](https://www.w3.org/TR/webrtc/#rtcicegatheringstate-enum)).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum IceGatheringState {
    /// Not yet.
    #[default]
    New,
    /// They are being looked for.
    Gathering,
    /// All of this generation were found.
    Complete,
}

/// How far offer and answer are
/// ([W3C `RTCSignalingState`](https://www.w3.org/TR/webrtc/#rtcsignalingstate-enum)).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum SignalingState {
    /// No offer is open.
    #[default]
    Stable,
    /// Ours is.
    HaveLocalOffer,
    /// Theirs is.
    HaveRemoteOffer,
    /// We answered theirs for now.
    HaveLocalPrAnswer,
    /// They answered ours for now.
    HaveRemotePrAnswer,
    /// Closed by this side.
    Closed,
}
