use dioxus::prelude::*;
use parlor_engine::{ErrorKind, Kind, Track};

use crate::components::button::{Button, Look, button};
use crate::platform::{self, Node};
use crate::state::device::Trouble;
use crate::state::media;
use crate::state::verification::Code;
use crate::t;
use crate::video::{Fit, Video};

/// The interval between two attempts to read a code, in milliseconds.
const EVERY: u32 = 200;

/// Shows the camera's picture until it contains the code of a Parlor user.
#[component]
pub fn Scan(onread: EventHandler<Code>, onclose: EventHandler<()>) -> Element {
    let camera = use_camera();
    let mut node = use_signal(|| None::<Node>);
    let mut is_other = use_signal(|| false);
    use_future(move || async move {
        loop {
            platform::sleep(EVERY).await;
            let Some(node) = node.peek().clone() else {
                continue;
            };
            let Some(text) = platform::read_code(&node).await else {
                continue;
            };
            match Code::from_link(&text) {
                Some(code) => return onread.call(code),
                None => is_other.set(true),
            }
        }
    });
    let failure = match &*camera.read() {
        Some(Err(error)) => Some(Trouble::of(Kind::Video, (*error).into())),
        _ => None,
    };
    rsx! {
        div { class: "scan", "data-test": "scan",
            onmounted: move |event| node.set(Node::mounted(&event)),
            if let Some(Ok(track)) = camera.read().clone() {
                Video { track, mirrored: false, fit: Fit::Cover }
            }
        }
        p { class: "small", role: "status", "data-test": "scan-said",
            if let Some(Trouble { what, remedy }) = failure {
                "{what} {remedy}"
            } else if is_other() {
                {t!("verify-other-code")}
            }
        }
        {button(Button {
            label: t!("verify-scan-end"),
            look: Look::Quiet,
            wide: true,
            onclick: Box::new(move |_| onclose.call(())),
            ..Button::default()
        })}
    }
}

/// Opens the camera at the back of the device, where there is one, and releases it with the
/// component.
fn use_camera() -> Signal<Option<Result<Track, ErrorKind>>> {
    let mut camera = use_signal(|| None);
    use_future(move || async move {
        let opened = media::open_back_camera().await;
        camera.set(Some(opened));
    });
    use_drop(move || {
        if let Some(Ok(track)) = &*camera.peek() {
            track.stop();
        }
    });
    camera
}
