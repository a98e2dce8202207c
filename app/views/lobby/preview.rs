use dioxus::prelude::*;
use parlor_engine::Kind;

use crate::components::device_switch::device_switch;
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::state::device::Trouble;
use crate::state::media::{Media, Source};
use crate::state::settings;
use crate::t;
use crate::video::{Fit, Video};

/// Shows our own picture, or the reason for which there is none, with the switches for the
/// microphone and the camera.
pub fn preview(media: Media) -> Element {
    let camera = media.camera.read().clone();
    let microphone = media.microphone.read().clone();
    let troubles = Trouble::all(microphone.failure(), camera.failure());
    rsx! {
        div { class: "preview", "data-test": "lobby-preview",
            if let Some(track) = camera.picture() {
                Video { track: track.clone(), mirrored: true, fit: Fit::Cover }
            }
            if !troubles.is_empty() {
                div {
                    class: if camera.picture().is_some() { "preview-trouble over" } else { "preview-trouble" },
                    role: "alert",
                    "data-test": "lobby-trouble",
                    {glyph(Icon::Warning, 24)}
                    for trouble in troubles {
                        div { key: "{trouble.what}",
                            p { class: "preview-what", "{trouble.what}" }
                            p { "{trouble.remedy}" }
                        }
                    }
                    p { {t!("trouble-enter-anyway")} }
                }
            } else if matches!(camera, Source::Asking(_)) {
                p { class: "preview-words", {t!("preview-asking")} }
            } else if camera == Source::Off {
                p { class: "preview-words", {t!("preview-off")} }
            }
            {switches(media)}
        }
    }
}

fn switches(media: Media) -> Element {
    let microphone = media.microphone.read().clone();
    let camera = media.camera.read().clone();
    let (hears, sees) = (microphone.is_wanted(), camera.is_wanted());
    rsx! {
        div { class: "preview-switches",
            span { class: "button-with-level",
                Level { track: microphone.track().cloned(), test: "lobby-level" }
                {device_switch(
                    Kind::Audio,
                    hears,
                    if hears { t!("microphone-turn-off") } else { t!("microphone-turn-on") },
                    "lobby-mic",
                    Box::new(move |_| toggle(media, Kind::Audio)),
                )}
            }
            {device_switch(
                Kind::Video,
                sees,
                if sees { t!("camera-turn-off") } else { t!("camera-turn-on") },
                "lobby-camera",
                Box::new(move |_| toggle(media, Kind::Video)),
            )}
        }
    }
}

fn toggle(media: Media, kind: Kind) {
    let source = match kind {
        Kind::Audio => media.microphone,
        Kind::Video => media.camera,
    };
    let turn_on = !source.peek().is_wanted();
    settings::change(|settings| match kind {
        Kind::Audio => settings.microphone_on = turn_on,
        Kind::Video => settings.camera_on = turn_on,
    });
    if turn_on {
        media.open(kind);
    } else {
        media.close(kind);
    }
}
