use dioxus::prelude::*;
use parlor_engine::{MediaState, Participant, PeerId, TrackSource};

use super::Panels;
use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::state::navigation::{self, View};
use crate::state::people::{self, KnownPerson, Restriction};
use crate::state::session::{Session, link_state, link_words, shown_name};
use crate::t;
use crate::views::person::{Somebody, badge, notes, restriction_words};

/// Shows the list of everybody in the room, beside the chat or over it.
pub fn people(session: Session, panels: Panels) -> Element {
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
                    Person { key: "{peer.to_text()}", session, panels, peer }
                }
                li { class: "person",
                    {face(session.colour_of(person), &name, Size::Middle)}
                    div { class: "person-words",
                        bdi { class: "one-line", title: "{name}", "{shown_name(&name)}" }
                        span { class: "soft small", {t!("you")} }
                    }
                }
            }
            Blocked {}
        }
    }
}

#[component]
fn Person(session: Session, panels: Panels, peer: PeerId) -> Element {
    let participant = session.use_participant(peer);
    let who = participant().map(|one| (one.person, one.name));
    let standing = session.use_standing(who);
    let Some(participant) = participant() else {
        return rsx! {};
    };
    let name = shown_name(&participant.name);
    let person = participant.person;
    let standing = standing();
    let is_muted =
        participant.in_call && participant.state(TrackSource::Microphone) != MediaState::On;
    let who = Somebody {
        person,
        name: participant.name.to_string(),
    };
    rsx! {
        li {
            class: "person",
            "data-test": "people-item",
            "data-peer": "{name}",
            "data-link": link_state(participant.link),
            "data-in-call": "{participant.in_call}",
            "data-blocked": "{standing.restriction.blocked}",
            {face(session.colour_of(person), &participant.name, Size::Middle)}
            div { class: "person-words",
                div { class: "person-name",
                    bdi { class: "one-line", title: "{name}", "{name}" }
                    {badge(&standing)}
                }
                if let Some(words) = words(&participant) {
                    span { class: "person-state soft small", "{words}" }
                }
                if let Some(words) = restriction_words(standing.restriction) {
                    span { class: "soft small", "{words}" }
                }
            }
            if is_muted {
                {glyph(Icon::MicrophoneOff, 20)}
            }
            if person != *session.person.read() {
                {options(panels, &name, who)}
            }
            for (index , note) in notes(&standing, &participant.name).into_iter().enumerate() {
                div { key: "{index}", class: "person-notes", {note.show()} }
            }
        }
    }
}

fn options(panels: Panels, name: &str, who: Somebody) -> Element {
    let mut open = panels.person;
    rsx! {
        {button(Button {
            label: t!("person-options", name = name),
            look: Look::Quiet,
            icon: Some(Icon::More),
            round: true,
            test: Some("person-options"),
            onclick: Box::new(move |_| open.set(Some(who.clone()))),
            ..Button::default()
        })}
    }
}

/// The list of everybody whom this device blocks, in the room or not.
#[component]
fn Blocked() -> Element {
    let blocked = people::blocked();
    if blocked.is_empty() {
        return rsx! {};
    }
    rsx! {
        details { class: "blocked", "data-test": "blocked-people",
            summary { {t!("blocked-people", count = blocked.len())} }
            ul {
                for known in blocked {
                    li { key: "{known.person}", class: "person", {unblock(known)} }
                }
            }
        }
    }
}

fn unblock(known: KnownPerson) -> Element {
    let restriction = Restriction {
        blocked: false,
        ..known.restriction
    };
    rsx! {
        {button(Button {
            label: t!("person-unblock-name", name = shown_name(known.name())),
            look: Look::Quiet,
            wide: true,
            test: Some("unblock"),
            onclick: Box::new(move |_| people::restrict(known.person, known.name(), restriction)),
            ..Button::default()
        })}
    }
}

/// Returns the state of a participant in words: trouble with the connection first, then the call.
fn words(participant: &Participant) -> Option<String> {
    if let Some(trouble) = link_words(participant.link) {
        return Some(trouble);
    }
    match (
        participant.in_call,
        participant.state(TrackSource::Microphone),
    ) {
        (false, _) => None,
        (true, MediaState::On) => Some(t!("in-call")),
        (true, MediaState::Off | MediaState::None) => Some(t!("in-call-muted")),
    }
}
