//! The platform in a browser.

mod awake;
mod history;
mod life;
mod node;
mod page;
mod scan;
mod sound;
mod tabs;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Event, EventTarget, Window};

pub use awake::stay_awake;
pub use history::{
    fragment, fragment_changes, go_back, history_entry, push_history_entry, set_fragment,
};
pub use life::{ask_before_leaving, is_visible, on_leave, returns, visibility_changes};
pub use node::{Node, is_composing, is_typing};
pub use page::{
    can_choose_speaker, can_share, copy, fetch_text, folded, format_date, format_time,
    is_narrower_than, keys, languages, load, load_for_window, now, origin, remove_stored, server,
    set_language, set_theme, set_title, set_translatable, share, sleep, store, store_for_window,
    stored_changes, stored_keys, utc_offset,
};
pub use scan::{can_read_codes, read_code};
pub use sound::Ring;
pub use tabs::Tabs;

use futures_channel::mpsc;
use futures_util::StreamExt as _;

fn window() -> Option<Window> {
    web_sys::window()
}

/// The window as the target of events.
fn page() -> EventTarget {
    js_sys::global().unchecked_into()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// An event listener, which is removed when this value is dropped.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    fn new(
        target: &EventTarget,
        event: &'static str,
        action: impl Fn(Event) + 'static,
    ) -> Option<Self> {
        let closure = Closure::<dyn Fn(Event)>::new(action);
        let function = closure.as_ref().unchecked_ref();
        target
            .add_event_listener_with_callback(event, function)
            .ok()?;
        Some(Self {
            target: target.clone(),
            event,
            closure,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.event, function);
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener")
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// A stream of events, in order.
#[derive(Debug)]
pub struct Events<T> {
    receiver: mpsc::UnboundedReceiver<T>,
    _listener: Option<Listener>,
}

impl<T: 'static> Events<T> {
    /// Listens to an event of `target`. `read` turns each event into an item, or drops it.
    #[allow(
        clippy::disallowed_methods,
        reason = "a listener cannot wait, and people make few of these events"
    )]
    fn of(
        target: &EventTarget,
        event: &'static str,
        read: impl Fn(Event) -> Option<T> + 'static,
    ) -> Self {
        let (sender, receiver) = mpsc::unbounded();
        let listener = Listener::new(target, event, move |event| {
            if let Some(item) = read(event) {
                let _ = sender.unbounded_send(item);
            }
        });
        Self {
            receiver,
            _listener: listener,
        }
    }

    pub async fn next(&mut self) -> Option<T> {
        self.receiver.next().await
    }

    /// Returns the next event that has already happened.
    pub fn try_next(&mut self) -> Option<T> {
        self.receiver.try_recv().ok()
    }
}
