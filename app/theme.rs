//! Light and dark.

use crate::platform;

/// The person's choice of a theme.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// The system's theme.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn tag(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the theme with this tag; [`System`](Self::System) for an unknown tag.
    pub fn of_tag(tag: &str) -> Self {
        match tag {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// Applies the theme to the page.
    pub fn apply(self) {
        platform::set_theme((self != Self::System).then(|| self.tag()));
    }
}
