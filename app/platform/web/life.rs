use wasm_bindgen::JsCast as _;
use web_sys::{PageTransitionEvent, VisibilityState};

use super::{Events, Listener, document, page};

/// Calls a function when the page goes away. Every browser fires `pagehide` then, also when a phone
/// ends the page in the background.
pub fn on_leave(action: impl Fn() + 'static) -> Option<Listener> {
    Listener::new(&page(), "pagehide", move |_| action())
}

/// Returns the page's returns from the back/forward cache, in which it receives no events.
/// `pageshow` fires after every load too; those are left out, since nothing was kept.
pub fn returns() -> Events<()> {
    Events::of(&page(), "pageshow", |event| {
        let event = event.dyn_into::<PageTransitionEvent>().ok()?;
        event.persisted().then_some(())
    })
}

/// Makes the browser ask before the page is left, in the browser's own words and only after a user
/// gesture. Some browsers keep no page with such a listener in their back/forward cache, so it
/// should exist only while it matters.
pub fn ask_before_leaving() -> Option<Listener> {
    Listener::new(&page(), "beforeunload", |event| event.prevent_default())
}

pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

pub fn visibility_changes() -> Events<()> {
    match document() {
        Some(document) => Events::of(&document, "visibilitychange", |_| Some(())),
        None => Events::of(&page(), "visibilitychange", |_| Some(())),
    }
}
