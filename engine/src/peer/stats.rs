use std::time::Duration;

use crate::media::Kind;

/// What a connection measured, in one form on every platform.
///
/// Every time is on [`Engine::now`](crate::Engine::now)'s clock; every sum counts from the
/// connection's start. A field is `None` where the platform does not measure it or has not yet;
/// [`Capabilities`](crate::Capabilities) and the docs of the fields tell which those are. After
/// [W3C's identifiers for statistics](https://www.w3.org/TR/webrtc-stats/).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatsReport {
    /// When it was taken.
    pub taken_at: Duration,
    /// The connection as a whole.
    pub connection: ConnectionStats,
    /// The pair of candidates in use, once there is one.
    pub candidate_pair: Option<CandidatePairStats>,
    /// What feeds the senders: one for each track that is sent.
    pub sources: Vec<SourceStats>,
    /// What is sent: one for each encoding.
    pub outbound: Vec<OutboundStats>,
    /// What is received: one for each stream.
    pub inbound: Vec<InboundStats>,
    /// The data channels.
    pub channels: Vec<ChannelStats>,
}

/// `peer-connection` and `transport` of the specification.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionStats {
    /// Bytes sent, without headers of UDP and IP.
    pub bytes_sent: u64,
    /// Bytes received, likewise.
    pub bytes_received: u64,
    /// Data channels that were ever open.
    pub channels_opened: u32,
    /// Those of them that were closed since.
    pub channels_closed: u32,
}

/// `candidate-pair`, with what is of use of its two candidates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidatePairStats {
    /// The kind of our end.
    pub local: Option<CandidateKind>,
    /// The kind of theirs.
    pub remote: Option<CandidateKind>,
    /// How our end reaches a relay, or the peer: `udp`, `tcp` or `tls`.
    pub protocol: Option<String>,
    /// The time there and back, as last measured.
    pub round_trip: Option<Duration>,
    /// Bits in a second that congestion control believes to fit.
    pub available_outgoing_bitrate: Option<u64>,
    /// Bytes sent over this pair.
    pub bytes_sent: u64,
    /// Bytes received over it.
    pub bytes_received: u64,
}

/// [W3C `RTCIceCandidateType`](https://www.w3.org/TR/webrtc/#rtcicecandidatetype-enum).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CandidateKind {
    /// An address of the device.
    Host,
    /// An address that a STUN server sees.
    ServerReflexive,
    /// An address that the peer sees.
    PeerReflexive,
    /// An address of a TURN server.
    Relay,
}

/// `media-source`.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceStats {
    /// What it is.
    pub kind: Kind,
    /// [`Track::id`](crate::Track::id) of the track.
    pub track: String,
    /// Width and height in pixels; video alone.
    pub size: Option<(u32, u32)>,
    /// Frames in a second; video alone.
    pub frame_rate: Option<f64>,
    /// How loud it is, 0 to 1, linear; audio alone.
    pub audio_level: Option<f64>,
}

/// `outbound-rtp`, with what the other side reports of it (`remote-inbound-rtp`).
#[derive(Clone, Debug, PartialEq)]
pub struct OutboundStats {
    /// What it is.
    pub kind: Kind,
    /// The media section.
    pub mid: Option<String>,
    /// The encoding, if there are several.
    pub rid: Option<String>,
    /// The codec's MIME type.
    pub codec: Option<String>,
    /// Packets sent, repeated ones included.
    pub packets: u64,
    /// Bytes of payload sent, repeated ones included.
    pub bytes: u64,
    /// Of these, bytes that were sent again.
    pub retransmitted_bytes: u64,
    /// Bits in a second that the encoder aims at.
    pub target_bitrate: Option<u64>,
    /// Frames sent; video alone.
    pub frames: Option<u64>,
    /// Of these, key frames.
    pub key_frames: Option<u64>,
    /// Width and height in pixels as sent; video alone.
    pub size: Option<(u32, u32)>,
    /// Frames in a second as sent; video alone.
    pub frame_rate: Option<f64>,
    /// Retransmissions that the other side asked for.
    pub nacks: u64,
    /// Key frames that it asked for.
    pub plis: u64,
    /// The share of packets that it lately missed, 0 to 1.
    pub remote_loss: Option<f64>,
    /// How much their times of arrival vary there.
    pub remote_jitter: Option<Duration>,
    /// The time there and back, by its reports.
    pub round_trip: Option<Duration>,
}

/// `inbound-rtp`.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundStats {
    /// What it is.
    pub kind: Kind,
    /// The media section.
    pub mid: Option<String>,
    /// The codec's MIME type.
    pub codec: Option<String>,
    /// Packets received.
    pub packets: u64,
    /// Bytes of payload received.
    pub bytes: u64,
    /// Packets missed; below zero if some came twice.
    pub packets_lost: i64,
    /// How much their times of arrival vary.
    pub jitter: Option<Duration>,
    /// Frames received whole; video alone.
    pub frames: Option<u64>,
    /// Frames decoded; video alone.
    pub frames_decoded: Option<u64>,
    /// Frames left out; video alone.
    pub frames_dropped: Option<u64>,
    /// Width and height in pixels; video alone.
    pub size: Option<(u32, u32)>,
    /// Frames in a second; video alone.
    pub frame_rate: Option<f64>,
    /// How often the picture stood still; video alone.
    pub freezes: Option<u64>,
    /// For how long in all.
    pub freeze_time: Option<Duration>,
    /// Samples made up for ones that did not come; audio alone.
    pub concealed_samples: Option<u64>,
    /// All samples; audio alone.
    pub samples: Option<u64>,
    /// How loud it is, 0 to 1, linear; audio alone.
    pub audio_level: Option<f64>,
    /// How long packets wait for late ones, on average.
    pub buffer_delay: Option<Duration>,
    /// Retransmissions that we asked for.
    pub nacks: u64,
    /// Key frames that we asked for.
    pub plis: u64,
}

/// `data-channel`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ChannelStats {
    /// Its label.
    pub label: String,
    /// Its stream id, once it has one.
    pub id: Option<u16>,
    /// Messages sent.
    pub messages_sent: u64,
    /// Bytes of payload sent.
    pub bytes_sent: u64,
    /// Messages received.
    pub messages_received: u64,
    /// Bytes of payload received.
    pub bytes_received: u64,
}
