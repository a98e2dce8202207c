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
pub struct Button {
    pub label: String,
    pub look: Look,
    pub icon: Option<Icon>,
    /// Shows the icon alone.
    pub round: bool,
    /// Shows the label only where there is room.
    pub shrinks: bool,
    /// As wide as there is room.
    pub wide: bool,
    /// What more a pointer learns; the label if nothing is said.
    pub title: Option<String>,
    /// Whether it is on, for one that toggles.
    pub pressed: Option<bool>,
    /// The popover that it opens.
    pub opens: Option<&'static str>,
    pub test: Option<&'static str>,
    pub onclick: Box<dyn FnMut(MouseEvent)>,
}

impl Default for Button {
    fn default() -> Self {
        Self {
            label: String::new(),
            look: Look::default(),
            icon: None,
            round: false,
            shrinks: false,
            wide: false,
            title: None,
            pressed: None,
            opens: None,
            test: None,
            onclick: Box::new(|_| {}),
        }
    }
}

/// Shows a button.
///
/// A function and not a component: it has no state, and for every place with other properties a
/// component's builder is compiled anew, which for the buttons alone was a tenth of the app.
pub fn button(button: Button) -> Element {
    let Button {
        label,
        look,
        icon,
        round,
        shrinks,
        wide,
        title,
        pressed,
        opens,
        test,
        ..
    } = button;
    let onclick = button.onclick;
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
            onclick,
            if let Some(icon) = icon {
                {glyph(icon, 24)}
            }
            span { class: if round { "visually-hidden" } else { "button-label" }, "{label}" }
        }
    }
}
