//! Messages that are not carried out.

use parlor_signaling_protocol::{ErrorCode, RoomId, ServerMessage, VERSION};

use super::{ConnId, Hub};

/// Why a message is not carried out, and the room that it concerned.
pub(super) struct Refusal(pub(super) ErrorCode, pub(super) Option<RoomId>);

impl Hub {
    pub(super) fn refuse(
        &mut self,
        conn: ConnId,
        code: ErrorCode,
        why: String,
        room: Option<RoomId>,
    ) {
        let error = ServerMessage::Error {
            code,
            message: why,
            room,
        };
        self.answer(conn, &error);
    }
}

pub(super) fn explain(code: ErrorCode) -> String {
    match code {
        ErrorCode::Malformed => "not a message".into(),
        ErrorCode::TooLarge => "too large".into(),
        ErrorCode::UnsupportedVersion => format!("this server speaks version {VERSION}"),
        ErrorCode::HelloFirst => "say hello first".into(),
        ErrorCode::AlreadyGreeted => "hello was said before".into(),
        ErrorCode::BadProof => "the proof is not of this key, room and session".into(),
        ErrorCode::NotInRoom => "you are not in this room".into(),
        ErrorCode::NoSuchPeer => "that peer is not in this room".into(),
        ErrorCode::RoomFull => "this room is full".into(),
        ErrorCode::TooManyRooms => "you are in too many rooms".into(),
        ErrorCode::RateLimited => "too many messages in too short a time".into(),
        ErrorCode::ServerFull => "this server is full".into(),
    }
}
