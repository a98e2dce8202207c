use dioxus::prelude::*;
use parlor_engine::PeerId;

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::Icon;
use crate::platform::{self, Node};
use crate::state::call::Calling;
use crate::state::session::shown_name;
use crate::state::settings;
use crate::t;
use crate::views::person::loud_note;

/// Shows a card for an incoming call, above the room, which stays readable.
pub fn ring_card(calling: Calling, room: String) -> Element {
    rsx! {
        if let Some(from) = calling.caller() {
            {ringing(calling, from, room)}
        }
    }
}

fn ringing(calling: Calling, from: PeerId, room: String) -> Element {
    let participant = calling.session.participant(from);
    let name = participant
        .as_ref()
        .map_or_else(|| t!("somebody"), |person| shown_name(&person.name));
    let is_quiet = settings::current().quiet;
    let warning = participant
        .as_ref()
        .and_then(|one| loud_note(&calling.session.standing(one.person, &one.name), &one.name));
    let described = if warning.is_some() {
        "ring-room ring-warning"
    } else {
        "ring-room"
    };
    rsx! {
        section {
            class: "ring",
            role: "alertdialog",
            tabindex: "-1",
            "aria-labelledby": "ring-title",
            "aria-describedby": described,
            "data-test": "ring-card",
            onmounted: move |event| {
                // Who is writing goes on writing; a screen reader tells of the card by its role.
                if let Some(node) = Node::mounted(&event).filter(|_| !platform::is_typing()) {
                    node.focus();
                }
            },
            div { class: "ring-who",
                if let Some(person) = participant {
                    {face(calling.session.colour_of(person.person), &person.name, Size::Middle)}
                }
                div { class: "ring-words",
                    h2 { id: "ring-title", class: "one-line", title: "{name}", bdi { "{name}" } }
                    p { id: "ring-room", class: "soft small one-line", {t!("calls-in", room = &room)} }
                }
                {button(Button {
                    label: t!("ring-quiet"),
                    look: Look::Quiet,
                    icon: Some(if is_quiet { Icon::SpeakerOff } else { Icon::Speaker }),
                    round: true,
                    pressed: Some(is_quiet),
                    onclick: Box::new(move |_| settings::change(|settings| settings.quiet = !is_quiet)),
                    ..Button::default()
                })}
            }
            if let Some(warning) = warning {
                div { id: "ring-warning", {warning.show()} }
            }
            div { class: "ring-answers",
                {button(Button {
                    label: t!("answer-with-camera"),
                    look: Look::Good,
                    icon: Some(Icon::Camera),
                    test: Some("ring-accept-video"),
                    onclick: Box::new(move |_| calling.accept(true)),
                    ..Button::default()
                })}
                {button(Button {
                    label: t!("answer-with-voice"),
                    look: Look::Plain,
                    icon: Some(Icon::Phone),
                    test: Some("ring-accept-voice"),
                    onclick: Box::new(move |_| calling.accept(false)),
                    ..Button::default()
                })}
                {button(Button {
                    label: t!("decline"),
                    look: Look::Bad,
                    icon: Some(Icon::PhoneDown),
                    test: Some("ring-decline"),
                    onclick: Box::new(move |_| calling.decline()),
                    ..Button::default()
                })}
            }
        }
    }
}
