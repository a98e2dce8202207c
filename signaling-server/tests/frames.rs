//! Frames that are no messages, or come at the wrong time: each gets its code, and the socket
//! works on.

mod common;

use std::time::Duration;

use common::{Client, TestServer, hello, in_time, join, relay};
use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{
    ClientMessage, CloseCode, ErrorCode, ServerMessage, encode, limits,
};
use parlor_signaling_server::Limits;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn nonsense_is_answered_and_the_socket_stays() {
    let server = TestServer::start().await;
    let mut client = Client::greet(&server, 1).await;
    let too_large_payload = encode(&relay(1, 2, &"x".repeat(limits::MAX_SEALED_CHARS + 1)));
    let too_large_card = "x".repeat(limits::MAX_CARD_CHARS + 1);
    let cases = [
        (Message::text("hello?"), ErrorCode::Malformed),
        (Message::text(""), ErrorCode::Malformed),
        (Message::text("[]"), ErrorCode::Malformed),
        (Message::text(r#"{"type":"dance"}"#), ErrorCode::Malformed),
        (Message::text(r#"{"type":"ping"}"#), ErrorCode::Malformed),
        (
            Message::text(r#"{"type":"ping","received":-1}"#),
            ErrorCode::Malformed,
        ),
        (
            Message::text(r#"{"type":"ping","received":0,"more":1}"#),
            ErrorCode::Malformed,
        ),
        (
            Message::text(r#"{"type":"leave","room":"short"}"#),
            ErrorCode::Malformed,
        ),
        (Message::binary(vec![0, 159, 146]), ErrorCode::Malformed),
        (Message::text(too_large_payload), ErrorCode::TooLarge),
        (
            Message::text(encode(&join(1, 1, client.challenge(), &too_large_card))),
            ErrorCode::TooLarge,
        ),
        (
            Message::text("x".repeat(limits::MAX_FRAME_BYTES + 1)),
            ErrorCode::TooLarge,
        ),
        (
            Message::text(encode(&hello(None))),
            ErrorCode::AlreadyGreeted,
        ),
    ];
    for (frame, code) in cases {
        let shown = format!("{frame:.60?}");
        client.say_raw(frame).await;
        assert_eq!(client.next_error().await, code, "{shown}");
    }
    // Nothing of that was a counted message.
    assert_eq!(client.ping(0).await, 0);
}

#[tokio::test]
async fn oversized_frame_closes_the_socket() {
    let server = TestServer::start().await;
    let mut client = Client::greet(&server, 1).await;
    let frame = Message::text("x".repeat(limits::MAX_FRAME_BYTES * 2));
    client.say_raw(frame).await;
    assert_eq!(client.closed().await, CloseCode::FrameTooLarge.code());
}

#[tokio::test]
async fn hello_comes_first_and_in_the_right_version() {
    let server = TestServer::start().await;
    let mut client = Client::connect(&server, 1).await;
    client.say(&ClientMessage::Ping { received: 0 }).await;
    assert_eq!(client.next_error().await, ErrorCode::HelloFirst);
    let other = ClientMessage::Hello {
        version: 999,
        resume: None,
    };
    client.say(&other).await;
    match client.next().await {
        ServerMessage::Error { code, message, .. } => {
            assert_eq!(code, ErrorCode::UnsupportedVersion);
            assert!(message.contains("version 2"), "{message}");
        }
        other => panic!("no error but {other:?}"),
    }
    // A later version may have fields that this one does not know.
    let later = r#"{"type":"hello","version":3,"resume":{"new":"form"},"dialect":"x"}"#;
    // In the earlier one, a `hello` named its peer.
    let earlier = r#"{"type":"hello","version":1,"peer":"AQEBAQEBAQEBAQEBAQEBAQ"}"#;
    for other in [later, earlier] {
        client.say_raw(Message::text(other)).await;
        assert_eq!(client.next_error().await, ErrorCode::UnsupportedVersion);
    }
    client.hello(None).await;
}

#[tokio::test]
async fn flood_is_refused_and_then_forgiven() {
    let server = TestServer::with(|config| {
        config.limits.message_burst = 5;
        config.limits.messages_per_second = 20;
    })
    .await;
    let mut client = Client::greet(&server, 1).await;
    let mut refused = 0;
    for _ in 0..20 {
        client.say(&ClientMessage::Ping { received: 0 }).await;
    }
    for _ in 0..20 {
        match client.next().await {
            ServerMessage::Error { code, .. } => {
                assert_eq!(code, ErrorCode::RateLimited);
                refused += 1;
            }
            ServerMessage::Pong { .. } => {}
            other => panic!("neither pong nor error but {other:?}"),
        }
    }
    assert!(refused > 0);
    let forgiven = async {
        loop {
            client.say(&ClientMessage::Ping { received: 0 }).await;
            if matches!(client.next().await, ServerMessage::Pong { .. }) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    in_time("pong", forgiven).await;
}

#[tokio::test]
async fn flood_that_goes_on_closes_the_socket_and_the_session_waits() {
    let server = TestServer::with(|config| {
        config.limits.message_burst = 20;
        config.limits.messages_per_second = 1;
    })
    .await;
    let (mut client, _) = Client::join(&server, 1).await;
    let most = Limits::default().max_rate_refusals;
    for _ in 0..60 {
        // The socket may be closed before the last one.
        let ping = encode(&ClientMessage::Ping { received: 1 });
        if client.socket.send(Message::text(ping)).await.is_err() {
            break;
        }
    }
    let mut refused = 0;
    let code = loop {
        match in_time("close frame", client.socket.next()).await {
            Some(Ok(Message::Text(text))) if text.contains("rate_limited") => refused += 1,
            Some(Ok(Message::Text(text))) => assert!(text.contains("pong"), "{text}"),
            Some(Ok(Message::Close(Some(frame)))) => break u16::from(frame.code),
            other => panic!("no frame but {other:?}"),
        }
    };
    assert_eq!(code, CloseCode::RateLimited.code());
    assert!(refused <= most, "{refused}");
    let (_again, welcome) = client.again(&server, 1).await;
    assert!(welcome.resumed);
}

#[tokio::test]
async fn socket_without_hello_is_closed() {
    let server = TestServer::with(|config| {
        config.limits.hello_timeout = Duration::from_millis(50);
    })
    .await;
    let mut client = Client::connect(&server, 1).await;
    assert_eq!(client.closed().await, CloseCode::HelloTimeout.code());
}

#[tokio::test]
async fn silent_socket_is_closed_and_its_session_waits() {
    let server = TestServer::with(|config| {
        config.limits.silence_timeout = Duration::from_millis(100);
    })
    .await;
    let (mut client, _) = Client::join(&server, 1).await;
    assert_eq!(client.closed().await, CloseCode::Silent.code());
    let (_again, welcome) = client.again(&server, 1).await;
    assert!(welcome.resumed);
}
