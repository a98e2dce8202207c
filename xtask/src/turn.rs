//! The TURN server that the tests relay through.

use std::{path::PathBuf, process::Command};

use crate::{
    apt,
    error::{Result, fail},
    process,
};

/// A coturn.
#[derive(Debug)]
pub(crate) struct TurnServer(PathBuf);

impl TurnServer {
    pub(crate) fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if apt::install(&["coturn"])? {
            // The tests start their own; nobody asked for one that the network can use.
            apt::stop_service("coturn")?;
        }
        match Self::find() {
            Some(found) => Ok(found),
            None => fail(
                "the tests need a TURN server: install coturn (Debian: `apt-get install coturn`), \
                 or name its `turnserver` in PARLOR_TURNSERVER",
            ),
        }
    }

    /// Tells the tests where it is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command.env("PARLOR_TURNSERVER", &self.0);
    }

    fn find() -> Option<Self> {
        let named = std::env::var_os("PARLOR_TURNSERVER").map(PathBuf::from);
        named
            .filter(|path| path.is_file())
            .or_else(|| process::find("turnserver"))
            .map(Self)
    }
}
