//! The person's settings, kept on this device.

use dioxus::prelude::*;

use crate::i18n::{LANGUAGE, Language};
use crate::platform;
use crate::theme::Theme;

/// Each setting is stored under a key of its own, so that two windows never undo each other's.
const PREFIX: &str = "parlor.settings.";
/// Earlier versions stored all settings under one key, a line for each.
const ALL_IN_ONE: &str = "parlor.settings";

#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The name that the others see.
    pub name: String,
    pub microphone_on: bool,
    pub camera_on: bool,
    /// The ids of the chosen devices; `None` for the system's choice.
    pub microphone: Option<String>,
    pub camera: Option<String>,
    pub speaker: Option<String>,
    /// Calls ring without a sound.
    pub quiet: bool,
    pub theme: Theme,
    /// The chosen language; `None` for the system's.
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

impl Settings {
    /// Returns each setting as it is stored, with the end of its key.
    fn to_stored(&self) -> [(&'static str, String); 9] {
        let flag = |is_on: bool| if is_on { "on" } else { "off" }.to_owned();
        let device = |id: &Option<String>| id.clone().unwrap_or_default();
        [
            ("name", self.name.clone()),
            ("microphone-on", flag(self.microphone_on)),
            ("camera-on", flag(self.camera_on)),
            ("microphone", device(&self.microphone)),
            ("camera", device(&self.camera)),
            ("speaker", device(&self.speaker)),
            ("quiet", flag(self.quiet)),
            ("theme", self.theme.tag().to_owned()),
            (
                "language",
                self.language.map_or("", Language::tag).to_owned(),
            ),
        ]
    }

    /// Parses a stored setting. An unknown one changes nothing.
    fn take_over(&mut self, name: &str, value: &str) {
        let device = || (!value.is_empty()).then(|| value.to_owned());
        match name {
            "name" => value.clone_into(&mut self.name),
            "microphone-on" => self.microphone_on = value == "on",
            "camera-on" => self.camera_on = value == "on",
            "microphone" => self.microphone = device(),
            "camera" => self.camera = device(),
            "speaker" => self.speaker = device(),
            "quiet" => self.quiet = value == "on",
            "theme" => self.theme = Theme::of_tag(value),
            "language" => self.language = Language::of_tag(value),
            _ => {}
        }
    }

    fn load() -> Self {
        separate();
        let mut settings = Self::default();
        for (name, _) in Self::default().to_stored() {
            if let Some(value) = platform::load(&key(name)) {
                settings.take_over(name, &value);
            }
        }
        settings
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Converts the settings that an earlier version of the app stored.
fn separate() {
    let Some(text) = platform::load(ALL_IN_ONE) else {
        return;
    };
    for (name, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        if platform::load(&key(name)).is_none() {
            platform::store(&key(name), value);
        }
    }
    platform::remove_stored(ALL_IN_ONE);
}

/// Returns the settings that differ, as they are stored.
fn differences(before: &Settings, after: &Settings) -> Vec<(&'static str, String)> {
    let before = before.to_stored();
    let after = after.to_stored();
    after
        .into_iter()
        .filter(|stored| !before.contains(stored))
        .collect()
}

static SETTINGS: GlobalSignal<Settings> = Signal::global(Settings::load);

/// Returns the current settings. A component that calls this is rendered again when they change.
pub fn current() -> Settings {
    SETTINGS.read().clone()
}

/// Returns the current settings without subscribing to them, for an action.
pub fn peek() -> Settings {
    SETTINGS.peek().clone()
}

/// Changes the settings, and stores only those that the change touches.
pub fn change(change: impl FnOnce(&mut Settings)) {
    let mut settings = peek();
    change(&mut settings);
    for (name, value) in differences(&SETTINGS.peek(), &settings) {
        platform::store(&key(name), &value);
    }
    show(settings);
}

/// Reads again what another window stored under this key; everything if it is `None`.
pub fn refresh(key: Option<&str>) {
    let Some(key) = key else {
        show(Settings::load());
        return;
    };
    if let Some(name) = key.strip_prefix(PREFIX)
        && let Some(value) = platform::load(key)
    {
        let mut settings = peek();
        settings.take_over(name, &value);
        show(settings);
    }
}

/// Applies the settings to the app and the page.
fn show(settings: Settings) {
    let before = peek();
    if settings == before {
        return;
    }
    let (theme, language) = (settings.theme, settings.language);
    *SETTINGS.write() = settings;
    if theme != before.theme {
        theme.apply();
    }
    if language != before.language {
        *LANGUAGE.write() = Language::preferred(language, &platform::languages());
        show_language();
    }
}

pub fn choose_theme(theme: Theme) {
    change(|settings| settings.theme = theme);
}

/// Chooses a language; `None` for the system's.
pub fn choose_language(choice: Option<Language>) {
    change(|settings| settings.language = choice);
}

/// Sets the page's language. Browsers may offer a translation only if the person does not read it.
pub fn show_language() {
    let language = *LANGUAGE.peek();
    platform::set_language(language.tag());
    platform::set_translatable(!language.is_among(&platform::languages()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stored: &[(&str, String)]) -> Settings {
        let mut settings = Settings::default();
        for (name, value) in stored {
            settings.take_over(name, value);
        }
        settings
    }

    #[test]
    fn settings_survive_being_kept() {
        let settings = Settings {
            name: "Anna van der Berg".to_owned(),
            camera_on: false,
            speaker: Some("a b".to_owned()),
            quiet: true,
            theme: Theme::Dark,
            language: Some(Language::Ja),
            ..Settings::default()
        };
        assert_eq!(read(&settings.to_stored()), settings);
    }

    #[test]
    fn what_is_unknown_stays_as_it_is_by_default() {
        let stored = ["colour red", "name Bo", "theme neon"].map(|line| {
            let (name, value) = line.split_once(' ').unwrap();
            (name, value.to_owned())
        });
        let expected = Settings {
            name: "Bo".to_owned(),
            ..Settings::default()
        };
        assert_eq!(read(&stored), expected);
    }

    #[test]
    fn two_windows_undo_nothing_of_each_other() {
        let start = Settings::default();
        let (mut one, mut other) = (start.clone(), start.clone());
        one.name = "Anna".to_owned();
        other.language = Some(Language::Ja);
        let changes = [differences(&start, &one), differences(&start, &other)].concat();
        assert_eq!(changes.len(), 2);
        let expected = Settings {
            name: "Anna".to_owned(),
            language: Some(Language::Ja),
            ..start
        };
        assert_eq!(read(&changes), expected);
    }

    #[test]
    fn the_settings_of_an_earlier_version_are_taken_over_once() {
        platform::store(&key("theme"), "dark");
        platform::store(ALL_IN_ONE, "name Bo van Dam\ntheme light\nquiet on");
        let expected = Settings {
            name: "Bo van Dam".to_owned(),
            theme: Theme::Dark,
            quiet: true,
            ..Settings::default()
        };
        assert_eq!(Settings::load(), expected);
        assert_eq!(platform::load(ALL_IN_ONE), None);
        assert_eq!(Settings::load(), expected);
    }
}
