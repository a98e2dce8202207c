use bytes::BytesMut;

use super::super::framing::{Allocation, Malformed, put, take};
use super::{channel_data, refusal, stun};

/// What a server says that expects TLS.
const TLS_ALERT: &[u8] = &[0x15, 3, 1, 0, 2, 2, 70];

fn on_stream(datagrams: &[Vec<u8>]) -> Vec<u8> {
    let mut stream = Vec::new();
    for datagram in datagrams {
        put(datagram, &mut stream);
    }
    stream
}

fn all(stream: &mut BytesMut) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some(message) = take(stream).unwrap() {
        messages.push(message.to_vec());
    }
    messages
}

fn samples() -> Vec<Vec<u8>> {
    vec![
        stun(0x0003, &[]),
        channel_data(0x4000, b""),
        channel_data(0x4001, b"1"),
        stun(0x0016, &[1; 8]),
        channel_data(0x4fff, b"12"),
        channel_data(0x4000, b"123"),
        channel_data(0x4000, b"1234"),
        refusal(401, "Unauthorized"),
    ]
}

#[test]
fn messages_come_out_as_they_went_in_wherever_the_stream_is_cut() {
    let samples = samples();
    let stream = on_stream(&samples);
    for cut in 0..=stream.len() {
        let mut buffer = BytesMut::from(&stream[..cut]);
        let mut messages = all(&mut buffer);
        buffer.extend_from_slice(&stream[cut..]);
        messages.extend(all(&mut buffer));
        assert_eq!(messages, samples, "cut at {cut}");
        assert!(buffer.is_empty());
    }
    let mut buffer = BytesMut::new();
    let mut messages = Vec::new();
    for byte in &stream {
        buffer.extend_from_slice(&[*byte]);
        messages.extend(all(&mut buffer));
    }
    assert_eq!(messages, samples);
}

#[test]
fn a_stream_has_padding_and_datagrams_may() {
    let five = channel_data(0x4000, b"12345");
    let stream = on_stream(std::slice::from_ref(&five));
    assert_eq!(stream.len(), 12);
    assert_eq!(stream[..9], five);
    let mut padded = five;
    padded.resize(12, 0xff);
    assert_eq!(on_stream(&[padded]), stream);
    assert_eq!(on_stream(&[channel_data(0x4000, b"1234")]).len(), 8);
}

#[test]
fn the_longest_messages_pass() {
    let longest = stun(0x0017, &vec![1; 65_532]);
    let data = channel_data(0x4000, &vec![2; 65_535]);
    let mut stream = BytesMut::from(&on_stream(&[longest.clone(), data.clone()])[..]);
    assert_eq!(all(&mut stream), [longest, data]);
}

#[test]
fn a_datagram_that_is_not_one_message_never_reaches_the_stream() {
    let mut too_long = channel_data(0x4000, b"1");
    too_long.resize(9, 0);
    let mut half_padded = channel_data(0x4000, b"1");
    half_padded.push(0);
    let mut two = stun(0x0003, &[]);
    two.extend(stun(0x0003, &[]));
    let mut short = stun(0x0003, &[0; 4]);
    short.pop();
    let wrong = [
        vec![],
        vec![0],
        vec![0x40],
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        channel_data(0x5000, b"reserved"),
        too_long,
        half_padded,
        two,
        short,
    ];
    for datagram in wrong {
        let stream = on_stream(std::slice::from_ref(&datagram));
        assert!(stream.is_empty(), "{datagram:x?} was written");
    }
}

#[test]
fn garbage_is_told_apart_at_its_first_wrong_byte() {
    let malformed = |bytes: &[u8]| take(&mut BytesMut::from(bytes)) == Err(Malformed);
    for first in 0..=u8::MAX {
        let can_begin = matches!(first, 0..=1 | 0x40..=0x4f);
        assert_eq!(malformed(&[first]), !can_begin, "{first:x}");
    }
    // Not a multiple of four, and another cookie.
    assert!(malformed(&[0, 3, 0, 2]));
    assert!(!malformed(&[0, 3, 0, 4]));
    assert!(malformed(&[0, 3, 0, 4, 0x22]));
    assert!(malformed(&[0, 3, 0, 4, 0x21, 0x12, 0xa4, 0x43]));
    assert!(malformed(TLS_ALERT));
}

#[test]
fn nothing_that_a_stream_carries_panics() {
    // A small generator: every run reads the same nonsense.
    let mut seed = 1_u32;
    let mut next = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    for round in 0..2_000_usize {
        let mut bytes: Vec<u8> = (0..round % 97).map(|_| next()).collect();
        if let Some(first) = bytes.first_mut() {
            *first &= 0x41;
        }
        let _ = Allocation::read(&bytes);
        put(&bytes, &mut Vec::new());
        let mut stream = BytesMut::from(&bytes[..]);
        while let Ok(Some(_)) = take(&mut stream) {}
    }
    let whole = refusal(438, "Stale Nonce");
    for end in 0..whole.len() {
        let _ = Allocation::read(&whole[..end]);
    }
}

#[test]
fn a_refusal_is_read_with_its_reason() {
    assert_eq!(
        Allocation::read(&refusal(401, "Unauthorized")),
        Some(Allocation::Refused {
            code: 401,
            reason: "Unauthorized".into()
        })
    );
    assert_eq!(Allocation::read(&stun(0x0103, &[])), Some(Allocation::Made));
    assert_eq!(Allocation::read(&stun(0x0104, &[])), None);
    assert_eq!(Allocation::read(&channel_data(0x4000, b"data")), None);
    let Some(Allocation::Refused { reason, .. }) =
        Allocation::read(&refusal(400, &"x".repeat(700)))
    else {
        panic!("no refusal")
    };
    assert_eq!(reason.len(), 120);
}
