use dioxus::prelude::{KeyboardEvent, MountedEvent};
use dioxus::web::WebEventExt as _;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, HtmlInputElement, ScrollBehavior, ScrollToOptions,
};

use super::document;
use crate::platform::Scroll;

/// Returns `true` if a field has the focus.
pub fn is_typing() -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_some_and(|element| is_field(&element))
}

/// Returns `true` if a key belongs to an input method. Safari sends the Enter that ends a
/// composition after the composition's end, with the key code of a key that an input method took.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    const TAKEN_BY_INPUT_METHOD: u32 = 229;
    let key = event.data().try_as_web_event();
    event.is_composing() || key.is_some_and(|key| key.key_code() == TAKEN_BY_INPUT_METHOD)
}

pub(super) fn is_field(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// An element of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Node(HtmlElement);

impl Node {
    pub fn mounted(event: &MountedEvent) -> Option<Self> {
        event.data().try_as_web_event()?.dyn_into().ok().map(Self)
    }

    pub fn set_css(&self, property: &str, value: &str) {
        let _ = self.0.style().set_property(property, value);
    }

    pub fn set_attribute(&self, name: &str, value: &str) {
        let _ = self.0.set_attribute(name, value);
    }

    pub fn focus(&self) {
        let _ = self.0.focus();
    }

    /// Focuses a field with all of its text selected.
    pub fn select(&self) {
        self.focus();
        if let Some(input) = self.0.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    }

    /// Returns the first video inside the element.
    pub(super) fn video(&self) -> Option<JsValue> {
        self.0.query_selector("video").ok()?.map(Into::into)
    }

    /// Shows the element alone on the whole screen, or as before.
    pub fn toggle_full_screen(&self) {
        let Some(document) = document() else { return };
        if document.fullscreen_element().is_some() {
            document.exit_fullscreen();
        } else {
            // Phones' browsers without it leave the page as it is.
            let _ = self.0.request_fullscreen();
        }
    }

    pub fn scroll(&self) -> Scroll {
        Scroll {
            top: f64::from(self.0.scroll_top()),
            height: f64::from(self.0.scroll_height()),
            visible: f64::from(self.0.client_height()),
        }
    }

    pub fn scroll_to(&self, top: f64) {
        let options = ScrollToOptions::new();
        options.set_top(top);
        options.set_behavior(ScrollBehavior::Instant);
        self.0.scroll_to_with_scroll_to_options(&options);
    }

    /// Makes a text area as high as its text; the style sheet limits it.
    pub fn fit_height(&self) {
        self.set_css("height", "auto");
        let border = self.0.offset_height() - self.0.client_height();
        self.set_css("height", &format!("{}px", self.0.scroll_height() + border));
    }

    pub fn show_modal(&self) {
        if let Some(dialog) = self.0.dyn_ref::<HtmlDialogElement>()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    }
}
