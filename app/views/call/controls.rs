use dioxus::prelude::*;

use crate::components::button::{Button, Look};
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::state::call::Calling;
use crate::state::device::Trouble;
use crate::t;
use crate::views::lobby::Devices;
use crate::views::room::Panels;

/// What one can do in a call, in one bar.
#[component]
pub fn Controls(calling: Calling, panels: Panels) -> Element {
    rsx! {
        div { class: "controls",
            DeviceTrouble { calling }
            div { class: "controls-bar", role: "toolbar", "aria-label": t!("call-controls"),
                Microphone { calling }
                Camera { calling }
                ChatButton { panels }
                Button {
                    label: t!("devices"),
                    look: Look::Quiet,
                    icon: Icon::Sliders,
                    round: true,
                    opens: "call-devices",
                    onclick: |_| {},
                }
                span { class: "controls-gap" }
                Button {
                    label: t!("leave-call"),
                    look: Look::Bad,
                    icon: Icon::PhoneDown,
                    round: true,
                    test: "call-leave",
                    onclick: move |_| calling.leave(),
                }
            }
            div { id: "call-devices", class: "call-devices", "popover": "auto",
                Devices { media: calling.media }
            }
        }
    }
}

#[component]
fn Microphone(calling: Calling) -> Element {
    let is_on = calling.is_heard();
    let track = calling.media.microphone.read().track().cloned();
    rsx! {
        span { class: "button-with-level",
            Level { track: track.filter(|_| is_on) }
            Button {
                label: t!("microphone"),
                title: if is_on { t!("microphone-turn-off-key") } else { t!("microphone-turn-on-key") },
                look: if is_on { Look::Plain } else { Look::Off },
                icon: if is_on { Icon::Microphone } else { Icon::MicrophoneOff },
                round: true,
                pressed: is_on,
                test: "call-mic",
                onclick: move |_| calling.toggle_microphone(),
            }
        }
    }
}

#[component]
fn Camera(calling: Calling) -> Element {
    let is_on = calling.media.camera.read().is_wanted();
    rsx! {
        Button {
            label: t!("camera"),
            title: if is_on { t!("camera-turn-off-key") } else { t!("camera-turn-on-key") },
            look: if is_on { Look::Plain } else { Look::Off },
            icon: if is_on { Icon::Camera } else { Icon::CameraOff },
            round: true,
            pressed: is_on,
            test: "call-camera",
            onclick: move |_| calling.toggle_camera(),
        }
    }
}

/// The way to the chat where there is no room for both.
#[component]
fn ChatButton(panels: Panels) -> Element {
    let mut chat = panels.chat;
    let unread = (panels.unread)();
    let label = if unread > 0 {
        t!("chat-unread", count = unread)
    } else {
        t!("chat")
    };
    rsx! {
        span { class: "chat-button",
            Button {
                label,
                look: Look::Plain,
                icon: Icon::Chat,
                round: true,
                test: "call-chat",
                onclick: move |_| chat.set(true),
            }
            if unread > 0 {
                span { class: "unread-dot", "aria-hidden": "true" }
            }
        }
    }
}

/// What is wrong with a device of ours, above the switches that it concerns.
#[component]
fn DeviceTrouble(calling: Calling) -> Element {
    let microphone = calling.media.microphone.read().failure();
    let camera = calling.media.camera.read().failure();
    rsx! {
        div { class: "device-troubles", role: "alert",
            for trouble in Trouble::all(microphone, camera) {
                p { key: "{trouble.what}", class: "device-trouble",
                    {glyph(Icon::Warning, 20)}
                    span { "{trouble.what} {trouble.remedy}" }
                }
            }
        }
    }
}
