use parlor_signaling_protocol::Fields;

use super::{IceCandidate, SessionDescription};
use crate::error::{Error, ErrorKind, Result};

/// A signaling message: two peers exchange these, over a way of the application's, to connect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Signal {
    /// An offer or an answer.
    Description {
        /// The number of the offer, which its answer repeats. Each side counts its own offers, from 1
        /// on. Without numbers, as other implementations of perfect negotiation send them, the
        /// signaling has to lose nothing and keep the order.
        id: Option<u32>,
        /// The offer or answer.
        description: SessionDescription,
    },
    /// A candidate of the sender's; `None`: there are no more for now.
    Candidate(Option<IceCandidate>),
}

impl Signal {
    /// Writes the signal as JSON: `{"description":…,"id":1}` or `{"candidate":…}`, with the
    /// description or candidate in the form of JavaScript's own objects.
    pub fn to_json(&self) -> String {
        match self {
            Self::Description { id, description } => {
                let description = description.to_json();
                let id = id.map(|id| format!(",\"id\":{id}")).unwrap_or_default();
                format!("{{\"description\":{description}{id}}}")
            }
            Self::Candidate(Some(candidate)) => {
                format!("{{\"candidate\":{}}}", candidate.to_json())
            }
            Self::Candidate(None) => "{\"candidate\":null}".to_owned(),
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote; the `id` may be missing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for anything else.
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = || Error::new(ErrorKind::Invalid, "not a signal");
        let mut fields = Fields::parse(json).ok_or_else(invalid)?;
        if fields.has("description") {
            let id = match fields.has("id") {
                true => Some(fields.small("id").map_err(|_| invalid())?),
                false => None,
            };
            let description = fields.object("description").map_err(|_| invalid())?;
            let description = SessionDescription::from_fields(description)
                .map_err(|error| invalid().caused_by(error))?;
            return Ok(Self::Description { id, description });
        }
        if fields.is_null("candidate") {
            return Ok(Self::Candidate(None));
        }
        let candidate = fields.object("candidate").map_err(|_| invalid())?;
        IceCandidate::from_fields(candidate)
            .map(|candidate| Self::Candidate(Some(candidate)))
            .map_err(|error| invalid().caused_by(error))
    }
}
