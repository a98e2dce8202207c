//! What the person chose, kept on this device.

use dioxus::prelude::*;
use serde::{Deserialize, Serialize};

use crate::i18n::{LANGUAGE, Language};
use crate::platform;
use crate::theme::Theme;

const KEY: &str = "parlor.settings";

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Settings {
    /// The name that the others see.
    pub name: String,
    pub microphone_on: bool,
    pub camera_on: bool,
    /// Devices by their ids; the system's choice without.
    pub microphone: Option<String>,
    pub camera: Option<String>,
    pub speaker: Option<String>,
    /// Whether calls ring without a sound.
    pub quiet: bool,
    pub theme: Theme,
    /// The system's without.
    pub language: Option<Language>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            microphone_on: true,
            camera_on: true,
            microphone: None,
            camera: None,
            speaker: None,
            quiet: false,
            theme: Theme::default(),
            language: None,
        }
    }
}

static SETTINGS: GlobalSignal<Settings> = Signal::global(|| {
    platform::load(KEY)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
});

/// The settings now. A component that reads them is shown again when they change.
pub fn current() -> Settings {
    SETTINGS.read().clone()
}

/// The settings now, for an action.
pub fn peek() -> Settings {
    SETTINGS.peek().clone()
}

/// Changes and keeps them.
pub fn change(change: impl FnOnce(&mut Settings)) {
    let mut settings = peek();
    change(&mut settings);
    if settings == *SETTINGS.peek() {
        return;
    }
    match serde_json::to_string(&settings) {
        Ok(text) => platform::store(KEY, &text),
        Err(error) => tracing::warn!(%error, "the settings were not kept"),
    }
    *SETTINGS.write() = settings;
}

pub fn choose_theme(theme: Theme) {
    change(|settings| settings.theme = theme);
    theme.apply();
}

/// `None`: as the system.
pub fn choose_language(choice: Option<Language>) {
    change(|settings| settings.language = choice);
    *LANGUAGE.write() = Language::preferred(choice, &platform::languages());
    show_language();
}

/// Tells the page which language it is in.
pub fn show_language() {
    platform::set_language(LANGUAGE.peek().tag());
}
