//! Scripts for the hub, in virtual time.

use std::time::Duration;

use parlor_signaling_protocol::{Member, Resume, Sealed, decode_server};

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
        let tokens = move || {
            drawn += 1;
            Some(token(drawn))
        };
        Self {
            hub: Hub::new(limits, Vec::new(), Box::new(tokens)),
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

    fn hello(&mut self, conn: ConnId, n: u8, resume: Option<(u8, u64)>) {
        self.open(conn);
        let hello = ClientMessage::Hello {
            version: VERSION,
            peer: peer(n),
            resume: resume.map(|(n, received)| Resume {
                token: token(n),
                received,
            }),
        };
        self.say(conn, hello);
    }

    /// Greets and joins room 1, and forgets what that caused.
    fn join(&mut self, conn: ConnId, n: u8) {
        self.hello(conn, n, None);
        self.say(conn, join(1));
        self.drain();
    }

    fn lose(&mut self, conn: ConnId) {
        self.hub.close(conn, Ending::Lost, self.now);
    }

    fn drain(&mut self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.hub.poll()).collect()
    }

    /// What one connection is sent; the rest is dropped.
    fn sent_to(&mut self, conn: ConnId) -> Vec<ServerMessage> {
        let all = self.drain().into_iter();
        all.filter_map(|delivery| match delivery {
            Delivery::Frame(to, frame) if to == conn => Some(decode_server(&frame).unwrap()),
            _ => None,
        })
        .collect()
    }

    fn closed(&mut self) -> Vec<(ConnId, CloseCode)> {
        let all = self.drain().into_iter();
        all.filter_map(|delivery| match delivery {
            Delivery::Close(conn, code) => Some((conn, code)),
            Delivery::Frame(..) => None,
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
        assert!(self.hub.rooms.is_empty());
        assert!(self.hub.due.is_empty());
    }
}

fn peer(n: u8) -> PeerId {
    PeerId::from_bytes([n; 16])
}

fn token(n: u8) -> ResumeToken {
    ResumeToken::from_bytes([n; 16])
}

fn room(n: u8) -> RoomId {
    RoomId::from_bytes([n; 16])
}

fn join(n: u8) -> ClientMessage {
    ClientMessage::Join {
        room: room(n),
        card: Sealed("card".into()),
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

fn left(n: u8, reason: LeaveReason) -> ServerMessage {
    ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(n),
        reason,
    }
}

fn welcome(n: u8, resumed: bool, received: u64) -> ServerMessage {
    ServerMessage::Welcome {
        version: VERSION,
        resume: token(n),
        resumed,
        received,
        ice_servers: Vec::new(),
        origins: Vec::new(),
    }
}

#[test]
fn resumed_session_gets_what_it_missed_once_and_in_order() {
    let mut script = Script::new();
    script.join(1, 1); // token 1; has received `joined`
    script.join(2, 2); // token 2; peer 1 is told of peer 2
    script.say(2, relay(1, "a"));
    script.lose(1);
    script.say(2, relay(1, "b"));
    script.drain();
    script.hello(3, 1, Some((1, 3)));
    assert_eq!(
        script.sent_to(3),
        [welcome(3, true, 1), relayed(2, "b")],
        "`joined`, `peer_joined` and `a` were received before"
    );
    script.say(2, relay(1, "c"));
    assert_eq!(script.sent_to(3), [relayed(2, "c")]);
}

#[test]
fn counted_messages_are_counted_even_when_refused() {
    let mut script = Script::new();
    script.join(1, 1);
    script.say(1, relay(9, "to nobody"));
    script.say(1, ClientMessage::Ping { received: 1 });
    let malformed = Err(DecodeError::Malformed("x".into()));
    script.hub.handle(1, malformed, script.now);
    script.lose(1);
    script.hello(2, 1, Some((1, 1)));
    assert_eq!(script.sent_to(2), [welcome(2, true, 2)]);
}

#[test]
fn lost_session_is_told_of_only_after_its_grace() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script.lose(2);
    script.wait(Duration::from_secs(29));
    assert_eq!(script.sent_to(1), []);
    script.wait(Duration::from_secs(1));
    assert_eq!(script.sent_to(1), [left(2, LeaveReason::Lost)]);
    script.hello(3, 2, Some((2, 1)));
    assert_eq!(script.sent_to(3), [welcome(3, false, 0)]);
}

#[test]
fn resumed_session_outlives_its_first_grace() {
    let mut script = Script::new();
    script.join(1, 1);
    script.lose(1);
    script.wait(Duration::from_secs(20));
    script.hello(2, 1, Some((1, 1)));
    script.wait(Duration::from_secs(20));
    script.drain();
    script.say(2, ClientMessage::Ping { received: 1 });
    assert_eq!(script.sent_to(2), [ServerMessage::Pong { received: 1 }]);
}

#[test]
fn clean_end_leaves_nothing_behind() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script.hub.close(2, Ending::Clean, script.now);
    assert_eq!(script.sent_to(1), [left(2, LeaveReason::Left)]);
    script.hub.close(1, Ending::Clean, script.now);
    script.assert_empty();
}

