use std::fmt;

use parlor_signaling_protocol::{FieldError, Fields};
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// What kind of description it is
/// ([W3C `RTCSdpType`](https://www.w3.org/TR/webrtc/#rtcsdptype)).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SdpType {
    /// What one side would like.
    Offer,
    /// What the other makes of it, for now; an [`Answer`](Self::Answer) follows. Whether something
    /// flows before that is [`Capabilities::early_media`](crate::Capabilities::early_media). Firefox
    /// has none: [`Unsupported`](ErrorKind::Unsupported).
    PrAnswer,
    /// What the other makes of it.
    Answer,
    /// Takes an offer back; its SDP is empty.
    Rollback,
}

/// A session description ([JSEP](https://www.rfc-editor.org/rfc/rfc9429),
/// [W3C `RTCSessionDescription`](https://www.w3.org/TR/webrtc/#rtcsessiondescription-class)).
///
/// Its `Debug` form shows no SDP, which holds addresses and keys.
#[derive(Clone, Eq, Hash, PartialEq, Serialize)]
pub struct SessionDescription {
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: SdpType,
    /// The SDP ([RFC 8866](https://www.rfc-editor.org/rfc/rfc8866)).
    pub sdp: String,
}

impl SessionDescription {
    /// A description that takes an offer back.
    pub fn rollback() -> Self {
        Self {
            kind: SdpType::Rollback,
            sdp: String::new(),
        }
    }

    /// The form in which JavaScript's `JSON.stringify(description)` gives it.
    pub fn to_json(&self) -> String {
        // Strings alone: there is nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) or JavaScript wrote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for anything else. The SDP itself is read when it is set.
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = || Error::new(ErrorKind::Invalid, "not a session description");
        let fields = Fields::parse(json).ok_or_else(invalid)?;
        Self::from_fields(fields).map_err(|error| invalid().caused_by(error))
    }

    pub(crate) fn from_fields(mut fields: Fields) -> std::result::Result<Self, FieldError> {
        let kind = match fields.text("type")?.as_str() {
            "offer" => SdpType::Offer,
            "pranswer" => SdpType::PrAnswer,
            "answer" => SdpType::Answer,
            "rollback" => SdpType::Rollback,
            _ => return Err(FieldError("type")),
        };
        let sdp = match kind {
            SdpType::Rollback => fields.optional_text("sdp")?.unwrap_or_default(),
            _ => fields.text("sdp")?,
        };
        Ok(Self { kind, sdp })
    }
}

impl fmt::Debug for SessionDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({} bytes)", self.kind, self.sdp.len())
    }
}
