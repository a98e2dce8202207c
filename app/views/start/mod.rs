mod known;

use dioxus::prelude::*;

use crate::app::go;
use crate::components::banner::banner;
use crate::components::button::{Button, Look, button};
use crate::components::field::{Field, field};
use crate::components::icon::{Icon, glyph};
use crate::components::menu::menu;
use crate::platform::{self, Node};
use crate::route::{Invitation, LinkError, MAX_ROOM_NAME, Route};
use crate::state::{engine, rooms};
use crate::t;

/// The first page: a new room, a link, or a room from before.
#[component]
pub fn Start() -> Element {
    let rooms = rooms::known();
    use_effect(|| platform::set_title(&t!("app-name")));
    rsx! {
        div { class: "start",
            header { class: "start-header",
                h1 { class: "mark",
                    {glyph(Icon::Lamp, 20)}
                    {t!("app-name")}
                }
                {menu(rsx! {})}
            }
            if engine::get().is_none() {
                {banner(Icon::Warning, t!("unsupported-line"), true, Some("unsupported-line"), rsx! {})}
            }
            main { class: "start-main",
                if rooms.is_empty() {
                    {welcome()}
                }
                {new_room()}
                {paste_link()}
                if !rooms.is_empty() {
                    {known::known_rooms(rooms)}
                }
            }
        }
    }
}

/// Shows the introduction for a first visit.
fn welcome() -> Element {
    rsx! {
        section { class: "welcome",
            h2 { {t!("welcome-title")} }
            p { {t!("welcome-how")} }
            p { class: "welcome-lock",
                {glyph(Icon::Lock, 20)}
                span { {t!("welcome-private")} }
            }
        }
    }
}

/// Shows the form for a new room, with a suggested name.
fn new_room() -> Element {
    let suggestion = use_signal(|| suggested_name(&t!("room-names")));
    let mut typed = use_signal(|| None::<String>);
    let name = typed().unwrap_or_else(|| suggestion.peek().clone());
    let mut input = use_signal(|| None::<Node>);
    let mut make = move || {
        let is_too_long = |name: &String| MAX_ROOM_NAME.excess(name.trim()) > 0;
        if typed.peek().as_ref().is_some_and(is_too_long) {
            // The field says so.
            if let Some(input) = input.peek().as_ref() {
                input.focus();
            }
            return;
        }
        let name = typed.take().unwrap_or_else(|| suggestion.peek().clone());
        go(Route::Room(Invitation::new(&name)));
    };
    rsx! {
        section { class: "card new-room",
            {field(Field {
                id: "room-name",
                label: t!("room-name"),
                value: name,
                limit: Some(MAX_ROOM_NAME),
                onnode: Some(Box::new(move |node| input.set(Some(node)))),
                oninput: Box::new(move |text| typed.set(Some(text))),
                onenter: Some(Box::new(move |()| make())),
                ..Field::default()
            })}
            {button(Button {
                label: t!("new-room"),
                look: Look::Primary,
                wide: true,
                test: Some("start-new"),
                onclick: Box::new(move |_| make()),
                ..Button::default()
            })}
        }
    }
}

/// Picks one of the names, by the current time.
fn suggested_name(names: &str) -> String {
    let names: Vec<&str> = names.split('|').map(str::trim).collect();
    let count = names.len() as u64;
    let place = usize::try_from(platform::now() / 1_000 % count).unwrap_or_default();
    names[place].to_owned()
}

/// Shows the field for a link that was copied in another app.
fn paste_link() -> Element {
    let mut link = use_signal(String::new);
    let mut trouble = use_signal(|| None);
    let mut input = use_signal(|| None::<Node>);
    let mut join = move || match Invitation::from_link(&link.peek()) {
        Ok(invitation) => go(Route::Room(invitation)),
        Err(error) => {
            trouble.set(Some(error));
            if let Some(input) = input.peek().as_ref() {
                input.select();
            }
        }
    };
    rsx! {
        section { class: "paste-link",
            {field(Field {
                id: "link",
                label: t!("have-a-link"),
                value: link(),
                placeholder: Some(t!("paste-it-here")),
                trouble: trouble().map(|error| match error {
                    LinkError::Empty => t!("link-empty"),
                    LinkError::Damaged => t!("link-damaged"),
                    LinkError::NotALink => t!("link-not"),
                }),
                test: Some("start-link"),
                onnode: Some(Box::new(move |node| input.set(Some(node)))),
                oninput: Box::new(move |text| {
                    link.set(text);
                    trouble.set(None);
                }),
                onenter: Some(Box::new(move |()| join())),
                ..Field::default()
            })}
            {button(Button {
                label: t!("join"),
                test: Some("start-join"),
                onclick: Box::new(move |_| join()),
                ..Button::default()
            })}
        }
    }
}
