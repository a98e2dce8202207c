//! Whatever an application is told over its signaling, reading it answers and never panics, and what
//! is read is written the same.
#![cfg(not(target_arch = "wasm32"))]

use parlor_engine::{
    Config, Configuration, Engine, ErrorKind, IceCandidate, IceServer, RoomKey, SessionDescription,
    Signal,
};
use proptest::prelude::*;

const SAMPLES: [&str; 5] = [
    r#"{"description":{"type":"offer","sdp":"v=0\r\n"}}"#,
    r#"{"description":{"type":"rollback","sdp":""}}"#,
    r#"{"candidate":{"candidate":"candidate:1 1 udp 9 192.0.2.1 7 typ host","sdpMid":"0","sdpMLineIndex":0}}"#,
    r#"{"candidate":{"candidate":"","usernameFragment":"x"}}"#,
    r#"{"candidate":null}"#,
];

/// A sample, or the inside of one, with one piece cut out and another put in.
fn spoiled() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just(String::new()),
        Just("null".to_owned()),
        Just("65536".to_owned()),
        Just("\\u0000".to_owned()),
        "[ -~é日]{0,8}",
    ];
    let place = any::<prop::sample::Index>();
    (0..SAMPLES.len(), any::<bool>(), place, 0..20_usize, pieces).prop_map(
        |(sample, inside, at, cut, piece)| {
            let whole = SAMPLES[sample];
            let inner = whole
                .split_once(':')
                .map_or(whole, |(_, rest)| &rest[..rest.len() - 1]);
            let letters: Vec<char> = if inside { inner } else { whole }.chars().collect();
            let at = at.index(letters.len());
            let rest = letters.iter().skip(at + cut).copied();
            letters[..at]
                .iter()
                .copied()
                .chain(piece.chars())
                .chain(rest)
                .collect()
        },
    )
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![4 => spoiled(), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn signals(text in texts()) {
        match Signal::from_json(&text) {
            Ok(signal) => prop_assert_eq!(Signal::from_json(&signal.to_json()).ok(), Some(signal)),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
    }

    #[test]
    fn descriptions(text in texts()) {
        if let Ok(read) = SessionDescription::from_json(&text) {
            prop_assert_eq!(SessionDescription::from_json(&read.to_json()).ok(), Some(read));
        }
    }

    #[test]
    fn candidates(text in texts()) {
        if let Ok(read) = IceCandidate::from_json(&text) {
            prop_assert_eq!(IceCandidate::from_json(&read.to_json()).ok(), Some(read));
        }
    }

    #[test]
    fn keys(text in prop_oneof!["[A-Za-z0-9_-]{20,24}", any::<String>()]) {
        if let Ok(key) = text.parse::<RoomKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}

proptest! {
    #[test]
    fn servers(
        url in prop_oneof!["(stun|turn|turns|stuns|http):[ -~]{0,24}", any::<String>()],
        name in proptest::option::of("[ -~]{0,8}"),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let _inside = runtime.enter();
        let engine = Engine::new(Config::alone()).expect("an engine");
        let configuration = Configuration {
            ice_servers: vec![IceServer {
                urls: vec![url],
                username: name.clone(),
                credential: name,
            }],
            ..Configuration::default()
        };
        // Taken or refused, it says which field is wrong.
        if let Err(error) = engine.connect(&configuration) {
            prop_assert!(error.to_string().contains("ice_servers[0]"), "{}", error);
        }
        engine.close();
    }
}
