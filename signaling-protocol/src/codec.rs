use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::message::{ClientMessage, ServerMessage};
use crate::{ErrorCode, limits};

/// Why a frame is not a message.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// Longer than the limits allow.
    #[error("{0} is too large")]
    TooLarge(&'static str),
    /// Not a message of this wire. The text says where, and repeats nothing of the frame.
    #[error("not a message: {0}")]
    Malformed(String),
}

impl DecodeError {
    /// The code that tells the sender.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooLarge(_) => ErrorCode::TooLarge,
            Self::Malformed(_) => ErrorCode::Malformed,
        }
    }
}

/// Reads what a client said. Never panics; checks every limit that one message can break.
pub fn decode_client(frame: &str) -> Result<ClientMessage, DecodeError> {
    let message = decode(frame)?;
    match &message {
        ClientMessage::Join { card, .. } | ClientMessage::Card { card, .. }
            if card.0.len() > limits::MAX_CARD_CHARS =>
        {
            Err(DecodeError::TooLarge("card"))
        }
        ClientMessage::Relay { payload, .. } if payload.0.len() > limits::MAX_SEALED_CHARS => {
            Err(DecodeError::TooLarge("payload"))
        }
        _ => Ok(message),
    }
}

/// Reads what the server said. Never panics.
pub fn decode_server(frame: &str) -> Result<ServerMessage, DecodeError> {
    // A roster of full cards is the one message that may be longer than a client's.
    let most = limits::MAX_FRAME_BYTES + limits::MAX_PEERS_PER_ROOM * limits::MAX_CARD_CHARS;
    decode_up_to(frame, most)
}

/// Writes a message as one text frame.
///
/// # Panics
///
/// Never: these types hold nothing that JSON cannot.
pub fn encode<M: Serialize>(message: &M) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

fn decode<M: DeserializeOwned>(frame: &str) -> Result<M, DecodeError> {
    decode_up_to(frame, limits::MAX_FRAME_BYTES)
}

fn decode_up_to<M: DeserializeOwned>(frame: &str, most: usize) -> Result<M, DecodeError> {
    if frame.len() > most {
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
