use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::choice::Choice;
use crate::components::icon::Icon;
use crate::i18n::Language;
use crate::state::settings;
use crate::t;
use crate::theme::Theme;

/// The button at the corner and what it opens: how the app looks, speaks and rings. Other entries
/// come above that.
pub fn menu(children: Element) -> Element {
    let settings = settings::current();
    let theme = [Theme::System, Theme::Light, Theme::Dark];
    let themes = vec![t!("theme-system"), t!("theme-light"), t!("theme-dark")];
    let language = [None, Some(Language::En), Some(Language::Ja)];
    let mut languages = vec![t!("language-system")];
    languages.extend(Language::ALL.map(|language| language.name().to_owned()));
    rsx! {
        div { class: "menu",
            {button(Button {
                label: t!("menu"),
                look: Look::Quiet,
                icon: Some(Icon::Menu),
                round: true,
                opens: Some("menu"),
                test: Some("menu"),
                onclick: Box::new(|_| {}),
                ..Button::default()
            })}
            div { id: "menu", class: "menu-card", "popover": "auto",
                {children}
                Choice {
                    name: "theme",
                    label: t!("theme"),
                    options: themes,
                    chosen: theme.iter().position(|theme| *theme == settings.theme),
                    onchoose: move |index: usize| settings::choose_theme(theme[index]),
                }
                Choice {
                    name: "language",
                    label: t!("language"),
                    options: languages,
                    chosen: language.iter().position(|language| *language == settings.language),
                    onchoose: move |index: usize| settings::choose_language(language[index]),
                }
                Choice {
                    name: "ring",
                    label: t!("ring"),
                    options: vec![t!("ring-sound"), t!("ring-quiet")],
                    chosen: Some(usize::from(settings.quiet)),
                    onchoose: |index| settings::change(|settings| settings.quiet = index == 1),
                }
            }
        }
    }
}
