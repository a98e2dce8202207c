//! The messages that the golden files hold.

#![allow(dead_code, unreachable_pub)] // each test file uses its own part

use std::path::{Path, PathBuf};

use parlor_signaling_protocol::{
    Challenge, ClientMessage, ErrorCode, IceServer, LeaveReason, Member, Origin, PeerId, PeerKey,
    Resume, ResumeToken, RoomId, Sealed, ServerMessage, Signature,
};

/// The golden files of the checkout that is tested: the one where this was built may be another.
pub fn folder() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are run by cargo");
    Path::new(&package).join("golden")
}

pub fn golden(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn peer(n: u8) -> PeerId {
    PeerId::from_bytes([n; 16])
}

pub fn room() -> RoomId {
    RoomId::from_bytes([16; 16])
}

pub fn token() -> ResumeToken {
    ResumeToken::from_bytes([32; 16])
}

pub fn sealed(text: &str) -> Sealed {
    Sealed(text.into())
}

fn bob() -> Member {
    Member {
        peer: peer(2),
        card: sealed("Y2FyZA"),
    }
}

pub fn clients() -> Vec<(&'static str, ClientMessage)> {
    let card = sealed("Y2FyZA");
    let hello = |resume| ClientMessage::Hello { version: 2, resume };
    let resume = Resume {
        token: token(),
        received: 7,
    };
    let relay = ClientMessage::Relay {
        room: room(),
        to: peer(2),
        payload: sealed("cGF5bG9hZA"),
    };
    let join = ClientMessage::Join {
        room: room(),
        key: PeerKey::from_bytes([48; 32]),
        proof: Signature::from_bytes([64; 64]),
        card: card.clone(),
    };
    vec![
        ("client_hello", hello(None)),
        ("client_hello_resume", hello(Some(resume))),
        ("client_ping", ClientMessage::Ping { received: 7 }),
        ("client_join", join),
        ("client_card", ClientMessage::Card { room: room(), card }),
        ("client_leave", ClientMessage::Leave { room: room() }),
        ("client_watch", ClientMessage::Watch { room: room() }),
        ("client_unwatch", ClientMessage::Unwatch { room: room() }),
        ("client_relay", relay),
    ]
}

pub fn servers() -> Vec<(&'static str, ServerMessage)> {
    let room = room();
    let left = |reason| ServerMessage::PeerLeft {
        room,
        peer: peer(2),
        reason,
    };
    let members = vec![bob()];
    let joined = ServerMessage::Joined {
        room,
        members: members.clone(),
    };
    let relayed = ServerMessage::Relayed {
        room,
        from: peer(2),
        payload: sealed("cGF5bG9hZA"),
    };
    vec![
        (
            "server_welcome",
            welcome(false, 0, ice_servers(), origins()),
        ),
        ("server_welcome_resumed", welcome(true, 7, vec![], vec![])),
        ("server_pong", ServerMessage::Pong { received: 7 }),
        ("server_joined", joined),
        ("server_watching", ServerMessage::Watching { room, members }),
        (
            "server_peer_joined",
            ServerMessage::PeerJoined {
                room,
                member: bob(),
            },
        ),
        (
            "server_peer_card",
            ServerMessage::PeerCard {
                room,
                member: bob(),
            },
        ),
        ("server_peer_left", left(LeaveReason::Left)),
        ("server_peer_left_lost", left(LeaveReason::Lost)),
        ("server_relayed", relayed),
        (
            "server_error",
            ServerMessage::Error {
                code: ErrorCode::Malformed,
                message: "not a message: not JSON, at column 1".into(),
                room: None,
            },
        ),
        (
            "server_error_room",
            ServerMessage::Error {
                code: ErrorCode::NotInRoom,
                message: "you are not in this room".into(),
                room: Some(room),
            },
        ),
    ]
}

fn welcome(
    resumed: bool,
    received: u64,
    ice_servers: Vec<IceServer>,
    origins: Vec<Origin>,
) -> ServerMessage {
    ServerMessage::Welcome {
        version: 2,
        resume: token(),
        resumed,
        received,
        challenge: Challenge::from_bytes([80; 16]),
        ice_servers,
        origins,
    }
}

fn origins() -> Vec<Origin> {
    let origin = "https://parlor.example".parse().expect("an origin");
    vec![origin]
}

fn ice_servers() -> Vec<IceServer> {
    vec![
        IceServer {
            urls: vec!["stun:stun.example:3478".into()],
            ..IceServer::default()
        },
        IceServer {
            urls: vec!["turn:turn.example:3478?transport=udp".into()],
            username: Some("user".into()),
            credential: Some("password".into()),
        },
    ]
}
