//! Who is which peer in a room, and who may say so.

use super::*;

/// Both are in room 1, and nobody has anything to read.
fn pair() -> Script {
    let mut script = Script::new();
    script.join(1, 1);
    script.join(2, 2);
    script
}

#[test]
fn stolen_id_is_refused_and_its_owner_undisturbed() {
    let mut script = pair();
    script.greet(3);
    // Everything about peer 1 is known but its secret key.
    let claim = join_claim(room(1), script.challenge(3));
    let stolen = ClientMessage::Join {
        room: room(1),
        key: key(1),
        proof: Signature::from_bytes(secret(3).sign(&claim).to_bytes()),
        card: Sealed("card".into()),
    };
    script.say(3, stolen);
    let error = ServerMessage::Error {
        code: ErrorCode::BadProof,
        message: explain(ErrorCode::BadProof),
        room: Some(room(1)),
    };
    assert_eq!(script.sent_to(3), [error]);
    script.say(3, relay(2, "as nobody"));
    assert_eq!(script.error_to(3), ErrorCode::NotInRoom);
    script.say(2, relay(1, "still you"));
    assert_eq!(script.sent_to(1), [relayed(2, "still you")]);
}

#[test]
fn proof_of_another_session_or_room_is_refused() {
    let mut script = Script::new();
    script.greet(1);
    script.greet(2);
    let of_another_session = join(1, 1, script.challenge(1), "card");
    script.say(2, of_another_session.clone());
    assert_eq!(script.error_to(2), ErrorCode::BadProof);
    let ClientMessage::Join {
        key, proof, card, ..
    } = of_another_session
    else {
        unreachable!("that was made above");
    };
    let room = room(2);
    script.say(
        1,
        ClientMessage::Join {
            room,
            key,
            proof,
            card,
        },
    );
    assert_eq!(script.error_to(1), ErrorCode::BadProof);
    assert!(script.hub.rooms.is_empty());
}

#[test]
fn refused_join_changes_nothing() {
    let mut script = Script::with(|limits| {
        limits.max_peers_per_room = 2;
        limits.max_rooms_per_session = 1;
    });
    script.join(1, 1);
    script.join(2, 2);
    // A bad proof of a member: of a card, of another key, of another's key.
    let wrong = Challenge::from_bytes([99; 16]);
    for (n, card) in [(1, "new"), (3, "card"), (2, "card")] {
        script.say(1, join(1, n, wrong, card));
        assert_eq!(script.error_to(1), ErrorCode::BadProof);
    }
    // A good proof for one room too many, and for a full room.
    script.enter(1, 2, 1);
    assert_eq!(script.error_to(1), ErrorCode::TooManyRooms);
    script.greet(3);
    script.enter(3, 1, 3);
    assert_eq!(script.error_to(3), ErrorCode::RoomFull);
    script.say(3, ClientMessage::Watch { room: room(1) });
    let watching = ServerMessage::Watching {
        room: room(1),
        members: {
            let mut members = vec![member(1, "card"), member(2, "card")];
            members.sort_by_key(|member| member.peer);
            members
        },
    };
    assert_eq!(script.sent_to(3), [watching]);
}

#[test]
fn second_join_with_the_same_key_replaces_the_card() {
    let mut script = pair();
    let challenge = script.challenge(2);
    script.say(2, join(1, 2, challenge, "new"));
    let sent = script.drain();
    let told = |conn| {
        let frames = sent.iter().filter_map(move |delivery| match delivery {
            Delivery::Frame(to, frame) if *to == conn => Some(decode_server(frame).unwrap()),
            _ => None,
        });
        frames.collect::<Vec<_>>()
    };
    assert_eq!(told(2), [joined(vec![member(1, "card")])]);
    let changed = ServerMessage::PeerCard {
        room: room(1),
        member: member(2, "new"),
    };
    assert_eq!(told(1), [changed]);
    // Nothing changed: nobody else is told.
    script.say(2, join(1, 2, challenge, "new"));
    assert_eq!(script.sent_to(1), []);
}

#[test]
fn join_with_another_key_ends_the_earlier_membership() {
    let mut script = pair();
    script.enter(2, 1, 3);
    assert_eq!(
        script.sent_to(1),
        [left(2, LeaveReason::Left), came(3, "card")]
    );
    script.say(1, relay(2, "to the earlier"));
    assert_eq!(script.error_to(1), ErrorCode::NoSuchPeer);
    script.say(1, relay(3, "hello"));
    assert_eq!(script.sent_to(2), [relayed(1, "hello")]);
    script.say(2, relay(1, "hello"));
    assert_eq!(script.sent_to(1), [relayed(3, "hello")]);
    // Also in a room that has no place for one more, and where nobody else is.
    let mut script = Script::with(|limits| {
        limits.max_peers_per_room = 1;
        limits.max_rooms = 1;
    });
    script.join(1, 1);
    script.enter(1, 1, 2);
    assert_eq!(script.sent_to(1), [joined(vec![])]);
    script.lose(1);
    script.wait(Duration::from_secs(30));
    script.assert_empty();
}

