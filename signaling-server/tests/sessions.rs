//! Sessions and their sockets: lost, taken up again, replaced, too slow, and the server's end.

mod common;

use std::net::Ipv4Addr;
use std::time::Duration;

use common::{Client, TestServer, in_time, join, member, peer, relay, relayed, room};
use futures_util::SinkExt as _;
use parlor_signaling_protocol::{
    ClientMessage, CloseCode, ErrorCode, LeaveReason, Resume, ResumeToken, ServerMessage, encode,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
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
    let mut bob = Client::connect(&server, 2).await;
    let welcome = bob.hello(resume).await;
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
async fn a_request_with_its_token_ends_a_session() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    let token = bob.resume(1).expect("a session").token.to_text();
    drop(bob);
    let own = format!("http://{}", server.addr);
    let wrong = "A".repeat(22);
    let long = "A".repeat(100);
    for (method, origin, body, status) in [
        ("GET", &*own, "", 405),
        ("POST", "https://evil.example", &*token, 403),
        ("POST", &own, "no token", 400),
        ("POST", &own, &long, 413),
        ("POST", &own, &wrong, 204),
    ] {
        assert_eq!(ask_to_leave(&server, method, origin, body).await, status);
    }
    // None of those ended anything.
    assert_eq!(alice.ping(2).await, 1);
    assert_eq!(ask_to_leave(&server, "POST", &own, &token).await, 204);
    let left = ServerMessage::PeerLeft {
        room: room(1),
        peer: peer(2),
        reason: LeaveReason::Left,
    };
    assert_eq!(alice.next().await, left);
}

async fn ask_to_leave(server: &TestServer, method: &str, origin: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let (host, length) = (server.addr, body.len());
    let request = format!(
        "{method} /ws/leave HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\
         Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut reply = String::new();
    in_time("reply", stream.read_to_string(&mut reply))
        .await
        .expect("a reply");
    assert!(reply.contains("content-security-policy"), "{reply}");
    assert_eq!(reply.contains("allow: POST"), method != "POST", "{reply}");
    let status = reply.split(' ').nth(1).expect("a status");
    status.parse().expect("a number")
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
    let mut bob = Client::connect(&server, 2).await;
    let welcome = bob.hello(resume).await;
    assert!(!welcome.resumed);
    assert_eq!(welcome.received, 0);
    assert_eq!(bob.enter().await, [member(1, "card1")]);
}

#[tokio::test]
async fn welcome_tells_where_others_reach_the_app() {
    let public = TestServer::with(|config| {
        config.public_url = Some("https://parlor.example".parse().expect("an origin"));
    })
    .await;
    let mut alice = Client::connect(&public, 1).await;
    let welcome = alice.hello(None).await;
    assert_eq!(welcome.origins.len(), 1);
    assert_eq!(welcome.origins[0].to_string(), "https://parlor.example");
    // A session that goes on learns it too: the server may have been moved in between.
    let mut again = Client::connect(&public, 1).await;
    let welcome = again.hello(alice.resume(0)).await;
    assert_eq!(welcome.origins.len(), 1);

    let local = TestServer::start().await;
    let mut bob = Client::connect(&local, 2).await;
    assert_eq!(bob.hello(None).await.origins, []);

    let mut open = TestServer::with(|config| config.addr = ([0, 0, 0, 0], 0).into()).await;
    open.addr.set_ip(Ipv4Addr::LOCALHOST.into());
    let mut carol = Client::connect(&open, 3).await;
    for origin in carol.hello(None).await.origins {
        assert!(!origin.is_loopback(), "{origin}");
        let port = format!(":{}", open.addr.port());
        assert!(origin.to_string().ends_with(&port), "{origin}");
    }
}

#[tokio::test]
async fn close_frames_are_no_farewell() {
    let server = TestServer::start().await;
    let codes = [None, Some(1000), Some(1001), Some(1011), Some(4000)];
    for (n, code) in (1..).zip(codes) {
        let (mut client, _) = Client::join(&server, n).await;
        client.close(code).await;
        let (_again, welcome) = client.again(&server, 1).await;
        assert!(welcome.resumed, "{code:?}");
    }
}

#[tokio::test]
async fn proxy_that_closes_every_socket_ends_no_membership() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    let mut watcher = Client::greet(&server, 3).await;
    watcher.say(&ClientMessage::Watch { room: room(1) }).await;
    watcher.next().await;
    // What nginx and others say when they are loaded anew.
    for client in [&mut alice, &mut bob] {
        client.close(Some(1001)).await;
    }
    let (mut alice, welcome) = alice.again(&server, 2).await;
    assert!(welcome.resumed);
    let (mut bob, welcome) = bob.again(&server, 1).await;
    assert!(welcome.resumed);
    // Nobody was told of anything: the next things to read are these.
    bob.say(&relay(1, 1, "here")).await;
    assert_eq!(alice.next().await, relayed(1, 2, "here"));
    assert_eq!(bob.ping(1).await, 2);
    assert_eq!(watcher.ping(1).await, 1);
}

