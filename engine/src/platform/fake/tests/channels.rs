use super::*;

use crate::peer::ChannelState;

fn unreliable(times: u16) -> ChannelOptions {
    ChannelOptions {
        ordered: false,
        max_retransmits: Some(times),
        ..ChannelOptions::default()
    }
}

fn negotiated(id: u16) -> ChannelOptions {
    ChannelOptions {
        negotiated: true,
        id: Some(id),
        ..ChannelOptions::default()
    }
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn send_all(channel: &FakeChannel, texts: &[String]) {
    for text in texts {
        channel.send(text.as_str().into()).unwrap();
    }
}

#[test]
fn a_message_takes_the_line_s_time_and_the_way_s() {
    let world = World::new();
    world.set_line_rate(8_000);
    let (_left, _right, ends) = connected(&world, &ChannelOptions::default());
    ends.ours.set_buffered_amount_low_threshold(100);
    ends.ours.send(vec![0_u8; 100].into()).unwrap();
    ends.ours.send(vec![0_u8; 50].into()).unwrap();
    assert_eq!(ends.ours.buffered_amount(), 150);
    // A byte takes a millisecond, and the way 20.
    world.pass(ms(100));
    assert_eq!(ends.ours.buffered_amount(), 50);
    assert_eq!(names(&ends.our_events), ["BufferedAmountLow"]);
    world.pass(ms(19));
    assert!(names(&ends.their_events).is_empty());
    world.pass(ms(1));
    assert_eq!(names(&ends.their_events), ["100 bytes"]);
    world.pass(ms(50));
    assert_eq!(names(&ends.their_events), ["50 bytes"]);
    // It was not above the threshold again.
    assert!(names(&ends.our_events).is_empty());
    assert_eq!(ends.ours.buffered_amount(), 0);
}

#[test]
fn too_large_a_message_is_refused_and_the_channel_stays() {
    let world = World::new();
    let (_left, _right, ends) = connected(&world, &ChannelOptions::default());
    let largest = vec![1_u8; 262_144];
    ends.ours.send(largest.clone().into()).unwrap();
    let larger = [largest, vec![1]].concat();
    assert_eq!(refused(ends.ours.send(larger.into())), ErrorKind::Invalid);
    world.pass(MOMENT);
    assert_eq!(names(&ends.their_events), ["262144 bytes"]);
}

#[test]
fn what_is_reliable_waits_for_the_end_of_a_cut_in_its_order() {
    let world = World::new();
    let (_left, _right, ends) = connected(&world, &ChannelOptions::default());
    let texts = numbers(20);
    send_all(&ends.ours, &texts[..1]);
    world.set_cut(LEFT, RIGHT, true);
    for (number, text) in texts.iter().enumerate().skip(1) {
        send_all(&ends.ours, std::slice::from_ref(text));
        world.pass(ms(7));
        if number == 15 {
            assert!(ends.ours.buffered_amount() > 0);
            assert!(names(&ends.their_events).is_empty());
            world.set_cut(LEFT, RIGHT, false);
        }
    }
    ends.ours.close();
    assert_eq!(ends.ours.state(), ChannelState::Closing);
    world.pass(MOMENT);
    let end = ["Closing".to_owned(), "Closed".to_owned()];
    assert_eq!(names(&ends.their_events), [&texts[..], &end].concat());
    assert_eq!(ends.ours.state(), ChannelState::Closed);
}

#[test]
fn what_is_not_reliable_is_lost_in_a_cut() {
    let world = World::new();
    let timed = ChannelOptions {
        max_packet_life_time: Some(ms(100)),
        ..ChannelOptions::default()
    };
    for options in [unreliable(0), unreliable(2), timed] {
        let (_left, _right, ends) = connected(&world, &options);
        assert_eq!(ends.theirs.options(), options);
        world.set_cut(LEFT, RIGHT, true);
        ends.ours.send("lost".into()).unwrap();
        world.pass(ms(500));
        assert_eq!(ends.ours.buffered_amount(), 0);
        world.set_cut(LEFT, RIGHT, false);
        world.pass(MOMENT);
        ends.ours.send("there".into()).unwrap();
        world.pass(MOMENT);
        assert_eq!(names(&ends.their_events), ["there"]);
    }
}

#[test]
fn loss_is_repaired_or_not_and_the_same_every_time() {
    let received = |options: &ChannelOptions, seed| {
        let world = World::new();
        let (_left, _right, ends) = connected(&world, options);
        world.set_loss(0.3, seed);
        send_all(&ends.ours, &numbers(200));
        world.pass(Duration::from_secs(10));
        names(&ends.their_events)
    };
    assert_eq!(received(&ChannelOptions::default(), 1), numbers(200));
    let once = received(&unreliable(0), 1);
    assert!((100..180).contains(&once.len()), "{}", once.len());
    assert_eq!(received(&unreliable(0), 1), once);
    assert_ne!(received(&unreliable(0), 2), once);
    // Two more tries leave 3 % of losses.
    let thrice = received(&unreliable(2), 1);
    assert!((185..200).contains(&thrice.len()), "{}", thrice.len());
    let order = |texts: &[String]| {
        texts
            .iter()
            .map(|it| it.parse().unwrap())
            .collect::<Vec<u32>>()
    };
    assert!(!order(&thrice).is_sorted());
    let ordered = ChannelOptions {
        ordered: true,
        ..unreliable(2)
    };
    let kept = received(&ordered, 1);
    assert!(kept.len() < 200 && order(&kept).is_sorted());
}

#[test]
fn announced_ids_are_of_the_role_and_distinct() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let fixed = left.channel("fixed", &negotiated(1));
    assert_eq!(fixed.0.id(), Some(1));
    let wished = ChannelOptions {
        id: Some(42),
        ..ChannelOptions::default()
    };
    let first = left.channel("first", &wished);
    assert_eq!(first.0.id(), None);
    establish(&world, &mut left, &mut right);
    let second = left.channel("second", &ChannelOptions::default());
    let theirs = right.channel("theirs", &ChannelOptions::default());
    world.pass(MOMENT);
    // The one who answered is the DTLS client and has the even ones.
    let ids = [&first, &second, &theirs].map(|(channel, _)| channel.id());
    assert_eq!(ids, [Some(3), Some(5), Some(0)]);
    right.hear();
    let announced = right.channels.iter().map(|(it, _)| (it.label(), it.id()));
    let expected = [
        ("first".to_owned(), Some(3)),
        ("second".to_owned(), Some(5)),
    ];
    assert_eq!(announced.collect::<Vec<_>>(), expected);
    let again = left.peer.create_channel("again", &negotiated(1));
    assert_eq!(refused(again), ErrorKind::Invalid);
    left.channel("last", &negotiated(65_534));
}

