use super::*;

use crate::media::{EncodedFrame, SourceRequest};
use crate::peer::{Codec, Direction, Encoding};
use crate::platform::Track as _;

fn codec(mime_type: &str) -> Codec {
    Codec {
        mime_type: mime_type.into(),
        clock_rate: 90_000,
        channels: None,
        sdp_fmtp_line: String::new(),
    }
}

fn frame(number: u8) -> EncodedFrame {
    EncodedFrame {
        data: vec![number; 100],
        timestamp: ms(1_000 + 20 * u64::from(number)),
        duration: ms(20),
        rid: None,
        lost_before: 0,
    }
}

struct Line {
    left: Side,
    right: Side,
    section: FakeTransceiver,
    source: FakeTrack,
    sink: FakeTrack,
}

/// An encoded track of pictures on its way from left to right.
fn line(world: &World) -> Line {
    let (mut left, mut right) = (Side::new(world, LEFT), Side::new(world, RIGHT));
    let source = left.platform.encoded_track(&codec("video/h264")).unwrap();
    let section = left.section(Kind::Video);
    now(section.replace_track(Some(&source))).unwrap();
    assert_eq!(now(source.requested()).unwrap(), SourceRequest::KeyFrame);
    establish(world, &mut left, &mut right);
    right.hear();
    let sink = right.tracks.remove(0).track;
    Line {
        left,
        right,
        section,
        source,
        sink,
    }
}

fn is_asked(track: &FakeTrack) -> Option<SourceRequest> {
    track.requested().now_or_never().map(Result::unwrap)
}

#[test]
fn frames_arrive_in_order_after_the_way_s_time_and_unmute() {
    let world = World::new();
    let it = line(&world);
    assert!(it.sink.is_muted());
    for number in 0..3 {
        now(it.source.write(frame(number))).unwrap();
    }
    world.pass(ms(19));
    assert!(it.sink.read().now_or_never().is_none());
    world.pass(ms(1));
    assert!(!it.sink.is_muted());
    for number in 0..3 {
        let read = now(it.sink.read()).unwrap();
        assert_eq!(read.data, frame(number).data);
        // The first one's time is the beginning.
        assert_eq!(read.timestamp, ms(20 * u64::from(number)));
    }
    it.section.stop();
    now(it.source.write(frame(3))).unwrap();
    world.pass(MOMENT);
    assert!(it.sink.read().now_or_never().is_none());
}

#[test]
fn frames_do_not_cross_a_cut_and_are_missed() {
    let world = World::new();
    let it = line(&world);
    now(it.source.write(frame(0))).unwrap();
    world.pass(MOMENT);
    world.set_cut(LEFT, RIGHT, true);
    now(it.source.write(frame(1))).unwrap();
    now(it.source.write(frame(2))).unwrap();
    world.pass(MOMENT);
    world.set_cut(LEFT, RIGHT, false);
    world.pass(MOMENT);
    now(it.source.write(frame(3))).unwrap();
    world.pass(MOMENT);
    assert_eq!(now(it.sink.read()).unwrap().lost_before, 0);
    let read = now(it.sink.read()).unwrap();
    assert_eq!((read.data, read.lost_before), (frame(3).data, 2));
    let inbound = now(it.right.peer.stats()).unwrap().inbound.remove(0);
    assert_eq!((inbound.packets, inbound.packets_lost), (2, 2));
    let outbound = now(it.left.peer.stats()).unwrap().outbound.remove(0);
    assert_eq!((outbound.packets, outbound.bytes), (4, 400));
}

#[test]
fn who_begins_to_read_and_who_lost_something_asks_for_a_key_frame() {
    let world = World::new();
    let it = line(&world);
    assert_eq!(is_asked(&it.source), None);
    assert!(it.sink.read().now_or_never().is_none());
    assert!(it.sink.read().now_or_never().is_none());
    assert_eq!(is_asked(&it.source), None);
    world.pass(ms(20));
    assert_eq!(is_asked(&it.source), Some(SourceRequest::KeyFrame));
    assert_eq!(is_asked(&it.source), None);
    world.ask_for_key_frames(RIGHT);
    world.pass(ms(20));
    assert_eq!(is_asked(&it.source), Some(SourceRequest::KeyFrame));
    world.set_bitrate(LEFT, 300_000);
    assert_eq!(is_asked(&it.source), Some(SourceRequest::Bitrate(300_000)));
    let stats = now(it.left.peer.stats()).unwrap();
    assert_eq!(stats.outbound[0].plis, 2);
    assert_eq!(stats.outbound[0].target_bitrate, Some(300_000));
    let pair = stats.candidate_pair.unwrap();
    assert_eq!(pair.available_outgoing_bitrate, Some(300_000));
}

#[test]
fn a_reader_that_is_too_slow_loses_the_oldest() {
    let world = World::new();
    let it = line(&world);
    for _ in 0..1_100 {
        now(it.source.write(frame(1))).unwrap();
    }
    world.pass(MOMENT);
    assert_eq!(now(it.sink.read()).unwrap().lost_before, 76);
}

#[test]
fn a_track_of_a_device_unmutes_while_it_is_sent() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let microphone = now(left.platform.open_microphone(&Default::default())).unwrap();
    let section = left.section(Kind::Audio);
    establish(&world, &mut left, &mut right);
    right.hear();
    let sink = right.tracks.remove(0).track;
    assert!(sink.is_muted() && sink.level() == 0.0);
    left.hear();
    now(section.replace_track(Some(&microphone))).unwrap();
    world.pass(ms(20));
    assert!(!sink.is_muted() && sink.level() > 0.0);
    now(section.replace_track(None)).unwrap();
    world.pass(ms(20));
    assert!(sink.is_muted());
    // Replacing needs no negotiation.
    assert!(left.hear().is_empty());
    microphone.stop();
    assert_eq!(microphone.level(), 0.0);
}

