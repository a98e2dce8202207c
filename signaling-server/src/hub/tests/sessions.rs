//! Sessions: lost, taken up again, replaced and ended.

use super::*;

#[test]
fn resumed_session_gets_what_it_missed_once_and_in_order() {
    let mut script = Script::new();
    script.join(1, 1); // has received `joined`
    script.join(2, 2); // peer 1 is told of peer 2
    script.say(2, relay(1, "a"));
    let resume = script.resume(1, 3);
    script.lose(1);
    script.say(2, relay(1, "b"));
    script.drain();
    script.hello(3, resume);
    assert_eq!(
        script.welcomed(3),
        (true, 1, vec![relayed(2, "b")]),
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
    script.say(1, join(2, 1, Challenge::from_bytes([99; 16]), "card"));
    script.say(1, ClientMessage::Ping { received: 1 });
    let malformed = Err(DecodeError::Malformed("x".into()));
    script.hub.handle(1, malformed, script.now);
    let resume = script.resume(1, 1);
    script.lose(1);
    script.drain();
    script.hello(2, resume);
    assert_eq!(script.welcomed(2), (true, 3, vec![]));
}

#[test]
fn lost_session_is_told_of_only_after_its_grace() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    let resume = script.resume(2, 1);
    script.lose(2);
    script.wait(Duration::from_secs(29));
    assert_eq!(script.sent_to(1), []);
    script.wait(Duration::from_secs(1));
    assert_eq!(script.sent_to(1), [left(2, LeaveReason::Lost)]);
    script.hello(3, resume);
    assert_eq!(script.welcomed(3), (false, 0, vec![]));
}

#[test]
fn token_ends_its_session_with_and_without_a_socket() {
    for is_lost in [false, true] {
        let mut script = Script::new();
        script.join(1, 1);
        script.join(2, 2);
        let resume = script.resume(2, 1);
        let token = resume.as_ref().expect("a session").token;
        if is_lost {
            script.lose(2);
        }
        script.drain();
        script.hub.end_by_token(token);
        let told = script.drain();
        let is_closed = |it: &Delivery| matches!(it, Delivery::Close(2, CloseCode::Ended));
        assert_eq!(told.iter().any(is_closed), !is_lost);
        let frames = told.into_iter().filter_map(|it| match it {
            Delivery::Frame(1, frame) => Some(decode_server(&frame).unwrap()),
            _ => None,
        });
        assert_eq!(frames.collect::<Vec<_>>(), [left(2, LeaveReason::Left)]);
        script.hello(3, resume);
        assert_eq!(script.welcomed(3), (false, 0, vec![]));
    }
}

#[test]
fn resumed_session_outlives_its_first_grace() {
    let mut script = Script::new();
    script.join(1, 1);
    let resume = script.resume(1, 1);
    script.lose(1);
    script.wait(Duration::from_secs(20));
    script.hello(2, resume);
    script.wait(Duration::from_secs(20));
    script.drain();
    script.say(2, ClientMessage::Ping { received: 1 });
    assert_eq!(script.sent_to(2), [ServerMessage::Pong { received: 1 }]);
}

#[test]
fn only_leave_is_a_farewell() {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script.say(2, ClientMessage::Leave { room: room(1) });
    assert_eq!(script.sent_to(1), [left(2, LeaveReason::Left)]);
    script.lose(2);
    script.say(1, ClientMessage::Leave { room: room(1) });
    script.lose(1);
    script.assert_empty();
}

#[test]
fn session_in_no_room_ends_with_its_socket() {
    let mut script = Script::new();
    script.greet(1);
    script.say(1, ClientMessage::Watch { room: room(1) });
    script.say(1, relay(1, "to nobody"));
    let resume = script.resume(1, 1);
    script.lose(1);
    script.assert_empty();
    script.drain();
    script.hello(2, resume);
    assert_eq!(script.welcomed(2), (false, 0, vec![]));
    // A member's session goes on, and so does its watching.
    script.enter(2, 1, 1);
    script.say(2, ClientMessage::Watch { room: room(2) });
    let resume = script.resume(2, 2);
    script.lose(2);
    script.greet(3);
    script.enter(3, 2, 3);
    script.drain();
    script.hello(4, resume);
    let newcomer = ServerMessage::PeerJoined {
        room: room(2),
        member: member(3, "card"),
    };
    assert_eq!(script.welcomed(4), (true, 2, vec![newcomer]));
}

#[test]
fn unknown_token_starts_a_fresh_session_and_disturbs_no_other() {
    let mut script = Script::new();
    script.join(1, 1);
    let token = ResumeToken::from_bytes([99; 16]);
    script.hello(2, Some(Resume { token, received: 0 }));
    assert_eq!(script.welcomed(2), (false, 0, vec![]));
    assert_ne!(script.challenge(1), script.challenge(2));
    script.say(1, ClientMessage::Ping { received: 1 });
    assert_eq!(script.sent_to(1), [ServerMessage::Pong { received: 1 }]);
}

#[test]
fn challenge_stays_when_a_session_is_resumed() {
    let mut script = Script::new();
    script.join(1, 1);
    let challenge = script.challenge(1);
    let resume = script.resume(1, 1);
    script.lose(1);
    script.hello(2, resume);
    let sent = script.sent_to(2);
    assert!(
        matches!(sent.as_slice(), [ServerMessage::Welcome { resumed: true, challenge: told, .. }]
            if *told == challenge),
        "{sent:?}"
    );
}

#[test]
fn old_token_is_good_until_the_new_one_was_seen() {
    let mut script = Script::new();
    script.join(1, 1);
    let first = script.resume(1, 1);
    script.lose(1);
    script.hello(2, first.clone()); // its welcome never arrives
    let second = script.resume(2, 1);
    script.lose(2);
    script.drain();
    script.hello(3, first.clone());
    let third = script.resume(3, 1);
    assert_eq!(script.welcomed(3), (true, 1, vec![]));
    script.say(3, ClientMessage::Ping { received: 1 });
    script.lose(3);
    for (conn, old) in [(4, first), (5, second)] {
        script.drain();
        script.hello(conn, old);
        assert_eq!(script.welcomed(conn), (false, 0, vec![]));
    }
    script.hello(6, third);
    assert_eq!(script.welcomed(6), (true, 1, vec![]));
}

#[test]
fn resume_replaces_a_socket_that_is_still_open() {
    let mut script = Script::new();
    script.join(1, 1);
    let resume = script.resume(1, 1);
    script.hello(2, resume);
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
    let resume = script.resume(2, 1000);
    script.hello(3, resume);
    assert_eq!(script.welcomed(3), (false, 0, vec![]));
    script.say(3, ClientMessage::Ping { received: 7 });
    assert_eq!(script.error_to(3), ErrorCode::Malformed);
}

#[test]
fn hello_comes_first_once_and_in_time() {
    let mut script = Script::new();
    script.open(1);
    script.say(1, relay(1, "x"));
    assert_eq!(script.error_to(1), ErrorCode::HelloFirst);
    script.greet(2);
    let again = ClientMessage::Hello {
        version: VERSION,
        resume: None,
    };
    script.say(2, again);
    assert_eq!(script.error_to(2), ErrorCode::AlreadyGreeted);
    script.wait(Duration::from_secs(10));
    assert_eq!(script.closed(), [(1, CloseCode::HelloTimeout)]);
}
