//! Words of a peer connection that all back-ends share, after the
//! [W3C specification](https://www.w3.org/TR/webrtc/).

use std::fmt;

use parlor_signaling_protocol::{FieldError, Fields, IceServer};
use serde::Serialize;

/// How a peer connection is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeerConfig {
    pub(crate) ice_servers: Vec<IceServer>,
}

/// An offer or an answer ([JSEP](https://www.rfc-editor.org/rfc/rfc9429)).
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Description {
    pub(crate) kind: DescriptionKind,
    pub(crate) sdp: String,
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({} bytes)", self.kind, self.sdp.len())
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DescriptionKind {
    Offer,
    Answer,
}

/// A way to reach a peer ([RFC 8839](https://www.rfc-editor.org/rfc/rfc8839#section-5.1)).
#[derive(Clone, Eq, PartialEq, Serialize)]
pub(crate) struct Candidate {
    pub(crate) candidate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ufrag: Option<String>,
}

impl Candidate {
    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            candidate: fields.text("candidate")?,
            mid: fields.optional_text("mid")?,
            line: match fields.has("line") {
                true => Some(fields.small("line")?),
                false => None,
            },
            ufrag: fields.optional_text("ufrag")?,
        })
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate(…)")
    }
}

/// [`RTCPeerConnectionState`](https://www.w3.org/TR/webrtc/#rtcpeerconnectionstate-enum).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ConnectionState {
    New,
    Connecting,
    Connected,
    Disconnected,
    Failed,
    Closed,
}

/// Bounds on one sent track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SendLimits {
    /// Bits in a second.
    pub(crate) bitrate: u32,
    /// Frames in a second; video alone.
    pub(crate) frame_rate: Option<u32>,
    /// By how much width and height are divided; video alone.
    pub(crate) scale_down: Option<f32>,
}
