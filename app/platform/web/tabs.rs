use wasm_bindgen::JsCast as _;
use web_sys::{BroadcastChannel, MessageEvent};

use super::Events;

/// A channel between the windows of this app on this device.
#[derive(Debug)]
pub struct Tabs(BroadcastChannel);

impl Tabs {
    pub fn open() -> Option<Self> {
        BroadcastChannel::new("parlor").ok().map(Self)
    }

    pub fn say(&self, word: &str) {
        let _ = self.0.post_message(&word.into());
    }

    pub fn words(&self) -> Events<String> {
        Events::of(&self.0, "message", |event| {
            event.dyn_into::<MessageEvent>().ok()?.data().as_string()
        })
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.0.close();
    }
}
