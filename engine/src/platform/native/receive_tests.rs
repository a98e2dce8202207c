use bytes::Bytes;
use rtc::rtp::header::Header;

use super::*;

const OPUS: &str = "audio/opus";

fn packet(ssrc: u32, number: u16, time: u32, payload: Bytes) -> Packet {
    Packet {
        header: Header {
            version: 2,
            ssrc,
            sequence_number: number,
            timestamp: time,
            ..Header::default()
        },
        payload,
    }
}

fn sink() -> Arc<Sink> {
    let sink = Arc::new(Sink::default());
    let codec = super::super::send::known(OPUS).unwrap();
    sink.lock().assembler = Some(Assembler::new(codec));
    sink
}

#[test]
fn frames_that_nobody_reads_take_only_so_much_memory() {
    let sink = sink();
    // All within one moment, and large as no sound is.
    let payload = Bytes::from(vec![0; 1024 * 1024]);
    for number in 0..40 {
        sink.push(packet(1, number, u32::from(number), payload.clone()));
    }
    let held = sink.lock().frames.iter().map(|it| it.data.len()).sum();
    assert_eq!(sink.frames(), 40);
    assert_eq!((sink.lock().unread, MAX_UNREAD_BYTES), (held, held));
}

#[test]
fn small_ones_are_counted_and_old_ones_left_out() {
    let sink = sink();
    let payload = Bytes::from_static(&[1]);
    for number in 0..1_000 {
        sink.push(packet(1, number, u32::from(number), payload.clone()));
    }
    assert_eq!(sink.lock().frames.len(), MAX_UNREAD);
    // Three seconds later.
    sink.push(packet(1, 1_000, 1_000 + 3 * 48_000, payload));
    let state = sink.lock();
    assert_eq!((state.frames.len(), state.unread), (1, 1));
}

#[test]
fn streams_that_nobody_announced_are_bounded_and_make_room_for_known_ones() {
    let router = Router::default();
    let waiting = |router: &Router| -> Vec<usize> {
        let streams = router.lock();
        let waiting = streams.values().filter_map(|stream| match stream {
            Stream::Waiting(packets) => Some(packets.len()),
            Stream::Known(_) => None,
        });
        waiting.collect()
    };
    for number in 0..1_000 {
        router.route(&packet(1, number, 0, Bytes::new()));
    }
    assert_eq!(waiting(&router), [MAX_WAITING]);
    let sink = sink();
    router.known(7, &sink);
    for ssrc in 100..1_000 {
        router.route(&packet(ssrc, 0, 0, Bytes::new()));
        assert!(router.lock().len() <= MAX_STREAMS);
    }
    router.route(&packet(7, 0, 0, Bytes::from_static(&[1])));
    assert_eq!(sink.frames(), 1);
}
