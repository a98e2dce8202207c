//! axe-core, which looks for what makes a screen hard to use with assistive technology.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

use crate::{
    doctor::{State, Tool},
    error::Result,
    npm, process,
    project::Project,
};

/// Newer versions have other rules: a test run should not fail because of a release.
const VERSION: &str = "4.14.1";
/// SHA-256 of its script. The registry promises the same, and this program does not have to trust it.
const DIGEST: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

const WAY: &str = "install npm, which gets it (Debian: `apt-get install npm`), or name its \
                   `axe.min.js` in PARLOR_AXE";

/// The script that the tests put into pages.
#[derive(Debug)]
pub(crate) struct Axe(PathBuf);

impl Axe {
    /// `None` where it cannot be had: then the tests that need it fail and say so, and the others run.
    pub(crate) fn find_or_install(project: &Project) -> Option<Self> {
        if let Some(found) = Self::find(project) {
            return Some(found);
        }
        let installed = install(&folder(project)).ok();
        let found = installed.and_then(|()| Self::find(project));
        if found.is_none() {
            eprintln!(
                "note: tests of the screens will fail: there is no axe-core {VERSION}: {WAY}"
            );
        }
        found
    }

    fn find(project: &Project) -> Option<Self> {
        let installed = || {
            let script = folder(project).join("node_modules/axe-core/axe.min.js");
            is_right(&script).then_some(script)
        };
        process::named("PARLOR_AXE").or_else(installed).map(Self)
    }

    /// Tells the tests where it is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command.env("PARLOR_AXE", &self.0);
    }
}

/// Describes the script.
pub(crate) fn tool(project: &Project) -> Tool {
    let script = match Axe::find(project) {
        Some(_) => State::Here(VERSION.to_owned()),
        None => State::Missing,
    };
    let script = Tool::new("axe-core", script, "test (screens)", WAY);
    script.for_tests().by_xtask(npm::can_be_had())
}

fn folder(project: &Project) -> PathBuf {
    project.tools().join(format!("axe-core-{VERSION}"))
}

fn install(folder: &Path) -> Result<()> {
    let package = format!("axe-core@{VERSION}");
    let words = ["install", "--no-save", "--no-package-lock", &package];
    npm::run(
        folder,
        &words,
        &format!("install axe-core {VERSION} with npm"),
    )
}

fn is_right(script: &Path) -> bool {
    std::fs::read(script).is_ok_and(|content| digest(&content) == DIGEST)
}

fn digest(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_script_under_the_same_name_is_not_taken() {
        let folder = std::env::temp_dir().join(format!("parlor-axe-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let script = folder.join("axe.min.js");
        std::fs::write(&script, "alert(1)").unwrap();
        assert!(!is_right(&script));
        assert!(!is_right(&folder.join("none.js")));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_digest_is_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
    }
}
