use super::*;

use crate::peer::{BundlePolicy, CandidateKind, IceTransportPolicy};

fn turn(policy: IceTransportPolicy) -> Configuration {
    Configuration {
        ice_servers: vec![IceServer {
            urls: vec!["turn:relay.example".into()],
            username: Some("somebody".into()),
            credential: Some("secret".into()),
        }],
        ice_transport_policy: policy,
        ..Configuration::default()
    }
}

fn kinds(side: &mut Side) -> Vec<String> {
    side.hear();
    let last = |it: &IceCandidate| it.candidate.split(' ').next_back().map(str::to_owned);
    side.candidates.iter().filter_map(last).collect()
}

#[test]
fn candidates_are_those_of_the_configuration() {
    let world = World::new();
    let gathered = |configuration: &Configuration| {
        let mut side = Side::with(&world, LEFT, configuration);
        side.section(Kind::Audio);
        side.offer();
        world.pass(MOMENT);
        kinds(&mut side)
    };
    assert_eq!(gathered(&Configuration::default()), ["host"]);
    assert_eq!(gathered(&turn(IceTransportPolicy::All)), ["host", "relay"]);
    assert_eq!(gathered(&turn(IceTransportPolicy::Relay)), ["relay"]);
    let without = Configuration {
        ice_transport_policy: IceTransportPolicy::Relay,
        ..Configuration::default()
    };
    assert!(gathered(&without).is_empty());
}

#[test]
fn nothing_is_looked_for_while_there_is_nothing_to_connect() {
    let world = World::new();
    let mut left = Side::new(&world, LEFT);
    left.offer();
    world.pass(MOMENT);
    assert!(left.hear().is_empty());
}

