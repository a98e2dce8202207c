use parlor_signaling_protocol::{IceServer, LeaveReason, Member, Origin, Sealed, ServerMessage};

use super::*;
use crate::ErrorKind;
use crate::ServerLink;
use crate::call::Card;
use crate::credentials::Credentials;
use crate::identity::Identity;
use crate::seal::Sealer;

fn in_call(world: &World) -> [Person; 2] {
    let [alice, bob] = people(world);
    alice.open_devices();
    bob.open_devices();
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    bob.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_media(&alice, &bob);
    [alice, bob]
}

#[test]
fn a_dead_server_touches_neither_call_nor_chat() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    world.set_server_down(true);
    world.pass(Duration::from_secs(90));
    assert_eq!(alice.state().server, ServerLink::Offline);
    assert!(alice.is_linked_to(&bob));
    assert_media(&alice, &bob);
    alice.says("still here");
    bob.room.set_muted(true).unwrap();
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["still here"]);
    assert_eq!(
        alice.sees(&bob).unwrap().state(TrackSource::Microphone),
        crate::MediaState::Off
    );
    // Even hanging up and calling again needs no server.
    alice.room.hang_up().unwrap();
    world.pass(MOMENT);
    bob.room.start_call().unwrap();
    world.pass(MOMENT);
    alice.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_media(&alice, &bob);
}

#[test]
fn a_connection_that_never_came_up_is_made_anew_on_request() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let carla = Person::enter(&world, 2, &key, "Carla");
    world.pass(MOMENT);
    world.set_cut(alice.host, HostId(1), true);
    let bob = Person::enter(&world, 1, &key, "Bob");
    // So long that the pauses between repairs are long too.
    world.pass(Duration::from_secs(120));
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Failed);
    world.set_cut(alice.host, bob.host, false);
    alice.room.connect_again().unwrap();
    world.pass(Duration::from_millis(1));
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Connecting);
    // Connections that work are left alone.
    assert!(alice.is_linked_to(&carla) && bob.is_linked_to(&carla));
    world.pass(MOMENT);
    assert!(alice.is_linked_to(&bob) && bob.is_linked_to(&alice));
    alice.says("there you are");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["there you are"]);
}

#[test]
fn a_suspended_engine_is_gone_for_the_others_at_once_and_can_come_back() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    alice.engine.suspend();
    // Far less than last words may take on a direct way.
    world.pass(Duration::from_millis(100));
    assert!(bob.state().people.is_empty());
    assert!(matches!(bob.call(), Call::Active { .. }), "it is kept");
    world.pass(MOMENT);
    let profile = Profile {
        name: "Alice".into(),
    };
    let (room, _) = alice.engine.enter(&alice.key, profile).unwrap();
    world.pass(MOMENT);
    assert_eq!(room.state().server, ServerLink::Online);
    assert_eq!(room.state().people.len(), 1);
    assert_eq!(room.state().call, Call::Ongoing);
}

#[test]
fn a_server_that_forgot_everything_takes_new_people_in() {
    let world = World::default();
    let key = RoomKey::generate();
    let alice = Person::enter(&world, 0, &key, "Alice");
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    alice.says("before");
    world.set_server_down(true);
    world.pass(Duration::from_secs(20));
    world.set_server_down(false);
    world.pass(Duration::from_secs(20));
    assert_eq!(alice.state().server, ServerLink::Online);
    let carla = Person::enter(&world, 2, &key, "Carla");
    world.pass(MOMENT);
    for other in [&alice, &bob] {
        assert!(carla.is_linked_to(other));
        assert!(other.is_linked_to(&carla));
    }
    assert!(alice.is_linked_to(&bob));
    assert_eq!(carla.texts(), ["before"]);
    assert_eq!(alice.state().people.len(), 2);
}

#[test]
fn a_peer_that_vanishes_is_waited_for_and_then_gone() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    world.set_cut(alice.host, bob.host, true);
    world.pass(Duration::from_secs(5));
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Repairing);
    assert!(matches!(alice.call(), Call::Active { .. }));
    world.lose_session(bob.me());
    world.pass(Duration::from_secs(5));
    assert!(alice.sees(&bob).is_none(), "{:?}", alice.sees(&bob));
    // The call waits for a return, and ends when nobody comes.
    assert!(matches!(alice.call(), Call::Active { .. }));
    world.pass(Duration::from_secs(30));
    assert_eq!(alice.call(), Call::None);
}

#[test]
fn a_peer_that_only_the_server_lost_stays() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    world.lose_session(bob.me());
    world.pass(Duration::from_secs(120));
    assert!(alice.is_linked_to(&bob));
    assert_media(&alice, &bob);
}

