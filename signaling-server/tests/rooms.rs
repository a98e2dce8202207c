//! Who meets whom, and who may say what to whom.

mod common;

use common::{Client, TestServer, in_time, member, peer, relay, relayed, room, sealed};
use parlor_signaling_protocol::{ClientMessage, ErrorCode, LeaveReason, ServerMessage};

#[tokio::test]
async fn two_peers_meet_and_talk() {
    let server = TestServer::start().await;
    let (mut alice, before) = Client::join(&server, 1).await;
    assert_eq!(before, []);
    let (mut bob, before) = Client::join(&server, 2).await;
    assert_eq!(before, [member(1, "card1")]);
    assert_eq!(
        alice.next().await,
        ServerMessage::PeerJoined {
            room: room(1),
            member: member(2, "card2"),
        }
    );
    bob.say(&relay(1, 1, "offer")).await;
    assert_eq!(alice.next().await, relayed(1, 2, "offer"));
    alice.say(&relay(1, 2, "answer")).await;
    assert_eq!(bob.next().await, relayed(1, 1, "answer"));
}

#[tokio::test]
async fn watchers_see_coming_cards_and_going() {
    let server = TestServer::start().await;
    let mut watcher = Client::greet(&server, 9).await;
    let watch = ClientMessage::Watch { room: room(1) };
    watcher.say(&watch).await;
    let watching = ServerMessage::Watching {
        room: room(1),
        members: vec![],
    };
    assert_eq!(watcher.next().await, watching);
    let (mut alice, _) = Client::join(&server, 1).await;
    let joined = ServerMessage::PeerJoined {
        room: room(1),
        member: member(1, "card1"),
    };
    assert_eq!(watcher.next().await, joined);
    alice
        .say(&ClientMessage::Card {
            room: room(1),
            card: sealed("renamed"),
        })
        .await;
    let renamed = ServerMessage::PeerCard {
        room: room(1),
        member: member(1, "renamed"),
    };
    assert_eq!(watcher.next().await, renamed);
    alice.say(&ClientMessage::Leave { room: room(1) }).await;
    let left = ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(1),
        reason: LeaveReason::Left,
    };
    assert_eq!(watcher.next().await, left);
    watcher.say(&ClientMessage::Unwatch { room: room(1) }).await;
    // The pong shows that the unwatching was done before alice comes back.
    watcher.ping(4).await;
    alice.say_join(1, "again").await;
    alice.next().await;
    assert_eq!(watcher.ping(4).await, 2);
}

#[tokio::test]
async fn nobody_is_relayed_to_from_outside_a_room() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut mallory = Client::greet(&server, 6).await;
    mallory.say(&relay(1, 1, "psst")).await;
    assert_eq!(mallory.next_error().await, ErrorCode::NotInRoom);
    mallory.say_join(2, "card6").await;
    mallory.next().await;
    mallory.say(&relay(2, 1, "psst")).await;
    assert_eq!(mallory.next_error().await, ErrorCode::NoSuchPeer);
    mallory
        .say(&ClientMessage::Card {
            room: room(1),
            card: sealed("x"),
        })
        .await;
    assert_eq!(mallory.next_error().await, ErrorCode::NotInRoom);
    mallory.say(&ClientMessage::Leave { room: room(1) }).await;
    assert_eq!(mallory.next_error().await, ErrorCode::NotInRoom);
    // Of all that, alice saw nothing.
    assert_eq!(alice.ping(1).await, 1);
}

#[tokio::test]
async fn full_room_and_too_many_rooms_are_refused() {
    let server = TestServer::with(|config| {
        config.limits.max_peers_per_room = 2;
        config.limits.max_rooms_per_session = 2;
    })
    .await;
    let (_alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    let mut carol = Client::greet(&server, 3).await;
    carol.say_join(1, "card3").await;
    assert_eq!(carol.next_error().await, ErrorCode::RoomFull);
    bob.say(&ClientMessage::Watch { room: room(2) }).await;
    bob.next().await;
    bob.say_join(3, "card2").await;
    assert_eq!(bob.next_error().await, ErrorCode::TooManyRooms);
    // A room that is watched may be joined: it is the same room.
    bob.say_join(2, "card2").await;
    assert!(matches!(bob.next().await, ServerMessage::Joined { .. }));
}

#[tokio::test]
async fn watching_is_bounded_and_takes_no_room_from_others() {
    let server = TestServer::with(|config| {
        config.limits.max_rooms = 1;
        config.limits.max_watchers = 3;
        config.limits.max_rooms_per_session = 2;
    })
    .await;
    let mut watcher = Client::greet(&server, 8).await;
    let mut other = Client::greet(&server, 9).await;
    let watch = |n| ClientMessage::Watch { room: room(n) };
    for n in [2, 3] {
        watcher.say(&watch(n)).await;
        assert!(matches!(
            watcher.next().await,
            ServerMessage::Watching { .. }
        ));
    }
    watcher.say(&watch(4)).await;
    assert_eq!(watcher.next_error().await, ErrorCode::TooManyRooms);
    other.say(&watch(4)).await;
    assert!(matches!(other.next().await, ServerMessage::Watching { .. }));
    other.say(&watch(5)).await;
    assert_eq!(other.next_error().await, ErrorCode::ServerFull);
    // Three rooms are watched, and the only one that there may be is still free.
    let (mut alice, _) = Client::join(&server, 1).await;
    alice.say_join(2, "card1").await;
    assert_eq!(alice.next_error().await, ErrorCode::ServerFull);
    // A watcher that goes makes place.
    watcher.close(None).await;
    let free = async {
        loop {
            other.say(&watch(5)).await;
            if matches!(other.next().await, ServerMessage::Watching { .. }) {
                return;
            }
        }
    };
    in_time("free place", free).await;
}

#[tokio::test]
async fn joining_twice_replaces_the_card() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    bob.say_join(1, "new").await;
    let joined = ServerMessage::Joined {
        room: room(1),
        members: vec![member(1, "card1")],
    };
    assert_eq!(bob.next().await, joined);
    let changed = ServerMessage::PeerCard {
        room: room(1),
        member: member(2, "new"),
    };
    assert_eq!(alice.next().await, changed);
}

#[tokio::test]
async fn leaving_just_before_the_page_closes_is_told_at_once() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    bob.say(&ClientMessage::Leave { room: room(1) }).await;
    bob.close(Some(1001)).await;
    let left = ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(2),
        reason: LeaveReason::Left,
    };
    assert_eq!(alice.next().await, left);
}
