use std::rc::Rc;

use tokio::sync::Notify;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// An event listener that is removed when it is dropped.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(super) fn new(
        target: &EventTarget,
        name: &'static str,
        heard: impl FnMut(Event) + 'static,
    ) -> Self {
        let closure = Closure::<dyn FnMut(Event)>::new(heard);
        let added = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        debug_assert!(
            added.is_ok(),
            "adding a listener throws for no target of ours"
        );
        Self {
            target: target.clone(),
            name,
            closure,
        }
    }

    /// Waits for one event of any of these names.
    pub(super) async fn once<const N: usize>(target: &EventTarget, names: [&'static str; N]) {
        let heard = Rc::new(Notify::new());
        let _listeners = names.map(|name| {
            let heard = heard.clone();
            Self::new(target, name, move |_| heard.notify_one())
        });
        heard.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        // Removing what is not there is no error either.
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, callback);
    }
}
