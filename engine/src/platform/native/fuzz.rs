//! Whatever comes over the network, reading it answers, stays within its bounds and never panics.

use bytes::Bytes;
use proptest::prelude::*;
use rtc::rtp::header::Header;
use rtc::rtp::packet::Packet;

use super::assembler::{Assembled, Assembler};
use super::hidden::without_addresses;
use super::sections;
use super::send::known;
use super::setup::Setup;

const CODECS: [&str; 3] = ["audio/opus", "video/H264", "video/VP8"];

/// Beginnings of payloads that say something: aggregates, fragments, extended descriptors.
fn payloads() -> impl Strategy<Value = Vec<u8>> {
    let begins = prop_oneof![
        Just(vec![24_u8, 0, 3, 0x65]),
        Just(vec![28, 0x85, 1, 2]),
        Just(vec![28, 0x45, 3]),
        Just(vec![0x90, 0xf0, 0x80, 1, 2, 3]),
        Just(vec![0x10, 0x00, 0x9d]),
        Just(Vec::new()),
    ];
    (begins, proptest::collection::vec(any::<u8>(), 0..80))
        .prop_map(|(begin, rest)| [begin, rest].concat())
}

fn packets() -> impl Strategy<Value = Packet> {
    // Near each other, or anywhere.
    let numbers = prop_oneof![65_500..=65_535_u16, 0..60_u16, any::<u16>()];
    let times = prop_oneof![0..10_u32, any::<u32>()];
    (numbers, times, any::<bool>(), payloads()).prop_map(|(number, time, marker, payload)| Packet {
        header: Header {
            version: 2,
            sequence_number: number,
            timestamp: time,
            marker,
            ..Header::default()
        },
        payload: Bytes::from(payload),
    })
}

/// A description as webrtc takes it, with some of its lines exchanged, cut and doubled.
fn descriptions() -> impl Strategy<Value = String> {
    const LINES: [&str; 14] = [
        "v=0",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 9",
        "m=video 0 UDP/TLS/RTP/SAVPF 96",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:0",
        "a=setup:active",
        "a=setup:passive",
        "a=msid:one two",
        "a=rtpmap:111 opus/48000/2",
        "a=simulcast:recv h;l",
        "a=sendonly",
        "a=candidate:1 1 udp 9 192.0.2.1 7 typ relay raddr 10.0.0.7 rport 4000",
        "a=ice-ufrag:x",
    ];
    let line = prop_oneof![
        4 => (0..LINES.len()).prop_map(|place| LINES[place].to_owned()),
        1 => "[ -~é日]{0,30}",
        1 => ((0..LINES.len()), 0..12_usize)
            .prop_map(|(place, cut)| LINES[place].chars().skip(cut).collect()),
    ];
    let ends = prop_oneof![9 => Just("\r\n"), 1 => Just("\n")];
    proptest::collection::vec((line, ends), 0..40)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

proptest! {
    #[test]
    fn packets_become_frames_or_nothing(
        codec in 0..CODECS.len(),
        packets in proptest::collection::vec(packets(), 0..400),
    ) {
        let mut assembler = Assembler::new(known(CODECS[codec]).expect("a codec"));
        let (count, bytes) = (packets.len(), packets.iter().map(|it| it.payload.len()).sum::<usize>());
        let mut out = Vec::new();
        for packet in packets {
            assembler.push(packet, &mut out);
        }
        let frames: Vec<_> = out
            .iter()
            .filter_map(|it| match it {
                Assembled::Frame(frame) => Some(frame),
                Assembled::Damaged => None,
            })
            .collect();
        prop_assert!(frames.len() <= count);
        // Start codes of H.264 stand where lengths stood.
        let most = bytes * 4 + count * 8;
        prop_assert!(frames.iter().map(|frame| frame.data.len()).sum::<usize>() <= most);
        prop_assert!(frames.iter().all(|frame| !frame.data.is_empty()));
    }

    #[test]
    fn descriptions_are_read(text in prop_oneof![descriptions(), any::<String>()]) {
        let found = sections::read(&text);
        prop_assert!(found.len() <= text.lines().count());
        for section in &found {
            prop_assert!(section.codecs().len() <= text.len());
        }
    }

    #[test]
    fn only_roles_are_corrected(text in descriptions(), by_them in any::<bool>()) {
        let mut setup = Setup::default();
        match by_them {
            true => setup.was_answered(&text),
            false => setup.answered(&text),
        }
        let corrected = setup.corrected(&text);
        prop_assert_eq!(&setup.corrected(&corrected), &corrected);
        let others = |sdp: &str| -> Vec<String> {
            let lines = sdp.split_inclusive('\n').filter(|line| !line.starts_with("a=setup:"));
            lines.map(str::to_owned).collect()
        };
        prop_assert_eq!(others(&corrected), others(&text));
    }

    #[test]
    fn hiding_once_is_enough(text in prop_oneof![descriptions(), any::<String>()]) {
        let hidden = without_addresses(&text);
        prop_assert!(!hidden.contains("raddr 10.0.0.7"));
        prop_assert_eq!(&without_addresses(&hidden), &hidden);
    }
}
