use dioxus::prelude::*;

use crate::components::icon::{Icon, glyph};

/// What a button is for, which says how it looks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Look {
    /// The one obvious next step.
    Primary,
    #[default]
    Plain,
    /// Quieter than its surroundings.
    Quiet,
    /// A switch that is off, on a dark ground.
    Off,
    /// Answers a call.
    Good,
    /// Ends something.
    Bad,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button plain",
            Self::Quiet => "button quiet",
            Self::Off => "button off",
            Self::Good => "button good",
            Self::Bad => "button bad",
        }
    }
}

/// A button. Its label is always there for who cannot see it.
#[component]
pub fn Button(
    label: String,
    #[props(default)] look: Look,
    icon: Option<Icon>,
    /// Shows the icon alone.
    #[props(default)]
    round: bool,
    /// Shows the label only where there is room.
    #[props(default)]
    shrinks: bool,
    /// As wide as there is room.
    #[props(default)]
    wide: bool,
    /// What more a pointer learns; the label if nothing is said.
    title: Option<String>,
    /// Whether it is on, for one that toggles.
    pressed: Option<bool>,
    /// The popover that it opens.
    opens: Option<&'static str>,
    test: Option<&'static str>,
    onclick: EventHandler<MouseEvent>,
) -> Element {
    let shape = match (round, shrinks, wide) {
        (true, _, _) => " round",
        (_, true, _) => " shrinks",
        (_, _, true) => " wide",
        _ => "",
    };
    let title = title.or_else(|| (round || shrinks).then(|| label.clone()));
    rsx! {
        button {
            r#type: "button",
            class: "{look.class()}{shape}",
            title,
            popovertarget: opens,
            "aria-pressed": pressed.map(|on| if on { "true" } else { "false" }),
            "data-test": test,
            onclick: move |event| onclick.call(event),
            if let Some(icon) = icon {
                {glyph(icon, 24)}
            }
            span { class: if round { "visually-hidden" } else { "button-label" }, "{label}" }
        }
    }
}
