//! The libraries that the desktop app is built on.

use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    process,
};

/// What pkg-config calls them. OpenSSL is Dioxus' wish, which nothing of it uses.
const LIBRARIES: [&str; 2] = ["webkit2gtk-4.1", "openssl"];

/// WebKit's package brings GTK, soup and JavaScriptCore along. Only linking needs libxdo, and
/// Debian's has no file for pkg-config, so nobody looks for it.
const DEBIAN_PACKAGES: [&str; 4] = [
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libssl-dev",
    "libxdo-dev",
];

/// Sees to it that they are here. Only Linux needs any: elsewhere the system has its own web view.
pub(crate) fn find_or_install() -> Result<()> {
    if !cfg!(target_os = "linux") || versions().is_some() {
        return Ok(());
    }
    if apt::install(&DEBIAN_PACKAGES)? && versions().is_some() {
        return Ok(());
    }
    fail(format!("the desktop app needs libraries: {}", way()))
}

/// Describes them, where there are any.
pub(crate) fn tool() -> Option<Tool> {
    let state = versions().map_or(State::Missing, State::Here);
    let tool = Tool::new("WebKitGTK, OpenSSL", state, "lint desktop", &way());
    cfg!(target_os = "linux").then(|| tool.by_apt())
}

fn way() -> String {
    format!(
        "install pkg-config and the development files of WebKitGTK 4.1, OpenSSL and libxdo \
         (Debian: `apt-get install --no-install-recommends {}`)",
        DEBIAN_PACKAGES.join(" ")
    )
}

/// Returns the versions of the libraries, if all are here.
fn versions() -> Option<String> {
    let mut arguments = vec!["--modversion"];
    arguments.extend(LIBRARIES);
    process::output("pkg-config", &arguments).map(|lines| lines.replace('\n', ", "))
}
