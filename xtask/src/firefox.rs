//! The Firefox that the tests drive, where there is one.

use std::{path::PathBuf, process::Command};

use crate::{
    apt,
    doctor::{State, Tool},
    error::Result,
    process,
};

const WAY: &str = "install Firefox ESR (Debian: `apt-get install firefox-esr`), or name it in \
                   PARLOR_FIREFOX";

/// A Firefox, or none: then its tests are skipped, and counted so.
#[derive(Debug)]
pub(crate) struct Firefox(Option<PathBuf>);

impl Firefox {
    pub(crate) fn find_or_install() -> Result<Self> {
        let found = Self::find();
        // Where there is no such package, what apt-get says is all that comes of it.
        if found.is_none() && cfg!(target_os = "linux") {
            apt::install(&["firefox-esr"])?;
        }
        Ok(Self(found.or_else(Self::find)))
    }

    /// Tells the tests where it is; an empty name stands for none.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command.env("PARLOR_FIREFOX", self.0.clone().unwrap_or_default());
    }

    /// Says that tests are skipped, if they are.
    pub(crate) fn report(&self) {
        if self.0.is_none() {
            eprintln!("note: there is no Firefox, so its tests were skipped: {WAY}");
        }
    }

    fn find() -> Option<PathBuf> {
        process::find_or_named(&["firefox-esr"], "PARLOR_FIREFOX")
    }
}

/// Describes it.
pub(crate) fn tool() -> Tool {
    let needed_by = "test (skips some tests without it)";
    Tool::new("firefox-esr", State::of(Firefox::find()), needed_by, WAY).by_apt()
}
