//! Whatever arrives, decoding answers and never panics; and what is written is read back.

mod samples;

use parlor_signaling_protocol::{
    Challenge, ClientMessage, ErrorCode, LeaveReason, Member, Origin, PeerId, PeerKey, Resume,
    ResumeToken, RoomId, Sealed, ServerMessage, Signature, VERSION, decode_client, decode_server,
    encode, limits,
};
use proptest::prelude::*;
use samples::{clients, golden, servers};

fn peers() -> impl Strategy<Value = PeerId> {
    any::<[u8; 16]>().prop_map(PeerId::from_bytes)
}

fn rooms() -> impl Strategy<Value = RoomId> {
    any::<[u8; 16]>().prop_map(RoomId::from_bytes)
}

fn tokens() -> impl Strategy<Value = ResumeToken> {
    any::<[u8; 16]>().prop_map(ResumeToken::from_bytes)
}

fn seals() -> impl Strategy<Value = Sealed> {
    "[A-Za-z0-9_-]{0,300}".prop_map(Sealed)
}

fn members() -> impl Strategy<Value = Member> {
    (peers(), seals()).prop_map(|(peer, card)| Member { peer, card })
}

fn joins() -> impl Strategy<Value = ClientMessage> {
    let key = any::<[u8; 32]>().prop_map(PeerKey::from_bytes);
    let proof = any::<[u8; 64]>().prop_map(Signature::from_bytes);
    (rooms(), key, proof, seals()).prop_map(|(room, key, proof, card)| ClientMessage::Join {
        room,
        key,
        proof,
        card,
    })
}

fn client_messages() -> impl Strategy<Value = ClientMessage> {
    let resume = proptest::option::of((tokens(), any::<u64>()))
        .prop_map(|found| found.map(|(token, received)| Resume { token, received }));
    prop_oneof![
        resume.prop_map(|resume| ClientMessage::Hello {
            version: VERSION,
            resume,
        }),
        any::<u64>().prop_map(|received| ClientMessage::Ping { received }),
        joins(),
        (rooms(), seals()).prop_map(|(room, card)| ClientMessage::Card { room, card }),
        rooms().prop_map(|room| ClientMessage::Leave { room }),
        rooms().prop_map(|room| ClientMessage::Watch { room }),
        rooms().prop_map(|room| ClientMessage::Unwatch { room }),
        (rooms(), peers(), seals()).prop_map(|(room, to, payload)| ClientMessage::Relay {
            room,
            to,
            payload
        }),
    ]
}

fn origins() -> impl Strategy<Value = Vec<Origin>> {
    let origin = ("https?", "[a-z0-9_-]{1,9}", 1..=u16::MAX)
        .prop_map(|(scheme, host, port)| Origin::new(&scheme, &format!("{host}:{port}")))
        .prop_map(|origin| origin.expect("an origin"));
    proptest::collection::vec(origin, 0..=limits::MAX_ORIGINS)
}

fn server_messages() -> impl Strategy<Value = ServerMessage> {
    let rosters = || proptest::collection::vec(members(), 0..5);
    let reasons = prop_oneof![Just(LeaveReason::Left), Just(LeaveReason::Lost)];
    prop_oneof![
        (tokens(), any::<bool>(), any::<u64>(), origins()).prop_map(
            |(resume, resumed, received, origins)| ServerMessage::Welcome {
                version: VERSION,
                resume,
                resumed,
                received,
                challenge: Challenge::from_bytes([7; 16]),
                ice_servers: vec![],
                origins,
            }
        ),
        any::<u64>().prop_map(|received| ServerMessage::Pong { received }),
        (rooms(), rosters()).prop_map(|(room, members)| ServerMessage::Joined { room, members }),
        (rooms(), rosters()).prop_map(|(room, members)| ServerMessage::Watching { room, members }),
        (rooms(), members()).prop_map(|(room, member)| ServerMessage::PeerJoined { room, member }),
        (rooms(), members()).prop_map(|(room, member)| ServerMessage::PeerCard { room, member }),
        (rooms(), peers(), reasons).prop_map(|(room, peer, reason)| ServerMessage::PeerLeft {
            room,
            peer,
            reason
        }),
        (rooms(), peers(), seals()).prop_map(|(room, from, payload)| ServerMessage::Relayed {
            room,
            from,
            payload,
        }),
        (any::<String>(), proptest::option::of(rooms())).prop_map(|(message, room)| {
            ServerMessage::Error {
                code: ErrorCode::RoomFull,
                message,
                room,
            }
        }),
    ]
}

/// A golden file with one stretch replaced by something else.
fn mutated() -> impl Strategy<Value = String> {
    let clients = clients().into_iter().map(|(name, _)| name);
    let servers = servers().into_iter().map(|(name, _)| name);
    let texts: Vec<String> = clients.chain(servers).map(golden).collect();
    let part = prop_oneof![
        any::<String>(),
        "[\\[\\]{}\",:0-9a-z\\\\-]{0,8}",
        Just("1e999".to_owned()),
        Just("\"type\":\"ping\",".to_owned()),
    ];
    let place = any::<prop::sample::Index>();
    (prop::sample::select(texts), place, 0..20_usize, part).prop_map(|(text, at, length, part)| {
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let rest = (at + length).min(chars.len());
        let before: String = chars[..at].iter().collect();
        let after: String = chars[rest..].iter().collect();
        before + &part + &after
    })
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = decode_client(&text);
        let _ = decode_server(&text);
    }

    #[test]
    fn any_damaged_message_is_answered(text in mutated()) {
        // What still is a message means the same after it was written again.
        if let Ok(message) = decode_client(&text) {
            prop_assert_eq!(decode_client(&encode(&message)), Ok(message));
        }
        if let Ok(message) = decode_server(&text) {
            prop_assert_eq!(decode_server(&encode(&message)), Ok(message));
        }
    }

    #[test]
    fn client_messages_are_read_back(message in client_messages()) {
        prop_assert_eq!(decode_client(&encode(&message)), Ok(message));
    }

    #[test]
    fn server_messages_are_read_back(message in server_messages()) {
        prop_assert_eq!(decode_server(&encode(&message)), Ok(message));
    }
}
