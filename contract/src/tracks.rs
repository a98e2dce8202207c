//! M1, M2, M4, W1, W2, IO3 to IO5, and what no test of the originals covers: tracks, and the devices behind them.

use parlor_engine::{
    AudioConstraints, Constraint, Device, DeviceKind, ErrorKind, Kind, PermissionState, Property,
    Track, VideoConstraints,
};

use crate::stage::{behaviour, ensure, establish, refused, same, there, track};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "M1",
        "a sound track can be made and is enabled",
        makes_audio
    ),
    behaviour!(
        "M2",
        "a picture track can be made and is enabled",
        makes_video
    ),
    behaviour!("M4", "a track can be disabled and enabled", enables),
    behaviour!(
        "W1",
        "constraints on sound are honoured or named",
        audio_constraints
    ),
    behaviour!(
        "W2",
        "constraints on pictures are honoured or named",
        video_constraints
    ),
    behaviour!(
        "IO3",
        "a stopped track has ended, and who waits is told",
        ends
    ),
    behaviour!(
        "IO4",
        "a wished frame rate is honoured or named",
        frame_rate
    ),
    behaviour!(
        "IO5",
        "stopping twice, and starting what cannot be, does no harm",
        stops_twice
    ),
    behaviour!(
        "N15",
        "devices are listed and permission is told where there are devices",
        lists
    ),
    behaviour!(
        "N44",
        "a wished device is the one that opens, and another where it is missing, which is named",
        takes_the_wished_device
    ),
];

async fn makes_audio(pair: Pair) -> Outcome {
    is_made(&track(&pair.left, Kind::Audio).await?, Kind::Audio)
}

async fn makes_video(pair: Pair) -> Outcome {
    is_made(&track(&pair.left, Kind::Video).await?, Kind::Video)
}

fn is_made(track: &Track, kind: Kind) -> Outcome {
    same!(track.kind(), kind, "kind");
    ensure!(
        track.is_enabled() && !track.is_ended(),
        "a new track is not alive"
    );
    ensure!(!track.id().is_empty(), "a track without an id");
    Ok(())
}

async fn enables(pair: Pair) -> Outcome {
    for kind in [Kind::Audio, Kind::Video] {
        let track = track(&pair.left, kind).await?;
        track.set_enabled(false);
        ensure!(!track.is_enabled(), "still enabled");
        track.set_enabled(true);
        ensure!(track.is_enabled(), "not enabled again");
    }
    Ok(())
}

fn needs_capture(pair: &Pair) -> Outcome {
    if pair.left.capabilities().capture {
        return Ok(());
    }
    Err(Reason::NotPossible(
        "no cameras and microphones yet (`Capabilities::capture`)",
    ))
}

async fn audio_constraints(pair: Pair) -> Outcome {
    needs_capture(&pair)?;
    for on in [true, false] {
        let wish = AudioConstraints {
            echo_cancellation: Constraint::exact(on),
            auto_gain_control: on.into(),
            ..AudioConstraints::default()
        };
        let track = pair.left.open_microphone(&wish).await?;
        let settings = track.settings();
        same!(settings.echo_cancellation, Some(on), "echo cancellation");
        let unmet = wish.unmet(&settings);
        ensure!(
            !unmet.contains(&Property::EchoCancellation),
            "named: {unmet:?}"
        );
        let is_named = unmet.contains(&Property::AutoGainControl);
        same!(
            is_named,
            settings.auto_gain_control != Some(on),
            "gain control named"
        );
    }
    Ok(())
}

async fn video_constraints(pair: Pair) -> Outcome {
    needs_capture(&pair)?;
    let wish = VideoConstraints {
        width: 100.into(),
        height: 100.into(),
        ..VideoConstraints::default()
    };
    let track = pair.left.open_camera(&wish).await?;
    let settings = track.settings();
    ensure!(
        settings.width.is_some() && settings.height.is_some(),
        "{settings:?}"
    );
    let unmet = wish.unmet(&settings);
    same!(
        unmet.contains(&Property::Width),
        settings.width != Some(100),
        "width named"
    );
    let wish = VideoConstraints {
        width: Constraint::between(100_000, 200_000),
        ..VideoConstraints::default()
    };
    let result = pair.left.open_camera(&wish).await;
    same!(
        refused(result, "an impossible width")?.kind(),
        ErrorKind::DeviceMissing,
        "kind"
    );
    let wish = AudioConstraints {
        device: Constraint::exact("no such device".to_owned()),
        ..AudioConstraints::default()
    };
    let result = pair.left.open_microphone(&wish).await;
    same!(
        refused(result, "a missing device")?.kind(),
        ErrorKind::DeviceMissing,
        "kind"
    );
    Ok(())
}

