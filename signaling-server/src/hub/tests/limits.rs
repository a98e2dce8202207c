//! What one client and all of them may ask of the server.

use parlor_signaling_protocol::limits;

use super::*;

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
fn rate_is_bounded_and_recovers() {
    let mut script = Script::with(|limits| {
        limits.message_burst = 2;
        limits.messages_per_second = 1;
    });
    script.greet(1);
    script.say(1, relay(2, "x"));
    script.say(1, relay(2, "x"));
    script.drain();
    script.say(1, relay(2, "x"));
    assert_eq!(script.error_to(1), ErrorCode::RateLimited);
    script.wait(Duration::from_secs(1));
    script.say(1, ClientMessage::Ping { received: 0 });
    assert_eq!(
        script.sent_to(1),
        [ServerMessage::Pong { received: 3 }],
        "a message refused for its rate is counted"
    );
}

#[test]
fn socket_that_stays_above_its_rate_is_closed_and_its_session_waits() {
    let mut script = Script::with(|limits| {
        limits.message_burst = 10;
        limits.messages_per_second = 10;
        limits.max_rate_refusals = 3;
    });
    script.join(1, 1);
    let resume = script.resume(1, 1);
    // The whole second is needed to be forgiven.
    for _ in 0..2 {
        script.wait(Duration::from_secs(1));
        for _ in 0..13 {
            script.say(1, ClientMessage::Ping { received: 0 });
        }
        assert_eq!(script.closed(), []);
    }
    script.say(1, ClientMessage::Ping { received: 0 });
    assert_eq!(script.closed(), [(1, CloseCode::RateLimited)]);
    script.say(1, ClientMessage::Ping { received: 0 });
    assert!(script.drain().is_empty(), "a closed socket is not heard");
    script.hello(2, resume);
    assert!(script.welcomed(2).0, "its session goes on");
}

#[test]
fn joins_are_bounded_more_and_all_rooms_can_be_entered_at_once() {
    let mut script = Script::new();
    script.greet(1);
    let rooms = u8::try_from(limits::MAX_ROOMS_PER_SESSION).expect("a few");
    for n in 0..rooms {
        script.enter(1, n, 1);
    }
    let sent = script.sent_to(1);
    let entered = |message: &&ServerMessage| matches!(message, ServerMessage::Joined { .. });
    assert_eq!(sent.iter().filter(entered).count(), usize::from(rooms));
    // Going on as others go on who only talk is too much, whether the proofs are good or not.
    script.wait(Duration::from_secs(3600));
    script.drain();
    let wrong = Challenge::from_bytes([99; 16]);
    for _ in 0..75 + Limits::default().max_rate_refusals {
        script.say(1, join(1, 1, wrong, "card"));
    }
    let sent = script.sent_to(1);
    let verified = |message: &&ServerMessage| matches!(message, ServerMessage::Error { code, .. } if *code == ErrorCode::BadProof);
    assert_eq!(sent.iter().filter(verified).count(), 75);
}

#[test]
fn server_has_a_limit_of_sessions_and_rooms() {
    let mut script = Script::with(|limits| {
        limits.max_sessions = 1;
        limits.max_rooms = 1;
    });
    script.join(1, 1);
    script.hello(2, None);
    assert_eq!(script.error_to(2), ErrorCode::ServerFull);
    script.enter(1, 2, 1);
    assert_eq!(script.error_to(1), ErrorCode::ServerFull);
    script.say(1, ClientMessage::Leave { room: room(1) });
    script.enter(1, 2, 1);
    let joined = ServerMessage::Joined {
        room: room(2),
        members: Vec::new(),
    };
    assert_eq!(script.sent_to(1), [joined]);
}

#[test]
fn watching_takes_no_room_from_those_who_are_in_one() {
    let mut script = Script::with(|limits| {
        limits.max_rooms = 1;
        limits.max_watchers = 3;
    });
    script.greet(1);
    for n in 1..=3 {
        script.say(1, ClientMessage::Watch { room: room(n) });
    }
    assert!(script.hub.rooms.is_empty());
    script.drain();
    script.say(1, ClientMessage::Watch { room: room(4) });
    assert_eq!(script.error_to(1), ErrorCode::ServerFull);
    // Again is no more.
    script.say(1, ClientMessage::Watch { room: room(3) });
    script.join(2, 2);
    assert_eq!(script.hub.rooms.len(), 1);
    script.say(1, ClientMessage::Unwatch { room: room(3) });
    script.say(1, ClientMessage::Watch { room: room(4) });
    let watching = ServerMessage::Watching {
        room: room(4),
        members: Vec::new(),
    };
    assert_eq!(script.sent_to(1), [watching]);
    script.lose(1);
    assert_eq!(script.hub.watchers.len(), 0);
}

#[test]
fn no_randomness_means_no_session() {
    let mut script = Script::new();
    script.hub.random = Box::new(|| None);
    script.hello(1, None);
    assert_eq!(script.error_to(1), ErrorCode::ServerFull);
    // A token without a challenge is no session either.
    let mut bytes = Some([1; 16]);
    script.hub.random = Box::new(move || bytes.take());
    script.hello(2, None);
    assert_eq!(script.error_to(2), ErrorCode::ServerFull);
    assert!(script.hub.sessions.is_empty());
}
