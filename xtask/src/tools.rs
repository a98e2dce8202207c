//! Cargo's extensions that are not part of a toolchain.

use std::{path::PathBuf, process::Command};

use crate::{error::Result, process, project::Project};

const CARGO_DENY_VERSION: &str = "0.20.2";

/// cargo-deny, built once into the target folder where PATH has none.
pub(crate) fn cargo_deny(project: &Project) -> Result<PathBuf> {
    if let Some(path) = process::find("cargo-deny") {
        return Ok(path);
    }
    let root = project.tools();
    let path = root
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() {
        return Ok(path);
    }
    eprintln!("Building cargo-deny {CARGO_DENY_VERSION}, once.");
    let mut install = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    install.args([
        "install",
        "--quiet",
        "--locked",
        "--version",
        CARGO_DENY_VERSION,
    ]);
    install
        .args(["cargo-deny", "--no-default-features", "--root"])
        .arg(&root);
    // Apart from the workspace, whose compiler settings do not fit it.
    install.env("CARGO_TARGET_DIR", root.join("build"));
    process::run(
        &mut install,
        "cargo-deny did not install; run `cargo install --locked cargo-deny` to see why",
    )?;
    let _ = std::fs::remove_dir_all(root.join("build"));
    Ok(path)
}