#[test]
fn sessions_rooms_have_a_peer_each() {
    let mut script = pair();
    script.enter(2, 2, 3);
    script.drain();
    script.greet(4);
    script.enter(4, 2, 4);
    script.drain();
    script.say(2, relay(1, "as 2"));
    assert_eq!(script.sent_to(1), [relayed(2, "as 2")]);
    script.say(2, relay(4, "not in that room"));
    assert_eq!(script.error_to(2), ErrorCode::NoSuchPeer);
    script.say(2, ClientMessage::Leave { room: room(2) });
    let left = ServerMessage::PeerLeft {
        room: room(2),
        peer: peer(3),
        reason: LeaveReason::Left,
    };
    assert_eq!(script.sent_to(4), [left]);
    assert_eq!(script.sent_to(1), []);
}

#[test]
fn owner_takes_its_peer_over_from_a_session_in_its_grace() {
    let mut script = pair();
    let resume = script.resume(1, 1);
    script.lose(1);
    script.say(2, relay(1, "lost with the session"));
    script.greet(3);
    script.enter(3, 1, 1);
    assert_eq!(script.sent_to(2), [came(1, "card")]);
    script.say(2, relay(1, "again"));
    assert_eq!(script.sent_to(3), [relayed(2, "again")]);
    // Nothing is left of the earlier session: nobody is told of its end.
    script.wait(Duration::from_secs(60));
    assert_eq!(script.sent_to(2), []);
    script.hello(4, resume);
    assert_eq!(script.welcomed(4), (false, 0, vec![]));
}

#[test]
fn owner_takes_its_peer_over_from_a_session_that_has_a_socket() {
    let mut script = pair();
    script.enter(1, 2, 1);
    script.drain();
    script.greet(3);
    script.enter(3, 1, 1);
    let all = script.drain();
    let to: Vec<_> = all
        .iter()
        .map(|delivery| match delivery {
            Delivery::Frame(conn, frame) => (*conn, decode_server(frame).unwrap()),
            _ => panic!("neither welcome nor close was due: {delivery:?}"),
        })
        .collect();
    let expected = [(3, joined(vec![member(2, "card")])), (2, came(1, "card"))];
    assert_eq!(to, expected);
    // The earlier session has lost that room only, and can end nothing there.
    script.say(1, ClientMessage::Leave { room: room(1) });
    assert_eq!(script.error_to(1), ErrorCode::NotInRoom);
    script.say(
        1,
        ClientMessage::Card {
            room: room(2),
            card: Sealed("new".into()),
        },
    );
    assert_eq!(script.sent_to(1), []);
    script.lose(1);
    script.wait(Duration::from_secs(30));
    assert_eq!(script.sent_to(2), []);
    script.say(3, relay(2, "here"));
    assert_eq!(script.sent_to(2), [relayed(1, "here")]);
}

#[test]
fn takeover_needs_no_place_and_may_replace_another_peer() {
    let mut script = Script::with(|limits| limits.max_peers_per_room = 3);
    script.join(1, 1);
    script.join(2, 2);
    script.join(3, 3);
    script.lose(1);
    script.greet(4);
    script.enter(4, 1, 1);
    assert_eq!(script.sent_to(2), [came(1, "card")]);
    // A member that proves to be another's peer too goes on as that one.
    script.enter(4, 1, 3);
    assert_eq!(
        script.sent_to(2),
        [left(1, LeaveReason::Left), came(3, "card")]
    );
    script.say(2, relay(3, "you"));
    assert_eq!(script.sent_to(4), [relayed(2, "you")]);
}

#[test]
fn member_that_watches_too_is_told_once_and_never_of_itself() {
    let mut script = Script::new();
    script.join(1, 1);
    let watch = ClientMessage::Watch { room: room(1) };
    script.say(1, watch);
    let nobody = ServerMessage::Watching {
        room: room(1),
        members: Vec::new(),
    };
    assert_eq!(script.sent_to(1), [nobody]);
    script.greet(2);
    script.enter(2, 1, 2);
    assert_eq!(script.sent_to(1).len(), 1);
    // Neither of its second key, nor of its going.
    script.enter(1, 1, 3);
    assert_eq!(script.sent_to(1), [joined(vec![member(2, "card")])]);
    script.say(1, ClientMessage::Leave { room: room(1) });
    assert_eq!(script.sent_to(1), []);
    // A watcher whose peer another session took over sees that peer as it sees others.
    script.enter(1, 1, 1);
    script.greet(4);
    script.drain();
    script.enter(4, 1, 1);
    assert_eq!(script.sent_to(1), [came(1, "card")]);
}
