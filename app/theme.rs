//! Light and dark.

use crate::platform;

/// What the person wants it to be.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// As the system.
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

    /// As the system, for what is no theme.
    pub fn of_tag(tag: &str) -> Self {
        match tag {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// Tells the page.
    pub fn apply(self) {
        platform::set_theme((self != Self::System).then(|| self.tag()));
    }
}
