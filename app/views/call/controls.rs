use dioxus::prelude::*;
use parlor_engine::Kind;

use crate::components::button::{Button, Look, button};
use crate::components::device_switch::device_switch;
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::state::call::Calling;
use crate::state::device::Trouble;
use crate::state::navigation::{self, View};
use crate::state::screen;
use crate::t;
use crate::views::lobby::devices;
use crate::views::room::Panels;

/// Shows the toolbar of a call.
pub fn controls(calling: Calling, panels: Panels) -> Element {
    rsx! {
        div { class: "controls",
            {device_trouble(calling)}
            div { class: "controls-bar", role: "toolbar", "aria-label": t!("call-controls"),
                {microphone(calling)}
                {camera(calling)}
                {screen_button(calling)}
                {chat_button(panels)}
                {button(Button {
                    label: t!("devices"),
                    look: Look::Quiet,
                    icon: Some(Icon::Sliders),
                    round: true,
                    opens: Some("call-devices"),
                    onclick: Box::new(|_| {}),
                    ..Button::default()
                })}
                span { class: "controls-gap" }
                {button(Button {
                    label: t!("leave-call"),
                    look: Look::Bad,
                    icon: Some(Icon::PhoneDown),
                    round: true,
                    test: Some("call-leave"),
                    onclick: Box::new(move |_| calling.leave()),
                    ..Button::default()
                })}
            }
            div { id: "call-devices", class: "call-devices", "popover": "auto",
                {devices(calling.media)}
            }
        }
    }
}

fn microphone(calling: Calling) -> Element {
    let is_on = calling.is_microphone_on();
    let track = calling.media.microphone.read().track().cloned();
    rsx! {
        span { class: "button-with-level",
            Level { track: track.filter(|_| is_on) }
            {device_switch(
                Kind::Audio,
                is_on,
                if is_on { t!("microphone-turn-off-key") } else { t!("microphone-turn-on-key") },
                "call-mic",
                Box::new(move |_| calling.toggle_microphone()),
            )}
        }
    }
}

fn camera(calling: Calling) -> Element {
    let is_on = calling.media.camera.read().is_wanted();
    let title = if is_on {
        t!("camera-turn-off-key")
    } else {
        t!("camera-turn-on-key")
    };
    let onclick = Box::new(move |_| calling.toggle_camera());
    device_switch(Kind::Video, is_on, title, "call-camera", onclick)
}

/// Shows the button that shares our screen, where that is possible.
fn screen_button(calling: Calling) -> Element {
    if !screen::is_possible() {
        return rsx! {};
    }
    let is_on = calling.screen.share.read().is_some();
    let title = match is_on {
        true => t!("share-stop-key"),
        false => t!("share-screen-key"),
    };
    button(Button {
        label: t!("share-screen"),
        title: Some(title),
        look: if is_on { Look::Primary } else { Look::Plain },
        icon: Some(Icon::Screen),
        round: true,
        pressed: Some(is_on),
        test: Some("call-screen"),
        onclick: Box::new(move |_| calling.screen.toggle()),
        ..Button::default()
    })
}

/// Shows the button to the chat, which a narrow screen shows instead of the call.
fn chat_button(panels: Panels) -> Element {
    let unread = (panels.unread)();
    let label = if unread > 0 {
        t!("chat-unread", count = unread)
    } else {
        t!("chat")
    };
    rsx! {
        span { class: "chat-button",
            {button(Button {
                label,
                look: Look::Plain,
                icon: Some(Icon::Chat),
                round: true,
                test: Some("call-chat"),
                onclick: Box::new(|_| navigation::open(View::Chat)),
                ..Button::default()
            })}
            if unread > 0 {
                span { class: "unread-dot", "aria-hidden": "true" }
            }
        }
    }
}

/// Shows the failures of our devices, above the switches of those devices.
fn device_trouble(calling: Calling) -> Element {
    let microphone = calling.media.microphone.read().failure();
    let camera = calling.media.camera.read().failure();
    rsx! {
        div { class: "device-troubles", role: "alert",
            for trouble in Trouble::all(microphone, camera) {
                div { key: "{trouble.what}", class: "device-trouble",
                    {glyph(Icon::Warning, 20)}
                    p { "{trouble.what} {trouble.remedy}" }
                    {button(Button {
                        label: t!("close"),
                        look: Look::Quiet,
                        icon: Some(Icon::Close),
                        round: true,
                        test: Some("call-trouble-close"),
                        onclick: Box::new(move |_| calling.media.dismiss_failures()),
                        ..Button::default()
                    })}
                }
            }
        }
    }
}
