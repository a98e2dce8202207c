use dioxus::prelude::*;

use crate::app::go;
use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::Icon;
use crate::route::{Invitation, Route};
use crate::state::colours::Colours;
use crate::state::engine::use_presence;
use crate::state::rooms::{self, KnownRoom};
use crate::state::session::shown_name;
use crate::state::toasts::{self, Undo};
use crate::state::when;
use crate::t;

/// The largest number of faces shown; further people are only counted.
const FACES: usize = 4;

/// Shows the rooms of earlier visits, with the people in each of them now.
pub fn known_rooms(rooms: Vec<KnownRoom>) -> Element {
    rsx! {
        section { class: "known", "aria-labelledby": "known-title",
            h2 { id: "known-title", {t!("your-rooms")} }
            ul { "data-test": "room-list",
                for room in rooms {
                    if let Some(invitation) = room.invitation() {
                        Known { key: "{invitation.key}", room, invitation }
                    }
                }
            }
        }
    }
}

#[component]
fn Known(room: KnownRoom, invitation: Invitation) -> Element {
    let presence = use_presence(&invitation.key);
    let people = presence().unwrap_or_default();
    let colours = Colours::distinct(people.iter().map(|one| one.person));
    let name = if invitation.name.is_empty() {
        t!("unnamed-room")
    } else {
        invitation.name.clone()
    };
    let names: Vec<String> = people
        .iter()
        .map(|person| shown_name(&person.name))
        .collect();
    let line = room
        .line
        .clone()
        .map(|(author, text)| format!("{}: {text}", shown_name(&author)));
    let forget_label = t!("forget-room", name = &name);
    let shown = name.clone();
    let more = people.len().saturating_sub(FACES);
    rsx! {
        li { class: "known-room",
            a {
                class: "known-link",
                href: "/#{invitation.fragment()}",
                onclick: move |event| {
                    event.prevent_default();
                    go(Route::Room(invitation.clone()));
                },
                span { class: "known-words",
                    bdi { class: "known-name one-line", title: "{shown}", "{shown}" }
                    if people.is_empty() {
                        span { class: "known-line one-line", dir: "auto",
                            {line.unwrap_or_else(|| t!("nobody-there"))}
                        }
                    } else {
                        span { class: "known-line known-present one-line",
                            {t!("there-now", names = names.join(", "))}
                        }
                    }
                }
                if people.is_empty() {
                    span { class: "known-time figures", {when::relative(room.visited)} }
                } else {
                    span { class: "faces",
                        for person in people.iter().take(FACES) {
                            {face(colours.of(person.person), &person.name, Size::Small)}
                        }
                        if more > 0 {
                            span { class: "faces-more figures", "+{more}" }
                        }
                    }
                }
            }
            {button(Button {
                label: forget_label,
                look: Look::Quiet,
                icon: Some(Icon::Close),
                round: true,
                onclick: Box::new(move |_| forget(&room, &name)),
                ..Button::default()
            })}
        }
    }
}

fn forget(room: &KnownRoom, name: &str) {
    if let Some(place) = rooms::remove(room) {
        let undo = Undo::ForgetRoom(room.clone(), place);
        toasts::show_with_undo(t!("room-forgotten", name = name), undo);
    }
}
