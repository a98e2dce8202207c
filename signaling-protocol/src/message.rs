use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fields::{FieldError, Fields};
use crate::{Challenge, Origin, PeerId, PeerKey, ResumeToken, RoomId, Signature, limits};

/// What a client says to the server.
///
/// All but [`Hello`](Self::Hello) and [`Ping`](Self::Ping) are **counted**: both sides number
/// them from the first after a `welcome` that started a session, and keep what the other has not
/// confirmed, so that a lost socket loses nothing.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// *When*: first on every socket. *To*: server. *Purpose*: names the version, and takes up an
    /// earlier session where there is one.
    Hello {
        /// The version of the wire that the client speaks.
        version: u16,
        /// The session to take up, if this is a reconnection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
    },
    /// *When*: every [`PING_INTERVAL`](crate::limits::PING_INTERVAL), and after each
    /// [`CONFIRM_EVERY`](crate::limits::CONFIRM_EVERY) counted messages. *To*: server. *Purpose*:
    /// shows that the client is alive and confirms what it received.
    Ping {
        /// How many counted messages of the server the client has received in this session.
        received: u64,
    },
    /// *When*: entering a room, or entering it again after a session could not be resumed. *To*:
    /// server, which tells the room. *Purpose*: makes the peer with this key a member.
    Join {
        /// The room.
        room: RoomId,
        /// The key that was made for this visit; its hash is the peer's id.
        key: PeerKey,
        /// The key's signature on [`join_claim`](crate::join_claim): nobody else can take the id.
        proof: Signature,
        /// What the members and watchers may know of the peer, sealed with the room's key.
        card: Sealed,
    },
    /// *When*: the name on the card changed. *To*: server, which tells the room. *Purpose*:
    /// replaces the card. Members only.
    Card {
        /// The room.
        room: RoomId,
        /// The new card.
        card: Sealed,
    },
    /// *When*: leaving a room for good. *To*: server, which tells the room. *Purpose*: ends the
    /// membership at once.
    Leave {
        /// The room.
        room: RoomId,
    },
    /// *When*: a start page or a lobby is shown. *To*: server. *Purpose*: learns who is in a room
    /// without being in it.
    Watch {
        /// The room.
        room: RoomId,
    },
    /// *When*: that page is left. *To*: server. *Purpose*: ends the watching.
    Unwatch {
        /// The room.
        room: RoomId,
    },
    /// *When*: any time between members. *To*: one other member, through the server. *Purpose*:
    /// carries what peers say to each other while they have no data channel.
    Relay {
        /// The room that both are in.
        room: RoomId,
        /// The member that it is for.
        to: PeerId,
        /// What is said.
        payload: Sealed,
    },
}

/// Which session to take up, and how far the client got in it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The token from the last `welcome`.
    pub token: ResumeToken,
    /// How many counted messages of the server the client had received.
    pub received: u64,
}

