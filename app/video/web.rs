use dioxus::prelude::*;
use dioxus::web::WebEventExt as _;
use parlor_engine::Track;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlMediaElement, MediaStream};

use super::Fit;

/// `true` while the browser plays no sound before a user gesture.
static BLOCKED: GlobalSignal<bool> = Signal::global(|| false);
/// Counts the user gestures: each one starts everything that waits to play.
static TOUCHES: GlobalSignal<u32> = Signal::global(|| 0);

pub fn blocked() -> bool {
    *BLOCKED.read()
}

pub fn allow() {
    *BLOCKED.write() = false;
    *TOUCHES.write() += 1;
}

/// Plays a video track, without sound.
#[component]
pub fn Video(track: Track, mirrored: bool, fit: Fit) -> Element {
    let mut element = use_element(track);
    rsx! {
        video {
            class: "video {fit.class()}",
            "data-mirrored": "{mirrored}",
            autoplay: true,
            playsinline: true,
            muted: true,
            "disablepictureinpicture": "true",
            "aria-hidden": "true",
            tabindex: "-1",
            onmounted: move |event| element.set(media_element(&event)),
        }
    }
}

/// Plays an audio track.
#[component]
pub fn Sound(track: Track, speaker: Option<String>) -> Element {
    let mut element = use_element(track);
    if let Some(element) = element.read().as_ref() {
        choose_speaker(element, speaker.as_deref().unwrap_or_default());
    }
    rsx! {
        audio {
            autoplay: true,
            "aria-hidden": "true",
            onmounted: move |event| element.set(media_element(&event)),
        }
    }
}

/// Returns the media element of a component once it is mounted, and plays the track in it.
fn use_element(track: Track) -> Signal<Option<HtmlMediaElement>> {
    let element = use_signal(|| None::<HtmlMediaElement>);
    let mut current = use_signal(|| track.clone());
    if *current.peek() != track {
        current.set(track);
    }
    use_effect(move || {
        TOUCHES.read();
        if let Some(element) = element.read().as_ref() {
            play(element.clone(), &current.read());
        }
    });
    use_drop(move || release(element));
    element
}

fn media_element(event: &MountedEvent) -> Option<HtmlMediaElement> {
    let element: HtmlMediaElement = event.data().try_as_web_event()?.dyn_into().ok()?;
    // The attribute of that name counts only in a page's source.
    element.set_muted(element.tag_name() == "VIDEO");
    Some(element)
}

fn play(element: HtmlMediaElement, track: &Track) {
    let track = parlor_engine::web::media_stream_track(track);
    let shows = element.src_object().is_some_and(|stream| {
        let tracks = stream.get_tracks();
        tracks.length() == 1 && js_sys::Object::is(&tracks.get(0), &track)
    });
    if !shows {
        let Ok(stream) = MediaStream::new() else {
            return;
        };
        stream.add_track(&track);
        element.set_src_object(Some(&stream));
    }
    let Ok(started) = element.play() else { return };
    spawn(async move {
        let Err(error) = JsFuture::from(started).await else {
            return;
        };
        let name = js_sys::Reflect::get(&error, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        if name.as_deref() == Some("NotAllowedError") && !element.muted() {
            *BLOCKED.write() = true;
        }
    });
}

/// Plays the sound of an element through a loudspeaker, if the browser has `setSinkId`.
fn choose_speaker(element: &HtmlMediaElement, id: &str) {
    let Ok(set) = js_sys::Reflect::get(element, &"setSinkId".into()) else {
        return;
    };
    let Some(set) = set.dyn_ref::<js_sys::Function>() else {
        return;
    };
    if let Ok(promise) = set.call1(element, &id.into())
        && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
    {
        // A loudspeaker that is gone leaves the sound where it is.
        spawn(async move { drop(JsFuture::from(promise).await) });
    }
}

/// Detaches the track from the element, so that its device can be released.
fn release(element: Signal<Option<HtmlMediaElement>>) {
    if let Some(element) = element.peek().as_ref() {
        element.set_src_object(None);
    }
}
