//! Which device meets constraints, and what it gives then: the choice of a real one, by the rules of
//! [W3C `SelectSettings`](https://www.w3.org/TR/mediacapture-streams/#dfn-selectsettings) as far as
//! one device per kind needs them.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Constraint, Device, DeviceKind, FacingMode, ResizeMode, ScreenConstraints,
    TrackSettings, VideoConstraints,
};

/// From the air to the application.
const LATENCY: Duration = Duration::from_millis(10);
const SCREEN: (u32, u32) = (1_920, 1_080);
/// How far a size may be off an aspect ratio, as pixels are whole.
const ROUNDING: f64 = 0.01;

fn missing() -> Error {
    Error::new(ErrorKind::DeviceMissing, "no device meets the constraints")
}

/// The nearest value to the wish that is possible.
fn choose<T: Copy + PartialOrd>(
    wish: &Constraint<T>,
    possible: RangeInclusive<T>,
    usual: T,
) -> Result<T> {
    let (mut least, mut most) = possible.into_inner();
    for bound in [wish.min, wish.exact].into_iter().flatten() {
        least = if bound > least { bound } else { least };
    }
    for bound in [wish.max, wish.exact].into_iter().flatten() {
        most = if bound < most { bound } else { most };
    }
    // Also where one of them is no number.
    if !matches!(least.partial_cmp(&most), Some(order) if order.is_le()) {
        return Err(missing());
    }
    let wished = wish.ideal.unwrap_or(usual);
    Ok(if wished < least {
        least
    } else if wished > most {
        most
    } else {
        wished
    })
}

/// A value that the device cannot change.
fn given<T: PartialOrd>(wish: &Constraint<T>, value: T) -> Result<T> {
    let is_met = wish.exact.as_ref().is_none_or(|exact| *exact == value)
        && wish.min.as_ref().is_none_or(|min| *min <= value)
        && wish.max.as_ref().is_none_or(|max| value <= *max);
    is_met.then_some(value).ok_or_else(missing)
}

/// The wished device, or the first one that may be.
fn device(
    plugged: &[Device],
    kind: DeviceKind,
    wish: &Constraint<String>,
    is_possible: impl Fn(&Device) -> bool,
) -> Result<Device> {
    let mut possible = plugged.iter().filter(|device| {
        let is_exact = wish.exact.as_ref().is_none_or(|exact| *exact == device.id);
        device.kind == kind && is_exact && is_possible(device)
    });
    let ideal = possible
        .clone()
        .find(|device| wish.ideal.as_ref() == Some(&device.id));
    ideal
        .or_else(|| possible.next())
        .cloned()
        .ok_or_else(missing)
}

fn switch(wish: &Constraint<bool>) -> Option<bool> {
    wish.exact.or(wish.ideal).or(Some(false))
}

pub(super) fn microphone(
    plugged: &[Device],
    wish: &AudioConstraints,
) -> Result<(Device, TrackSettings)> {
    let device = device(plugged, DeviceKind::Microphone, &wish.device, |_| true)?;
    let settings = TrackSettings {
        device: Some(device.id.clone()),
        echo_cancellation: switch(&wish.echo_cancellation),
        noise_suppression: switch(&wish.noise_suppression),
        auto_gain_control: switch(&wish.auto_gain_control),
        channel_count: Some(choose(&wish.channel_count, 1..=2, 1)?),
        sample_rate: Some(choose(&wish.sample_rate, 8_000..=48_000, 48_000)?),
        sample_size: Some(given(&wish.sample_size, 16)?),
        latency: Some(given(&wish.latency, LATENCY)?),
        ..TrackSettings::default()
    };
    Ok((device, settings))
}

/// The one that every host begins with looks at the person, any other away from them.
fn facing(device: &Device) -> FacingMode {
    match device.id.as_str() {
        "cam" => FacingMode::User,
        _ => FacingMode::Environment,
    }
}

pub(super) fn camera(
    plugged: &[Device],
    wish: &VideoConstraints,
) -> Result<(Device, TrackSettings)> {
    let faces = |device: &Device| given(&wish.facing_mode, facing(device)).is_ok();
    let wished = |device: &Device| wish.facing_mode.ideal == Some(facing(device)) && faces(device);
    let device = device(plugged, DeviceKind::Camera, &wish.device, wished)
        .or_else(|_| device(plugged, DeviceKind::Camera, &wish.device, faces))?;
    let (width, height) = size(wish)?;
    let settings = TrackSettings {
        device: Some(device.id.clone()),
        width: Some(width),
        height: Some(height),
        frame_rate: Some(choose(&wish.frame_rate, 1.0..=60.0, 30.0)?),
        aspect_ratio: Some(f64::from(width) / f64::from(height)),
        facing_mode: Some(facing(&device)),
        resize_mode: Some(resize(&wish.resize_mode)?),
        ..TrackSettings::default()
    };
    Ok((device, settings))
}

fn resize(wish: &Constraint<ResizeMode>) -> Result<ResizeMode> {
    choose(
        wish,
        ResizeMode::None..=ResizeMode::CropAndScale,
        ResizeMode::None,
    )
}

/// A wished aspect ratio changes the height.
fn size(wish: &VideoConstraints) -> Result<(u32, u32)> {
    let width = choose(&wish.width, 160..=1_920, 640)?;
    let aspect = &wish.aspect_ratio;
    let mut height = wish.height.clone();
    if let Some(wished) = aspect.exact.or(aspect.ideal) {
        height.ideal = Some((f64::from(width) / wished).round() as u32);
    }
    let height = choose(&height, 120..=1_080, 480)?;
    let given = f64::from(width) / f64::from(height);
    let is_met = aspect
        .exact
        .is_none_or(|exact| (exact - given).abs() <= ROUNDING)
        && aspect.min.is_none_or(|min| min <= given + ROUNDING)
        && aspect.max.is_none_or(|max| given <= max + ROUNDING);
    is_met.then_some((width, height)).ok_or_else(missing)
}

pub(super) fn screen(wish: &ScreenConstraints) -> Result<(TrackSettings, Option<TrackSettings>)> {
    let picture = TrackSettings {
        width: Some(SCREEN.0),
        height: Some(SCREEN.1),
        frame_rate: Some(choose(&wish.frame_rate, 1.0..=60.0, 30.0)?),
        aspect_ratio: Some(f64::from(SCREEN.0) / f64::from(SCREEN.1)),
        ..TrackSettings::default()
    };
    Ok((picture, wish.audio.then(TrackSettings::default)))
}
