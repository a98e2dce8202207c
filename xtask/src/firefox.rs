//! The Firefox that the tests drive, where there is one.

use std::{path::PathBuf, process::Command};

use crate::{apt, error::Result, process};

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
            eprintln!(
                "note: there is no Firefox, so its tests were skipped: install Firefox ESR (Debian: \
                 `apt-get install firefox-esr`), or name it in PARLOR_FIREFOX"
            );
        }
    }

    fn find() -> Option<PathBuf> {
        let named = std::env::var_os("PARLOR_FIREFOX").map(PathBuf::from);
        let named = named.filter(|path| path.is_file());
        named.or_else(|| process::find("firefox-esr"))
    }
}
