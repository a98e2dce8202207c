use dioxus::prelude::*;
use parlor_engine::Kind;

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::t;

/// Shows the switch of the microphone or the camera. `title` is its tooltip.
pub fn device_switch(
    kind: Kind,
    is_on: bool,
    title: String,
    test: &'static str,
    onclick: Box<dyn FnMut(MouseEvent)>,
) -> Element {
    let (label, icon) = match (kind, is_on) {
        (Kind::Audio, true) => (t!("microphone"), Icon::Microphone),
        (Kind::Audio, false) => (t!("microphone"), Icon::MicrophoneOff),
        (Kind::Video, true) => (t!("camera"), Icon::Camera),
        (Kind::Video, false) => (t!("camera"), Icon::CameraOff),
    };
    button(Button {
        label,
        title: Some(title),
        look: if is_on { Look::Plain } else { Look::Off },
        icon: Some(icon),
        round: true,
        pressed: Some(is_on),
        test: Some(test),
        onclick,
        ..Button::default()
    })
}
