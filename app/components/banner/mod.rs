use dioxus::prelude::*;

use crate::components::icon::{Icon, glyph};

/// A line across the room, for what concerns all of it.
#[component]
pub fn Banner(
    icon: Icon,
    text: String,
    /// Something good is going on, not something wrong.
    #[props(default)]
    warm: bool,
    test: Option<&'static str>,
    /// What can be done about it.
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
