//! The page that opens when the device's camera app reads a person's code.

use dioxus::prelude::*;

use crate::app::go;
use crate::components::button::{Button, Look, button};
use crate::components::icon::{Icon, glyph};
use crate::platform;
use crate::route::Route;
use crate::state::people::{self, KnownPerson};
use crate::state::session::shown_name;
use crate::state::verification::Code;
use crate::state::{engine, when};
use crate::t;

/// The result of checking a code on this device.
#[derive(Clone, PartialEq)]
enum Reading {
    /// The code is this person's, and was shown to us.
    Fits(KnownPerson),
    /// The code was shown to somebody else, or contains another key in place of ours.
    NotForUs,
    /// This device has met nobody with the code's key.
    Unknown,
}

impl Reading {
    fn of(code: &Code) -> Self {
        let is_for_us = engine::get().is_some_and(|engine| code.is_for(engine.person()));
        if !is_for_us {
            return Self::NotForUs;
        }
        let found = people::read(|people| {
            let mut people = people.iter();
            people.find(|known| code.is_from(known.person)).cloned()
        });
        found.map_or(Self::Unknown, Self::Fits)
    }
}

/// Shows whether a code matches. Anybody can send such a link, so the link alone verifies nobody:
/// the person confirms that they read it from the other's screen.
#[component]
pub fn Verify(code: Code) -> Element {
    use_effect(|| platform::set_title(&t!("app-name")));
    let reading = Reading::of(&code);
    let (title, what) = match &reading {
        Reading::Fits(known) => {
            let name = shown_name(known.name());
            if known.verified.is_some() {
                (t!("verify-done", name = &name), t!("verify-page-end"))
            } else {
                let date = when::full_date(known.met);
                (
                    t!("verify-page-fits", name = &name),
                    t!("verify-page-ask", name = &name, date = date),
                )
            }
        }
        Reading::NotForUs => (t!("verify-page-not-us"), t!("verify-page-not-us-what")),
        Reading::Unknown => (t!("verify-page-unknown"), t!("verify-page-unknown-what")),
    };
    let is_good = matches!(reading, Reading::Fits(_));
    let (to_confirm, verified) = match reading {
        Reading::Fits(known) if known.verified.is_none() => (Some(known), None),
        Reading::Fits(known) => (None, Some(known)),
        Reading::NotForUs | Reading::Unknown => (None, None),
    };
    let is_open = to_confirm.is_some();
    rsx! {
        main { class: "trouble", "data-test": "verify-page", "data-fits": "{is_good}",
            {glyph(if is_good { Icon::Shield } else { Icon::Warning }, 32)}
            h1 { "{title}" }
            p { "{what}" }
            if let Some(known) = to_confirm {
                {button(Button {
                    label: t!("verify-page-confirm"),
                    look: Look::Primary,
                    icon: Some(Icon::Check),
                    test: Some("verify-confirm"),
                    onclick: Box::new(move |_| people::set_verified(known.person, known.name(), true)),
                    ..Button::default()
                })}
            }
            {button(Button {
                label: t!("to-start"),
                look: if is_open { Look::Quiet } else { Look::Primary },
                onclick: Box::new(|_| go(Route::Start)),
                ..Button::default()
            })}
            if let Some(known) = verified {
                {button(Button {
                    label: t!("verify-undo"),
                    look: Look::Quiet,
                    onclick: Box::new(move |_| people::set_verified(known.person, known.name(), false)),
                    ..Button::default()
                })}
            }
        }
    }
}
