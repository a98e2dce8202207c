mod devices;
mod preview;

use dioxus::prelude::*;
use parlor_engine::MAX_NAME_CHARS;

pub use devices::Devices;

use crate::app::go;
use crate::components::button::{Button, Look};
use crate::components::face::{Size, face};
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::components::menu::Menu;
use crate::platform::{self, Node};
use crate::route::{Invitation, Route};
use crate::state::engine::use_presence;
use crate::state::media::Media;
use crate::state::session::shown_name;
use crate::state::settings;
use crate::t;

/// Before the room: how one will look and sound, one's name, and the door.
#[component]
pub fn Lobby(invitation: Invitation, media: Media, onenter: EventHandler<()>) -> Element {
    let room = room_name(&invitation);
    use_hook(|| media.open_remembered());
    let title = room.clone();
    use_effect(move || platform::set_title(&t!("title-in", room = &title)));
    rsx! {
        div { class: "lobby",
            header { class: "lobby-header",
                Button {
                    label: t!("to-start"),
                    look: Look::Quiet,
                    icon: Icon::Back,
                    round: true,
                    onclick: |_| go(Route::Start),
                }
                Menu {}
            }
            main { class: "lobby-main",
                section { class: "lobby-picture", "aria-label": t!("lobby-preview"),
                    preview::Preview { media }
                    Devices { media }
                }
                section { class: "lobby-door",
                    h1 { bdi { "{room}" } }
                    Inside { invitation: invitation.clone() }
                    Door { onenter }
                }
            }
        }
    }
}

/// A room's name for people.
pub fn room_name(invitation: &Invitation) -> String {
    if invitation.name.is_empty() {
        t!("unnamed-room")
    } else {
        invitation.name.clone()
    }
}

/// The name, and in.
#[component]
fn Door(onenter: EventHandler<()>) -> Element {
    let mut name = use_signal(|| settings::peek().name);
    let mut is_missing = use_signal(|| false);
    let mut field = use_signal(|| None::<Node>);
    let mut enter = move || {
        let chosen = name.peek().trim().to_owned();
        if chosen.is_empty() {
            is_missing.set(true);
            if let Some(field) = field.peek().as_ref() {
                field.focus();
            }
            return;
        }
        settings::change(|settings| settings.name = chosen);
        onenter.call(());
    };
    rsx! {
        Field {
            id: "name",
            label: t!("your-name"),
            value: name(),
            hint: t!("your-name-hint"),
            trouble: is_missing().then(|| t!("your-name-missing")),
            autocomplete: "name",
            most: MAX_NAME_CHARS,
            test: "lobby-name",
            onnode: move |node: Node| {
                field.set(Some(node));
            },
            oninput: move |text| {
                name.set(text);
                is_missing.set(false);
            },
            onenter: move |()| enter(),
        }
        Button {
            label: t!("enter"),
            look: Look::Primary,
            wide: true,
            test: "lobby-enter",
            onclick: move |_| enter(),
        }
        p { class: "lobby-note soft small", {t!("lobby-note")} }
    }
}

/// Who is in the room already.
#[component]
fn Inside(invitation: Invitation) -> Element {
    let presence = use_presence(&invitation.key);
    let people = presence();
    let words = match people.as_deref() {
        None => t!("inside-unknown"),
        Some([]) => t!("inside-nobody"),
        Some(people) => {
            let names: Vec<String> = people
                .iter()
                .map(|person| shown_name(&person.name))
                .collect();
            t!("there-now", names = names.join(", "))
        }
    };
    rsx! {
        div { class: "inside", role: "status",
            span { class: "faces",
                for person in people.iter().flatten().take(4) {
                    {face(person.person, &person.name, Size::Small)}
                }
            }
            p { "{words}" }
        }
    }
}
