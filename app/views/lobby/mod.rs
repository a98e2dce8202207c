mod devices;
mod preview;

use dioxus::prelude::*;
use parlor_engine::{MAX_NAME, single_line};

pub use devices::devices;

use crate::app::go;
use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::field::{Field, field};
use crate::components::icon::Icon;
use crate::components::menu::menu;
use crate::platform::{self, Node};
use crate::route::{Invitation, Route};
use crate::state::colours::Colours;
use crate::state::engine::use_presence;
use crate::state::media::Media;
use crate::state::page;
use crate::state::session::{room_name, shown_name};
use crate::state::settings;
use crate::t;

/// The page before the room: the preview of picture and sound, the name, and the button to enter.
#[component]
pub fn Lobby(invitation: Invitation, media: Media, onenter: EventHandler<()>) -> Element {
    let room = room_name(&invitation);
    use_hook(|| media.open_remembered());
    page::use_return(move || media.open_remembered());
    let title = room.clone();
    use_effect(move || platform::set_title(&t!("title-in", room = &title)));
    rsx! {
        div { class: "lobby",
            header { class: "lobby-header",
                {button(Button {
                    label: t!("to-start"),
                    look: Look::Quiet,
                    icon: Some(Icon::Back),
                    round: true,
                    onclick: Box::new(|_| go(Route::Start)),
                    ..Button::default()
                })}
                {menu(rsx! {})}
            }
            main { class: "lobby-main",
                section { class: "lobby-picture", "aria-label": t!("lobby-preview"),
                    {preview::preview(media)}
                    {devices(media)}
                }
                section { class: "lobby-door",
                    h1 { bdi { "{room}" } }
                    {inside(&invitation)}
                    {door(onenter)}
                }
            }
        }
    }
}

/// Shows the field for the name, and the button to enter.
fn door(onenter: EventHandler<()>) -> Element {
    let mut name = use_signal(|| settings::peek().name);
    let mut is_missing = use_signal(|| false);
    let mut input = use_signal(|| None::<Node>);
    let mut enter = move || {
        let chosen = single_line(&name.peek(), MAX_NAME);
        let is_too_long = MAX_NAME.excess(name.peek().trim()) > 0;
        if chosen.is_empty() || is_too_long {
            // The field says itself when its text is too long.
            is_missing.set(!is_too_long);
            if let Some(input) = input.peek().as_ref() {
                input.focus();
            }
            return;
        }
        settings::change(|settings| settings.name = chosen);
        onenter.call(());
    };
    rsx! {
        {field(Field {
            id: "name",
            label: t!("your-name"),
            value: name(),
            hint: Some(t!("your-name-hint")),
            trouble: is_missing().then(|| t!("your-name-missing")),
            autocomplete: Some("name"),
            limit: Some(MAX_NAME),
            test: Some("lobby-name"),
            onnode: Some(Box::new(move |node: Node| {
                input.set(Some(node));
            })),
            oninput: Box::new(move |text| {
                name.set(text);
                is_missing.set(false);
            }),
            onenter: Some(Box::new(move |()| enter())),
            ..Field::default()
        })}
        {button(Button {
            label: t!("enter"),
            look: Look::Primary,
            wide: true,
            test: Some("lobby-enter"),
            onclick: Box::new(move |_| enter()),
            ..Button::default()
        })}
        p { class: "lobby-note soft small", {t!("lobby-note")} }
    }
}

/// Shows the people who are in the room already.
fn inside(invitation: &Invitation) -> Element {
    let presence = use_presence(&invitation.key);
    let people = presence();
    let colours = Colours::distinct(people.iter().flatten().map(|one| one.person));
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
                    {face(colours.of(person.person), &person.name, Size::Small)}
                }
            }
            p { "{words}" }
        }
    }
}
