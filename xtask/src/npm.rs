//! npm, which gets what is written in JavaScript.

use std::{path::Path, process::Command};

use crate::{
    apt,
    doctor::{State, Tool},
    error::Result,
    process, progress,
};

const WAY: &str = "install npm with Node.js (Debian: `apt-get install npm`)";

/// Returns `true` if npm is here or can be installed.
pub(crate) fn can_be_had() -> bool {
    process::find("npm").is_some() || apt::can_install()
}

/// Runs npm for the packages in a folder, and installs npm before if it has to. Nothing of the packages
/// runs. The words are npm's command and what it is for.
pub(crate) fn run(folder: &Path, words: &[&str], step: &str) -> Result<()> {
    if process::find("npm").is_none() {
        apt::install(&["npm"])?;
    }
    let mut npm = Command::new("npm");
    npm.args(words).arg("--prefix").arg(folder);
    npm.args([
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--ignore-scripts",
    ]);
    npm.stdout(std::io::stderr());
    progress::long(step, || {
        process::run(&mut npm, "npm did not install the packages; see above")
    })
}

/// Describes it.
pub(crate) fn tool() -> Tool {
    let needed_by = "test (gets axe-core and packages)";
    Tool::new("npm", State::of(process::find("npm")), needed_by, WAY).by_apt()
}
