mod known;

use dioxus::prelude::*;

use crate::app::go;
use crate::components::button::{Button, Look};
use crate::components::field::Field;
use crate::components::icon::{Icon, glyph};
use crate::components::menu::Menu;
use crate::platform::{self, Node};
use crate::route::{Invitation, LinkError, MAX_ROOM_NAME_CHARS, Route};
use crate::state::rooms;
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
                Menu {}
            }
            main { class: "start-main",
                if rooms.is_empty() {
                    Welcome {}
                }
                NewRoom {}
                PasteLink {}
                if !rooms.is_empty() {
                    known::KnownRooms { rooms }
                }
            }
        }
    }
}

/// Three lines for who is here for the first time.
#[component]
fn Welcome() -> Element {
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

/// A new room, with a name that nobody has to think of.
#[component]
fn NewRoom() -> Element {
    let suggestion = use_signal(|| suggested_name(&t!("room-names")));
    let mut typed = use_signal(|| None::<String>);
    let name = typed().unwrap_or_else(|| suggestion.peek().clone());
    let mut make = move || {
        let name = typed.take().unwrap_or_else(|| suggestion.peek().clone());
        go(Route::Room(Invitation::new(&name)));
    };
    rsx! {
        section { class: "card new-room",
            Field {
                id: "room-name",
                label: t!("room-name"),
                value: name,
                most: MAX_ROOM_NAME_CHARS,
                oninput: move |text| typed.set(Some(text)),
                onenter: move |()| make(),
            }
            Button {
                label: t!("new-room"),
                look: Look::Primary,
                wide: true,
                test: "start-new",
                onclick: move |_| make(),
            }
        }
    }
}

/// Draws one of the names.
fn suggested_name(names: &str) -> String {
    let names: Vec<&str> = names.split('|').map(str::trim).collect();
    let count = names.len() as u64;
    let place = usize::try_from(platform::now() / 1_000 % count).unwrap_or_default();
    names[place].to_owned()
}

/// For who has a link in another app.
#[component]
fn PasteLink() -> Element {
    let mut link = use_signal(String::new);
    let mut trouble = use_signal(|| None);
    let mut field = use_signal(|| None::<Node>);
    let mut join = move || match Invitation::from_link(&link.peek()) {
        Ok(invitation) => go(Route::Room(invitation)),
        Err(error) => {
            trouble.set(Some(error));
            if let Some(field) = field.peek().as_ref() {
                field.select();
            }
        }
    };
    rsx! {
        section { class: "paste-link",
            Field {
                id: "link",
                label: t!("have-a-link"),
                value: link(),
                placeholder: t!("paste-it-here"),
                trouble: trouble().map(|error| match error {
                    LinkError::Empty => t!("link-empty"),
                    LinkError::Damaged => t!("link-damaged"),
                    LinkError::NotALink => t!("link-not"),
                }),
                most: 1_000,
                test: "start-link",
                onnode: move |node| field.set(Some(node)),
                oninput: move |text| {
                    link.set(text);
                    trouble.set(None);
                },
                onenter: move |()| join(),
            }
            Button { label: t!("join"), test: "start-join", onclick: move |_| join() }
        }
    }
}
