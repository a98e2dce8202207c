//! The TURN server that the tests relay through.

use std::{path::PathBuf, process::Command};

use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    process,
};

const WAY: &str = "install coturn (Debian: `apt-get install coturn`), or name its `turnserver` in \
                   PARLOR_TURNSERVER";

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
            None => fail(format!("the tests need a TURN server: {WAY}")),
        }
    }

    /// Tells the tests where it is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command.env("PARLOR_TURNSERVER", &self.0);
    }

    fn find() -> Option<Self> {
        process::find_or_named(&["turnserver"], "PARLOR_TURNSERVER").map(Self)
    }
}

/// Describes it.
pub(crate) fn tool() -> Tool {
    let found = TurnServer::find().map(|server| server.0);
    let tool = Tool::new("turnserver", State::of(found), "test", WAY);
    tool.for_tests().by_apt()
}
