use dioxus::prelude::*;

use crate::app::go;
use crate::components::button::{Button, Look, button};
use crate::components::icon::{Icon, glyph};
use crate::platform;
use crate::route::Route;
use crate::t;

/// The page for an address whose fragment is no invitation.
#[component]
pub fn Damaged() -> Element {
    use_effect(|| platform::set_title(&t!("app-name")));
    rsx! {
        {trouble(
            Icon::Link,
            t!("damaged-title"),
            t!("damaged-what"),
            t!("damaged-remedy"),
            Some("damaged-link"),
        )}
    }
}

/// Shows the page for a browser that cannot make calls at all.
pub fn unsupported() -> Element {
    trouble(
        Icon::Warning,
        t!("unsupported-title"),
        t!("unsupported-what"),
        t!("unsupported-remedy"),
        Some("unsupported"),
    )
}

/// Shows an error in place of a page: the cause, the remedy, and the way back.
pub fn trouble(
    icon: Icon,
    title: String,
    what: String,
    remedy: String,
    test: Option<&'static str>,
) -> Element {
    rsx! {
        main { class: "trouble", "data-test": test,
            {glyph(icon, 32)}
            h1 { "{title}" }
            p { "{what}" }
            p { "{remedy}" }
            {button(Button {
                label: t!("to-start"),
                look: Look::Primary,
                onclick: Box::new(|_| go(Route::Start)),
                ..Button::default()
            })}
        }
    }
}
