//! Sharing a screen in a call, beside the cameras.

use super::*;
use crate::{MediaState, ScreenConstraints};

/// Everybody is in a call, with devices open.
fn in_call<const N: usize>(world: &World) -> [Person; N] {
    let people: [Person; N] = people(world);
    for person in &people {
        person.open_devices();
    }
    people[0].room.start_call().unwrap();
    world.pass(MOMENT);
    for person in &people[1..] {
        person.room.accept_call().unwrap();
    }
    world.pass(MOMENT);
    people
}

fn share(person: &Person) -> Track {
    let wish = ScreenConstraints::default();
    let opened = person.engine.open_screen(&wish).now_or_never();
    let (picture, sound) = opened.unwrap().unwrap();
    let publish = |source, track| person.room.publish(source, track).unwrap();
    publish(TrackSource::Screen, Some(picture.clone()));
    publish(TrackSource::ScreenAudio, sound);
    picture
}

#[track_caller]
fn assert_screen(receiver: &Person, sender: &Person, is_shown: bool) {
    let seen = receiver.sees(sender).unwrap();
    let state = match is_shown {
        true => MediaState::On,
        false => MediaState::None,
    };
    for source in [TrackSource::Screen, TrackSource::ScreenAudio] {
        assert_eq!(seen.state(source), state, "{source:?}");
        if is_shown {
            let track = seen.track(source).expect("a track");
            assert_eq!(track.kind(), source.kind());
        }
    }
}

#[test]
fn a_screen_with_its_sound_is_seen_beside_the_camera_by_everybody_and_by_who_comes_later() {
    let world = World::default();
    let [alice, bob, carla] = in_call(&world);
    carla.room.hang_up().unwrap();
    world.pass(MOMENT);
    share(&alice);
    world.pass(MOMENT);
    assert_screen(&bob, &alice, true);
    assert_media(&alice, &bob);
    // Nobody outside the call gets it.
    assert!(is_silent(&carla.sees(&alice).unwrap()));
    carla.room.accept_call().unwrap();
    world.pass(MOMENT);
    assert_screen(&carla, &alice, true);
    assert_media(&alice, &carla);
}

#[test]
fn two_people_share_at_once_and_each_stops_alone() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    share(&alice);
    share(&bob);
    world.pass(MOMENT);
    assert_screen(&bob, &alice, true);
    assert_screen(&alice, &bob, true);
    for source in [TrackSource::Screen, TrackSource::ScreenAudio] {
        alice.room.publish(source, None).unwrap();
    }
    world.pass(MOMENT);
    assert_screen(&bob, &alice, false);
    assert_screen(&alice, &bob, true);
    assert_media(&alice, &bob);
}

#[test]
fn a_screen_that_the_system_ends_is_gone_for_the_others_at_once() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    let picture = share(&alice);
    world.pass(MOMENT);
    assert_screen(&bob, &alice, true);
    world.stop_sharing(alice.host);
    world.pass(Duration::from_millis(500));
    assert!(picture.is_ended());
    assert_screen(&bob, &alice, false);
}

#[test]
fn sharing_again_needs_no_new_media_section() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    let section = |seen: Participant| seen.track(TrackSource::Screen).map(Track::id);
    share(&alice);
    world.pass(MOMENT);
    let first = section(bob.sees(&alice).unwrap());
    for source in [TrackSource::Screen, TrackSource::ScreenAudio] {
        alice.room.publish(source, None).unwrap();
    }
    world.pass(MOMENT);
    share(&alice);
    world.pass(MOMENT);
    assert_screen(&bob, &alice, true);
    assert_eq!(
        section(bob.sees(&alice).unwrap()),
        first,
        "the same receiver"
    );
}

#[test]
fn a_shared_screen_outlives_the_server_and_an_ice_restart() {
    let world = World::default();
    let [alice, bob] = in_call(&world);
    share(&alice);
    world.pass(MOMENT);
    world.set_server_down(true);
    world.pass(Duration::from_secs(60));
    assert_screen(&bob, &alice, true);
    world.set_server_down(false);
    world.pass(Duration::from_secs(30));
    world.set_cut(alice.host, bob.host, true);
    world.pass(Duration::from_secs(10));
    world.set_cut(alice.host, bob.host, false);
    world.pass(Duration::from_secs(30));
    assert_screen(&bob, &alice, true);
    assert_media(&alice, &bob);
}

#[test]
fn a_track_of_the_wrong_kind_is_refused() {
    let world = World::default();
    let [alice] = people(&world);
    let (microphone, camera) = alice.open_devices();
    for (source, track) in [
        (TrackSource::Screen, microphone),
        (TrackSource::ScreenAudio, camera),
    ] {
        let refused = alice.room.publish(source, Some(track)).unwrap_err();
        assert_eq!(refused.kind(), crate::ErrorKind::Invalid);
    }
}