#[tokio::test]
async fn nobody_takes_up_a_session_without_its_token() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut thief = Client::connect(&server, 6).await;
    let guess = Resume {
        token: ResumeToken::from_bytes([0; 16]),
        received: 1,
    };
    assert!(!thief.hello(Some(guess)).await.resumed);
    // A used one opens nothing.
    let used = alice.resume(1);
    let (mut again, welcome) = alice.again(&server, 1).await;
    assert!(welcome.resumed);
    again.ping(1).await;
    let mut thief = Client::connect(&server, 6).await;
    assert!(!thief.hello(used).await.resumed);
    assert_eq!(again.ping(1).await, 1);
    assert_eq!(alice.closed().await, CloseCode::Replaced.code());
}

#[tokio::test]
async fn nobody_takes_a_peer_without_its_key() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let mut mallory = Client::greet(&server, 6).await;
    // Alice's own `join`, as somebody saw it who can read along between her and the server.
    let replayed = join(1, 1, alice.challenge(), "card1");
    mallory.say(&replayed).await;
    assert_eq!(mallory.next_error().await, ErrorCode::BadProof);
    // Alice's own key, and her proof for another room.
    let ClientMessage::Join { key, card, .. } = replayed else {
        unreachable!("that was made above");
    };
    let ClientMessage::Join { proof, .. } = join(2, 1, alice.challenge(), "card1") else {
        unreachable!("that was made above");
    };
    let room = room(1);
    alice
        .say(&ClientMessage::Join {
            room,
            key,
            proof,
            card,
        })
        .await;
    assert_eq!(alice.next_error().await, ErrorCode::BadProof);
    // She is still there, and nobody told her of anything.
    let (mut bob, members) = Client::join(&server, 2).await;
    assert_eq!(members, [member(1, "card1")]);
    alice.next().await;
    bob.say(&relay(1, 1, "hi")).await;
    assert_eq!(alice.next().await, relayed(1, 2, "hi"));
    assert_eq!(alice.ping(3).await, 2);
}

#[tokio::test]
async fn owner_with_a_fresh_session_takes_its_peer_over() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    // Alice's page forgot its token; the server still has her old socket.
    let (mut again, members) = Client::join(&server, 1).await;
    assert_eq!(members, [member(2, "card2")]);
    let came = ServerMessage::PeerJoined {
        room: room(1),
        member: member(1, "card1"),
    };
    assert_eq!(bob.next().await, came);
    alice.say(&ClientMessage::Leave { room: room(1) }).await;
    assert_eq!(alice.next_error().await, ErrorCode::NotInRoom);
    alice.close(Some(1001)).await;
    bob.say(&relay(1, 1, "hi")).await;
    assert_eq!(again.next().await, relayed(1, 2, "hi"));
    // Nobody was told that alice left, or was lost.
    assert_eq!(bob.ping(2).await, 2);
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
    let mut slow = Client::connect_narrow(&server, 2).await;
    slow.hello(None).await;
    slow.enter().await;
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
    in_time("drop of the slow reader", gone).await;
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
    let mut fresh = Client::connect(&server, 2).await;
    let addr = server.addr;
    let task = server.stop();
    assert_eq!(alice.closed().await, 1001);
    assert_eq!(fresh.closed().await, 1001);
    drop((alice, fresh));
    let end = in_time("end of the server", task).await;
    end.expect("no panic").expect("no mistake");
    let refused = TcpStream::connect(addr).await;
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
    let idle = TcpStream::connect(server.addr).await;
    let end = in_time("end of the server", server.stop()).await;
    end.expect("no panic").expect("no mistake");
    drop(idle);
}

#[tokio::test]
async fn restarted_server_gives_each_peer_to_its_owner_alone() {
    let server = TestServer::start().await;
    let (mut alice, _) = Client::join(&server, 1).await;
    let (mut bob, _) = Client::join(&server, 2).await;
    alice.next().await;
    let seen = join(1, 1, alice.challenge(), "card1");
    server.stop();
    assert_eq!(alice.closed().await, 1001);
    assert_eq!(bob.closed().await, 1001);

    // Whoever is first at the next server cannot be alice.
    let server = TestServer::start().await;
    let mut mallory = Client::greet(&server, 6).await;
    mallory.say(&seen).await;
    assert_eq!(mallory.next_error().await, ErrorCode::BadProof);
    let (mut alice, welcome) = alice.again(&server, 2).await;
    assert!(!welcome.resumed);
    assert_eq!(alice.enter().await, []);
    let (mut bob, _) = bob.again(&server, 1).await;
    assert_eq!(bob.enter().await, [member(1, "card1")]);
    alice.next().await;
    bob.say(&relay(1, 1, "hi")).await;
    assert_eq!(alice.next().await, relayed(1, 2, "hi"));
}
