//! What the person chose, kept on this device.

use dioxus::prelude::*;

use crate::i18n::{LANGUAGE, Language};
use crate::platform;
use crate::theme::Theme;

const KEY: &str = "parlor.settings";

#[derive(Clone, Debug, PartialEq)]
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

impl Settings {
    /// One line for each, its name first: a form that is read by hand costs less of the app's size
    /// than a library's.
    fn to_stored(&self) -> String {
        let flag = |is_on: bool| if is_on { "on" } else { "off" };
        let device = |id: &Option<String>| id.clone().unwrap_or_default();
        let lines = [
            ("name", self.name.clone()),
            ("microphone-on", flag(self.microphone_on).to_owned()),
            ("camera-on", flag(self.camera_on).to_owned()),
            ("microphone", device(&self.microphone)),
            ("camera", device(&self.camera)),
            ("speaker", device(&self.speaker)),
            ("quiet", flag(self.quiet).to_owned()),
            ("theme", self.theme.tag().to_owned()),
            (
                "language",
                self.language.map_or("", Language::tag).to_owned(),
            ),
        ];
        lines
            .map(|(name, value)| format!("{name} {value}"))
            .join("\n")
    }

    /// Reads that again. What is missing or unknown stays as it is by default.
    fn from_stored(text: &str) -> Self {
        let mut settings = Self::default();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(' ') else {
                continue;
            };
            let device = || (!value.is_empty()).then(|| value.to_owned());
            match name {
                "name" => value.clone_into(&mut settings.name),
                "microphone-on" => settings.microphone_on = value == "on",
                "camera-on" => settings.camera_on = value == "on",
                "microphone" => settings.microphone = device(),
                "camera" => settings.camera = device(),
                "speaker" => settings.speaker = device(),
                "quiet" => settings.quiet = value == "on",
                "theme" => settings.theme = Theme::of_tag(value),
                "language" => settings.language = Language::of_tag(value),
                _ => {}
            }
        }
        settings
    }
}

static SETTINGS: GlobalSignal<Settings> = Signal::global(|| {
    platform::load(KEY).map_or_else(Settings::default, |text| Settings::from_stored(&text))
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
    platform::store(KEY, &settings.to_stored());
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(Settings::from_stored(&settings.to_stored()), settings);
    }

    #[test]
    fn what_is_unknown_or_missing_stays_as_it_is_by_default() {
        let settings = Settings::from_stored("colour red\nname Bo\ntheme neon\n\nx");
        assert_eq!(
            settings,
            Settings {
                name: "Bo".to_owned(),
                ..Settings::default()
            }
        );
    }
}
