//! One microphone and one camera, which can do what ordinary ones can.

use std::ops::RangeInclusive;

use super::track::FakeTrack;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Constraint, Kind, ScreenConstraints, TrackSettings, VideoConstraints,
};

pub(super) const MICROPHONE: &str = "mic";
pub(super) const CAMERA: &str = "cam";

fn missing() -> Error {
    Error::new(ErrorKind::DeviceMissing, "no device meets the constraints")
}

/// The nearest value to the wish that is possible.
fn choose<T: Copy + PartialOrd>(
    wish: &Constraint<T>,
    possible: RangeInclusive<T>,
    usual: T,
) -> Result<T> {
    let (least, most) = possible.into_inner();
    let within = |value: T, least: T, most: T| {
        if value < least {
            least
        } else if value > most {
            most
        } else {
            value
        }
    };
    if let Some(exact) = wish.exact {
        return (least <= exact && exact <= most)
            .then_some(exact)
            .ok_or_else(missing);
    }
    let lower = wish
        .min
        .map_or(least, |min| if min > least { min } else { least });
    let upper = wish
        .max
        .map_or(most, |max| if max < most { max } else { most });
    if lower > upper {
        return Err(missing());
    }
    Ok(within(wish.ideal.unwrap_or(usual), lower, upper))
}

fn device(wish: &Constraint<String>, only: &str) -> Result<Option<String>> {
    match &wish.exact {
        Some(exact) if exact != only => Err(missing()),
        _ => Ok(Some(only.to_owned())),
    }
}

fn flag(wish: &Constraint<bool>) -> Option<bool> {
    wish.exact.or(wish.ideal).or(Some(false))
}

pub(super) fn microphone(wish: &AudioConstraints) -> Result<FakeTrack> {
    let settings = TrackSettings {
        device: device(&wish.device, MICROPHONE)?,
        echo_cancellation: flag(&wish.echo_cancellation),
        noise_suppression: flag(&wish.noise_suppression),
        auto_gain_control: flag(&wish.auto_gain_control),
        channel_count: Some(choose(&wish.channel_count, 1..=2, 1)?),
        sample_rate: Some(choose(&wish.sample_rate, 8_000..=48_000, 48_000)?),
        sample_size: Some(choose(&wish.sample_size, 16..=16, 16)?),
        ..TrackSettings::default()
    };
    Ok(FakeTrack::device(Kind::Audio, settings))
}

pub(super) fn camera(wish: &VideoConstraints) -> Result<FakeTrack> {
    let width = choose(&wish.width, 160..=1_920, 640)?;
    let height = choose(&wish.height, 120..=1_080, 480)?;
    let settings = TrackSettings {
        device: device(&wish.device, CAMERA)?,
        width: Some(width),
        height: Some(height),
        frame_rate: Some(choose(&wish.frame_rate, 1.0..=60.0, 30.0)?),
        aspect_ratio: Some(f64::from(width) / f64::from(height)),
        ..TrackSettings::default()
    };
    Ok(FakeTrack::device(Kind::Video, settings))
}

pub(super) fn screen(wish: &ScreenConstraints) -> (FakeTrack, Option<FakeTrack>) {
    let picture = TrackSettings {
        width: Some(1_920),
        height: Some(1_080),
        frame_rate: wish.frame_rate.ideal,
        ..TrackSettings::default()
    };
    let sound = || FakeTrack::device(Kind::Audio, TrackSettings::default());
    (
        FakeTrack::device(Kind::Video, picture),
        wish.audio.then(sound),
    )
}