#[test]
fn second_session_with_the_same_peer_id_is_refused() {
    let mut script = Script::new();
    script.join(1, 1);
    script.hello(2, 1, None);
    assert_eq!(script.error_to(2), ErrorCode::PeerInUse);
    script.hello(3, 1, Some((99, 0)));
    assert_eq!(script.error_to(3), ErrorCode::PeerInUse);
}

#[test]
fn old_token_is_good_until_the_new_one_was_seen() {
    let mut script = Script::new();
    script.join(1, 1); // token 1
    script.lose(1);
    script.hello(2, 1, Some((1, 1))); // token 2, in a welcome that never arrives
    script.lose(2);
    script.hello(3, 1, Some((1, 1))); // token 3
    assert_eq!(script.sent_to(3), [welcome(3, true, 1)]);
    script.say(3, ClientMessage::Ping { received: 1 });
    script.lose(3);
    script.drain();
    script.hello(4, 1, Some((1, 1)));
    assert_eq!(script.error_to(4), ErrorCode::PeerInUse);
    script.hello(5, 1, Some((2, 1)));
    assert_eq!(script.error_to(5), ErrorCode::PeerInUse);
    script.hello(6, 1, Some((3, 1)));
    assert_eq!(script.sent_to(6), [welcome(4, true, 1)]);
}

#[test]
fn resume_replaces_a_socket_that_is_still_open() {
    let mut script = Script::new();
    script.join(1, 1);
    script.hello(2, 1, Some((1, 1)));
    assert_eq!(script.closed(), [(1, CloseCode::Replaced)]);
    // The old socket's end, and what it still had on its way, are nobody's any more.
    script.lose(1);
    script.say(1, relay(9, "late"));
    assert_eq!(script.sent_to(1), []);
    script.say(2, ClientMessage::Ping { received: 1 });
    assert_eq!(script.sent_to(2), [ServerMessage::Pong { received: 1 }]);
}

#[test]
fn impossible_count_starts_afresh() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script.hello(3, 2, Some((2, 1000)));
    let deliveries = script.sent_to(3);
    assert_eq!(deliveries, [welcome(3, false, 0)]);
    script.say(3, ClientMessage::Ping { received: 7 });
    assert_eq!(script.error_to(3), ErrorCode::Malformed);
}

#[test]
fn confirmed_messages_are_forgotten() {
    let mut script = Script::with(|limits| limits.max_unconfirmed = 4);
    script.join(1, 1);
    script.join(2, 2);
    for received in 2..50 {
        script.say(1, ClientMessage::Ping { received });
        script.say(2, relay(1, "x"));
    }
    assert_eq!(script.closed(), []);
}

