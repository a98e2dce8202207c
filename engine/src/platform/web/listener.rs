use tokio::sync::oneshot;
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

    /// Waits for one event.
    pub(super) async fn once(target: &EventTarget, name: &'static str) {
        let (heard, wait) = oneshot::channel();
        let mut heard = Some(heard);
        let _listener = Self::new(target, name, move |_| {
            if let Some(heard) = heard.take() {
                // Nobody waiting any more is as good.
                let _ = heard.send(());
            }
        });
        // The listener, and the sender in it, live until the end of this function.
        let _ = wait.await;
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
