//! The wire as it is written down: `golden/` holds one file for every form of every message.
//! What changes here changes for everybody who speaks it.

mod samples;

use std::collections::BTreeSet;
use std::fs;

use parlor_signaling_protocol::{
    ClientMessage, CloseCode, DecodeError, ErrorCode, Origin, PeerId, ServerMessage, decode_client,
    decode_server, encode, limits,
};
use samples::{clients, golden, peer, room, sealed, servers};
use serde_json::Value;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn client_messages_are_written_as_they_always_were() {
    for (name, message) in clients() {
        let text = golden(name);
        assert_eq!(decode_client(&text), Ok(message.clone()), "{name}");
        assert_eq!(parsed(&encode(&message)), parsed(&text), "{name}");
    }
}

#[test]
fn server_messages_are_written_as_they_always_were() {
    for (name, message) in servers() {
        let text = golden(name);
        assert_eq!(decode_server(&text), Ok(message.clone()), "{name}");
        assert_eq!(parsed(&encode(&message)), parsed(&text), "{name}");
    }
}

#[test]
fn every_file_has_its_sample() {
    let entries = fs::read_dir(samples::folder()).expect("a folder");
    let files: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().replace(".json", ""))
        .collect();
    let clients = clients().into_iter().map(|(name, _)| name.to_owned());
    let servers = servers().into_iter().map(|(name, _)| name.to_owned());
    assert_eq!(files, clients.chain(servers).collect());
}

#[test]
fn every_variant_has_a_file() {
    // No wildcard: a new variant does not build before it is named here, and is then missed below.
    let client = |message: &ClientMessage| match message {
        ClientMessage::Hello { .. } => "hello",
        ClientMessage::Ping { .. } => "ping",
        ClientMessage::Join { .. } => "join",
        ClientMessage::Card { .. } => "card",
        ClientMessage::Leave { .. } => "leave",
        ClientMessage::Watch { .. } => "watch",
        ClientMessage::Unwatch { .. } => "unwatch",
        ClientMessage::Relay { .. } => "relay",
    };
    let server = |message: &ServerMessage| match message {
        ServerMessage::Welcome { .. } => "welcome",
        ServerMessage::Pong { .. } => "pong",
        ServerMessage::Joined { .. } => "joined",
        ServerMessage::Watching { .. } => "watching",
        ServerMessage::PeerJoined { .. } => "peer_joined",
        ServerMessage::PeerCard { .. } => "peer_card",
        ServerMessage::PeerLeft { .. } => "peer_left",
        ServerMessage::Relayed { .. } => "relayed",
        ServerMessage::Error { .. } => "error",
    };
    let said: BTreeSet<_> = clients().iter().map(|(_, m)| client(m)).collect();
    assert_eq!(said.len(), 8);
    let heard: BTreeSet<_> = servers().iter().map(|(_, m)| server(m)).collect();
    assert_eq!(heard.len(), 9);
}

