use super::*;

use crate::peer::Direction;

#[test]
fn nothing_changes_before_a_description_is_set() {
    let world = World::new();
    let mut left = Side::new(&world, LEFT);
    let section = left.section(Kind::Audio);
    let offer = now(left.peer.create_offer()).unwrap();
    assert!(offer.sdp.contains("v=0"));
    assert_eq!(now(left.peer.local_description()), None);
    assert_eq!(section.mid(), None);
    world.pass(MOMENT);
    assert_eq!(left.hear(), [Heard::Need]);
    now(left.peer.set_local(&offer)).unwrap();
    assert_eq!(section.mid().as_deref(), Some("0"));
    assert_eq!(now(left.peer.local_description()), Some(offer));
}

#[test]
fn events_come_in_the_order_of_the_specification() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let _channel = left.channel("x", &ChannelOptions::default());
    left.section(Kind::Video);
    establish(&world, &mut left, &mut right);
    let found = [
        Heard::Gathering(IceGatheringState::Gathering),
        Heard::Candidate,
        Heard::Gathering(IceGatheringState::Complete),
        Heard::NoMoreCandidates,
    ];
    let up = [
        Heard::Ice(IceConnectionState::Checking),
        Heard::Connection(ConnectionState::Connecting),
        Heard::Ice(IceConnectionState::Connected),
        Heard::Connection(ConnectionState::Connected),
    ];
    assert_eq!(left.hear(), [&[Heard::Need], &found[..], &up].concat());
    let track = [Heard::Track(Some("0".into()))];
    let channel = [Heard::Channel("x".into())];
    let expected = [&track, &found[..], &up, &channel].concat();
    assert_eq!(right.hear(), expected);
}

#[test]
fn what_is_wrong_is_refused_and_changes_nothing() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let nonsense = |kind| SessionDescription {
        kind,
        sdp: "v=0\r\nnonsense".into(),
    };
    for kind in [SdpType::Offer, SdpType::PrAnswer, SdpType::Answer] {
        assert_eq!(
            refused(now(left.peer.set_local(&nonsense(kind)))),
            ErrorKind::Invalid
        );
        assert_eq!(
            refused(now(left.peer.set_remote(&nonsense(kind)))),
            ErrorKind::Invalid
        );
    }
    assert_eq!(refused(now(left.peer.create_answer())), ErrorKind::Invalid);
    left.section(Kind::Audio);
    let offer = left.offer();
    // Nonsense in `have-local-offer` does not take the own offer back.
    assert!(now(left.peer.set_remote(&nonsense(SdpType::Offer))).is_err());
    assert_eq!(now(left.peer.local_description()), Some(offer.clone()));
    right.take(&offer);
    assert_eq!(refused(now(right.peer.create_offer())), ErrorKind::Invalid);
    let answer = right.answer();
    // An answer of the wrong connection, or of none that was asked for.
    let other = Side::new(&world, RIGHT);
    assert_eq!(
        refused(now(other.peer.set_remote(&answer))),
        ErrorKind::Invalid
    );
    let other = Side::new(&world, LEFT);
    other.section(Kind::Video);
    other.offer();
    assert_eq!(
        refused(now(other.peer.set_remote(&answer))),
        ErrorKind::Invalid
    );
    left.take(&answer);
    assert_eq!(
        refused(now(left.peer.set_remote(&answer))),
        ErrorKind::Invalid
    );
    // Our own offer is nobody else's.
    assert_eq!(
        refused(now(left.peer.set_remote(&left.offer()))),
        ErrorKind::Invalid
    );
}

#[test]
fn a_description_that_was_overtaken_is_refused() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    left.section(Kind::Audio);
    let stale = now(left.peer.create_offer()).unwrap();
    right.section(Kind::Video);
    negotiate(&right, &left);
    assert_eq!(
        refused(now(left.peer.set_local(&stale))),
        ErrorKind::Invalid
    );
    negotiate(&left, &right);
}

#[test]
fn need_is_told_once_in_stable_and_again_while_something_is_left() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let needs = |side: &mut Side| side.hear().iter().filter(|it| **it == Heard::Need).count();
    left.section(Kind::Audio);
    left.section(Kind::Video);
    let _channel = left.channel("x", &ChannelOptions::default());
    assert_eq!(needs(&mut left), 1);
    // A change between making an offer and setting it is in none.
    let offer = now(left.peer.create_offer()).unwrap();
    let late = left.section(Kind::Audio);
    now(left.peer.set_local(&offer)).unwrap();
    assert_eq!(late.mid(), None);
    right.take(&offer);
    assert_eq!(needs(&mut left), 0);
    left.take(&right.answer());
    assert_eq!(needs(&mut left), 1);
    negotiate(&left, &right);
    assert_eq!(needs(&mut left), 0);
    assert_eq!(needs(&mut right), 0);
    // What the other side could not know of has to be said, what it agreed to has not.
    assert_eq!(late.current_direction(), Some(Direction::SendOnly));
    late.set_direction(Direction::SendOnly);
    assert_eq!(needs(&mut left), 0);
    late.set_direction(Direction::Inactive);
    assert_eq!(needs(&mut left), 1);
    negotiate(&left, &right);
    late.stop();
    assert_eq!(needs(&mut left), 1);
}