#[test]
fn a_cut_network_is_repaired_when_it_is_back() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    world.set_cut(alice.host, bob.host, true);
    world.pass(Duration::from_secs(60));
    assert_eq!(alice.sees(&bob).unwrap().link, LinkState::Failed);
    world.set_cut(alice.host, bob.host, false);
    world.pass(Duration::from_secs(60));
    assert!(alice.is_linked_to(&bob) && bob.is_linked_to(&alice));
    assert_media(&alice, &bob);
}

#[test]
fn a_server_cannot_replay_misdirect_or_make_up() {
    let world = World::default();
    let [mut alice, bob, carla] = people(&world);
    let relayed = world.relayed();
    assert!(!relayed.is_empty());
    for (from, to, room, payload) in relayed {
        // Again to the same, and to somebody else, and as somebody else's.
        for recipient in [to, alice.me(), carla.me()] {
            for from in [from, bob.me(), carla.me()] {
                let payload = payload.clone();
                world.inject(
                    recipient,
                    &ServerMessage::Relayed {
                        room,
                        from,
                        payload,
                    },
                );
            }
        }
        // A member without the key.
        let member = Member {
            peer: PeerId::from_bytes([9; 16]),
            card: Sealed("AAAA".repeat(30)),
        };
        world.inject(to, &ServerMessage::PeerJoined { room, member });
        // The same member twice, and ourselves.
        world.inject(
            to,
            &ServerMessage::Relayed {
                room,
                from: to,
                payload: payload.clone(),
            },
        );
    }
    world.pass(Duration::from_secs(30));
    for [one, other] in [[&alice, &bob], [&bob, &carla], [&carla, &alice]] {
        assert!(one.is_linked_to(other) && other.is_linked_to(one));
    }
    assert_eq!(alice.state().people.len(), 2);
    alice.says("fine");
    world.pass(MOMENT);
    assert_eq!(carla.texts(), ["fine"]);
    // A server without the room's key gets nobody blamed.
    assert_eq!(alice.notices(), []);
}

