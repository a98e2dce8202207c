use std::rc::Rc;

use dioxus::prelude::{KeyboardEvent, MountedEvent};
use serde_json::{Value, json};

use super::{Page, next_key};
use crate::platform::Scroll;

/// Not told by the page yet: a ring takes the focus from who writes.
pub fn is_typing() -> bool {
    false
}

pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing()
}

/// An element, as long as somebody holds it. The page keeps it under a number.
#[derive(Clone, Debug)]
pub struct Node(Rc<Element>);

#[derive(Debug)]
struct Element {
    key: u32,
    page: Page,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Drop for Element {
    fn drop(&mut self) {
        self.page.call("forget", &[json!(self.key)]);
    }
}

impl Node {
    pub fn mounted(event: &MountedEvent) -> Option<Self> {
        let element = Element {
            key: next_key(),
            page: Page::current()?,
        };
        element.page.call("expect", &[json!(element.key)]);
        // The page hears this call although nobody waits for its answer; see bridge.js.
        drop(event.set_focus(false));
        Some(Self(Rc::new(element)))
    }

    pub fn set_css(&self, property: &str, value: &str) {
        self.call("setCss", &[json!(property), json!(value)]);
    }

    pub fn set_attribute(&self, name: &str, value: &str) {
        self.call("setAttribute", &[json!(name), json!(value)]);
    }

    pub fn focus(&self) {
        self.call("focus", &[]);
    }

    /// Focuses a field with all of its text selected.
    pub fn select(&self) {
        self.call("select", &[]);
    }

    /// Not known yet: the page answers later, and this cannot wait.
    pub fn scroll(&self) -> Scroll {
        Scroll::default()
    }

    /// Nothing yet, as where to is a part of what [`Self::scroll`] says.
    pub fn scroll_to(&self, _top: f64) {}

    /// Makes a text area as high as its text; the style sheet limits it.
    pub fn fit_height(&self) {
        self.call("fitHeight", &[]);
    }

    pub fn show_modal(&self) {
        self.call("showModal", &[]);
    }

    fn call(&self, function: &str, arguments: &[Value]) {
        let key = json!(self.0.key);
        let arguments: Vec<Value> = std::iter::once(key)
            .chain(arguments.iter().cloned())
            .collect();
        self.0.page.call(function, &arguments);
    }
}
