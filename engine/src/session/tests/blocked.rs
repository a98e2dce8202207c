use super::*;
use crate::{CallOutcome, MediaState};

fn block(person: &Person, others: &[&Person]) {
    let people = others.iter().map(|other| other.engine.person()).collect();
    person.room.set_blocked(people).unwrap();
}

#[test]
fn a_blocked_person_does_not_ring_until_they_are_unblocked() {
    let world = World::default();
    let [mut alice, bob] = people(&world);
    block(&alice, &[&bob]);
    bob.room.start_call().unwrap();
    world.pass(MOMENT);
    assert_eq!(alice.call(), Call::None);
    assert!(!alice.sees(&bob).unwrap().in_call);
    bob.room.hang_up().unwrap();
    world.pass(MOMENT);
    assert_eq!(alice.notices(), []);

    bob.room.start_call().unwrap();
    world.pass(MOMENT);
    block(&alice, &[]);
    world.pass(MOMENT);
    assert_eq!(alice.call(), Call::Incoming { from: bob.me() });
}

#[test]
fn a_call_does_not_ring_at_a_blocked_person_and_does_not_wait_for_them() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    block(&alice, &[&bob]);
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    assert_eq!(bob.call(), Call::None);
    carla.room.decline_call().unwrap();
    world.pass(MOMENT);
    assert_eq!(alice.call(), Call::None);
}

#[test]
fn a_blocked_person_in_the_same_call_is_sent_nothing_and_gives_nothing() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    for person in [&alice, &bob, &carla] {
        person.open_devices();
    }
    block(&alice, &[&bob]);
    carla.room.start_call().unwrap();
    world.pass(MOMENT);
    alice.room.accept_call().unwrap();
    bob.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_media(&alice, &carla);
    assert_media(&bob, &carla);
    for (receiver, sender) in [(&alice, &bob), (&bob, &alice)] {
        let seen = receiver.sees(sender).unwrap();
        assert!(is_silent(&seen), "{seen:?}");
        assert!(!seen.in_call, "{seen:?}");
    }
    // The blocked person does not learn either whether the microphone is on.
    assert_eq!(
        bob.sees(&alice).unwrap().state(TrackSource::Microphone),
        MediaState::None
    );

    block(&alice, &[]);
    world.pass(Duration::from_secs(5));
    assert_media(&alice, &bob);
}

#[test]
fn blocking_the_other_in_a_call_of_two_ends_it_at_once() {
    let world = World::default();
    let [mut alice, mut bob] = people(&world);
    alice.open_devices();
    bob.open_devices();
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    bob.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_media(&alice, &bob);
    block(&alice, &[&bob]);
    world.pass(MOMENT);
    let ended = [Notice::CallEnded {
        outcome: CallOutcome::HungUp,
        from: None,
    }];
    for person in [&mut alice, &mut bob] {
        assert_eq!(person.call(), Call::None);
        assert_eq!(person.notices(), ended);
    }
}
