use dioxus::prelude::*;

use crate::components::icon::{Icon, glyph};

/// Shows a line across the room, with a message that concerns all of it.
pub fn banner(
    icon: Icon,
    text: String,
    warm: bool,
    test: Option<&'static str>,
    children: Element,
) -> Element {
    rsx! {
        div { class: if warm { "banner warm" } else { "banner" }, role: "status", "data-test": test,
            {glyph(icon, 20)}
            p { "{text}" }
            {children}
        }
    }
}