#[test]
fn a_negotiated_channel_opens_alone_and_what_comes_too_early_is_lost() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let (ours, our_events) = left.channel("ours", &negotiated(7));
    establish(&world, &mut left, &mut right);
    assert_eq!(ours.state(), ChannelState::Open);
    ours.send("too early".into()).unwrap();
    world.pass(MOMENT);
    let (theirs, their_events) = right.channel("theirs", &negotiated(7));
    world.pass(MOMENT);
    ours.send("there".into()).unwrap();
    theirs.send("back".into()).unwrap();
    world.pass(MOMENT);
    // Both lines ran empty, which is at the threshold.
    let low = "BufferedAmountLow";
    assert_eq!(names(&their_events), ["Open", low, "there"]);
    assert_eq!(names(&our_events), ["Open", low, low, "back"]);
}

#[test]
fn a_channel_waits_until_data_was_agreed_on() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    left.section(Kind::Audio);
    establish(&world, &mut left, &mut right);
    left.hear();
    let (channel, events) = left.channel("x", &ChannelOptions::default());
    world.pass(MOMENT);
    assert_eq!(channel.state(), ChannelState::Connecting);
    assert_eq!(left.hear(), [Heard::Need]);
    negotiate(&left, &right);
    world.pass(MOMENT);
    assert_eq!(names(&events), ["Open"]);
    // Further ones need nothing.
    let (other, _events) = left.channel("y", &ChannelOptions::default());
    world.pass(MOMENT);
    assert_eq!(other.state(), ChannelState::Open);
    assert!(left.hear().is_empty());
}

#[test]
fn a_channel_that_never_opened_closes_too() {
    let world = World::new();
    let left = Side::new(&world, LEFT);
    let (channel, events) = left.channel("x", &ChannelOptions::default());
    channel.close();
    channel.close();
    assert_eq!(names(&events), ["Closing", "Closed"]);
}
