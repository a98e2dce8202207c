//! Sessions and their sockets: lost, taken up again, replaced, too slow, and the server's end.

mod common;

use std::net::Ipv4Addr;
use std::time::Duration;

use common::{Client, TestServer, hello, join, member, peer, relay, relayed, room};
use futures_util::SinkExt as _;
use parlor_signaling_protocol::{
    ClientMessage, CloseCode, ErrorCode, LeaveReason, Resume, ServerMessage, encode,
};
use tokio_tungstenite::tungstenite::Message;

fn lost(n: u8) -> ServerMessage {
    ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(n),
        reason: LeaveReason::Lost,
    }
}

#[tokio::test]
async fn lost_connection_loses_nothing_in_either_direction() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    // Bob's connection dies, and nobody knows which of these got through.
    bob.say(&relay(1, 1, "b2")).await;
    let resume = bob.resume(1);
    drop(bob);
    assert_eq!(alice.next().await, relayed(1, 2, "b2"));
    for text in ["a1", "a2", "a3"] {
        alice.say(&relay(1, 2, text)).await;
    }
    alice.ping(2).await;
    let mut bob = Client::connect(&server).await;
    let welcome = bob.hello(2, resume).await;
    assert!(welcome.resumed);
    // `join` and `b2` arrived, so bob goes on with his third.
    assert_eq!(welcome.received, 2);
    bob.say(&relay(1, 1, "b3")).await;
    for text in ["a1", "a2", "a3"] {
        assert_eq!(bob.next().await, relayed(1, 1, text));
    }
    assert_eq!(alice.next().await, relayed(1, 2, "b3"));
    // Nothing came twice: the next thing is the answer to a ping.
    assert_eq!(bob.ping(4).await, 3);
    assert_eq!(alice.ping(3).await, 4);
}

#[tokio::test]
async fn session_whose_grace_is_over_is_gone() {
    let server = TestServer::with(|config| {
        config.limits.session_grace = Duration::from_millis(50);
    })
    .await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    let resume = bob.resume(1);
    drop(bob);
    assert_eq!(alice.next().await, lost(2));
    let mut bob = Client::connect(&server).await;
    let welcome = bob.hello(2, resume).await;
    assert!(!welcome.resumed);
    assert_eq!(welcome.received, 0);
    bob.say(&join(1, "card2")).await;
    let joined = ServerMessage::Joined {
        room: room(1),
        members: vec![member(1, "card1")],
    };
    assert_eq!(bob.next().await, joined);
}

#[tokio::test]
async fn welcome_tells_where_others_reach_the_app() {
    let public = TestServer::with(|config| {
        config.public_url = Some("https://parlor.example".parse().expect("an origin"));
    })
    .await;
    let mut alice = Client::connect(&public).await;
    let welcome = alice.hello(1, None).await;
    assert_eq!(welcome.origins.len(), 1);
    assert_eq!(welcome.origins[0].to_string(), "https://parlor.example");
    // A session that goes on learns it too: the server may have been moved in between.
    let mut again = Client::connect(&public).await;
    let welcome = again.hello(1, alice.resume(0)).await;
    assert_eq!(welcome.origins.len(), 1);

    let local = TestServer::start().await;
    let mut bob = Client::connect(&local).await;
    assert_eq!(bob.hello(2, None).await.origins, []);

    let mut open = TestServer::with(|config| config.addr = ([0, 0, 0, 0], 0).into()).await;
    open.addr.set_ip(Ipv4Addr::LOCALHOST.into());
    let mut carol = Client::connect(&open).await;
    for origin in carol.hello(3, None).await.origins {
        assert!(!origin.is_loopback(), "{origin}");
        let port = format!(":{}", open.addr.port());
        assert!(origin.to_string().ends_with(&port), "{origin}");
    }
}

#[tokio::test]
async fn close_frame_that_is_no_farewell_keeps_the_session() {
    let server = TestServer::start().await;
    for (n, code) in [(1, None), (2, Some(4000)), (3, Some(1011))] {
        let (mut client, _) = Client::join(&server, n).await;
        client.close(code).await;
        let mut again = Client::connect(&server).await;
        let welcome = again.hello(n, client.resume(1)).await;
        assert!(welcome.resumed, "{code:?}");
    }
}