/// What the server says to a client.
///
/// All but [`Welcome`](Self::Welcome), [`Pong`](Self::Pong) and [`Error`](Self::Error) are
/// counted, as in [`ClientMessage`].
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// *When*: in answer to `hello`. *To*: that client. *Purpose*: starts or resumes a session.
    Welcome {
        /// The version of the wire that the server speaks.
        version: u16,
        /// What a later `hello` shows to take this session up. A new one each time.
        resume: ResumeToken,
        /// Whether the earlier session goes on. If not, the client joins its rooms again.
        resumed: bool,
        /// How many counted messages of the client the server has received in this session; the
        /// client sends the rest again.
        received: u64,
        /// What the proofs of this session's `join`s sign. It stays the same when the session is
        /// resumed.
        challenge: Challenge,
        /// The STUN and TURN servers to use.
        ice_servers: Vec<IceServer>,
        /// The origins at which other devices reach the web app, the best first; an invitation
        /// that is made on the server's own computer names one of them. Often unknown.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        origins: Vec<Origin>,
    },
    /// *When*: in answer to `ping`. *To*: that client. *Purpose*: shows that the server is alive
    /// and confirms what it received.
    Pong {
        /// How many counted messages of the client the server has received in this session.
        received: u64,
    },
    /// *When*: in answer to `join`. *To*: that client. *Purpose*: who was there before it. The
    /// newcomer makes the first offer to each of them.
    Joined {
        /// The room.
        room: RoomId,
        /// The other members.
        members: Vec<Member>,
    },
    /// *When*: in answer to `watch`. *To*: that client. *Purpose*: who is in the room.
    Watching {
        /// The room.
        room: RoomId,
        /// The members.
        members: Vec<Member>,
    },
    /// *When*: a peer entered a room. *To*: its other members and its watchers. *Purpose*: the
    /// members get ready for its offer.
    PeerJoined {
        /// The room.
        room: RoomId,
        /// The newcomer.
        member: Member,
    },
    /// *When*: a member replaced its card. *To*: the other members and the watchers. *Purpose*:
    /// its new name.
    PeerCard {
        /// The room.
        room: RoomId,
        /// The member with its new card.
        member: Member,
    },
    /// *When*: a peer left, or was not heard of for
    /// [`SESSION_GRACE`](crate::limits::SESSION_GRACE). *To*: the other members and the watchers.
    /// *Purpose*: it is no longer a member.
    PeerLeft {
        /// The room.
        room: RoomId,
        /// Who left.
        peer: PeerId,
        /// Whether it said so. A peer that only lost the server may still be reachable directly.
        reason: LeaveReason,
    },
    /// *When*: a member said something to this client. *To*: that client. *Purpose*: delivers it.
    /// The sender is stamped by the server.
    Relayed {
        /// The room that both are in.
        room: RoomId,
        /// Who said it.
        from: PeerId,
        /// What was said.
        payload: Sealed,
    },
    /// *When*: a message could not be carried out. *To*: its sender. *Purpose*: says why. The
    /// socket stays.
    Error {
        /// Why, for programs.
        code: ErrorCode,
        /// Why, for people who read logs.
        message: String,
        /// The room that it concerns, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<RoomId>,
    },
}

/// A member of a room, as the server knows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Member {
    /// Its id.
    pub peer: PeerId,
    /// Its card.
    pub card: Sealed,
}

impl ServerMessage {
    /// Reads it from its fields; see [`Fields`] for why this is not derived.
    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let kind = fields.text("type")?;
        Ok(match kind.as_str() {
            "welcome" => Self::Welcome {
                version: fields.small("version")?,
                resume: fields.id("resume")?,
                resumed: fields.flag("resumed")?,
                received: fields.number("received")?,
                challenge: fields.id("challenge")?,
                ice_servers: list(fields.objects("ice_servers")?, IceServer::from_fields)?,
                origins: origins(&mut fields)?,
            },
            "pong" => Self::Pong {
                received: fields.number("received")?,
            },
            "joined" => Self::Joined {
                room: fields.id("room")?,
                members: members(fields)?,
            },
            "watching" => Self::Watching {
                room: fields.id("room")?,
                members: members(fields)?,
            },
            "peer_joined" => Self::PeerJoined {
                room: fields.id("room")?,
                member: member(fields)?,
            },
            "peer_card" => Self::PeerCard {
                room: fields.id("room")?,
                member: member(fields)?,
            },
            "peer_left" => Self::PeerLeft {
                room: fields.id("room")?,
                peer: fields.id("peer")?,
                reason: fields.word("reason")?,
            },
            "relayed" => Self::Relayed {
                room: fields.id("room")?,
                from: fields.id("from")?,
                payload: Sealed(fields.text("payload")?),
            },
            "error" => Self::Error {
                code: fields.word("code")?,
                message: fields.text("message")?,
                room: fields.optional_id("room")?,
            },
            _ => return Err(FieldError("type")),
        })
    }
}