#[test]
fn sending_again_after_a_pause_is_told_again() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let init = TransceiverInit {
        streams: vec!["a".into(), "b".into()],
        ..TransceiverInit::default()
    };
    let section = left.peer.add_transceiver(Kind::Audio, &init).unwrap();
    establish(&world, &mut left, &mut right);
    section.set_direction(Direction::Inactive);
    negotiate(&left, &right);
    section.set_direction(Direction::SendRecv);
    negotiate(&left, &right);
    negotiate(&left, &right);
    right.hear();
    let [first, second] = &right.tracks[..] else {
        panic!("{} tracks", right.tracks.len());
    };
    assert_eq!(first.track.id(), second.track.id());
    assert_eq!(second.streams, ["a", "b"]);
    assert_eq!(first.transceiver.mid(), section.mid());
}

#[test]
fn codecs_are_agreed_on_in_the_wished_order() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Video);
    let mimes = |section: &FakeTransceiver| {
        let codecs = section.parameters().codecs.into_iter();
        codecs.map(|it| it.mime_type).collect::<Vec<_>>()
    };
    let wrong = section.set_codec_preferences(&[codec("audio/opus")]);
    assert_eq!(refused(wrong), ErrorKind::Invalid);
    assert!(mimes(&section).is_empty());
    section
        .set_codec_preferences(&[codec("video/vp8"), codec("video/h264")])
        .unwrap();
    right.take(&left.offer());
    right.peer.transceivers()[0]
        .set_codec_preferences(&[codec("video/VP8")])
        .unwrap();
    left.take(&right.answer());
    assert_eq!(mimes(&section), ["video/VP8"]);
    let h264 = left.platform.encoded_track(&codec("video/h264")).unwrap();
    assert_eq!(
        refused(now(section.replace_track(Some(&h264)))),
        ErrorKind::Invalid
    );
    let vp8 = left.platform.encoded_track(&codec("video/vp8")).unwrap();
    now(section.replace_track(Some(&vp8))).unwrap();
    // Back to the usual ones at both sides.
    section.set_codec_preferences(&[]).unwrap();
    right.peer.transceivers()[0]
        .set_codec_preferences(&[])
        .unwrap();
    negotiate(&left, &right);
    assert_eq!(mimes(&section), ["video/H264", "video/VP8"]);
}

#[test]
fn without_a_common_codec_a_section_is_stopped() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Video);
    section
        .set_codec_preferences(&[codec("video/vp8")])
        .unwrap();
    right.take(&left.offer());
    right.peer.transceivers()[0]
        .set_codec_preferences(&[codec("video/h264")])
        .unwrap();
    left.take(&right.answer());
    assert_eq!(section.current_direction(), Some(Direction::Stopped));
}

#[test]
fn parameters_keep_their_encodings() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let encoding = |rid: &str| Encoding {
        rid: Some(rid.into()),
        ..Encoding::default()
    };
    let init = TransceiverInit {
        send_encodings: vec![encoding("h"), encoding("l")],
        ..TransceiverInit::default()
    };
    let section = left.peer.add_transceiver(Kind::Video, &init).unwrap();
    let camera = now(left.platform.open_camera(&Default::default())).unwrap();
    now(section.replace_track(Some(&camera))).unwrap();
    negotiate(&left, &right);
    let parameters = section.parameters();
    let set = |change: &dyn Fn(&mut Vec<Encoding>)| {
        let mut changed = parameters.clone();
        change(&mut changed.encodings);
        now(section.set_parameters(&changed))
    };
    assert_eq!(refused(set(&|it| it.truncate(1))), ErrorKind::Invalid);
    assert_eq!(refused(set(&|it| it[0].rid = None)), ErrorKind::Invalid);
    set(&|it| it[1].active = false).unwrap();
    assert!(!section.parameters().encodings[1].active);
    let stats = now(left.peer.stats()).unwrap();
    let rids: Vec<_> = stats.outbound.iter().map(|it| it.rid.clone()).collect();
    assert_eq!(rids, [Some("h".to_owned()), Some("l".to_owned())]);
    assert_eq!(stats.sources[0].size, Some((1_280, 720)));
}

#[test]
fn tones_come_one_after_the_other_and_new_ones_replace_them() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Audio);
    let dial = |tones| section.insert_dtmf(tones, ms(100), ms(50));
    assert_eq!(refused(dial("1")), ErrorKind::Closed);
    let microphone = now(left.platform.open_microphone(&Default::default())).unwrap();
    now(section.replace_track(Some(&microphone))).unwrap();
    establish(&world, &mut left, &mut right);
    let begin = world.now();
    dial("1,23").unwrap();
    world.pass(ms(2_200));
    dial("4").unwrap();
    world.pass(MOMENT);
    let tones = world.tones(RIGHT);
    let since: Vec<_> = tones
        .iter()
        .map(|(at, tone)| (*at - begin, *tone))
        .collect();
    assert_eq!(since, [(ms(20), '1'), (ms(2_170), '2'), (ms(2_220), '4')]);
    let video = left.section(Kind::Video);
    let error = video.insert_dtmf("1", ms(100), ms(50));
    assert_eq!(refused(error), ErrorKind::Unsupported);
}
