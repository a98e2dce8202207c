//! The libraries that the desktop app is built on.

use crate::{
    apt,
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
    if !cfg!(target_os = "linux") || are_here() {
        return Ok(());
    }
    if apt::install(&DEBIAN_PACKAGES)? && are_here() {
        return Ok(());
    }
    fail(format!(
        "the desktop app needs pkg-config and the development files of WebKitGTK 4.1, OpenSSL and \
         libxdo: install them (Debian: `apt-get install --no-install-recommends {}`)",
        DEBIAN_PACKAGES.join(" ")
    ))
}

fn are_here() -> bool {
    let mut arguments = vec!["--exists"];
    arguments.extend(LIBRARIES);
    process::output("pkg-config", &arguments).is_some()
}
