//! Where the built site is, and where pictures go.

use std::path::{Path, PathBuf};

/// Cargo's target folder: tests run from `<target>/<profile>/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a program has a path");
    let target = program.ancestors().nth(3).map(Path::to_owned);
    target.expect("tests are run by cargo, from its target folder")
}

/// The built web app.
pub(crate) fn site() -> PathBuf {
    let site = std::env::var_os("PARLOR_WEB").map_or_else(|| target().join("web"), PathBuf::from);
    assert!(
        site.join("index.html").is_file(),
        "there is no web app in {}: build it with `cargo xtask web`, or run all tests with \
         `cargo xtask test`",
        site.display()
    );
    site
}

/// A program: the one that the variable names, or the one of that name in `PATH`.
pub(crate) fn program(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| name.into(), PathBuf::from)
}

/// Where what people may want to look at is kept; made if it is not there.
pub fn artifacts() -> PathBuf {
    let folder = target().join("test-artifacts");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}
