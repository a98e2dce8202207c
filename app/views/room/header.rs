use std::time::Duration;

use dioxus::prelude::*;
use parlor_engine::{Call, MAX_NAME, single_line};

use super::Panels;
use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::field::{Field, field};
use crate::components::icon::{Icon, glyph};
use crate::components::menu::menu;
use crate::platform;
use crate::state::call::Calling;
use crate::state::navigation::{self, View};
use crate::state::session::Session;
use crate::state::{engine, settings, when};
use crate::t;

/// The largest number of faces shown; further people are only counted.
const FACES: usize = 3;
/// The window's width in pixels from which the list of people is beside the chat, unless there is a
/// call; as in `style.css`.
const BESIDE_CHAT: u32 = 1_000;

/// The room's name, the people in the room, the buttons to call and to invite, and the menu.
#[component]
pub fn Header(name: String, calling: Calling, panels: Panels) -> Element {
    let session = calling.session;
    rsx! {
        header { class: "room-header",
            {button(Button {
                label: t!("leave-room"),
                look: Look::Quiet,
                icon: Some(Icon::Back),
                round: true,
                test: Some("room-leave"),
                onclick: Box::new(move |_| calling.step_back()),
                ..Button::default()
            })}
            div { class: "room-who",
                h1 { class: "room-title one-line", title: "{name}", "data-test": "room-title",
                    bdi { "{name}" }
                }
                {here(session, panels)}
            }
            {call_button(calling)}
            {button(Button {
                label: t!("invite"),
                look: Look::Quiet,
                icon: Some(Icon::Invite),
                shrinks: true,
                test: Some("room-invite"),
                onclick: Box::new(|_| navigation::open(View::Invite)),
                ..Button::default()
            })}
            {menu(rsx! { {own_name(session)} })}
        }
    }
}

/// Shows a few faces and the number of people, as a button that opens the list.
fn here(session: Session, panels: Panels) -> Element {
    let open = panels.people;
    let people = session.people.read();
    let count = people.len() + 1;
    let label = t!("people-count", count = count);
    rsx! {
        button {
            r#type: "button",
            class: "button quiet here",
            title: "{label}",
            "aria-label": "{label}",
            "aria-expanded": "{open}",
            "aria-controls": "people",
            "data-test": "room-people",
            onclick: move |_| toggle_people(session, panels),
            {glyph(Icon::People, 20)}
            span { class: "faces", "aria-hidden": "true",
                for one in people.iter().take(FACES) {
                    {face(session.colour_of(one.person), &one.name, Size::Small)}
                }
            }
            span { class: "here-count figures", "aria-hidden": "true", "{count}" }
            span { class: "here-words", "aria-hidden": "true", "{label}" }
        }
    }
}

fn toggle_people(session: Session, panels: Panels) {
    if *panels.people.peek() {
        navigation::close(View::People);
    } else if *session.in_call.peek() || platform::is_narrower_than(BESIDE_CHAT) {
        navigation::open(View::People);
    }
}

/// Shows the button that starts or joins a call, or the duration of the call that we are in.
fn call_button(calling: Calling) -> Element {
    let call = calling.session.call.read().clone();
    match call {
        Call::None | Call::Incoming { .. } | Call::Ongoing => rsx! {
            {button(Button {
                label: if call == Call::Ongoing { t!("join-call") } else { t!("call") },
                look: Look::Plain,
                icon: Some(Icon::Phone),
                shrinks: true,
                test: Some("room-call"),
                onclick: Box::new(move |_| match *calling.session.call.peek() {
                    Call::Ongoing | Call::Incoming { .. } => calling.join(),
                    _ => calling.start(),
                }),
                ..Button::default()
            })}
        },
        Call::Outgoing { .. } => rsx! {},
        Call::Active { since } => rsx! { Lasts { since } },
    }
}

#[component]
fn Lasts(since: Duration) -> Element {
    let seconds =
        move || engine::get().map_or(0, |engine| engine.now().saturating_sub(since).as_secs());
    let mut shown = use_signal(seconds);
    use_future(move || async move {
        loop {
            platform::sleep(1_000).await;
            shown.set(seconds());
        }
    });
    rsx! {
        p { class: "lasts figures", role: "timer", "aria-label": t!("call-lasts"),
            {when::duration(shown())}
        }
    }
}

/// Shows the field for our own name, in the menu.
fn own_name(session: Session) -> Element {
    let mut name = use_signal(|| settings::peek().name);
    rsx! {
        {field(Field {
            id: "own-name",
            label: t!("your-name"),
            value: name(),
            limit: Some(MAX_NAME),
            oninput: Box::new(move |text| name.set(text)),
            onchange: Some(Box::new(move |text: String| {
                if MAX_NAME.excess(text.trim()) > 0 {
                    // The field says so.
                    return;
                }
                let text = single_line(&text, MAX_NAME);
                if text.is_empty() {
                    name.set(settings::peek().name);
                } else if session.rename(&text) {
                    settings::change(|settings| settings.name = text);
                }
            })),
            ..Field::default()
        })}
    }
}
