use dioxus::prelude::*;
use parlor_engine::{DeviceKind, Kind};

use crate::platform;
use crate::state::media::Media;
use crate::state::settings;
use crate::t;

/// Which microphone, camera and loudspeaker: a quiet row of choices.
pub fn devices(media: Media) -> Element {
    let settings = settings::current();
    rsx! {
        div { class: "devices",
            Select {
                label: t!("microphone"),
                media,
                kind: DeviceKind::Microphone,
                chosen: settings.microphone,
                onchoose: move |id| media.choose(Kind::Audio, id),
            }
            Select {
                label: t!("camera"),
                media,
                kind: DeviceKind::Camera,
                chosen: settings.camera,
                onchoose: move |id| media.choose(Kind::Video, id),
            }
            if platform::can_choose_speaker() {
                Select {
                    label: t!("speaker"),
                    media,
                    kind: DeviceKind::Speaker,
                    chosen: settings.speaker,
                    onchoose: |id| settings::change(|settings| settings.speaker = id),
                }
            }
        }
    }
}

#[component]
fn Select(
    label: String,
    media: Media,
    kind: DeviceKind,
    chosen: Option<String>,
    onchoose: EventHandler<Option<String>>,
) -> Element {
    // A device without an id cannot be chosen: the browser tells ids after the first permission.
    let devices: Vec<_> = media
        .devices_of(kind)
        .into_iter()
        .filter(|device| !device.id.is_empty())
        .collect();
    let chosen = chosen.filter(|id| devices.iter().any(|device| device.id == *id));
    let is_empty = devices.is_empty();
    rsx! {
        label { class: "select",
            span { class: "select-label soft", "{label}" }
            select {
                disabled: is_empty,
                onchange: move |event| {
                    let id = event.value();
                    onchoose.call((!id.is_empty()).then_some(id));
                },
                option { value: "", selected: chosen.is_none(), {t!("device-system")} }
                for device in devices {
                    option {
                        key: "{device.id}",
                        value: "{device.id}",
                        selected: chosen.as_ref() == Some(&device.id),
                        if device.label.is_empty() {
                            {t!("device-unnamed")}
                        } else {
                            "{device.label}"
                        }
                    }
                }
            }
        }
    }
}
