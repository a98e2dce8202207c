//! Scripts with a virtual clock: the client against a server's words, said by hand.

use parlor_signaling_protocol::{ErrorCode, PeerId, Sealed, ServerMessage, join_claim};

use super::*;
use crate::credentials::Credentials;
use crate::identity::Identity;

const BOB: PeerId = PeerId::from_bytes([2; 16]);
const ROOM: RoomId = RoomId::from_bytes([3; 16]);

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn token(number: u8) -> ResumeToken {
    ResumeToken::from_bytes([number; 16])
}

/// Each session has one of its own.
fn challenge(number: u8) -> Challenge {
    Challenge::from_bytes([number; 16])
}

fn sealed(text: &str) -> Sealed {
    Sealed(text.into())
}

struct Script {
    client: Client,
    credentials: Credentials,
    now: Duration,
}

impl Script {
    fn new() -> Self {
        let mut script = Self {
            client: Client::new(1),
            credentials: Credentials::issue(&Identity::generate(), ROOM),
            now: s(1),
        };
        script.client.tick(s(1));
        assert_eq!(script.outputs(), [Output::Connect]);
        script
    }

    /// A client that is online in a fresh session.
    fn online() -> Self {
        let mut script = Self::new();
        script.client.opened();
        script.outputs();
        script.welcome(1, None);
        script.outputs();
        script
    }

    fn outputs(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.client.poll()).collect()
    }

    /// What was sent, as messages.
    fn sent(&mut self) -> Vec<ClientMessage> {
        let outputs = self.outputs().into_iter();
        let sent = outputs.filter_map(|output| match output {
            Output::Send(frame) => Some(protocol::decode_client(&frame).unwrap()),
            _ => None,
        });
        sent.collect()
    }

    fn hears(&mut self, message: &ServerMessage) {
        self.client.text(self.now, &protocol::encode(message));
    }

    fn welcome(&mut self, number: u8, resumed: Option<u64>) {
        self.hears(&ServerMessage::Welcome {
            version: protocol::VERSION,
            resume: token(number),
            resumed: resumed.is_some(),
            received: resumed.unwrap_or(0),
            challenge: challenge(number),
            ice_servers: Vec::new(),
            origins: Vec::new(),
        });
    }

    fn join(&mut self, card: &str) {
        self.client.join(self.credentials.clone(), sealed(card));
    }

    /// What was sent is a `join` with this card, and a proof for the session with that number.
    #[track_caller]
    fn has_joined(&mut self, card: &str, session: u8) {
        let sent = self.sent();
        let [
            ClientMessage::Join {
                room,
                key,
                proof,
                card: said,
            },
        ] = sent.as_slice()
        else {
            panic!("not one join: {sent:?}");
        };
        assert_eq!(
            (*room, key.peer_id(), said),
            (ROOM, self.credentials.peer(), &sealed(card))
        );
        assert!(key.has_signed(&join_claim(ROOM, challenge(session)), proof));
    }

    fn relayed(&mut self, text: &str) {
        self.hears(&ServerMessage::Relayed {
            room: ROOM,
            from: BOB,
            payload: sealed(text),
        });
    }

    /// Loses the socket and opens the next one.
    fn reconnect(&mut self) {
        self.client.closed(self.now);
        let retry = self.client.deadline().unwrap();
        assert!(retry > self.now && retry < self.now + s(16));
        self.now = retry;
        self.client.tick(retry);
        assert!(self.outputs().contains(&Output::Connect));
        self.client.opened();
    }
}

fn relay(text: &str) -> ClientMessage {
    ClientMessage::Relay {
        room: ROOM,
        to: BOB,
        payload: sealed(text),
    }
}

#[test]
fn greets_first_and_joins_when_welcome() {
    let mut script = Script::new();
    script.join("card");
    assert_eq!(script.outputs(), []);
    script.client.opened();
    let hello = ClientMessage::Hello {
        version: protocol::VERSION,
        resume: None,
    };
    assert_eq!(script.sent(), [hello]);
    script.welcome(1, None);
    script.has_joined("card", 1);
}

