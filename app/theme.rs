//! Light and dark.

use serde::{Deserialize, Serialize};

use crate::platform;

/// What the person wants it to be.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// Tells the page.
    pub fn apply(self) {
        platform::set_theme(match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        });
    }
}
