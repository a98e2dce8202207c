use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, Window,
};

use super::error::thrown;
use super::listener::Listener;
use super::track::WebTrack;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{AudioConstraints, Device, DeviceKind, VideoConstraints};

fn media_devices(window: &Window) -> Result<MediaDevices> {
    let insecure = || {
        Error::new(
            ErrorKind::Unsupported,
            "browsers give devices only to pages with https",
        )
    };
    // On a page without https the property is missing, which the binding does not expect.
    let navigator = window.navigator();
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).map_err(|_| insecure())?;
    devices.dyn_into().map_err(|_| insecure())
}

pub(super) async fn list(window: &Window) -> Result<Vec<Device>> {
    let failed = |error: JsValue| thrown("devices cannot be listed", &error);
    let promise = media_devices(window)?.enumerate_devices().map_err(failed)?;
    let list: Array = JsFuture::from(promise)
        .await
        .map_err(failed)?
        .unchecked_into();
    Ok(list
        .iter()
        .filter_map(|entry| device(&entry.dyn_into().ok()?))
        .collect())
}

fn device(info: &MediaDeviceInfo) -> Option<Device> {
    let kind = match info.kind() {
        MediaDeviceKind::Audioinput => DeviceKind::Microphone,
        MediaDeviceKind::Videoinput => DeviceKind::Camera,
        MediaDeviceKind::Audiooutput => DeviceKind::Speaker,
        _ => return None,
    };
    Some(Device {
        id: info.device_id(),
        kind,
        label: info.label(),
    })
}

pub(super) async fn changed(window: &Window) {
    match media_devices(window) {
        Ok(devices) => Listener::once(&devices, "devicechange").await,
        Err(_) => std::future::pending().await,
    }
}

pub(super) async fn open_microphone(window: &Window, wish: &AudioConstraints) -> Result<WebTrack> {
    let stream = open(window, Some(wish), None).await?;
    first(&stream.get_audio_tracks())
}

pub(super) async fn open_camera(window: &Window, wish: &VideoConstraints) -> Result<WebTrack> {
    let stream = open(window, None, Some(wish)).await?;
    first(&stream.get_video_tracks())
}

pub(super) async fn open_both(
    window: &Window,
    audio: &AudioConstraints,
    video: &VideoConstraints,
) -> Result<(WebTrack, WebTrack)> {
    let stream = open(window, Some(audio), Some(video)).await?;
    Ok((
        first(&stream.get_audio_tracks())?,
        first(&stream.get_video_tracks())?,
    ))
}

async fn open(
    window: &Window,
    audio: Option<&AudioConstraints>,
    video: Option<&VideoConstraints>,
) -> Result<MediaStream> {
    let failed = |error: JsValue| thrown("a device cannot be opened", &error);
    let constraints = MediaStreamConstraints::new();
    if let Some(wish) = audio {
        constraints.set_audio(&audio_constraints(wish));
    }
    if let Some(wish) = video {
        constraints.set_video(&video_constraints(wish));
    }
    let devices = media_devices(window)?;
    let promise = devices
        .get_user_media_with_constraints(&constraints)
        .map_err(failed)?;
    Ok(JsFuture::from(promise)
        .await
        .map_err(failed)?
        .unchecked_into())
}

fn first(tracks: &Array) -> Result<WebTrack> {
    let missing = |_| Error::new(ErrorKind::DeviceMissing, "the browser gave no track");
    Ok(WebTrack::local(
        tracks
            .get(0)
            .dyn_into::<MediaStreamTrack>()
            .map_err(missing)?,
    ))
}

/// All as `ideal`: what a device cannot do is no reason to have none.
fn audio_constraints(wish: &AudioConstraints) -> Object {
    let constraints = Object::new();
    ideal(
        &constraints,
        "deviceId",
        wish.device.as_deref().map(JsValue::from_str),
    );
    ideal(
        &constraints,
        "echoCancellation",
        Some(wish.echo_cancellation.into()),
    );
    ideal(
        &constraints,
        "noiseSuppression",
        Some(wish.noise_suppression.into()),
    );
    ideal(
        &constraints,
        "autoGainControl",
        Some(wish.auto_gain_control.into()),
    );
    constraints
}

fn video_constraints(wish: &VideoConstraints) -> Object {
    let constraints = Object::new();
    ideal(
        &constraints,
        "deviceId",
        wish.device.as_deref().map(JsValue::from_str),
    );
    ideal(&constraints, "width", Some(wish.width.into()));
    ideal(&constraints, "height", Some(wish.height.into()));
    ideal(&constraints, "frameRate", Some(wish.frame_rate.into()));
    constraints
}

fn ideal(constraints: &Object, name: &str, value: Option<JsValue>) {
    let Some(value) = value else { return };
    let wish = Object::new();
    // Plain objects: setting a property cannot fail.
    let _ = Reflect::set(&wish, &"ideal".into(), &value);
    let _ = Reflect::set(constraints, &name.into(), &wish);
}