#[test]
fn a_resumed_session_loses_nothing_in_either_direction() {
    let mut script = Script::online();
    script.join("card");
    script.client.relay(ROOM, BOB, sealed("1"));
    script.relayed("a");
    script.relayed("b");
    script.outputs();
    script.client.closed(script.now);
    script.client.relay(ROOM, BOB, sealed("2"));
    script.now += s(5);
    script.client.tick(script.now);
    script.outputs();
    script.client.opened();
    let resume = Some(Resume {
        token: token(1),
        received: 2,
    });
    let hello = ClientMessage::Hello {
        version: protocol::VERSION,
        resume,
    };
    assert_eq!(script.sent(), [hello]);
    // It had the join and nothing else.
    script.welcome(2, Some(1));
    assert_eq!(script.sent(), [relay("1"), relay("2")]);
}

#[test]
fn a_session_that_is_gone_is_joined_anew_without_old_relays() {
    let mut script = Script::online();
    script.join("card");
    script.client.relay(ROOM, BOB, sealed("old"));
    script.outputs();
    script.reconnect();
    script.outputs();
    script.welcome(2, None);
    script.has_joined("card", 2);
    script.client.relay(ROOM, BOB, sealed("new"));
    assert_eq!(script.sent(), [relay("new")]);
}

#[test]
fn what_is_left_or_no_longer_watched_is_not_wished_again() {
    let mut script = Script::online();
    script.join("card");
    script.client.watch(ROOM);
    script.client.leave(ROOM);
    script.client.unwatch(ROOM);
    script.client.unwatch(ROOM);
    assert_eq!(script.sent().len(), 4);
    script.reconnect();
    script.outputs();
    script.welcome(2, None);
    assert_eq!(script.sent(), []);
}

#[test]
fn pauses_grow_while_nobody_answers_and_an_answer_ends_them() {
    let mut script = Script::new();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        script.client.closed(script.now);
        let retry = script.client.deadline().unwrap();
        pauses.push(retry - script.now);
        script.now = retry;
        script.client.tick(script.now);
    }
    assert!(pauses[0] < pauses[4] && pauses[4] < pauses[7]);
    script.client.opened();
    script.welcome(1, None);
    script.now += s(60);
    script.client.closed(script.now);
    assert!(script.client.deadline().unwrap() - script.now < s(1));
}

#[test]
fn a_network_that_is_back_is_used_at_once() {
    let mut script = Script::new();
    script.client.closed(script.now);
    script.client.network_changed(script.now);
    assert!(script.outputs().contains(&Output::Connect));
}

#[test]
fn pings_and_gives_a_silent_socket_up() {
    let mut script = Script::online();
    script.now += limits::PING_INTERVAL;
    script.client.tick(script.now);
    assert_eq!(script.sent(), [ClientMessage::Ping { received: 0 }]);
    script.now += limits::SILENCE_TIMEOUT;
    script.client.tick(script.now);
    assert_eq!(
        script.outputs(),
        [Output::GiveUp, Output::Event(Event::Offline)]
    );
}

#[test]
fn a_socket_that_never_opens_is_given_up() {
    let mut script = Script::new();
    script.client.tick(script.now + CONNECT_TIMEOUT);
    let offline = Output::Event(Event::Offline);
    assert_eq!(script.outputs(), [Output::GiveUp, offline]);
    // Told once, however often it is tried again.
    script.now = script.client.deadline().unwrap();
    script.client.tick(script.now);
    script.client.closed(script.now);
    assert_eq!(script.outputs(), [Output::Connect]);
}

#[test]
fn confirms_without_waiting_for_the_ping_in_a_busy_room() {
    let mut script = Script::online();
    for _ in 0..limits::CONFIRM_EVERY {
        script.relayed("x");
    }
    assert_eq!(
        script.sent(),
        [ClientMessage::Ping {
            received: limits::CONFIRM_EVERY
        }]
    );
}

#[test]
fn a_pong_frees_what_was_kept() {
    let mut script = Script::online();
    for _ in 0..limits::MAX_UNCONFIRMED {
        script.client.relay(ROOM, BOB, sealed("x"));
    }
    script.hears(&ServerMessage::Pong {
        received: limits::MAX_UNCONFIRMED as u64,
    });
    script.outputs();
    script.client.relay(ROOM, BOB, sealed("y"));
    assert_eq!(script.sent(), [relay("y")]);
}

