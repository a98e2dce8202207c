//! Whatever is given to the fake as a description or a candidate, reading it answers, and what is
//! read is written the same.

use proptest::prelude::*;

use super::super::sdp::{Candidate, Sdp, SdpSection};
use crate::ErrorKind;
use crate::rtc::MAX_MESSAGE;

fn sections() -> impl Strategy<Value = SdpSection> {
    let texts = || proptest::collection::vec("[ -~é日\r\n]{0,6}", 0..3);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    ("[a-z0-9\r\n\"]{0,3}", flags, texts(), texts(), texts()).prop_map(
        |(mid, (audio, sends, receives, stopped), streams, codecs, simulcast)| SdpSection {
            mid,
            audio,
            sends,
            receives,
            stopped,
            streams,
            codecs,
            simulcast,
        },
    )
}

fn descriptions() -> impl Strategy<Value = Sdp> {
    let numbers = (any::<u64>(), any::<u32>(), any::<u32>());
    let data = proptest::option::of("[a-z]{4}");
    let sections = proptest::collection::vec(sections(), 0..4);
    (numbers, data, sections).prop_map(|((connection, generation, revision), data, sections)| Sdp {
        connection,
        generation,
        revision,
        max_message_size: data.as_ref().map_or(MAX_MESSAGE, |_| 1_000),
        data,
        sections,
    })
}

fn candidates() -> impl Strategy<Value = String> {
    prop_oneof![
        "candidate:[0-9+-]{1,22} 1 udp [0-9+-]{1,12} fake 9 typ (host|srflx|prflx|relay|x)( .*)?",
        "candidate:[ -~]{0,40}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn descriptions_are_read_as_they_were_written(sdp in descriptions()) {
        let names = sdp.sections.iter().map(|section| &section.mid);
        let distinct: std::collections::BTreeSet<_> = names.collect();
        match Sdp::read(&sdp.write()) {
            Ok(read) => prop_assert_eq!(read, sdp),
            // Two sections of one name are no description.
            Err(_) => prop_assert!(distinct.len() < sdp.sections.len()),
        }
    }

    #[test]
    fn damaged_ones_are_read_or_refused(
        sdp in descriptions(),
        at in any::<prop::sample::Index>(),
        cut in 0..30_usize,
        piece in "[ -~é]{0,5}",
    ) {
        let letters: Vec<char> = sdp.write().chars().collect();
        let at = at.index(letters.len());
        let rest = letters.iter().skip(at + cut);
        let text: String = letters[..at].iter().copied().chain(piece.chars()).chain(rest.copied()).collect();
        match Sdp::read(&text) {
            Ok(read) => prop_assert_eq!(Sdp::read(&read.write()).ok(), Some(read)),
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
        Sdp::candidates(&text);
    }

    #[test]
    fn candidates_are_read_or_refused(text in candidates()) {
        let sdp = Sdp { connection: 1, generation: 1, revision: 0, data: None, sections: vec![], max_message_size: MAX_MESSAGE };
        match Candidate::read(&text) {
            Ok(read) => {
                let written = sdp.name(&read).candidate;
                prop_assert_eq!(Candidate::read(&written).ok(), Some(read));
                prop_assert_eq!(Sdp::candidates(&sdp.write_with(&[read])), [read]);
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
    }
}