fn list<T>(
    objects: Vec<Fields>,
    read: fn(Fields) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    objects.into_iter().map(read).collect()
}

/// Those of the web, as many as the limits allow; the rest is of no use to a client.
fn origins(fields: &mut Fields) -> Result<Vec<Origin>, FieldError> {
    if !fields.has("origins") {
        return Ok(Vec::new());
    }
    let texts = fields.texts("origins")?.into_iter();
    let origins = texts.filter_map(|text| text.parse().ok());
    Ok(origins
        .filter(Origin::is_web)
        .take(limits::MAX_ORIGINS)
        .collect())
}

fn members(mut fields: Fields) -> Result<Vec<Member>, FieldError> {
    list(fields.objects("members")?, Member::from_fields)
}

fn member(mut fields: Fields) -> Result<Member, FieldError> {
    Member::from_fields(fields.object("member")?)
}

/// Something that only holders of the room's key can read, in unpadded base64url.
///
/// Its form is the peers' affair; the server checks its length and alphabet alone.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} characters)", self.0.len())
    }
}

impl Member {
    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            peer: fields.id("peer")?,
            card: Sealed(fields.text("card")?),
        })
    }
}

/// A STUN or TURN server ([W3C `RTCIceServer`](https://www.w3.org/TR/webrtc/#rtciceserver-dictionary)).
#[derive(Clone, Default, Eq, PartialEq, Serialize)]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` addresses.
    pub urls: Vec<String>,
    /// The TURN user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The TURN password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl IceServer {
    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            urls: fields.texts("urls")?,
            username: fields.optional_text("username")?,
            credential: fields.optional_text("credential")?,
        })
    }
}

impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceServer")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

/// Why a peer is gone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// It said so.
    Left,
    /// Its socket was lost and did not come back in time.
    Lost,
}

/// Why a message was not carried out. The names are stable.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, an unknown type, or a field that is missing or wrong. Do not repeat it.
    Malformed,
    /// Longer than the limits allow. Do not repeat it.
    TooLarge,
    /// The server speaks another version. Reload the page or update the app.
    UnsupportedVersion,
    /// Something else came before `hello`.
    HelloFirst,
    /// A second `hello` on one socket.
    AlreadyGreeted,
    /// The proof of a `join` does not fit the key, the room and the session's challenge.
    BadProof,
    /// The sender is not a member of that room. Join first.
    NotInRoom,
    /// The recipient is not a member of that room (any more).
    NoSuchPeer,
    /// The room holds no more peers.
    RoomFull,
    /// The session is in too many rooms.
    TooManyRooms,
    /// Too many messages in too short a time. Wait a second.
    RateLimited,
    /// The server holds no more sessions or rooms. Try later.
    ServerFull,
}

/// Why the server closed a socket: WebSocket close codes from the range for applications
/// ([RFC 6455, 7.4.2](https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2)).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u16)]
pub enum CloseCode {
    /// The reader fell too far behind. Connect again; the session has ended.
    SlowReader = 4001,
    /// Another socket took the session up.
    Replaced = 4002,
    /// No `hello` in time.
    HelloTimeout = 4003,
    /// Nothing was heard for too long.
    Silent = 4004,
    /// A frame was larger than any message may be.
    FrameTooLarge = 4005,
    /// A request ended the session.
    Ended = 4006,
    /// Too many messages or pings in too short a time, after refusals were of no use.
    RateLimited = 4007,
}

impl CloseCode {
    /// The number on the wire.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The reason on the wire, for people who read logs.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SlowReader => "read too slowly",
            Self::Replaced => "taken up by another socket",
            Self::HelloTimeout => "no hello in time",
            Self::Silent => "not heard of for too long",
            Self::FrameTooLarge => "frame too large",
            Self::Ended => "ended by a request",
            Self::RateLimited => "too much in too short a time",
        }
    }
}
