use tokio::sync::mpsc;

use crate::{ErrorCode, PeerId, PersonId};

/// Something that happened once, and that a person wants to be told.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// A call ended for us.
    CallEnded {
        /// How.
        outcome: CallOutcome,
        /// For an incoming call, who called.
        from: Option<PeerId>,
    },
    /// Somebody whom our call rang will not come.
    Declined {
        /// Who.
        peer: PeerId,
        /// Why.
        reason: DeclineReason,
    },
    /// The server refused something that concerns this room.
    Refused {
        /// Why.
        code: ErrorCode,
    },
    /// Something that came in a peer's name was refused because the peer did not sign it: somebody
    /// with the room's key who also controls the server speaks in its name, perhaps to sit in the
    /// middle of a connection.
    Impersonated {
        /// The peer whose name it came in.
        peer: PeerId,
    },
    /// A person said different things to different people in one place. Those messages are
    /// [marked](crate::ChatMessage::is_contradicted).
    Contradiction {
        /// Who.
        person: PersonId,
    },
    /// The server names STUN or TURN servers that cannot be used here. Connections are made without
    /// them, and may not come about between some networks.
    IceServersRefused {
        /// Their URLs, the printable part of each.
        urls: Vec<String>,
    },
    /// Somebody is here whose messages cannot be read: their app breaks the protocol.
    Garbled {
        /// Who.
        peer: PeerId,
    },
}

/// How a call ended for us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CallOutcome {
    /// We hung up, or were the last one in it.
    HungUp,
    /// It rang here, and the caller gave up before anybody answered.
    Missed,
    /// It rang here for 45 s and we did not answer.
    NotAnswered,
    /// We called, and all who were rung declined.
    Declined,
    /// We called, and nobody answered within 45 s.
    NoAnswer,
}

/// Why somebody does not come to a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// They said no.
    Declined,
    /// They are in another call.
    Busy,
    /// They did not answer within 45 s.
    NoAnswer,
}

/// The notices of one room, in order. Kept until they are read.
#[derive(Debug)]
pub struct Notices(pub(crate) mpsc::UnboundedReceiver<Notice>);

impl Notices {
    /// The next one; `None` after the room was left.
    pub async fn next(&mut self) -> Option<Notice> {
        self.0.recv().await
    }
}
