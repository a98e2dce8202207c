use dioxus::document;
use serde_json::{Value, json};

use super::{Events, Page};

pub fn set_language(tag: &str) {
    set_on_root("lang", json!(tag));
}

pub fn set_theme(theme: Option<&str>) {
    set_on_root("data-theme", json!(theme));
}

fn set_on_root(name: &str, value: Value) {
    if let Some(page) = Page::current() {
        page.call("setOnRoot", &[json!(name), value]);
    }
}

/// The window's: nobody sees the page's.
pub fn set_title(title: &str) {
    if let Some(window) = Page::current().and_then(|page| page.0.upgrade()) {
        window.set_title(title);
    }
}

pub async fn copy(text: &str) -> bool {
    let script = format!("return parlor.copy({})", json!(text));
    document::eval(&script).join().await.unwrap_or(false)
}

pub fn keys() -> Events<String> {
    Events::of("keys")
}