#[test]
fn a_server_that_confirms_too_much_is_not_believed() {
    let mut script = Script::online();
    script.hears(&ServerMessage::Pong { received: 7 });
    assert!(script.outputs().contains(&Output::GiveUp));
    script.now = script.client.deadline().unwrap();
    script.client.tick(script.now);
    script.outputs();
    script.client.opened();
    let hello = ClientMessage::Hello {
        version: protocol::VERSION,
        resume: None,
    };
    assert_eq!(script.sent(), [hello]);
}

#[test]
fn falling_too_far_behind_starts_anew() {
    let mut script = Script::online();
    script.join("card");
    for _ in 0..limits::MAX_UNCONFIRMED {
        script.client.relay(ROOM, BOB, sealed("x"));
    }
    assert!(script.outputs().contains(&Output::GiveUp));
    script.client.closed(script.now);
    script.now = script.client.deadline().unwrap();
    script.client.tick(script.now);
    script.outputs();
    script.client.opened();
    script.outputs();
    script.welcome(2, None);
    script.has_joined("card", 2);
}

#[test]
fn a_join_that_came_too_fast_is_said_again_in_a_new_session() {
    let mut script = Script::online();
    script.join("card");
    script.outputs();
    script.hears(&ServerMessage::Error {
        code: ErrorCode::RateLimited,
        message: "too fast".into(),
        room: None,
    });
    assert!(script.outputs().contains(&Output::GiveUp));
    let pause = script.client.deadline().unwrap() - script.now;
    assert!(
        pause > Duration::ZERO,
        "not at once, or it is too fast again"
    );
    script.now += pause;
    script.client.tick(script.now);
    script.client.opened();
    script.outputs();
    script.welcome(2, None);
    script.has_joined("card", 2);
}

#[test]
fn garbage_is_passed_over_until_there_is_too_much_of_it() {
    let mut script = Script::online();
    for _ in 0..MAX_GARBAGE - 1 {
        script.client.text(script.now, "{\"type\":\"nonsense\"}");
    }
    script.relayed("still heard");
    assert_eq!(script.outputs().len(), 1);
    script.client.garbage(script.now);
    assert!(script.outputs().contains(&Output::GiveUp));
}

#[test]
fn a_server_that_does_not_answer_after_a_sleep_is_given_up_at_once() {
    let mut script = Script::online();
    script.now += s(120);
    script.client.network_changed(script.now);
    assert!(matches!(script.sent()[..], [ClientMessage::Ping { .. }]));
    let at = script.client.deadline().unwrap();
    assert!(at <= script.now + PROBE_TIMEOUT);
    script.now = at;
    script.client.tick(at);
    assert!(script.outputs().contains(&Output::GiveUp));
    let retry = script.client.deadline().unwrap();
    assert!(retry < at + Duration::from_millis(500));
}

#[test]
fn a_server_that_answers_after_a_sleep_is_kept() {
    let mut script = Script::online();
    script.client.network_changed(script.now);
    script.outputs();
    script.hears(&ServerMessage::Pong { received: 0 });
    script.now += PROBE_TIMEOUT;
    script.client.tick(script.now);
    assert_eq!(script.outputs(), []);
}

#[test]
fn a_second_welcome_changes_nothing() {
    let mut script = Script::online();
    script.join("card");
    script.outputs();
    script.welcome(9, None);
    assert_eq!(script.outputs(), []);
}

#[test]
fn a_server_of_another_version_ends_the_trying() {
    let mut script = Script::new();
    script.client.opened();
    script.outputs();
    let code = ErrorCode::UnsupportedVersion;
    script.hears(&ServerMessage::Error {
        code,
        message: String::new(),
        room: None,
    });
    let refused = Output::Event(Event::Refused { room: None, code });
    assert_eq!(script.outputs(), [Output::GiveUp, refused]);
    script.client.closed(script.now);
    assert_eq!(script.client.deadline(), None);
}

#[test]
fn a_full_room_is_told_and_not_tried_again() {
    let mut script = Script::online();
    script.join("card");
    let (code, room) = (ErrorCode::RoomFull, Some(ROOM));
    script.hears(&ServerMessage::Error {
        code,
        message: String::new(),
        room,
    });
    assert!(
        script
            .outputs()
            .contains(&Output::Event(Event::Refused { room, code }))
    );
    script.reconnect();
    script.outputs();
    script.welcome(2, None);
    assert_eq!(script.sent(), []);
}
