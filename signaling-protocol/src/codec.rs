use serde::{Deserialize, Serialize};

use crate::fields::Fields;
use crate::message::{ClientMessage, ServerMessage};
use crate::{ErrorCode, Sealed, VERSION, limits};

/// Why a frame is not a message.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than the limits allow.
    #[error("{0} is too large")]
    TooLarge(&'static str),
    /// A `hello` in another version of the wire.
    #[error("version {0} is not spoken here, but version {VERSION} is")]
    UnsupportedVersion(u16),
    /// Not a message of this wire. The text says where, and repeats nothing of the frame.
    #[error("not a message: {0}")]
    Malformed(String),
}

impl DecodeError {
    /// The code that tells the sender.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooLarge(_) => ErrorCode::TooLarge,
            Self::UnsupportedVersion(_) => ErrorCode::UnsupportedVersion,
            Self::Malformed(_) => ErrorCode::Malformed,
        }
    }
}

/// Reads what a client said. Never panics; checks every limit that one message can break.
pub fn decode_client(frame: &str) -> Result<ClientMessage, DecodeError> {
    let message = decode(frame).map_err(|error| other_version(frame).unwrap_or(error))?;
    match &message {
        ClientMessage::Hello { version, .. } if *version != VERSION => {
            return Err(DecodeError::UnsupportedVersion(*version));
        }
        ClientMessage::Join { card, .. } | ClientMessage::Card { card, .. } => {
            check(card, "card", limits::MAX_CARD_CHARS)?;
        }
        ClientMessage::Relay { payload, .. } => {
            check(payload, "payload", limits::MAX_SEALED_CHARS)?;
        }
        _ => {}
    }
    Ok(message)
}

/// Reads what the server said. Never panics.
pub fn decode_server(frame: &str) -> Result<ServerMessage, DecodeError> {
    // A roster of full cards is the one message that may be longer than a client's.
    let most = limits::MAX_FRAME_BYTES + limits::MAX_PEERS_PER_ROOM * limits::MAX_CARD_CHARS;
    if frame.len() > most {
        return Err(DecodeError::TooLarge("frame"));
    }
    let fields = Fields::parse(frame).ok_or_else(|| DecodeError::Malformed("not JSON".into()))?;
    ServerMessage::from_fields(fields).map_err(|error| DecodeError::Malformed(error.to_string()))
}

/// Writes a message as one text frame.
///
/// # Panics
///
/// Never: these types hold nothing that JSON cannot.
pub fn encode<M: Serialize>(message: &M) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// Checks the length, and the alphabet: other characters could grow when they are written again,
/// so that a roster of them would be longer than a client reads.
fn check(sealed: &Sealed, what: &'static str, most: usize) -> Result<(), DecodeError> {
    if sealed.0.len() > most {
        return Err(DecodeError::TooLarge(what));
    }
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !sealed.0.bytes().all(is_base64url) {
        return Err(DecodeError::Malformed(format!("{what} is not base64url")));
    }
    Ok(())
}

/// Whether a frame is the `hello` of another version, which may look different but for these two
/// fields: its sender is to be told which version is spoken here, not that it made a mistake.
fn other_version(frame: &str) -> Option<DecodeError> {
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Greeting {
        Hello { version: u16 },
    }
    if frame.len() > limits::MAX_FRAME_BYTES {
        return None;
    }
    let Greeting::Hello { version } = serde_json::from_str(frame).ok()?;
    (version != VERSION).then_some(DecodeError::UnsupportedVersion(version))
}

fn decode(frame: &str) -> Result<ClientMessage, DecodeError> {
    if frame.len() > limits::MAX_FRAME_BYTES {
        return Err(DecodeError::TooLarge("frame"));
    }
    // serde's own text can quote the input, so only its category and place are passed on.
    serde_json::from_str(frame).map_err(|error| {
        let kind = match error.classify() {
            serde_json::error::Category::Data => "a field or type is unknown, missing or wrong",
            _ => "not JSON",
        };
        DecodeError::Malformed(format!("{kind}, at column {}", error.column()))
    })
}