#[test]
fn session_that_confirms_nothing_ends() {
    let mut script = Script::with(|limits| limits.max_unconfirmed = 4);
    script.join(1, 1);
    script.join(2, 2);
    script.say(2, relay(1, "3"));
    script.say(2, relay(1, "4"));
    assert_eq!(script.closed(), []);
    script.say(2, relay(1, "5"));
    let all = script.drain();
    assert!(matches!(all[0], Delivery::Close(1, CloseCode::SlowReader)));
    assert!(matches!(&all[1], Delivery::Frame(2, frame) if frame.contains("lost")));
    // The same while its socket is away, by bytes.
    let mut script = Script::with(|limits| limits.max_unconfirmed_bytes = 1000);
    script.join(1, 1);
    script.join(2, 2);
    script.lose(1);
    script.say(2, relay(1, &"x".repeat(1000)));
    assert_eq!(script.sent_to(2), [left(1, LeaveReason::Lost)]);
}

#[test]
fn session_that_never_spoke_has_no_grace() {
    let mut script = Script::new();
    script.hello(1, 1, None);
    script.lose(1);
    script.assert_empty();
    script.drain();
    script.hello(2, 1, None);
    assert_eq!(script.sent_to(2), [welcome(2, false, 0)]);
}

#[test]
fn hello_comes_first_once_and_in_time() {
    let mut script = Script::new();
    script.open(1);
    script.say(1, join(1));
    assert_eq!(script.error_to(1), ErrorCode::HelloFirst);
    script.hello(2, 2, None);
    script.drain();
    let again = ClientMessage::Hello {
        version: VERSION,
        peer: peer(3),
        resume: None,
    };
    script.say(2, again);
    assert_eq!(script.error_to(2), ErrorCode::AlreadyGreeted);
    script.wait(Duration::from_secs(10));
    assert_eq!(script.closed(), [(1, CloseCode::HelloTimeout)]);
}

#[test]
fn rate_is_bounded_and_recovers() {
    let mut script = Script::with(|limits| {
        limits.message_burst = 3;
        limits.messages_per_second = 1;
    });
    script.hello(1, 1, None);
    script.say(1, join(1));
    script.say(1, join(1));
    script.drain();
    script.say(1, relay(2, "x"));
    assert_eq!(script.error_to(1), ErrorCode::RateLimited);
    script.wait(Duration::from_secs(1));
    script.say(1, ClientMessage::Ping { received: 2 });
    assert_eq!(
        script.sent_to(1),
        [ServerMessage::Pong { received: 3 }],
        "a message refused for its rate is counted"
    );
}

#[test]
fn server_has_a_limit_of_sessions_and_rooms() {
    let mut script = Script::with(|limits| {
        limits.max_sessions = 1;
        limits.max_rooms = 1;
    });
    script.join(1, 1);
    script.hello(2, 2, None);
    assert_eq!(script.error_to(2), ErrorCode::ServerFull);
    script.say(1, join(2));
    assert_eq!(script.error_to(1), ErrorCode::ServerFull);
    script.say(1, ClientMessage::Leave { room: room(1) });
    script.say(1, join(2));
    let joined = ServerMessage::Joined {
        room: room(2),
        members: Vec::<Member>::new(),
    };
    assert_eq!(script.sent_to(1), [joined]);
}

#[test]
fn full_outbox_ends_the_session() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script.hub.overflow(1);
    let all = script.drain();
    assert!(matches!(all[0], Delivery::Close(1, CloseCode::SlowReader)));
    assert!(matches!(&all[1], Delivery::Frame(2, frame) if frame.contains("peer_left")));
}

#[test]
fn member_that_watches_too_is_told_once_and_never_of_itself() {
    let mut script = Script::new();
    script.join(1, 1);
    script.say(1, ClientMessage::Watch { room: room(1) });
    assert_eq!(
        script.sent_to(1),
        [ServerMessage::Watching {
            room: room(1),
            members: Vec::new(),
        }]
    );
    script.hello(2, 2, None);
    script.say(2, join(1));
    assert_eq!(script.sent_to(1).len(), 1);
}

#[test]
fn no_randomness_means_no_session() {
    let mut script = Script::new();
    script.hub.tokens = Box::new(|| None);
    script.hello(1, 1, None);
    assert_eq!(script.error_to(1), ErrorCode::ServerFull);
}
