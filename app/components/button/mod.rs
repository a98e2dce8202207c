use dioxus::prelude::*;

use crate::components::icon::{Icon, glyph};

/// The purpose of a button, which determines its colours.
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

/// A button. Screen readers read its label even where only the icon is shown.
pub struct Button {
    pub label: String,
    pub look: Look,
    pub icon: Option<Icon>,
    /// Shows the icon alone.
    pub round: bool,
    /// Shows the label only where there is room.
    pub shrinks: bool,
    /// Fills the width of its container.
    pub wide: bool,
    /// The tooltip. Without one, a round or shrinking button has its label as the tooltip.
    pub title: Option<String>,
    /// The state of a toggle button; `None` for any other button.
    pub pressed: Option<bool>,
    /// The id of the popover that the button opens.
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
/// It is a function and not a component: it has no state, and a component's builder is compiled
/// anew for each set of properties in use, which for the buttons alone was a tenth of the app.
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
