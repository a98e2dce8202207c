use super::*;

use crate::media::{
    AudioConstraints, Constraint, Device, DeviceKind, FacingMode, PermissionState, ResizeMode,
    ScreenConstraints, VideoConstraints,
};
use crate::platform::Track as _;

fn microphone(id: &str) -> Device {
    Device {
        id: id.into(),
        kind: DeviceKind::Microphone,
        label: "Headset".into(),
    }
}

fn device(id: &str) -> AudioConstraints {
    AudioConstraints {
        device: Constraint::exact(id.to_owned()),
        ..AudioConstraints::default()
    }
}

#[test]
fn devices_come_and_go_and_what_was_open_ends() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let ids = || {
        let devices = now(platform.devices()).unwrap().into_iter();
        devices.map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(), ["mic", "cam", "speaker"]);
    let listening = platform.clone();
    let mut changed = Box::pin(async move { listening.devices_changed().await });
    assert!((&mut changed).now_or_never().is_none());
    world.plug(LEFT, microphone("headset"));
    now(changed);
    let headset = now(platform.open_microphone(&device("headset"))).unwrap();
    assert_eq!(
        (headset.device().as_deref(), headset.label().as_str()),
        (Some("headset"), "Headset")
    );
    let usual = now(platform.open_microphone(&AudioConstraints::default())).unwrap();
    assert_eq!(usual.device().as_deref(), Some("mic"));
    let waiting = headset.clone();
    let ended = Box::pin(async move { waiting.ended().await });
    world.unplug(LEFT, "headset");
    assert!(headset.is_ended() && !usual.is_ended());
    now(ended);
    assert_eq!(ids(), ["mic", "cam", "speaker"]);
    let gone = now(platform.open_microphone(&device("headset")));
    assert_eq!(refused(gone), ErrorKind::DeviceMissing);
    // Another host has its own.
    assert_eq!(now(Fake::on(&world, RIGHT).devices()).unwrap().len(), 3);
}

#[test]
fn the_person_decides_and_can_change_their_mind() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let (audio, video) = (AudioConstraints::default(), VideoConstraints::default());
    let permission = || now(platform.permission(Kind::Video));
    world.set_permission(LEFT, Kind::Video, PermissionState::Prompt);
    assert_eq!(permission(), PermissionState::Prompt);
    let camera = now(platform.open_camera(&video)).unwrap();
    assert_eq!(permission(), PermissionState::Granted);
    world.set_permission(LEFT, Kind::Video, PermissionState::Denied);
    assert!(camera.is_ended());
    assert_eq!(permission(), PermissionState::Denied);
    let both = now(platform.open_both(&audio, &video));
    assert_eq!(refused(both), ErrorKind::PermissionDenied);
    assert_eq!(world.alive().captures, 0);
    assert!(now(platform.open_microphone(&audio)).is_ok());
    world.set_device_error(LEFT, ErrorKind::DeviceBusy);
    assert_eq!(
        refused(now(platform.open_microphone(&audio))),
        ErrorKind::DeviceBusy
    );
    world.set_device_error(LEFT, None);
    assert!(now(platform.open_microphone(&audio)).is_ok());
}

#[test]
fn the_person_is_asked_once_for_both_and_not_about_what_is_missing() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let (audio, video) = (AudioConstraints::default(), VideoConstraints::default());
    for kind in [Kind::Audio, Kind::Video] {
        world.set_permission(LEFT, kind, PermissionState::Prompt);
    }
    let missing = now(platform.open_both(&device("none"), &video));
    assert_eq!(refused(missing), ErrorKind::DeviceMissing);
    assert_eq!(world.questions(LEFT), 0);
    world.set_answer(LEFT, Kind::Video, PermissionState::Prompt);
    let both = now(platform.open_both(&audio, &video));
    assert_eq!(refused(both), ErrorKind::PermissionDenied);
    assert_eq!(world.questions(LEFT), 1);
    let permission = |kind| now(platform.permission(kind));
    assert_eq!(permission(Kind::Audio), PermissionState::Granted);
    assert_eq!(permission(Kind::Video), PermissionState::Prompt);
    world.set_answer(LEFT, Kind::Video, PermissionState::Granted);
    assert!(now(platform.open_both(&audio, &video)).is_ok());
    assert!(now(platform.open_both(&audio, &video)).is_ok());
    assert_eq!(world.questions(LEFT), 2);
}

