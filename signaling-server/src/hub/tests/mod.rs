//! Scripts for the hub, in virtual time.

mod limits;
mod membership;
mod sessions;

use std::time::Duration;

use ed25519_dalek::{Signer as _, SigningKey};
use parlor_signaling_protocol::{
    Challenge, Member, PeerId, PeerKey, Resume, Sealed, Signature, VERSION, decode_server,
    join_claim,
};

use super::*;

/// A hub with a clock that only the script moves.
struct Script {
    hub: Hub,
    now: Instant,
}

impl Script {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits::default();
        change(&mut limits);
        let mut drawn = 0;
        let random = move || {
            drawn += 1;
            Some([drawn; 16])
        };
        Self {
            hub: Hub::new(limits, Vec::new(), Box::new(random)),
            now: tokio::time::Instant::now().into_std(),
        }
    }

    fn wait(&mut self, duration: Duration) {
        self.now += duration;
        self.hub.expire(self.now);
    }

    fn open(&mut self, conn: ConnId) {
        self.hub.open(conn, self.now);
    }

    fn say(&mut self, conn: ConnId, message: ClientMessage) {
        self.hub.handle(conn, Ok(message), self.now);
    }

    fn hello(&mut self, conn: ConnId, resume: Option<Resume>) {
        self.open(conn);
        let version = VERSION;
        self.say(conn, ClientMessage::Hello { version, resume });
    }

    /// Greets, and forgets what that caused.
    fn greet(&mut self, conn: ConnId) {
        self.hello(conn, None);
        self.drain();
    }

    /// Greets and enters room 1 as peer `n`, and forgets what that caused.
    fn join(&mut self, conn: ConnId, n: u8) {
        self.greet(conn);
        self.enter(conn, 1, n);
        self.drain();
    }

    /// Says a `join` that is right.
    fn enter(&mut self, conn: ConnId, in_room: u8, n: u8) {
        let challenge = self.challenge(conn);
        self.say(conn, join(in_room, n, challenge, "card"));
    }

    /// What shows the session of a connection, as it is now.
    fn resume(&self, conn: ConnId, received: u64) -> Option<Resume> {
        let token = self.session(conn).tokens().next()?;
        Some(Resume { token, received })
    }

    fn challenge(&self, conn: ConnId) -> Challenge {
        self.session(conn).challenge
    }

    fn session(&self, conn: ConnId) -> &Session {
        let id = self.hub.connections[&conn].session.expect("a greeted one");
        &self.hub.sessions[&id]
    }

    fn lose(&mut self, conn: ConnId) {
        self.hub.close(conn, self.now);
    }

    fn drain(&mut self) -> Vec<Delivery> {
        self.assert_consistent();
        std::iter::from_fn(|| self.hub.poll()).collect()
    }

    /// What one connection is sent; the rest is dropped.
    fn sent_to(&mut self, conn: ConnId) -> Vec<ServerMessage> {
        let all = self.drain().into_iter();
        all.filter_map(|delivery| match delivery {
            Delivery::Welcome(to, frame) | Delivery::Frame(to, frame) if to == conn => {
                Some(decode_server(&frame).unwrap())
            }
            _ => None,
        })
        .collect()
    }

    /// What the `welcome` of a connection says, and what it is sent behind that.
    fn welcomed(&mut self, conn: ConnId) -> (bool, u64, Vec<ServerMessage>) {
        let mut sent = self.sent_to(conn).into_iter();
        match sent.next() {
            Some(ServerMessage::Welcome {
                resumed, received, ..
            }) => (resumed, received, sent.collect()),
            other => panic!("no welcome but {other:?}"),
        }
    }

    fn closed(&mut self) -> Vec<(ConnId, CloseCode)> {
        let all = self.drain().into_iter();
        all.filter_map(|delivery| match delivery {
            Delivery::Close(conn, code) => Some((conn, code)),
            _ => None,
        })
        .collect()
    }

    fn error_to(&mut self, conn: ConnId) -> ErrorCode {
        match self.sent_to(conn).as_slice() {
            [ServerMessage::Error { code, .. }] => *code,
            other => panic!("no error but {other:?}"),
        }
    }

    /// Nothing is left of anybody.
    fn assert_empty(&self) {
        assert!(self.hub.connections.is_empty());
        assert!(self.hub.sessions.is_empty());
        assert!(self.hub.tokens.is_empty());
        assert!(self.hub.rooms.is_empty());
        assert_eq!(self.hub.watchers.len(), 0);
        assert!(self.hub.due.is_empty());
    }

    /// What is kept twice is kept the same twice, and nothing is kept without a reason.
    fn assert_consistent(&self) {
        let hub = &self.hub;
        let good = hub.sessions.iter();
        let good: HashMap<_, _> = good
            .flat_map(|(id, session)| session.tokens().map(|token| (token, *id)))
            .collect();
        assert_eq!(hub.tokens, good);
        for (id, session) in &hub.sessions {
            assert_eq!(session.conn.is_none(), session.grace_ends.is_some());
            assert!(session.conn.is_some() || !session.rooms.is_empty());
            for (room, peer) in &session.rooms {
                assert_eq!(hub.holder(*room, *peer), Some(*id));
            }
            for room in &session.watching {
                assert!(hub.watchers.contains(*room, *id));
            }
        }
        for (room, entry) in &hub.rooms {
            assert!(!entry.is_empty());
            for (peer, member) in &entry.members {
                assert_eq!(hub.sessions[&member.session].rooms[room], *peer);
            }
        }
        for (room, id) in hub.watchers.iter() {
            assert!(hub.sessions[id].watching.contains(room));
        }
    }
}

fn secret(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn key(n: u8) -> PeerKey {
    PeerKey::from_bytes(secret(n).verifying_key().to_bytes())
}

fn peer(n: u8) -> PeerId {
    key(n).peer_id()
}

fn room(n: u8) -> RoomId {
    RoomId::from_bytes([n; 16])
}

fn member(n: u8, card: &str) -> Member {
    Member {
        peer: peer(n),
        card: Sealed(card.into()),
    }
}

fn join(in_room: u8, n: u8, challenge: Challenge, card: &str) -> ClientMessage {
    let claim = join_claim(room(in_room), challenge);
    ClientMessage::Join {
        room: room(in_room),
        key: key(n),
        proof: Signature::from_bytes(secret(n).sign(&claim).to_bytes()),
        card: Sealed(card.into()),
    }
}

fn relay(to: u8, text: &str) -> ClientMessage {
    ClientMessage::Relay {
        room: room(1),
        to: peer(to),
        payload: Sealed(text.into()),
    }
}

fn relayed(from: u8, text: &str) -> ServerMessage {
    ServerMessage::Relayed {
        room: room(1),
        from: peer(from),
        payload: Sealed(text.into()),
    }
}

fn joined(members: Vec<Member>) -> ServerMessage {
    ServerMessage::Joined {
        room: room(1),
        members,
    }
}

fn came(n: u8, card: &str) -> ServerMessage {
    ServerMessage::PeerJoined {
        room: room(1),
        member: member(n, card),
    }
}

fn left(n: u8, reason: LeaveReason) -> ServerMessage {
    ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(n),
        reason,
    }
}
