//! Paths: the built site, the programs, and the folders for the results of tests.

use std::path::{Path, PathBuf};

/// Returns Cargo's target folder. Tests run from `<target>/<profile>/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a program has a path");
    let target = program.ancestors().nth(3).map(Path::to_owned);
    target.expect("tests are run by cargo, from its target folder")
}

/// Returns the folder of the built web app.
pub(crate) fn site() -> PathBuf {
    built("PARLOR_WEB", "web", "cargo xtask web")
}

/// Returns the folder of the built page that runs the engine's contract.
pub fn contract_site() -> PathBuf {
    built(
        "PARLOR_WEB_CONTRACT",
        "web-contract",
        "cargo xtask contract",
    )
}

/// Returns the folder that the variable names, or the one with this name in the target folder.
fn built(variable: &str, name: &str, command: &str) -> PathBuf {
    let folder = std::env::var_os(variable).map_or_else(|| target().join(name), PathBuf::from);
    assert!(
        folder.join("index.html").is_file(),
        "there is no page in {}: build it with `{command}`, or run all tests with `cargo xtask test`",
        folder.display()
    );
    folder
}

/// Returns the program that the variable names, or the one with this name in `PATH`.
pub(crate) fn program(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| name.into(), PathBuf::from)
}

/// Returns the script of axe-core.
pub(crate) fn axe() -> String {
    let path = std::env::var_os("PARLOR_AXE").expect(
        "there is no axe-core: run the tests with `cargo xtask test`, which installs it with npm, \
         or name its `axe.min.js` in PARLOR_AXE",
    );
    let script = std::fs::read_to_string(&path);
    script.unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Returns the Node.js that runs the client in JavaScript.
pub fn node() -> PathBuf {
    program("PARLOR_NODE", "node")
}

/// Returns the folder of the packages that the client in JavaScript is built on.
pub fn node_packages() -> PathBuf {
    let installed = || target().join("tools/node-client/node_modules");
    let folder = std::env::var_os("PARLOR_NODE_PACKAGES").map_or_else(installed, PathBuf::from);
    assert!(
        folder.is_dir(),
        "there are no packages for the client in JavaScript: run the tests with `cargo xtask test`, which \
         installs them with npm, or run `npm ci` in tests/node-client and name its `node_modules` in \
         PARLOR_NODE_PACKAGES"
    );
    folder
}

/// Returns `true` if there is a Firefox to drive.
pub fn has_firefox() -> bool {
    let program = program("PARLOR_FIREFOX", "firefox-esr");
    if program.components().count() > 1 {
        return program.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    // The variable is empty where somebody looked already and found none.
    !program.as_os_str().is_empty()
        && std::env::split_paths(&folders).any(|folder| folder.join(&program).is_file())
}

/// Returns the folder for pictures and files that people may want to look at; creates it if
/// necessary.
pub fn artifacts() -> PathBuf {
    made("test-artifacts")
}

/// Returns the folder of the verdicts from which the conformance table is made; creates it if
/// necessary.
pub fn verdicts() -> PathBuf {
    made("conformance")
}

fn made(name: &str) -> PathBuf {
    let folder = target().join(name);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}