#[test]
fn error_codes_keep_their_names() {
    for (code, name) in [
        (ErrorCode::Malformed, "malformed"),
        (ErrorCode::TooLarge, "too_large"),
        (ErrorCode::UnsupportedVersion, "unsupported_version"),
        (ErrorCode::HelloFirst, "hello_first"),
        (ErrorCode::AlreadyGreeted, "already_greeted"),
        (ErrorCode::BadProof, "bad_proof"),
        (ErrorCode::NotInRoom, "not_in_room"),
        (ErrorCode::NoSuchPeer, "no_such_peer"),
        (ErrorCode::RoomFull, "room_full"),
        (ErrorCode::TooManyRooms, "too_many_rooms"),
        (ErrorCode::RateLimited, "rate_limited"),
        (ErrorCode::ServerFull, "server_full"),
    ] {
        let text = format!(r#"{{"type":"error","code":"{name}","message":""}}"#);
        let message = ServerMessage::Error {
            code,
            message: String::new(),
            room: None,
        };
        assert_eq!(encode(&message), text);
        assert_eq!(decode_server(&text), Ok(message));
    }
}

#[test]
fn origins_that_are_of_no_use_are_left_out() {
    let welcome = |origins: &[&str]| {
        let mut welcome = parsed(&golden("server_welcome"));
        welcome["origins"] = origins.into();
        match decode_server(&welcome.to_string()) {
            Ok(ServerMessage::Welcome { origins, .. }) => origins,
            other => panic!("no welcome but {other:?}"),
        }
    };
    let good: Origin = "https://parlor.example".parse().expect("an origin");
    let read = welcome(&[
        "javascript://parlor.example",
        "https://parlor.example/path",
        "https://parlor.example:443",
        "null",
        "",
    ]);
    assert_eq!(read, vec![good]);
    let many = vec!["http://192.0.2.7:8460"; limits::MAX_ORIGINS + 1];
    assert_eq!(welcome(&many).len(), limits::MAX_ORIGINS);
}

#[test]
fn close_codes_keep_their_numbers() {
    for (code, number) in [
        (CloseCode::SlowReader, 4001),
        (CloseCode::Replaced, 4002),
        (CloseCode::HelloTimeout, 4003),
        (CloseCode::Silent, 4004),
        (CloseCode::FrameTooLarge, 4005),
        (CloseCode::Ended, 4006),
        (CloseCode::RateLimited, 4007),
    ] {
        assert_eq!(code.code(), number);
        // A close frame has room for 123 bytes of reason.
        assert!((1..=123).contains(&code.reason().len()));
    }
}

#[test]
fn ids_have_one_spelling() {
    let text = "AQEBAQEBAQEBAQEBAQEBAQ";
    assert_eq!(text.parse(), Ok(peer(1)));
    for wrong in [
        "",
        "AQEBAQEBAQEBAQEBAQEBA",
        "AQEBAQEBAQEBAQEBAQEBAQ==",
        "AQEBAQEBAQEBAQEBAQEBAR", // bits beyond the 16 bytes
        "AQEBAQEBAQEBAQEBAQEB/Q",
        "AQEBAQEBAQEBAQEBAQEBé",
    ] {
        assert!(wrong.parse::<PeerId>().is_err(), "{wrong}");
    }
}

#[test]
fn limits_hold_to_the_character() {
    let card = |length| {
        let card = sealed(&"x".repeat(length));
        decode_client(&encode(&ClientMessage::Card { room: room(), card }))
    };
    assert!(card(limits::MAX_CARD_CHARS).is_ok());
    assert_eq!(
        card(limits::MAX_CARD_CHARS + 1),
        Err(DecodeError::TooLarge("card"))
    );
    let relay = |length| {
        decode_client(&encode(&ClientMessage::Relay {
            room: room(),
            to: peer(2),
            payload: sealed(&"x".repeat(length)),
        }))
    };
    assert!(relay(limits::MAX_SEALED_CHARS).is_ok());
    assert_eq!(
        relay(limits::MAX_SEALED_CHARS + 1),
        Err(DecodeError::TooLarge("payload"))
    );
    let frame = " ".repeat(limits::MAX_FRAME_BYTES + 1);
    assert_eq!(decode_client(&frame), Err(DecodeError::TooLarge("frame")));
}

#[test]
fn sealed_text_has_its_alphabet() {
    for text in ["a b", "a+b", "a/b", "YQ==", "\u{1}", "é", "\""] {
        let card = sealed(text);
        let frame = encode(&ClientMessage::Card { room: room(), card });
        let error = decode_client(&frame).expect_err(text);
        assert_eq!(error.code(), ErrorCode::Malformed);
    }
}

#[test]
fn fullest_roster_is_within_what_a_client_reads() {
    let member = parlor_signaling_protocol::Member {
        peer: peer(1),
        card: sealed(&"x".repeat(limits::MAX_CARD_CHARS)),
    };
    let joined = ServerMessage::Joined {
        room: room(),
        members: vec![member; limits::MAX_PEERS_PER_ROOM],
    };
    assert_eq!(decode_server(&encode(&joined)), Ok(joined));
}

#[test]
fn hello_of_another_version_is_told_apart_from_nonsense() {
    let code = |frame: &str| decode_client(frame).expect_err(frame).code();
    for frame in [
        r#"{"type":"hello","version":1,"peer":"AQEBAQEBAQEBAQEBAQEBAQ"}"#,
        r#"{"type":"hello","version":0,"who":[1]}"#,
    ] {
        assert_eq!(code(frame), ErrorCode::UnsupportedVersion);
    }
    for frame in [
        r#"{"type":"hello","version":2,"who":[1]}"#,
        r#"{"type":"hello","version":"2"}"#,
        r#"{"type":"later","version":2}"#,
    ] {
        assert_eq!(code(frame), ErrorCode::Malformed);
    }
}

#[test]
fn errors_repeat_nothing_of_the_frame() {
    for frame in [
        r#"{"type":"secret"}"#,
        r#"{"type":"ping","secret":1}"#,
        r#"{"type":"ping","received":"secret"}"#,
        "secret",
    ] {
        let error = decode_client(frame).expect_err(frame);
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