#[test]
fn what_only_an_offer_said_is_gone_when_it_is_taken_back() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Audio);
    let offer = left.offer();
    right.take(&offer);
    assert_eq!(right.hear(), [Heard::Track(Some("0".into()))]);
    assert_eq!(right.peer.transceivers().len(), 1);
    now(right.peer.rollback()).unwrap();
    assert!(right.peer.transceivers().is_empty());
    assert_eq!(now(right.peer.remote_description()), None);
    left.hear();
    now(left.peer.rollback()).unwrap();
    now(left.peer.rollback()).unwrap();
    assert_eq!(section.mid(), None);
    assert_eq!(now(left.peer.local_description()), None);
    assert_eq!(left.hear(), [Heard::Need]);
    // Another offer has another generation.
    assert_ne!(left.offer().sdp, offer.sdp);
}

#[test]
fn offers_that_cross_name_their_sections_anew() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let ours = left.section(Kind::Audio);
    let theirs = right.section(Kind::Video);
    left.offer();
    let offer = right.offer();
    left.take(&offer);
    right.take(&left.answer());
    assert_eq!((ours.mid(), theirs.mid().as_deref()), (None, Some("0")));
    // What our offer said still has to be said.
    let heard = left.hear();
    assert_eq!(heard.iter().filter(|it| **it == Heard::Need).count(), 2);
    negotiate(&left, &right);
    assert_eq!(ours.mid().as_deref(), Some("1"));
    let kinds: Vec<_> = right
        .peer
        .transceivers()
        .iter()
        .map(|it| it.kind())
        .collect();
    assert_eq!(kinds, [Kind::Video, Kind::Audio]);
    right.hear();
}

#[test]
fn a_provisional_answer_holds_until_the_answer() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Audio);
    right.take(&left.offer());
    let mut answer = now(right.peer.create_answer()).unwrap();
    answer.kind = SdpType::PrAnswer;
    now(right.peer.set_local(&answer)).unwrap();
    left.take(&answer);
    assert_eq!(section.current_direction(), Some(Direction::SendOnly));
    // They change their mind before the end.
    right.peer.transceivers()[0].set_direction(Direction::Inactive);
    let answer = right.answer();
    left.take(&answer);
    assert_eq!(section.current_direction(), Some(Direction::Inactive));
    assert_eq!(now(left.peer.remote_description()), Some(answer));
}

#[test]
fn directions_are_agreed_on_as_jsep_says() {
    use Direction::{Inactive, RecvOnly, SendOnly, SendRecv};
    let wishes = [
        (SendRecv, SendRecv, SendRecv),
        (SendRecv, RecvOnly, SendOnly),
        (SendRecv, SendOnly, RecvOnly),
        (SendOnly, SendRecv, SendOnly),
        (SendOnly, SendOnly, Inactive),
        (RecvOnly, SendRecv, RecvOnly),
        (Inactive, SendRecv, Inactive),
    ];
    for (ours, theirs, agreed) in wishes {
        let world = World::new();
        let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
        let section = left.section(Kind::Audio);
        section.set_direction(ours);
        right.take(&left.offer());
        right.peer.transceivers()[0].set_direction(theirs);
        left.take(&right.answer());
        assert_eq!(
            section.current_direction(),
            Some(agreed),
            "{ours:?} {theirs:?}"
        );
    }
}

#[test]
fn a_stopped_section_ends_at_both_sides() {
    let world = World::new();
    let (mut left, mut right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let section = left.section(Kind::Audio);
    negotiate(&left, &right);
    let theirs = right.peer.transceivers().remove(0);
    section.stop();
    assert!(crate::platform::Track::is_ended(&section.receiver_track()));
    assert_eq!(section.current_direction(), Some(Direction::SendOnly));
    left.hear();
    negotiate(&left, &right);
    assert_eq!(section.current_direction(), Some(Direction::Stopped));
    assert_eq!(theirs.direction(), Direction::Stopped);
    assert!(crate::platform::Track::is_ended(&theirs.receiver_track()));
    assert!(left.peer.transceivers().is_empty() && right.peer.transceivers().is_empty());
    right.hear();
    // Stopped before anybody heard of it, it needs no negotiation either.
    left.section(Kind::Audio).stop();
    assert_eq!(
        now(left.peer.create_offer())
            .unwrap()
            .sdp
            .matches("\"mid\"")
            .count(),
        0
    );
}
