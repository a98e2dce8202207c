//! Leaving, sleeping and coming back.

use super::*;
use crate::{ChatMessage, Delivery, ServerLink};

/// Enters a room again with the engine that left it.
fn enter_again(person: Person, key: &RoomKey, name: &str) -> Person {
    let Person { host, engine, .. } = person;
    let (room, notices) = engine.enter(key, Profile { name: name.into() }).unwrap();
    Person {
        host,
        engine,
        room,
        key: key.clone(),
        notices,
    }
}

#[test]
fn who_leaves_and_enters_again_loses_nothing_and_ticks_nothing_that_nobody_took() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let mut others = [
        Person::enter(&world, 1, &key, "Bob"),
        Person::enter(&world, 2, &key, "Carla"),
    ];
    world.pass(MOMENT);
    for text in ["l1", "l2", "l3"] {
        alice.says(text);
    }
    world.pass(MOMENT);
    let first = alice.me();
    alice.room.leave();
    world.pass(MOMENT);
    let alice = enter_again(alice, &key, "Alice");
    assert_ne!(alice.me(), first, "another visit is another peer");
    assert_eq!(
        alice.texts(),
        ["l1", "l2", "l3"],
        "what was read is there at once"
    );
    alice.says("x");
    world.pass(Duration::from_millis(300));
    for other in &others {
        assert!(other.is_linked_to(&alice) && alice.is_linked_to(other));
    }
    for text in ["y", "l4", "l5", "l6"] {
        alice.says(text);
    }
    world.pass(MOMENT);
    let all = ["l1", "l2", "l3", "x", "y", "l4", "l5", "l6"];
    for other in &mut others {
        assert_eq!(other.texts(), all);
        assert_eq!(other.notices(), []);
    }
    assert_eq!(alice.texts(), all);
    let is_mine = |message: &ChatMessage| message.mine && message.delivery == Delivery::Delivered;
    assert!(alice.state().messages.iter().all(is_mine));
}

#[test]
fn what_was_written_alone_waits_through_another_visit() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    world.pass(MOMENT);
    alice.says("anybody?");
    alice.room.leave();
    world.pass(MOMENT);
    let alice = enter_again(alice, &key, "Alice");
    world.pass(MOMENT);
    assert_eq!(alice.state().messages[0].delivery, Delivery::Waiting);
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["anybody?"]);
    assert_eq!(alice.state().messages[0].delivery, Delivery::Delivered);
}

#[test]
fn entering_again_without_leaving_takes_the_place_of_the_earlier_visit() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let mut bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    let earlier = alice.room.clone();
    let alice = enter_again(alice, &key, "Alice");
    drop(earlier);
    world.pass(MOMENT);
    assert!(bob.is_linked_to(&alice) && alice.is_linked_to(&bob));
    assert_eq!(bob.state().people.len(), 1);
    assert_eq!(bob.notices(), []);
}

#[test]
fn a_channel_that_closes_while_its_connection_lives_is_made_anew() {
    let world = World::default();
    let [mut alice, mut bob] = people(&world);
    alice.says("before");
    world.pass(MOMENT);
    world.close_channels(alice.host);
    world.pass(Duration::from_millis(50));
    assert!(
        !alice.is_linked_to(&bob),
        "who cannot be written to is not connected"
    );
    alice.says("meanwhile");
    world.pass(Duration::from_secs(4));
    assert!(alice.is_linked_to(&bob) && bob.is_linked_to(&alice));
    bob.says("after");
    world.pass(MOMENT);
    for person in [&mut alice, &mut bob] {
        assert_eq!(person.texts(), ["before", "meanwhile", "after"]);
        assert_eq!(person.notices(), []);
    }
}

#[test]
fn a_call_goes_on_when_its_channels_close() {
    let world = World::default();
    let [alice, bob] = people(&world);
    for person in [&alice, &bob] {
        person.open_devices();
    }
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    bob.room.accept_call().unwrap();
    world.pass(MOMENT);
    world.close_channels(bob.host);
    world.pass(Duration::from_secs(6));
    assert!(matches!(alice.call(), Call::Active { .. }));
    assert!(matches!(bob.call(), Call::Active { .. }));
    assert_media(&alice, &bob);
}

#[test]
fn a_device_that_slept_is_back_in_the_room_within_three_seconds() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    world.pass(MOMENT);
    // The socket died without a word while the device slept.
    world.lose_session(alice.me());
    world.pass(MOMENT);
    world.skip_wall_clock(alice.host, Duration::from_secs(120));
    world.pass(Duration::from_secs(3));
    assert_eq!(alice.state().server, ServerLink::Online);
    // A newcomer finds her, which it could not if the server did not know her.
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert!(bob.is_linked_to(&alice));
}

#[test]
fn a_connection_that_died_during_a_sleep_is_repaired_at_once() {
    let world = World::default();
    let [alice, bob] = people(&world);
    world.set_cut(alice.host, bob.host, true);
    world.pass(Duration::from_secs(30));
    world.set_cut(alice.host, bob.host, false);
    world.skip_wall_clock(alice.host, Duration::from_secs(120));
    world.pass(Duration::from_secs(3));
    assert!(alice.is_linked_to(&bob) && bob.is_linked_to(&alice));
}

#[test]
fn the_servers_word_alone_ends_no_connection_that_works() {
    let world = World::default();
    let [alice, bob] = people(&world);
    let left = parlor_signaling_protocol::ServerMessage::PeerLeft {
        room: world.relayed()[0].2,
        peer: bob.me(),
        reason: parlor_signaling_protocol::LeaveReason::Left,
    };
    world.inject(alice.me(), &left);
    world.pass(Duration::from_secs(60));
    assert!(alice.is_linked_to(&bob));
    alice.says("still there?");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["still there?"]);
}

#[test]
fn who_comes_back_after_a_crash_is_shown_once() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let fake = Fake::on(&world, HostId(7));
    let bob = Person::enter_on(fake.clone(), HostId(7), &key, "Bob");
    world.pass(MOMENT);
    assert!(alice.is_linked_to(&bob));
    // The page is gone without a word, and opened again.
    for host in [alice.host, HostId(8)] {
        world.set_cut(bob.host, host, true);
    }
    world.pass(Duration::from_secs(6));
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Repairing);
    let mut again = fake;
    again.host = HostId(8);
    let back = Person::enter_on(again, HostId(8), &key, "Bob");
    world.pass(MOMENT);
    assert!(alice.is_linked_to(&back) && back.is_linked_to(&alice));
    assert_eq!(alice.state().people.len(), 1);
    assert_eq!(back.state().people.len(), 1);
}
