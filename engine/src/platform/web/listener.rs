use std::rc::Rc;

use tokio::sync::Notify;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// A listener to some events of a target, which is removed when it is dropped.
///
/// One for all of a target's events: making a function that the page can call takes as long as
/// calling it a few times does, and a connection has nine events. They may come one inside another.
pub(super) struct Listener {
    target: EventTarget,
    names: &'static [&'static str],
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// `heard` is given the event's name too.
    pub(super) fn new(
        target: &EventTarget,
        names: &'static [&'static str],
        heard: impl Fn(&str, &Event) + 'static,
    ) -> Self {
        let closure = Closure::new(move |event: Event| heard(&event.type_(), &event));
        for name in names {
            let callback = closure.as_ref().unchecked_ref();
            let added = target.add_event_listener_with_callback(name, callback);
            debug_assert!(
                added.is_ok(),
                "adding a listener throws for no target of ours"
            );
        }
        Self {
            target: target.clone(),
            names,
            closure,
        }
    }

    /// Waits for one event of any of these names.
    pub(super) async fn once(target: &EventTarget, names: &'static [&'static str]) {
        let heard = Rc::new(Notify::new());
        let _listener = Self::new(target, names, {
            let heard = heard.clone();
            move |_, _| heard.notify_one()
        });
        heard.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for name in self.names {
            let callback = self.closure.as_ref().unchecked_ref();
            // Removing what is not there is no error either.
            let _ = self
                .target
                .remove_event_listener_with_callback(name, callback);
        }
    }
}
