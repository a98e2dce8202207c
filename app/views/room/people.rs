use dioxus::prelude::*;
use parlor_engine::{MediaState, Participant, PeerId};

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::state::navigation::{self, View};
use crate::state::session::{Session, link_state, link_words, shown_name};
use crate::t;

/// Everybody in the room, beside the chat or over it.
pub fn people(session: Session) -> Element {
    let person = *session.person.read();
    let name = session.name.read().to_string();
    rsx! {
        section { id: "people", class: "people", "aria-labelledby": "people-title",
            header {
                h2 { id: "people-title", {t!("people-here")} }
                span { class: "people-close",
                    {button(Button {
                        label: t!("close"),
                        look: Look::Quiet,
                        icon: Some(Icon::Close),
                        round: true,
                        test: Some("people-close"),
                        onclick: Box::new(|_| navigation::close(View::People)),
                        ..Button::default()
                    })}
                }
            }
            ul {
                for peer in session.peers.cloned() {
                    Person { key: "{peer.to_text()}", session, peer }
                }
                li { class: "person",
                    {face(person, &name, Size::Middle)}
                    div { class: "person-words",
                        bdi { class: "one-line", title: "{name}", "{shown_name(&name)}" }
                        span { class: "soft small", {t!("you")} }
                    }
                }
            }
        }
    }
}

#[component]
fn Person(session: Session, peer: PeerId) -> Element {
    let participant = session.use_participant(peer);
    let Some(participant) = participant() else {
        return rsx! {};
    };
    let name = shown_name(&participant.name);
    let is_muted = participant.in_call && participant.microphone != MediaState::On;
    rsx! {
        li {
            class: "person",
            "data-test": "people-item",
            "data-peer": "{name}",
            "data-link": link_state(participant.link),
            "data-in-call": "{participant.in_call}",
            {face(participant.person, &participant.name, Size::Middle)}
            div { class: "person-words",
                bdi { class: "one-line", title: "{name}", "{name}" }
                if let Some(words) = words(&participant) {
                    span { class: "soft small", "{words}" }
                }
            }
            if is_muted {
                {glyph(Icon::MicrophoneOff, 20)}
            }
        }
    }
}

/// How it is with somebody: trouble first, then what they do.
fn words(participant: &Participant) -> Option<String> {
    if let Some(trouble) = link_words(participant.link) {
        return Some(trouble);
    }
    match (participant.in_call, participant.microphone) {
        (false, _) => None,
        (true, MediaState::On) => Some(t!("in-call")),
        (true, MediaState::Off | MediaState::None) => Some(t!("in-call-muted")),
    }
}
