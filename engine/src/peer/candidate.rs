use std::fmt;

use parlor_signaling_protocol::{FieldError, Fields};
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// A way to reach a peer ([RFC 8839](https://www.rfc-editor.org/rfc/rfc8839#section-5.1),
/// [W3C `RTCIceCandidate`](https://www.w3.org/TR/webrtc/#rtcicecandidate-interface)).
///
/// Neither `sdp_mid` nor `sdp_m_line_index` has to be there with `max-bundle`; browsers send both.
/// Its `Debug` form shows no address.
#[derive(Clone, Eq, Hash, PartialEq, Serialize)]
pub struct IceCandidate {
    /// The `candidate` attribute without `a=`; empty: there are no more of this generation. Holds
    /// network addresses: keep it out of logs.
    pub candidate: String,
    /// The media section's identification tag.
    #[serde(rename = "sdpMid", skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// The media section's place, from 0.
    #[serde(rename = "sdpMLineIndex", skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
    /// The ICE generation that it belongs to.
    #[serde(rename = "usernameFragment", skip_serializing_if = "Option::is_none")]
    pub username_fragment: Option<String>,
}

impl IceCandidate {
    /// The form in which JavaScript's `JSON.stringify(candidate)` gives it.
    pub fn to_json(&self) -> String {
        // Strings and numbers alone: there is nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) or JavaScript wrote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for anything else.
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = || Error::new(ErrorKind::Invalid, "not an ICE candidate");
        let fields = Fields::parse(json).ok_or_else(invalid)?;
        Self::from_fields(fields).map_err(|error| invalid().caused_by(error))
    }

    /// Whether it says that there are no more
    /// ([W3C end-of-candidates](https://www.w3.org/TR/webrtc/#dom-rtcicecandidate-candidate)).
    pub(crate) fn is_end(&self) -> bool {
        self.candidate.is_empty()
    }

    pub(crate) fn from_fields(mut fields: Fields) -> std::result::Result<Self, FieldError> {
        Ok(Self {
            candidate: fields.text("candidate")?,
            sdp_mid: fields.optional_text("sdpMid")?,
            sdp_m_line_index: match fields.has("sdpMLineIndex") {
                true => Some(fields.small("sdpMLineIndex")?),
                false => None,
            },
            username_fragment: fields.optional_text("usernameFragment")?,
        })
    }
}

impl fmt::Debug for IceCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IceCandidate(…)")
    }
}

/// A STUN or TURN server that gave no candidate
/// ([W3C `icecandidateerror`](https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent)).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CandidateError {
    /// The server, as its URL in the configuration names it.
    pub url: String,
    /// The STUN error code; 701 when the server was not reached.
    pub code: u16,
    /// What the server or the platform says about it.
    pub text: String,
}
