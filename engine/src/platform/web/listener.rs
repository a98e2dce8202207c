use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JsString};
use tokio::sync::Notify;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

use super::js::Target;

/// A listener to some events of a target, which is removed when it is dropped.
///
/// One for all of a target's events: making a function that the page can call takes as long as
/// calling it a few times does, and a connection has nine events. They may come one inside another.
pub(super) struct Listener {
    target: Target,
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
        let listener = Self {
            target: target.clone().unchecked_into(),
            names,
            closure: Closure::new(move |event: Event| heard(&event.type_(), &event)),
        };
        listener.each_name(|target, name, heard| target.add_listener(name, heard, false, true));
        listener
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

    fn each_name(&self, act: fn(&Target, &JsString, &Function)) {
        for name in self.names {
            with_name(name, |name| {
                act(&self.target, name, self.closure.as_ref().unchecked_ref());
            });
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.each_name(Target::remove_listener);
    }
}

thread_local! {
    /// The names as the page has them: each is handed over once, which takes longer than listening.
    static NAMES: RefCell<Vec<(&'static str, JsString)>> = RefCell::default();
}

fn with_name(name: &'static str, act: impl FnOnce(&JsString)) {
    NAMES.with_borrow_mut(|names| {
        let place = names.iter().position(|(known, _)| *known == name);
        let place = place.unwrap_or_else(|| {
            names.push((name, name.into()));
            names.len() - 1
        });
        if let Some((_, name)) = names.get(place) {
            act(name);
        }
    });
}
