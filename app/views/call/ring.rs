use dioxus::prelude::*;
use parlor_engine::{Call, PeerId};

use crate::components::button::{Button, Look};
use crate::components::face::{Size, face};
use crate::components::icon::Icon;
use crate::platform::{self, Node};
use crate::state::call::Calling;
use crate::state::session::shown_name;
use crate::state::settings;
use crate::t;

/// Somebody calls: a card above the room, which stays readable.
#[component]
pub fn RingCard(calling: Calling, room: String) -> Element {
    let session = calling.session;
    rsx! {
        if let Call::Incoming { from } = *session.call.read() {
            Ringing { key: "{from}", calling, from, room }
        }
    }
}

#[component]
fn Ringing(calling: Calling, from: PeerId, room: String) -> Element {
    let participant = calling.session.use_participant(from);
    let name = participant().map_or_else(|| t!("somebody"), |person| shown_name(&person.name));
    let is_quiet = settings::current().quiet;
    rsx! {
        section {
            class: "ring",
            role: "alertdialog",
            tabindex: "-1",
            "aria-labelledby": "ring-title",
            "aria-describedby": "ring-room",
            "data-test": "ring-card",
            onmounted: move |event| {
                // Who is writing goes on writing; a screen reader tells of the card by its role.
                if let Some(node) = Node::mounted(&event).filter(|_| !platform::is_typing()) {
                    node.focus();
                }
            },
            div { class: "ring-who",
                if let Some(person) = participant() {
                    {face(person.person, &person.name, Size::Middle)}
                }
                div { class: "ring-words",
                    h2 { id: "ring-title", class: "one-line", title: "{name}", bdi { "{name}" } }
                    p { id: "ring-room", class: "soft small one-line", {t!("calls-in", room = &room)} }
                }
                Button {
                    label: t!("ring-quiet"),
                    look: Look::Quiet,
                    icon: if is_quiet { Icon::SpeakerOff } else { Icon::Speaker },
                    round: true,
                    pressed: is_quiet,
                    onclick: move |_| settings::change(|settings| settings.quiet = !is_quiet),
                }
            }
            div { class: "ring-answers",
                Button {
                    label: t!("answer-with-camera"),
                    look: Look::Good,
                    icon: Icon::Camera,
                    test: "ring-accept-video",
                    onclick: move |_| calling.accept(true),
                }
                Button {
                    label: t!("answer-with-voice"),
                    look: Look::Plain,
                    icon: Icon::Phone,
                    test: "ring-accept-voice",
                    onclick: move |_| calling.accept(false),
                }
                Button {
                    label: t!("decline"),
                    look: Look::Bad,
                    icon: Icon::PhoneDown,
                    test: "ring-decline",
                    onclick: move |_| calling.decline(),
                }
            }
        }
    }
}
