//! The page's life: it goes, also for a while, comes back, and is in sight or not.
//!
//! Browsers keep a page that was left in their back/forward cache and show it again as it was. The
//! app ends its visits and its devices when the page goes, and begins them again when it is back.

use dioxus::core::{Runtime, current_scope_id};
use dioxus::prelude::*;

use crate::platform;

/// Runs at once when the page goes, whatever else has to be done, as long as the component is shown.
pub fn use_leave(action: impl Fn() + 'static) {
    use_hook(move || {
        // A listener is called from outside of everything.
        let (runtime, scope) = (Runtime::current(), current_scope_id());
        let listener = platform::on_leave(move || runtime.in_scope(scope, &action));
        std::rc::Rc::new(listener)
    });
}

/// Runs when the page comes back from the browser's cache, as long as the component is shown.
pub fn use_return(action: impl Fn() + 'static) {
    use_hook(move || {
        spawn(async move {
            let mut returns = platform::returns();
            while returns.next().await.is_some() {
                action();
            }
        });
    });
}

/// Runs when the page comes into sight or goes out of it, as long as the component is shown.
pub fn use_visibility_change(action: impl Fn() + 'static) {
    use_hook(move || {
        spawn(async move {
            let mut changes = platform::visibility_changes();
            while changes.next().await.is_some() {
                action();
            }
        });
    });
}