async fn frame_rate(pair: Pair) -> Outcome {
    needs_capture(&pair)?;
    let wish = VideoConstraints {
        frame_rate: Constraint {
            max: Some(10.0),
            ..Constraint::default()
        },
        ..VideoConstraints::default()
    };
    let track = pair.left.open_camera(&wish).await?;
    let settings = track.settings();
    let rate = there(settings.frame_rate, "the frame rate")?;
    same!(
        wish.unmet(&settings).contains(&Property::FrameRate),
        rate > 10.0,
        "named"
    );
    Ok(())
}

async fn ends(pair: Pair) -> Outcome {
    let track = track(&pair.left, Kind::Audio).await?;
    let other = track.clone();
    let (_, ()) = futures_util::future::join(track.ended(), async { other.stop() }).await;
    ensure!(track.is_ended(), "not ended");
    track.ended().await;
    Ok(())
}

async fn stops_twice(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let track = track(&pair.left, Kind::Video).await?;
    let section = left.add_track(&track, &[]).await?;
    track.stop();
    track.stop();
    ensure!(track.is_ended(), "not ended");
    establish(&left, &right).await?;
    section.stop();
    section.stop();
    let result = section.replace_track(Some(&track)).await;
    same!(
        refused(result, "a track in a stopped section")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    Ok(())
}

async fn lists(pair: Pair) -> Outcome {
    let devices = pair.left.devices().await?;
    needs_capture(&pair)?;
    ensure!(!devices.is_empty(), "no devices");
    let permission = pair.left.permission(Kind::Audio).await;
    if pair.left.capabilities().permission_state {
        ensure!(permission != PermissionState::Unknown, "not told");
    }
    let microphone = pair
        .left
        .open_microphone(&AudioConstraints::default())
        .await?;
    let device = there(microphone.device(), "where it comes from")?;
    ensure!(
        devices.iter().any(|known| known.id == device),
        "a device that is not listed"
    );
    Ok(())
}

async fn takes_the_wished_device(pair: Pair) -> Outcome {
    needs_capture(&pair)?;
    let engine = &pair.left;
    let mut devices = engine.devices().await?;
    devices.push(Device {
        id: "missing".into(),
        kind: DeviceKind::Microphone,
        label: String::new(),
    });
    devices.push(Device {
        id: "missing".into(),
        kind: DeviceKind::Camera,
        label: String::new(),
    });
    for wished in devices {
        let audio = AudioConstraints {
            device: wished.id.clone().into(),
            ..AudioConstraints::default()
        };
        let video = VideoConstraints {
            device: wished.id.clone().into(),
            ..VideoConstraints::default()
        };
        // Alone, and together with one of the other kind.
        let tracks = match wished.kind {
            DeviceKind::Microphone => {
                let (track, _camera) = engine.open_both(&audio, &VideoConstraints::default()).await;
                [engine.open_microphone(&audio).await?, track?]
            }
            DeviceKind::Camera => {
                let (_microphone, track) =
                    engine.open_both(&AudioConstraints::default(), &video).await;
                [engine.open_camera(&video).await?, track?]
            }
            DeviceKind::Speaker => continue,
        };
        for track in tracks {
            let settings = track.settings();
            let unmet = match wished.kind {
                DeviceKind::Microphone => audio.unmet(&settings),
                DeviceKind::Camera | DeviceKind::Speaker => video.unmet(&settings),
            };
            let is_missing = wished.id == "missing";
            same!(
                track.device() == Some(wished.id.clone()),
                !is_missing,
                "taken"
            );
            same!(unmet.contains(&Property::Device), is_missing, "named");
        }
    }
    Ok(())
}
