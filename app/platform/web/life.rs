use wasm_bindgen::JsCast as _;
use web_sys::{PageTransitionEvent, VisibilityState};

use super::{Events, Listener, document, page};

/// `pagehide` comes in every browser, also where a phone ends the page in the background.
pub fn on_leave(action: impl Fn() + 'static) -> Option<Listener> {
    Listener::new(&page(), "pagehide", move |_| action())
}

/// A page in the back/forward cache hears nothing. `pageshow` comes after every loading too, and then
/// nothing was kept.
pub fn returns() -> Events<()> {
    Events::of(&page(), "pageshow", |event| {
        let event = event.dyn_into::<PageTransitionEvent>().ok()?;
        event.persisted().then_some(())
    })
}

/// Browsers ask in their own words, and only after an action on the page. A listener keeps the page
/// out of some browsers' caches, so there is one only while it matters.
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
