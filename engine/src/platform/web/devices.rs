use js_sys::{Array, Object, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamTrack, Permissions,
    Window,
};

use super::error::thrown;
use super::listener::Listener;
use super::track::WebTrack;
use super::{constraints, js};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Constraint, Device, DeviceKind, Kind, PermissionState, ScreenConstraints,
    VideoConstraints,
};

/// On a page without https the property is missing, which the binding does not expect.
pub(super) fn media_devices(window: &Window) -> Result<MediaDevices> {
    let devices = js::get(&window.navigator(), "mediaDevices");
    devices.dyn_into().map_err(|_| {
        Error::new(
            ErrorKind::Unsupported,
            "browsers give devices only to pages with https",
        )
    })
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
        Ok(devices) => Listener::once(&devices, &["devicechange"]).await,
        Err(_) => std::future::pending().await,
    }
}

pub(super) async fn open_microphone(window: &Window, wish: &AudioConstraints) -> Result<WebTrack> {
    let stream = match open(window, Some(&insistent_audio(wish)), None).await {
        Err(error) if is_missing(&error) && insists(&wish.device) => {
            open(window, Some(wish), None).await
        }
        stream => stream,
    };
    first(&stream?.get_audio_tracks())
}

pub(super) async fn open_camera(window: &Window, wish: &VideoConstraints) -> Result<WebTrack> {
    let stream = match open(window, None, Some(&insistent_video(wish))).await {
        Err(error) if is_missing(&error) && insists(&wish.device) => {
            open(window, None, Some(wish)).await
        }
        stream => stream,
    };
    first(&stream?.get_video_tracks())
}

pub(super) async fn open_both(
    window: &Window,
    audio: &AudioConstraints,
    video: &VideoConstraints,
) -> Result<(WebTrack, WebTrack)> {
    let (exact_audio, exact_video) = (insistent_audio(audio), insistent_video(video));
    let stream = match open(window, Some(&exact_audio), Some(&exact_video)).await {
        Err(error) if is_missing(&error) && (insists(&audio.device) || insists(&video.device)) => {
            // The error does not say which of them is missing.
            let listed = list(window).await?;
            let is_listed = |wish: &Constraint<String>| {
                listed.iter().any(|it| wish.ideal.as_ref() == Some(&it.id))
            };
            let has_audio = is_listed(&audio.device);
            let has_video = is_listed(&video.device);
            let audio = if has_audio { &exact_audio } else { audio };
            let video = if has_video { &exact_video } else { video };
            open(window, Some(audio), Some(video)).await
        }
        stream => stream,
    }?;
    Ok((
        first(&stream.get_audio_tracks())?,
        first(&stream.get_video_tracks())?,
    ))
}

/// Chromium ignores a device that is `ideal`. So a wished device is asked for as the only one that
/// will do, and any other after that failed; a browser asks the person after it found a device.
fn insistent(wish: &Constraint<String>) -> Constraint<String> {
    Constraint {
        exact: wish.exact.clone().or_else(|| wish.ideal.clone()),
        ..wish.clone()
    }
}

fn insistent_audio(wish: &AudioConstraints) -> AudioConstraints {
    AudioConstraints {
        device: insistent(&wish.device),
        ..wish.clone()
    }
}

fn insistent_video(wish: &VideoConstraints) -> VideoConstraints {
    VideoConstraints {
        device: insistent(&wish.device),
        ..wish.clone()
    }
}

/// Whether [`insistent`] asks for more than the wish.
fn insists(wish: &Constraint<String>) -> bool {
    wish.exact.is_none() && wish.ideal.is_some()
}

fn is_missing(error: &Error) -> bool {
    error.kind() == ErrorKind::DeviceMissing
}

async fn open(
    window: &Window,
    audio: Option<&AudioConstraints>,
    video: Option<&VideoConstraints>,
) -> Result<MediaStream> {
    let wish = Object::new();
    js::set_some(&wish, "audio", audio.map(constraints::audio));
    js::set_some(&wish, "video", video.map(constraints::video));
    let devices = media_devices(window)?;
    let stream = devices.get_user_media_with_constraints(wish.unchecked_ref());
    opened("a device cannot be opened", stream).await
}

/// Must be called from what the person did: browsers ask nobody who did nothing.
pub(super) async fn open_screen(
    window: &Window,
    wish: &ScreenConstraints,
) -> Result<(WebTrack, Option<WebTrack>)> {
    let devices = media_devices(window)?;
    if !can_show_screen(&devices) {
        let text = "this browser cannot share a screen";
        return Err(Error::new(ErrorKind::Unsupported, text));
    }
    let wish = constraints::screen(wish);
    let stream = devices.get_display_media_with_constraints(wish.unchecked_ref());
    let stream = opened("the screen cannot be shared", stream).await?;
    let sound = stream.get_audio_tracks();
    let sound = (sound.length() > 0).then(|| first(&sound)).transpose()?;
    let picture = first(&stream.get_video_tracks())?;
    picture.set_detailed();
    Ok((picture, sound))
}

pub(super) fn can_show_screen(devices: &MediaDevices) -> bool {
    js::has(devices, "getDisplayMedia")
}

async fn opened(
    what: &'static str,
    stream: std::result::Result<Promise, JsValue>,
) -> Result<MediaStream> {
    let failed = |error: JsValue| thrown(what, &error);
    let stream = JsFuture::from(stream.map_err(failed)?).await;
    Ok(stream.map_err(failed)?.unchecked_into())
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

pub(super) async fn permission(window: &Window, kind: Kind) -> PermissionState {
    // Not every browser tells, and not every one that tells does so about devices.
    let state = permission_word(window, kind).await;
    match state.as_deref() {
        Some("granted") => PermissionState::Granted,
        Some("denied") => PermissionState::Denied,
        Some("prompt") => PermissionState::Prompt,
        _ => PermissionState::Unknown,
    }
}

async fn permission_word(window: &Window, kind: Kind) -> Option<String> {
    let permissions = js::get(&window.navigator(), "permissions");
    let permissions: Permissions = permissions.dyn_into().ok()?;
    let descriptor = Object::new();
    let name = match kind {
        Kind::Audio => "microphone",
        Kind::Video => "camera",
    };
    js::set(&descriptor, "name", name);
    let status = permissions.query(&descriptor).ok()?;
    let status = JsFuture::from(status).await.ok()?;
    js::text(&status, "state")
}