#[tokio::test]
async fn nobody_takes_up_a_session_without_its_token() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut thief = Client::connect(&server).await;
    thief.say(&hello(1, None)).await;
    assert_eq!(thief.next_error().await, ErrorCode::PeerInUse);
    // A token of another session opens only that one.
    let other = Client::greet(&server, 3).await;
    thief.say(&hello(1, other.resume(0))).await;
    assert_eq!(thief.next_error().await, ErrorCode::PeerInUse);
    // A used one opens nothing.
    let used = alice.resume(1);
    let mut again = Client::connect(&server).await;
    assert!(again.hello(1, used.clone()).await.resumed);
    again.ping(1).await;
    thief.say(&hello(1, used)).await;
    assert_eq!(thief.next_error().await, ErrorCode::PeerInUse);
    assert_eq!(again.ping(1).await, 1);
    assert_eq!(alice.closed().await, CloseCode::Replaced.code());
}

#[tokio::test]
async fn slow_reader_is_dropped_and_nobody_waits_for_it() {
    let server = TestServer::with(|config| {
        config.limits.outbox = 4;
        config.limits.max_unconfirmed = usize::MAX;
        config.limits.max_unconfirmed_bytes = usize::MAX;
        config.limits.message_burst = 1_000_000;
        config.limits.close_timeout = common::DEADLINE;
    })
    .await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut slow = Client::connect_narrow(&server).await;
    slow.hello(2, None).await;
    slow.say(&join(1, "card2")).await;
    slow.next().await;
    alice.next().await;
    let (mut carol, _) = Client::join(&server, 3).await;
    alice.next().await;
    // More than the system can buffer; in between, the others talk as if nothing was wrong.
    let large = Message::text(encode(&relay(1, 2, &"x".repeat(50_000))));
    let mut rounds = 0;
    let gone = async {
        loop {
            alice.socket.send(large.clone()).await.expect("a socket");
            alice.say(&relay(1, 3, "hi")).await;
            assert_eq!(next_relayed(&mut carol).await, relayed(1, 1, "hi"));
            rounds += 1;
            alice.say(&ClientMessage::Ping { received: 0 }).await;
            match alice.next().await {
                ServerMessage::Pong { .. } => {}
                other => return assert_eq!(other, lost(2)),
            }
        }
    };
    common::in_time("drop of the slow reader", gone).await;
    assert!(rounds > 4, "a few frames wait without harm");
    assert_eq!(slow.closed().await, CloseCode::SlowReader.code());
}

/// Skips what a room tells about its members.
async fn next_relayed(client: &mut Client) -> ServerMessage {
    loop {
        let message = client.next().await;
        if matches!(message, ServerMessage::Relayed { .. }) {
            return message;
        }
    }
}

#[tokio::test]
async fn stopping_server_says_so_to_everybody_and_returns() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut fresh = Client::connect(&server).await;
    let addr = server.addr;
    let task = server.stop();
    assert_eq!(alice.closed().await, 1001);
    assert_eq!(fresh.closed().await, 1001);
    drop((alice, fresh));
    common::in_time("end of the server", task)
        .await
        .expect("no panic");
    let refused = tokio::net::TcpStream::connect(addr).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn stopping_server_does_not_wait_for_the_stubborn() {
    let server = TestServer::with(|config| {
        config.limits.close_timeout = Duration::from_millis(50);
    })
    .await;
    // It never reads, so it never answers the close frame.
    let (_stubborn, _) = Client::join(&server, 1).await;
    let idle = tokio::net::TcpStream::connect(server.addr).await;
    common::in_time("end of the server", server.stop())
        .await
        .expect("no panic");
    drop(idle);
}

#[tokio::test]
async fn restarted_server_knows_no_session_and_takes_the_peer() {
    let server = TestServer::start().await;
    let (alice, _) = Client::join(&server, 1).await;
    let resume: Option<Resume> = alice.resume(1);
    let other = TestServer::start().await;
    let mut alice = Client::connect(&other).await;
    assert!(!alice.hello(1, resume).await.resumed);
}