#[test]
fn what_the_system_mutes_is_muted_until_it_gives_it_back() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let open = || now(platform.open_microphone(&AudioConstraints::default())).unwrap();
    let early = open();
    let waiting = early.clone();
    let mut changed = Box::pin(async move { waiting.changed().await });
    assert!((&mut changed).now_or_never().is_none());
    world.mute_device(LEFT, "mic", true);
    now(changed);
    let late = open();
    assert!(early.is_muted() && late.is_muted() && !early.is_ended());
    world.mute_device(LEFT, "mic", false);
    assert!(!early.is_muted() && !late.is_muted());
}

#[test]
fn settings_are_what_was_chosen() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let open = |wish: &VideoConstraints| now(platform.open_camera(wish));
    let usual = open(&VideoConstraints::default()).unwrap().settings();
    assert!(VideoConstraints::default().unmet(&usual).is_empty());
    let wide = VideoConstraints {
        width: 800.into(),
        aspect_ratio: 2.0.into(),
        frame_rate: Constraint::between(5.0, 10.0),
        resize_mode: Constraint::exact(ResizeMode::CropAndScale),
        ..VideoConstraints::default()
    };
    let settings = open(&wide).unwrap().settings();
    assert_eq!((settings.width, settings.height), (Some(800), Some(400)));
    assert_eq!(settings.frame_rate, Some(10.0));
    assert_eq!(settings.resize_mode, Some(ResizeMode::CropAndScale));
    let impossible = [
        VideoConstraints {
            width: Constraint::exact(5_000),
            ..VideoConstraints::default()
        },
        VideoConstraints {
            frame_rate: Constraint {
                min: Some(f64::NAN),
                max: Some(0.5),
                ..Constraint::default()
            },
            ..VideoConstraints::default()
        },
        VideoConstraints {
            aspect_ratio: Constraint::exact(9.0),
            ..VideoConstraints::default()
        },
        VideoConstraints {
            facing_mode: Constraint::exact(FacingMode::Left),
            ..VideoConstraints::default()
        },
    ];
    for wish in &impossible {
        assert_eq!(refused(open(wish)), ErrorKind::DeviceMissing, "{wish:?}");
    }
    let slow = AudioConstraints {
        latency: Constraint::exact(ms(1)),
        ..AudioConstraints::default()
    };
    assert_eq!(
        refused(now(platform.open_microphone(&slow))),
        ErrorKind::DeviceMissing
    );
}

#[test]
fn a_camera_is_chosen_by_where_it_looks() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    world.plug(
        LEFT,
        Device {
            id: "back".into(),
            kind: DeviceKind::Camera,
            label: "Back".into(),
        },
    );
    let chosen = |facing_mode: Constraint<FacingMode>| {
        let wish = VideoConstraints {
            facing_mode,
            ..VideoConstraints::default()
        };
        now(platform.open_camera(&wish)).unwrap().device().unwrap()
    };
    assert_eq!(chosen(Constraint::default()), "cam");
    assert_eq!(chosen(FacingMode::Environment.into()), "back");
    assert_eq!(chosen(Constraint::exact(FacingMode::User)), "cam");
    assert_eq!(chosen(FacingMode::Left.into()), "cam");
}

#[test]
fn a_screen_comes_with_its_sound_and_ends_when_sharing_does() {
    let world = World::new();
    let platform = Fake::on(&world, LEFT);
    let wish = ScreenConstraints::default();
    let (picture, sound) = now(platform.open_screen(&wish)).unwrap();
    let sound = sound.unwrap();
    assert_eq!((picture.kind(), sound.kind()), (Kind::Video, Kind::Audio));
    assert_eq!(picture.settings().frame_rate, Some(15.0));
    assert_eq!(world.alive().captures, 2);
    world.stop_sharing(LEFT);
    assert!(picture.is_ended() && sound.is_ended());
    let silent = ScreenConstraints {
        audio: false,
        ..wish
    };
    assert!(now(platform.open_screen(&silent)).unwrap().1.is_none());
}