#[test]
fn refused_devices_say_what_to_do_and_close_nothing() {
    let world = World::default();
    let [alice, bob] = people(&world);
    world.set_device_error(alice.host, ErrorKind::PermissionDenied);
    let (microphone, camera) = alice.try_devices();
    assert_eq!(microphone.unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert_eq!(camera.unwrap_err().kind(), ErrorKind::PermissionDenied);
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    assert!(matches!(bob.call(), Call::Incoming { .. }));
}

#[test]
fn two_tabs_of_one_person_do_not_disturb_each_other() {
    let world = World::default();
    let key = RoomKey::generate();
    let fake = Fake::on(&world, HostId(3));
    let tabs = [1, 2].map(|_| Person::enter_on(fake.clone(), HostId(3), &key, "Both"));
    let bob = Person::enter(&world, 1, &key, "Bob");
    world.pass(MOMENT);
    assert_eq!(tabs[0].engine.person(), tabs[1].engine.person());
    assert_eq!(bob.state().people.len(), 2);
    tabs[0].says("from one");
    world.pass(MOMENT);
    tabs[1].says("from the other");
    world.pass(MOMENT);
    assert_eq!(bob.texts(), ["from one", "from the other"]);
    assert!(tabs[0].state().messages.iter().all(|message| message.mine));
    tabs[0].room.leave();
    world.pass(MOMENT);
    assert!(bob.is_linked_to(&tabs[1]));
}

#[test]
fn leaving_tells_everybody_and_ends_the_state() {
    let world = World::default();
    let [alice, mut bob] = in_call(&world);
    bob.room.leave();
    world.pass(MOMENT);
    assert!(alice.state().people.is_empty());
    assert_eq!(alice.call(), Call::None);
    while bob.room.changed().now_or_never() == Some(true) {}
    assert_eq!(bob.room.changed().now_or_never(), Some(false));
    assert_eq!(bob.room.post("late").unwrap_err().kind(), ErrorKind::Closed);
    let outcome = crate::CallOutcome::HungUp;
    assert_eq!(
        bob.notices(),
        [Notice::CallEnded {
            outcome,
            from: None
        }]
    );
}

#[test]
fn who_hangs_up_and_leaves_at_once_is_not_waited_for() {
    let world = World::default();
    let [mut alice, bob] = in_call(&world);
    // The server's word that Bob left is faster than his own that he hung up.
    world.set_line_rate(50_000);
    bob.room.hang_up().unwrap();
    bob.room.leave();
    world.pass(MOMENT);
    assert!(alice.sees(&bob).is_none(), "{:?}", alice.sees(&bob));
    let ended = |notice: &Notice| matches!(notice, Notice::CallEnded { .. });
    assert!(alice.notices().iter().any(ended), "{:?}", alice.call());
}

#[test]
fn who_was_forgotten_and_comes_back_is_met_anew() {
    let world = World::default();
    let [mut alice, mut bob] = in_call(&world);
    world.set_cut(alice.host, bob.host, true);
    world.pass(Duration::from_secs(5));
    // Only Alice is told that Bob is gone; Bob's side keeps what it has, as after a long sleep.
    world.lose_session(bob.me());
    world.pass(Duration::from_secs(1));
    assert!(alice.sees(&bob).is_none() && bob.sees(&alice).is_some());
    world.set_cut(alice.host, bob.host, false);
    bob.says("I am back");
    world.pass(Duration::from_secs(90));
    assert!(alice.is_linked_to(&bob), "{:?}", alice.sees(&bob));
    assert!(bob.is_linked_to(&alice), "{:?}", bob.sees(&alice));
    assert_eq!(alice.texts(), ["I am back"]);
    for person in [&mut alice, &mut bob] {
        let garbled = |notice: &Notice| matches!(notice, Notice::Garbled { .. });
        assert!(!person.notices().iter().any(garbled));
    }
}

#[test]
fn a_server_that_never_answers_is_told() {
    let world = World::default();
    world.set_server_down(true);
    let alice = Person::enter(&world, 0, &RoomKey::generate(), "Alice");
    assert_eq!(alice.state().server, ServerLink::Connecting);
    world.pass(Duration::from_secs(15));
    assert_eq!(alice.state().server, ServerLink::Offline);
    world.set_server_down(false);
    world.pass(Duration::from_secs(20));
    assert_eq!(alice.state().server, ServerLink::Online);
}

#[test]
fn wrong_ice_servers_are_left_out_and_told_once() {
    let world = World::default();
    let wrong = ["stun.example:3478", "stun:a?transport=udp", "stun:[::1"];
    let mut urls = wrong.map(str::to_owned).to_vec();
    urls.push("stun:stun.example".to_owned());
    world.set_ice_servers(vec![IceServer {
        urls,
        ..IceServer::default()
    }]);
    let [mut alice, bob] = people(&world);
    let told = [Notice::IceServersRefused {
        urls: wrong.map(str::to_owned).to_vec(),
    }];
    assert_eq!(alice.notices(), told);
    alice.says("Still here");
    world.set_server_down(true);
    world.pass(Duration::from_secs(1));
    world.set_server_down(false);
    world.pass(Duration::from_secs(30));
    assert_eq!(alice.state().server, ServerLink::Online);
    assert_eq!(alice.notices(), [], "the second welcome says the same");
    assert_eq!(bob.texts(), ["Still here"]);
}

#[test]
fn origins_of_the_server_are_known_once_it_is_reached() {
    let world = World::default();
    let origins = ["https://parlor.example", "http://192.0.2.7:8460"];
    let origins = origins.map(|origin| origin.parse::<Origin>().unwrap());
    world.set_origins(origins.to_vec());
    world.set_server_down(true);
    let alice = Person::enter(&world, 0, &RoomKey::generate(), "Alice");
    world.pass(Duration::from_secs(1));
    assert!(alice.engine.server_origins().is_empty());
    world.set_server_down(false);
    world.pass(Duration::from_secs(20));
    assert_eq!(*alice.engine.server_origins(), origins);
}

#[test]
fn chat_reaches_those_whom_its_author_cannot() {
    let world = World::default();
    let [alice, bob, carla] = people(&world);
    world.set_cut(alice.host, carla.host, true);
    alice.says("through Bob");
    carla.says("and back");
    world.pass(Duration::from_secs(30));
    for person in [&alice, &bob, &carla] {
        assert_eq!(person.texts().len(), 2, "{:?}", person.texts());
    }
}

#[test]
fn who_comes_after_a_crowd_is_connected_as_soon_as_the_budget_allows() {
    let world = World::default();
    let [alice, _bob] = people(&world);
    let room = alice.key.room_id();
    let sealer = Sealer::new(&alice.key);
    for _ in 0..150 {
        let credentials = Credentials::issue(&Identity::generate(), room);
        let peer = credentials.peer();
        let card = Card::seal(&sealer, &credentials, 1, "Nobody");
        let member = Member { peer, card };
        world.inject(alice.me(), &ServerMessage::PeerJoined { room, member });
        let reason = LeaveReason::Left;
        world.inject(alice.me(), &ServerMessage::PeerLeft { room, peer, reason });
    }
    world.pass(Duration::from_millis(10));
    let carla = Person::enter(&world, 2, &alice.key, "Carla");
    world.pass(Duration::from_millis(100));
    assert!(alice.sees(&carla).is_none(), "she waits");
    world.pass(Duration::from_secs(20));
    assert!(alice.is_linked_to(&carla) && carla.is_linked_to(&alice));
}
