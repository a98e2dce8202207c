use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use parlor_signaling_protocol::{ResumeToken, RoomId};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::ConnId;
use crate::Limits;

/// One peer's presence, which outlives its socket for a while.
#[derive(Debug)]
pub(crate) struct Session {
    /// The socket, unless it was lost.
    pub(crate) conn: Option<ConnId>,
    /// When the grace ends, while there is no socket.
    pub(crate) grace_ends: Option<Instant>,
    /// How many counted messages of the client were received.
    pub(crate) received: u64,
    /// The rooms that the peer is a member of.
    pub(crate) rooms: BTreeSet<RoomId>,
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
    pub(crate) fn new(conn: ConnId, token: ResumeToken) -> Self {
        Self {
            conn: Some(conn),
            grace_ends: None,
            received: 0,
            rooms: BTreeSet::new(),
            watching: BTreeSet::new(),
            token,
            shown: None,
            sent: 0,
            unconfirmed: VecDeque::new(),
            unconfirmed_bytes: 0,
        }
    }

    /// Notes that the client spoke, so it has the latest `welcome`.
    pub(crate) fn heard(&mut self) {
        self.shown = None;
    }

    /// Whether a `hello` with this token speaks for this session.
    pub(crate) fn accepts(&self, token: &ResumeToken) -> bool {
        // No need for constant time: a guess needs 2^128 tries over the network, and the wrong
        // byte's position drowns in its noise.
        self.token == *token || self.shown.as_ref() == Some(token)
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

    /// Whether one more room is too many.
    pub(crate) fn is_full(&self, limits: &Limits) -> bool {
        self.rooms.union(&self.watching).count() >= limits.max_rooms_per_session
    }

    fn confirmed(&self) -> u64 {
        self.sent - self.unconfirmed.len() as u64
    }
}
