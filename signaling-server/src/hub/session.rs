use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use parlor_signaling_protocol::{Challenge, PeerId, ResumeToken, RoomId};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::ConnId;
use crate::Limits;

/// One session, for as long as the server runs.
pub(crate) type SessionId = u64;

/// One client's conversation with the server. It outlives its socket for a while if it is in a room.
#[derive(Debug)]
pub(crate) struct Session {
    /// The socket, unless it was lost.
    pub(crate) conn: Option<ConnId>,
    /// When the grace ends, while there is no socket.
    pub(crate) grace_ends: Option<Instant>,
    /// How many counted messages of the client were received.
    pub(crate) received: u64,
    /// The bytes that the proofs of this session sign.
    pub(crate) challenge: Challenge,
    /// The rooms that the session is in, and the peer that it is there.
    pub(crate) rooms: BTreeMap<RoomId, PeerId>,
    /// The rooms that it watches.
    pub(crate) watching: BTreeSet<RoomId>,
    token: ResumeToken,
    /// The token that the latest `hello` showed. The `welcome` with the new one can be lost with
    /// its socket, so the old one is good until the client is heard after it.
    shown: Option<ResumeToken>,
    /// How many counted messages were sent.
    sent: u64,
    /// Those that the client has not confirmed, the newest last.
    unconfirmed: VecDeque<Utf8Bytes>,
    unconfirmed_bytes: usize,
}

impl Session {
    pub(crate) fn new(conn: ConnId, token: ResumeToken, challenge: Challenge) -> Self {
        Self {
            conn: Some(conn),
            grace_ends: None,
            received: 0,
            challenge,
            rooms: BTreeMap::new(),
            watching: BTreeSet::new(),
            token,
            shown: None,
            sent: 0,
            unconfirmed: VecDeque::new(),
            unconfirmed_bytes: 0,
        }
    }

    /// Notes that the client spoke, so it has the latest `welcome`. Returns the token that is no
    /// longer good.
    pub(crate) fn heard(&mut self) -> Option<ResumeToken> {
        self.shown.take()
    }

    /// The tokens that take this session up.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = ResumeToken> + use<> {
        [Some(self.token), self.shown].into_iter().flatten()
    }

    /// Moves to another socket. Returns the one it had.
    pub(crate) fn attach(
        &mut self,
        conn: ConnId,
        shown: ResumeToken,
        token: ResumeToken,
    ) -> Option<ConnId> {
        self.shown = Some(shown);
        self.token = token;
        self.conn.replace(conn)
    }

    /// Whether the client can have received that many, and what follows is still here.
    pub(crate) fn can_resume_from(&self, received: u64) -> bool {
        (self.confirmed()..=self.sent).contains(&received)
    }

    /// Forgets what the client has received. False if it was never sent that many.
    pub(crate) fn confirm(&mut self, received: u64) -> bool {
        if received > self.sent {
            return false;
        }
        while self.confirmed() < received {
            let Some(frame) = self.unconfirmed.pop_front() else {
                break;
            };
            self.unconfirmed_bytes -= frame.len();
        }
        true
    }

    /// Counts a message for the client and keeps it. False if that is more than may be kept.
    pub(crate) fn keep(&mut self, frame: Utf8Bytes, limits: &Limits) -> bool {
        self.sent += 1;
        self.unconfirmed_bytes += frame.len();
        self.unconfirmed.push_back(frame);
        self.unconfirmed.len() <= limits.max_unconfirmed
            && self.unconfirmed_bytes <= limits.max_unconfirmed_bytes
    }

    /// What the client has not confirmed, the oldest first.
    pub(crate) fn unconfirmed(&self) -> impl Iterator<Item = &Utf8Bytes> {
        self.unconfirmed.iter()
    }

    /// Whether the session is in that room or watches it.
    pub(crate) fn knows(&self, room: RoomId) -> bool {
        self.rooms.contains_key(&room) || self.watching.contains(&room)
    }

    /// Whether one more room is too many.
    pub(crate) fn is_full(&self, limits: &Limits) -> bool {
        let only_watched = self
            .watching
            .iter()
            .filter(|room| !self.rooms.contains_key(*room));
        self.rooms.len() + only_watched.count() >= limits.max_rooms_per_session
    }

    fn confirmed(&self) -> u64 {
        self.sent - self.unconfirmed.len() as u64
    }
}
