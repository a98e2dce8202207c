use dioxus::prelude::*;
use parlor_engine::{DeviceKind, Kind};

use crate::platform;
use crate::state::media::Media;
use crate::state::settings;
use crate::t;

/// Shows the menus of the microphones, cameras and loudspeakers.
pub fn devices(media: Media) -> Element {
    rsx! {
        div { class: "devices",
            {select(media, DeviceKind::Microphone)}
            {select(media, DeviceKind::Camera)}
            if platform::can_choose_speaker() {
                {select(media, DeviceKind::Speaker)}
            }
        }
    }
}

fn select(media: Media, kind: DeviceKind) -> Element {
    let settings = settings::current();
    // What is used instead of a chosen device is what the menu shows.
    let (test, label, chosen) = match kind {
        DeviceKind::Microphone => {
            let substitute = media.microphone.read().substitute();
            let chosen = substitute.or(settings.microphone);
            ("device-microphone", t!("microphone"), chosen)
        }
        DeviceKind::Camera => {
            let substitute = media.camera.read().substitute();
            let chosen = substitute.or(settings.camera);
            ("device-camera", t!("camera"), chosen)
        }
        DeviceKind::Speaker => ("device-speaker", t!("speaker"), settings.speaker),
    };
    // A device without an id cannot be chosen: the browser tells ids after the first permission.
    let mut devices = media.devices_of(kind);
    devices.retain(|device| !device.id.is_empty());
    let chosen = chosen.filter(|id| devices.iter().any(|device| device.id == *id));
    let is_empty = devices.is_empty();
    rsx! {
        label { class: "select",
            span { class: "select-label soft", "{label}" }
            select {
                disabled: is_empty,
                "data-test": test,
                onchange: move |event| {
                    let id = event.value();
                    choose(media, kind, (!id.is_empty()).then_some(id));
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

fn choose(media: Media, kind: DeviceKind, id: Option<String>) {
    match kind {
        DeviceKind::Microphone => media.choose(Kind::Audio, id),
        DeviceKind::Camera => media.choose(Kind::Video, id),
        DeviceKind::Speaker => settings::change(|settings| settings.speaker = id),
    }
}
