use super::*;
use crate::{CallOutcome, DeclineReason, MediaState};

fn start_and_accept(world: &World, caller: &Person, callees: &[&Person]) {
    caller.room.start_call().unwrap();
    world.pass(MOMENT);
    for callee in callees {
        assert!(
            matches!(callee.call(), Call::Incoming { .. }),
            "{:?}",
            callee.call()
        );
        callee.room.accept_call().unwrap();
    }
    world.pass(MOMENT);
}

#[test]
fn three_people_hear_and_see_each_other() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    for person in [&alice, &bob, &carla] {
        person.open_devices();
    }
    start_and_accept(&world, &alice, &[&bob, &carla]);
    for pair in [[&alice, &bob], [&bob, &carla], [&carla, &alice]] {
        assert_media(pair[0], pair[1]);
    }
    assert_eq!(alice.state().in_call(), 3);
}

#[test]
fn nothing_is_sent_to_who_is_not_in_the_call() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    alice.open_devices();
    start_and_accept(&world, &alice, &[&bob]);
    carla.room.decline_call().unwrap();
    world.pass(MOMENT);
    let seen = carla.sees(&alice).unwrap();
    assert!(seen.in_call && is_silent(&seen));
    assert_eq!(carla.call(), Call::Ongoing);
    assert_eq!(carla.state().in_call(), 2);
}

#[test]
fn who_has_no_devices_still_receives() {
    let world = World::default();
    let [alice, bob] = people(&world);
    alice.open_devices();
    start_and_accept(&world, &alice, &[&bob]);
    let seen = bob.sees(&alice).unwrap();
    assert!(seen.track(TrackSource::Microphone).is_some());
    assert!(seen.track(TrackSource::Camera).is_some());
    assert_eq!(
        alice.sees(&bob).unwrap().state(TrackSource::Microphone),
        MediaState::None
    );
}

#[test]
fn mute_and_camera_are_shown_to_the_others() {
    let world = World::default();
    let [alice, bob] = people(&world);
    let (microphone, _camera) = alice.open_devices();
    start_and_accept(&world, &alice, &[&bob]);
    let states = |seen: Participant| {
        (
            seen.state(TrackSource::Microphone),
            seen.state(TrackSource::Camera),
        )
    };
    assert_eq!(
        states(bob.sees(&alice).unwrap()),
        (MediaState::On, MediaState::On)
    );
    alice.room.set_muted(true).unwrap();
    alice.room.publish(TrackSource::Camera, None).unwrap();
    world.pass(MOMENT);
    assert!(!microphone.is_enabled());
    assert_eq!(
        states(bob.sees(&alice).unwrap()),
        (MediaState::Off, MediaState::Off)
    );
    alice.room.set_muted(false).unwrap();
    world.pass(MOMENT);
    assert!(microphone.is_enabled());
    assert_eq!(
        states(bob.sees(&alice).unwrap()),
        (MediaState::On, MediaState::Off)
    );
}

#[test]
fn both_who_start_at_once_end_in_one_call_with_media() {
    let world = World::default();
    let [alice, bob] = people(&world);
    alice.open_devices();
    bob.open_devices();
    alice.room.start_call().unwrap();
    bob.room.start_call().unwrap();
    world.pass(MOMENT);
    assert!(matches!(alice.call(), Call::Active { .. }));
    assert!(matches!(bob.call(), Call::Active { .. }));
    assert_media(&alice, &bob);
}

#[test]
fn decline_cancel_busy_and_no_answer_reach_both_sides() {
    let world = World::default();
    let [mut alice, mut bob] = people(&world);

    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    bob.room.decline_call().unwrap();
    world.pass(MOMENT);
    let declined = |peer, reason| Notice::Declined { peer, reason };
    let ended = |outcome, from| Notice::CallEnded { outcome, from };
    assert_eq!(
        alice.notices(),
        [
            declined(bob.me(), DeclineReason::Declined),
            ended(CallOutcome::Declined, None)
        ],
    );

    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    alice.room.hang_up().unwrap();
    world.pass(MOMENT);
    assert_eq!(
        bob.notices(),
        [ended(CallOutcome::Missed, Some(alice.me()))]
    );
    alice.notices();

    alice.room.start_call().unwrap();
    world.pass(Duration::from_secs(50));
    assert_eq!(
        bob.notices(),
        [ended(CallOutcome::NotAnswered, Some(alice.me()))]
    );
    assert!(
        alice
            .notices()
            .contains(&ended(CallOutcome::NoAnswer, None))
    );

    bob.room.set_busy(true).unwrap();
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    assert!(
        alice
            .notices()
            .contains(&declined(bob.me(), DeclineReason::Busy))
    );
    assert_eq!((alice.call(), bob.call()), (Call::None, Call::None));
}

#[test]
fn a_second_call_after_the_first_has_media_again() {
    let world = World::default();
    let [alice, bob] = people(&world);
    alice.open_devices();
    bob.open_devices();
    for _ in 0..3 {
        start_and_accept(&world, &alice, &[&bob]);
        assert_media(&alice, &bob);
        bob.room.hang_up().unwrap();
        world.pass(MOMENT);
        assert_eq!((alice.call(), bob.call()), (Call::None, Call::None));
        assert!(is_silent(&alice.sees(&bob).unwrap()));
    }
}

#[test]
fn a_newcomer_finds_the_call_that_is_going_on() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    alice.open_devices();
    start_and_accept(&world, &alice, &[&bob]);
    world.pass(Duration::from_secs(60));
    let carla = Person::enter(&world, 2, &key, "Carla");
    world.pass(MOMENT);
    assert_eq!(carla.call(), Call::Ongoing);
    carla.open_devices();
    carla.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_media(&alice, &carla);
}

#[test]
fn who_reloads_in_a_call_finds_it_again() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    alice.open_devices();
    start_and_accept(&world, &alice, &[&bob]);
    bob.room.leave_for_now();
    world.pass(Duration::from_secs(5));
    assert!(alice.state().people.is_empty());
    assert!(matches!(alice.call(), Call::Active { .. }));
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(bob.call(), Call::Ongoing);
    bob.open_devices();
    bob.room.accept_call().unwrap();
    world.pass(Duration::from_secs(40));
    assert_media(&alice, &bob);
}
