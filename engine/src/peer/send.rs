use crate::error::{Error, ErrorKind, Result};

/// Which ways media go in a section
/// ([W3C `RTCRtpTransceiverDirection`](https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiverdirection)).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Direction {
    /// Both.
    #[default]
    SendRecv,
    /// Out.
    SendOnly,
    /// In.
    RecvOnly,
    /// Neither, for now.
    Inactive,
    /// Neither, for good.
    Stopped,
}

impl Direction {
    /// Whether this side sends.
    pub fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether this side receives.
    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

/// How a transceiver begins
/// ([W3C `RTCRtpTransceiverInit`](https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiverinit)).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransceiverInit {
    /// Which ways it goes.
    pub direction: Direction,
    /// Streams that what is sent belongs to. Tracks that share one are kept in step by the other
    /// side. Native sends these ids as they are; a browser chooses an id of its own for each
    /// distinct one. An id has 1 to 64 characters, those of a token: letters, digits, `-`, `_` and
    /// other signs, no spaces.
    pub streams: Vec<String>,
    /// What is sent, as one or several encodings (simulcast). Empty: one with the defaults.
    pub send_encodings: Vec<Encoding>,
}

/// The most characters of a stream's id (RFC 8830, section 2).
const MAX_STREAM_ID: usize = 64;

impl TransceiverInit {
    /// Names what is wrong, before it is in a description that the other side refuses.
    pub(crate) fn check(&self) -> Result<()> {
        // `token-char` of RFC 8866.
        let is_token_char = |c: char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]".contains(c);
        let is_id =
            |id: &String| (1..=MAX_STREAM_ID).contains(&id.len()) && id.chars().all(is_token_char);
        if !self.streams.iter().all(is_id) {
            let text = "streams: an id has 1 to 64 letters, digits and signs that a token may have";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        if self.send_encodings.len() > 1 && !are_names(&self.send_encodings) {
            let text =
                "send_encodings: each of several has a rid of its own, of letters and digits";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        Ok(())
    }
}

/// Whether each has a name of its own ([RFC 8852](https://www.rfc-editor.org/rfc/rfc8852#section-3.3);
/// the header of a packet has room for 16 characters).
fn are_names(encodings: &[Encoding]) -> bool {
    let mut known: Vec<&str> = Vec::new();
    encodings.iter().all(|encoding| {
        let rid = encoding.rid.as_deref().unwrap_or_default();
        let is_name = (1..=16).contains(&rid.len())
            && rid.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !known.contains(&rid);
        known.push(rid);
        is_name
    })
}

/// One form in which a track is sent
/// ([W3C `RTCRtpEncodingParameters`](https://www.w3.org/TR/webrtc/#dom-rtcrtpencodingparameters)).
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    /// Names it among several; set once, when the transceiver is made.
    pub rid: Option<String>,
    /// Whether it is sent.
    pub active: bool,
    /// Bits in a second at the most.
    pub max_bitrate: Option<u32>,
    /// Frames in a second at the most; video alone.
    pub max_frame_rate: Option<f64>,
    /// By how much width and height are divided, 1 and more; video alone.
    pub scale_resolution_down_by: Option<f64>,
}

impl Default for Encoding {
    fn default() -> Self {
        Self {
            rid: None,
            active: true,
            max_bitrate: None,
            max_frame_rate: None,
            scale_resolution_down_by: None,
        }
    }
}

/// How a sender sends
/// ([W3C `RTCRtpSendParameters`](https://www.w3.org/TR/webrtc/#dom-rtcrtpsendparameters)).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SendParameters {
    /// As many and in the order that the transceiver was made with.
    pub encodings: Vec<Encoding>,
    /// What gives way when there is too little of something. `None`: the platform decides.
    pub degradation_preference: Option<DegradationPreference>,
    /// The codecs that were agreed on, the used one first. Read only.
    pub codecs: Vec<Codec>,
}

/// [W3C `RTCDegradationPreference`](https://www.w3.org/TR/mst-content-hint/#dom-rtcdegradationpreference).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum DegradationPreference {
    /// The picture gets smaller, and moves as before.
    MaintainFramerate,
    /// It keeps its size, and moves less.
    MaintainResolution,
    /// Both a little.
    Balanced,
}

/// [W3C `RTCRtpCodec`](https://www.w3.org/TR/webrtc/#dom-rtcrtpcodec).
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Codec {
    /// Such as `audio/opus` or `video/H264`.
    pub mime_type: String,
    /// Ticks of its timestamps in a second.
    pub clock_rate: u32,
    /// Audio alone.
    pub channels: Option<u16>,
    /// Its parameters, such as `packetization-mode=1;profile-level-id=42e01f`; empty without any.
    pub sdp_fmtp_line: String,
}
