use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::choice::choice;
use crate::components::icon::Icon;
use crate::i18n::Language;
use crate::state::settings;
use crate::t;
use crate::theme::Theme;

const THEMES: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];
const LANGUAGES: [Option<Language>; 3] = [None, Some(Language::En), Some(Language::Ja)];

/// Shows the menu button and its menu: `entries`, and below them the settings for the theme, the
/// language and the ringtone.
pub fn menu(entries: Element) -> Element {
    let settings = settings::current();
    let themes = vec![t!("theme-system"), t!("theme-light"), t!("theme-dark")];
    let theme = THEMES.iter().position(|theme| *theme == settings.theme);
    let mut languages = vec![t!("language-system")];
    languages.extend(Language::ALL.map(|language| language.name().to_owned()));
    let language = LANGUAGES
        .iter()
        .position(|language| *language == settings.language);
    let rings = vec![t!("ring-sound"), t!("ring-quiet")];
    rsx! {
        div { class: "menu",
            {button(Button {
                label: t!("menu"),
                look: Look::Quiet,
                icon: Some(Icon::Menu),
                round: true,
                opens: Some("menu"),
                test: Some("menu"),
                ..Button::default()
            })}
            div { id: "menu", class: "menu-card", "popover": "auto",
                {entries}
                {choice("theme", &t!("theme"), themes, theme, |index| {
                    settings::choose_theme(THEMES[index]);
                })}
                {choice("language", &t!("language"), languages, language, |index| {
                    settings::choose_language(LANGUAGES[index]);
                })}
                {choice("ring", &t!("ring"), rings, Some(usize::from(settings.quiet)), |index| {
                    settings::change(|settings| settings.quiet = index == 1);
                })}
            }
        }
    }
}
