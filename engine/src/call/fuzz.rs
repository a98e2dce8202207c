//! Whatever peers say, reading it answers and never panics, and what was sealed opens only as it was.

use parlor_signaling_protocol::{Member, PeerId, Sealed};
use proptest::prelude::*;

use super::card::Card;
use super::envelope::Envelope;
use super::message::{PeerMessage, decode};
use crate::RoomKey;
use crate::credentials::Credentials;
use crate::identity::Identity;
use crate::seal::{Recipient, Sealer};

/// Messages as they are said, to be spoiled.
const SAMPLES: [&str; 9] = [
    r#"{"type":"signal","signal":"offer","id":1,"sdp":"v=0"}"#,
    r#"{"type":"signal","signal":"candidate","candidate":null}"#,
    r#"{"type":"state","revision":3,"call":"AQEBAQEBAQE","rings":true,"declined":{"call":"AgICAgICAgI","reason":"busy"},"tracks":{"microphone":{"state":"on","mid":"0"},"camera":{"state":"off","mid":null}}}"#,
    r#"{"type":"posts","posts":[{"person":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","key":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","proof":"BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA","number":1,"clock":2,"previous":"AAAAAAAAAAAAAAAAAAAAAA","name":"N","text":"T","sent_at":5,"signature":"BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA"}]}"#,
    r#"{"type":"have","posts":[["AwMDAwMDAwMDAwMDAwMDAw",7,"BQUFBQUFBQU"]],"clock":9}"#,
    r#"{"type":"got","author":"AwMDAwMDAwMDAwMDAwMDAw","number":7}"#,
    r#"{"type":"ping"}"#,
    r#"{"type":"pong"}"#,
    r#"{"type":"bye"}"#,
];

/// A sample with one piece cut out, doubled or replaced.
fn spoiled() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just(String::new()),
        Just("null".to_owned()),
        Just("-1".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("[[[[".to_owned()),
        "[ -~é日]{0,8}",
    ];
    (
        0..SAMPLES.len(),
        any::<prop::sample::Index>(),
        0..20_usize,
        pieces,
    )
        .prop_map(|(sample, at, cut, piece)| {
            let letters: Vec<char> = SAMPLES[sample].chars().collect();
            let at = at.index(letters.len());
            let rest = letters.iter().skip(at + cut);
            letters[..at]
                .iter()
                .copied()
                .chain(piece.chars())
                .chain(rest.copied())
                .collect()
        })
}

#[test]
fn the_samples_are_messages() {
    for sample in SAMPLES {
        let message = decode(sample);
        assert!(
            message.is_some_and(|it| it != PeerMessage::Unknown),
            "{sample}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_understood_is_said_again_the_same(
        text in prop_oneof![spoiled(), any::<String>()],
    ) {
        if let Some(message) = decode(&text)
            && message != PeerMessage::Unknown
        {
            prop_assert_eq!(decode(&message.encode()), Some(message));
        }
        Envelope::decode(&text);
        let wrapped = format!(r#"{{"link":{{"from":1}},"message":{text}}}"#);
        Envelope::decode(&wrapped);
    }

    #[test]
    fn nothing_opens_but_what_was_sealed(
        text in any::<String>(),
        flipped in any::<prop::sample::Index>(),
        nonsense in any::<String>(),
    ) {
        let sealer = Sealer::new(&RoomKey::generate());
        let (from, to) = (PeerId::from_bytes([1; 16]), Recipient::Peer(PeerId::from_bytes([2; 16])));
        let sealed = sealer.seal(from, to, 7, &text);
        let opened = sealer.open(from, to, &sealed).expect("what was sealed opens");
        prop_assert_eq!((opened.counter, opened.text), (7, text));
        let mut letters = sealed.0.into_bytes();
        let at = flipped.index(letters.len());
        letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
        let spoiled = String::from_utf8(letters).expect("letters");
        prop_assert!(sealer.open(from, to, &Sealed(spoiled)).is_err());
        prop_assert!(sealer.open(from, to, &Sealed(nonsense)).is_err());
    }

    #[test]
    fn cards_are_signed_or_none(name in any::<String>(), nonsense in any::<String>()) {
        let sealer = Sealer::new(&RoomKey::generate());
        let credentials = Credentials::issue(&Identity::generate(), sealer.room());
        let peer = credentials.peer();
        let member = |card| Member { peer, card };
        let opened = Card::open(&sealer, &member(Card::seal(&sealer, &credentials, 1, &name)));
        prop_assert!(opened.is_some_and(|opened| opened.counter == 1));
        // Sealed by somebody who has the key, and signed by nobody.
        let forged = sealer.seal(peer, Recipient::Everyone, 1, &nonsense);
        prop_assert!(Card::open(&sealer, &member(forged)).is_none());
    }
}
