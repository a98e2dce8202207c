use super::*;
use crate::{Kind, MediaState, PermissionState};

/// Alice is in a call with Bob, with her devices open.
fn in_call(world: &World) -> ([Person; 2], (Track, Track)) {
    let [alice, bob] = people(world);
    let tracks = alice.open_devices();
    alice.room.start_call().unwrap();
    world.pass(MOMENT);
    bob.room.accept_call().unwrap();
    world.pass(MOMENT);
    ([alice, bob], tracks)
}

/// What one is told of the other's microphone and camera.
fn told(one: &Person, other: &Person) -> (MediaState, MediaState) {
    let seen = one.sees(other).unwrap();
    (
        seen.state(TrackSource::Microphone),
        seen.state(TrackSource::Camera),
    )
}

#[test]
fn what_the_system_mutes_is_told_to_the_others_and_taken_back() {
    let world = World::default();
    let ([alice, bob], _tracks) = in_call(&world);
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::On));
    world.mute_device(alice.host, "cam", true);
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::Off));
    world.mute_device(alice.host, "mic", true);
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::Off, MediaState::Off));
    for id in ["mic", "cam"] {
        world.mute_device(alice.host, id, false);
    }
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::On));
    // What the person muted stays so, whatever the system does.
    alice.room.set_muted(true).unwrap();
    for muted in [true, false] {
        world.mute_device(alice.host, "mic", muted);
        world.pass(MOMENT);
        assert_eq!(told(&bob, &alice), (MediaState::Off, MediaState::On));
    }
}

#[test]
fn a_device_that_is_muted_when_it_opens_is_told_so() {
    let world = World::default();
    let [alice, bob] = people(&world);
    world.mute_device(alice.host, "cam", true);
    alice.open_devices();
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::Off));
    world.mute_device(alice.host, "cam", false);
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::On));
}

#[test]
fn a_permission_that_is_taken_away_is_told_to_the_others_and_the_rest_goes_on() {
    let world = World::default();
    let ([alice, bob], (microphone, camera)) = in_call(&world);
    world.set_permission(alice.host, Kind::Video, PermissionState::Denied);
    world.pass(MOMENT);
    assert!(camera.is_ended() && !microphone.is_ended());
    assert_eq!(told(&bob, &alice), (MediaState::On, MediaState::Off));
    world.unplug(alice.host, "mic");
    world.pass(MOMENT);
    assert_eq!(told(&bob, &alice), (MediaState::None, MediaState::Off));
}

#[test]
fn watching_a_track_does_not_keep_its_device_open() {
    let world = World::default();
    let ([alice, _bob], tracks) = in_call(&world);
    drop(tracks);
    assert_eq!(world.alive().captures, 2);
    alice.room.publish(TrackSource::Camera, None).unwrap();
    world.pass(MOMENT);
    assert_eq!(world.alive().captures, 1);
    alice.room.publish(TrackSource::Microphone, None).unwrap();
    world.pass(MOMENT);
    assert_eq!(world.alive().captures, 0);
}
