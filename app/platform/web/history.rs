use wasm_bindgen::JsValue;
use web_sys::History;

use super::{Events, page, window};

fn history() -> Option<History> {
    window()?.history().ok()
}

pub fn fragment() -> String {
    window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Returns the page's address with this fragment, or without one if it is empty.
fn address(fragment: &str) -> String {
    let search = window()
        .and_then(|window| window.location().search().ok())
        .unwrap_or_default();
    if fragment.is_empty() {
        format!("/{search}")
    } else {
        format!("/{search}#{fragment}")
    }
}

pub fn set_fragment(fragment: &str) {
    if let Some(history) = history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address(fragment)));
    }
}

/// Returns the changes of the fragment. `popstate` fires for steps through the history and for a
/// fragment that is typed into the address bar.
pub fn fragment_changes() -> Events<()> {
    Events::of(&page(), "popstate", |_| Some(()))
}

pub fn history_entry() -> String {
    let state = history().and_then(|history| history.state().ok());
    state
        .and_then(|state| state.as_string())
        .unwrap_or_default()
}

pub fn push_history_entry(entry: &str) {
    if let Some(history) = history() {
        let _ = history.push_state(&JsValue::from_str(entry), "");
    }
}

pub fn go_back(entries: u32) {
    if let Some(history) = history() {
        let delta = i32::try_from(entries).unwrap_or(i32::MAX);
        let _ = history.go_with_delta(-delta);
    }
}
