use super::*;
use crate::Delivery;

#[test]
fn everybody_reads_the_same_in_the_same_order() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    for number in 0..20 {
        alice.says(&format!("a{number}"));
        bob.says(&format!("b{number}"));
        carla.says(&format!("c{number}"));
        if number % 3 == 0 {
            world.pass(Duration::from_millis(7));
        }
    }
    world.pass(MOMENT);
    assert_eq!(alice.texts().len(), 60);
    assert_eq!(alice.texts(), bob.texts());
    assert_eq!(bob.texts(), carla.texts());
    for (who, letter) in [(&alice, "a"), (&bob, "b"), (&carla, "c")] {
        let own: Vec<_> = alice
            .texts()
            .into_iter()
            .filter(|it| it.starts_with(letter))
            .collect();
        let said: Vec<_> = (0..20).map(|number| format!("{letter}{number}")).collect();
        assert_eq!(own, said);
        let mine = who
            .state()
            .messages
            .iter()
            .filter(|message| message.mine)
            .count();
        assert_eq!(mine, 20);
    }
}

#[test]
fn what_was_said_alone_waits_for_the_first_to_come() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    world.pass(MOMENT);
    alice.says("anybody?");
    world.pass(MOMENT);
    assert_eq!(alice.state().messages[0].delivery, Delivery::Waiting);
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["anybody?"]);
    assert_eq!(alice.state().messages[0].delivery, Delivery::Delivered);
}

#[test]
fn what_is_said_while_somebody_is_away_for_a_moment_arrives() {
    let world = World::default();
    let [alice, bob] = people(&world);
    world.set_cut(alice.host, bob.host, true);
    alice.says("are you there?");
    world.pass(Duration::from_secs(8));
    alice.says("hello?");
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Repairing);
    assert!(bob.texts().is_empty());
    world.set_cut(alice.host, bob.host, false);
    world.pass(Duration::from_secs(40));
    assert!(alice.is_linked_to(&bob));
    assert_eq!(bob.texts(), ["are you there?", "hello?"]);
}

#[test]
fn a_later_visit_gets_what_was_said_and_knows_its_own() {
    let world = World::default();
    let key = RoomKey::generate();
    let fake = Fake::on(&world, HostId(7));
    let alice = Person::enter(&world, 0, &key, "Alice");
    let bob = Person::enter_on(fake.clone(), HostId(7), &key, "Bob");
    world.pass(MOMENT);
    bob.says("mine");
    world.pass(MOMENT);
    alice.says("hers");
    world.pass(MOMENT);
    drop(bob);
    world.pass(MOMENT);
    let bob = Person::enter_on(fake, HostId(7), &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["mine", "hers"]);
    let mine: Vec<_> = bob
        .state()
        .messages
        .iter()
        .map(|message| message.mine)
        .collect();
    assert_eq!(mine, [true, false]);
    bob.says("again");
    world.pass(MOMENT);
    assert_eq!(alice.texts(), ["mine", "hers", "again"]);
}

#[test]
fn a_changed_name_reaches_everybody() {
    let world = World::default();
    let [alice, bob] = people(&world);
    assert_eq!(&*bob.sees(&alice).unwrap().name, "Alice");
    alice.room.set_name("Alice\n the \u{202E}Great").unwrap();
    world.pass(MOMENT);
    assert_eq!(&*bob.sees(&alice).unwrap().name, "Alice the Great");
    alice.says("hi");
    world.pass(MOMENT);
    assert_eq!(&*bob.state().messages[0].name, "Alice the Great");
}

#[test]
fn a_watcher_sees_who_is_there_without_being_seen() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    world.pass(MOMENT);
    let outside = Engine::on_fake(&world, HostId(9), Config::new("fake")).unwrap();
    let watch = outside.watch(&key).unwrap();
    world.pass(MOMENT);
    let names = |watch: &crate::Watch| -> Vec<String> {
        watch
            .people()
            .unwrap()
            .iter()
            .map(|present| present.name.to_string())
            .collect()
    };
    assert_eq!(names(&watch), ["Alice"]);
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(names(&watch), ["Alice", "Bob"]);
    assert_eq!(alice.state().people.len(), 1);
    bob.room.leave();
    world.pass(MOMENT);
    assert_eq!(names(&watch), ["Alice"]);
}

#[test]
fn a_long_history_on_a_slow_line_holds_no_call_back_and_arrives_whole() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    world.pass(MOMENT);
    for number in 0..900 {
        alice.says(&format!("{number} {}", "x".repeat(3_900)));
    }
    // The history takes half a minute of such a line.
    world.set_line_rate(1_000_000);
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert!(bob.is_linked_to(&alice));
    alice.room.start_call().unwrap();
    // Before it only what waited already: one mebibyte, 8.4 seconds.
    world.pass(Duration::from_secs(10));
    assert!(
        matches!(bob.call(), Call::Incoming { .. }),
        "{:?}",
        bob.call()
    );
    let so_far = bob.texts().len();
    assert!((100..600).contains(&so_far), "{so_far}");
    alice.says("written meanwhile");
    world.pass(Duration::from_secs(40));
    assert_eq!(bob.texts().len(), 901);
    assert_eq!(bob.texts(), alice.texts());
    let is_delivered = |message: &crate::ChatMessage| message.delivery == Delivery::Delivered;
    assert!(alice.state().messages.iter().all(is_delivered));
}