#[test]
fn candidates_name_what_they_belong_to_and_others_are_refused() {
    let world = World::new();
    let (mut left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    left.section(Kind::Audio);
    let offer = left.offer();
    world.pass(ms(10));
    left.hear();
    let candidate = left.candidates.remove(0);
    assert_eq!(candidate.sdp_mid.as_deref(), Some("0"));
    let ufrag = candidate.username_fragment.clone().unwrap();
    assert!(offer.sdp.contains(&format!("a=ice-ufrag:{ufrag}\r\n")));
    let add = |candidate: &IceCandidate| now(right.peer.add_candidate(Some(candidate)));
    assert_eq!(refused(add(&candidate)), ErrorKind::Invalid);
    right.take(&offer);
    let wrong = [
        IceCandidate {
            candidate: "nonsense".into(),
            ..candidate.clone()
        },
        IceCandidate {
            sdp_mid: Some("7".into()),
            ..candidate.clone()
        },
        IceCandidate {
            username_fragment: Some("other".into()),
            ..candidate.clone()
        },
    ];
    for wrong in &wrong {
        assert_eq!(refused(add(wrong)), ErrorKind::Invalid);
    }
    add(&candidate).unwrap();
    now(right.peer.add_candidate(None)).unwrap();
}

#[test]
fn a_description_of_later_holds_what_was_found() {
    let world = World::new();
    let (left, right) = (Side::new(&world, LEFT), Side::new(&world, RIGHT));
    let (channel, _events) = left.channel("x", &ChannelOptions::default());
    left.offer();
    world.pass(ms(10));
    right.take(&now(left.peer.local_description()).unwrap());
    right.answer();
    world.pass(ms(10));
    left.take(&now(right.peer.local_description()).unwrap());
    world.pass(MOMENT);
    assert_eq!(channel.state(), crate::peer::ChannelState::Open);
}

#[test]
fn a_restart_takes_another_configuration_and_finds_other_ways() {
    let world = World::new();
    let (mut left, mut right, _ends) = connected(&world, &ChannelOptions::default());
    let before = now(left.peer.stats()).unwrap().candidate_pair.unwrap();
    assert_eq!(before.local, Some(CandidateKind::Host));
    let other = turn(IceTransportPolicy::Relay);
    now(left.peer.set_configuration(&other)).unwrap();
    let bundled = Configuration {
        bundle_policy: BundlePolicy::MaxBundle,
        ..other
    };
    let error = now(left.peer.set_configuration(&bundled));
    assert_eq!(refused(error), ErrorKind::Invalid);
    negotiate(&left, &right);
    world.pass(MOMENT);
    assert!(left.hear().is_empty(), "nothing was restarted yet");
    left.peer.restart_ice();
    left.peer.restart_ice();
    assert_eq!(left.hear(), [Heard::Need]);
    establish(&world, &mut left, &mut right);
    assert!(
        left.hear()
            .ends_with(&[Heard::Connection(ConnectionState::Connected)])
    );
    let pair = now(left.peer.stats()).unwrap().candidate_pair.unwrap();
    assert_eq!(pair.local, Some(CandidateKind::Relay));
    let pair = now(right.peer.stats()).unwrap().candidate_pair.unwrap();
    assert_eq!(pair.remote, Some(CandidateKind::Relay));
}

#[test]
fn a_restart_that_is_taken_back_is_still_wanted() {
    let world = World::new();
    let (mut left, mut right, _ends) = connected(&world, &ChannelOptions::default());
    let before = now(left.peer.local_description()).unwrap();
    left.peer.restart_ice();
    left.offer();
    left.hear();
    now(left.peer.rollback()).unwrap();
    assert_eq!(now(left.peer.local_description()), Some(before));
    assert_eq!(left.hear(), [Heard::Need]);
    establish(&world, &mut left, &mut right);
    let last = [
        Heard::Ice(IceConnectionState::Connected),
        Heard::Connection(ConnectionState::Connected),
    ];
    assert!(left.hear().ends_with(&last));
}

#[test]
fn a_short_cut_heals_and_a_long_one_needs_a_restart() {
    let world = World::new();
    let (mut left, mut right, ends) = connected(&world, &ChannelOptions::default());
    let state = |state| vec![Heard::Connection(state)];
    let heard = |side: &mut Side| {
        let mut heard = side.hear();
        heard.retain(|it| matches!(it, Heard::Connection(_)));
        heard
    };
    world.set_cut(LEFT, RIGHT, true);
    assert_eq!(heard(&mut left), state(ConnectionState::Disconnected));
    world.pass(Duration::from_secs(4));
    world.set_cut(LEFT, RIGHT, false);
    world.pass(Duration::from_secs(4));
    assert_eq!(heard(&mut left), state(ConnectionState::Connected));
    // The second cut is given its own time.
    world.set_cut(LEFT, RIGHT, true);
    world.pass(Duration::from_secs(4));
    heard(&mut left);
    ends.ours.send("waits".into()).unwrap();
    world.pass(Duration::from_secs(4));
    assert_eq!(heard(&mut left), state(ConnectionState::Failed));
    world.set_cut(LEFT, RIGHT, false);
    world.pass(Duration::from_secs(60));
    assert!(heard(&mut left).is_empty() && names(&ends.their_events).is_empty());
    left.peer.restart_ice();
    establish(&world, &mut left, &mut right);
    assert_eq!(
        heard(&mut left).last(),
        state(ConnectionState::Connected).last()
    );
    assert_eq!(names(&ends.their_events), ["waits"]);
}

#[test]
fn a_close_is_heard_of_behind_what_was_sent_and_not_through_a_cut() {
    let world = World::new();
    let (left, mut right, ends) = connected(&world, &ChannelOptions::default());
    ends.ours.send("last".into()).unwrap();
    left.peer.close();
    assert_eq!(refused(ends.ours.send("late".into())), ErrorKind::Closed);
    world.pass(ms(25));
    assert_eq!(names(&ends.their_events), ["last", "Closed"]);
    assert!(
        right
            .hear()
            .contains(&Heard::Connection(ConnectionState::Failed))
    );
    let (left, _right, ends) = connected(&world, &ChannelOptions::default());
    world.set_cut(LEFT, RIGHT, true);
    drop(ends.ours);
    drop(left);
    world.pass(MOMENT);
    assert!(names(&ends.their_events).is_empty());
}

#[test]
fn what_is_dropped_is_released() {
    let world = World::new();
    {
        let (left, _right, _ends) = connected(&world, &ChannelOptions::default());
        let camera = now(left.platform.open_camera(&Default::default())).unwrap();
        now(left.section(Kind::Video).replace_track(Some(&camera))).unwrap();
        drop(camera);
        let alive = world.alive();
        assert_eq!(
            (alive.connections, alive.channels, alive.captures),
            (2, 2, 1)
        );
    }
    world.pass(MOMENT);
    assert_eq!(world.alive(), Default::default());
}
