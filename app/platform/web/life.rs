use super::{Listener, page};

/// `pagehide` comes in every browser, also where a phone ends the page in the background.
pub fn on_leave(action: impl Fn() + 'static) -> Option<Listener> {
    Listener::new(&page(), "pagehide", move |_| action())
}

/// Browsers ask in their own words, and only after an action on the page. A listener keeps the page
/// out of some browsers' caches, so there is one only while it matters.
pub fn ask_before_leaving() -> Option<Listener> {
    Listener::new(&page(), "beforeunload", |event| event.prevent_default())
}
