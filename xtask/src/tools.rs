//! Cargo's extensions that are not part of a toolchain.

use std::{path::PathBuf, process::Command};

use crate::{
    doctor::{State, Tool},
    error::Result,
    process, progress,
    project::{self, Project},
};

const CARGO_DENY_VERSION: &str = "0.20.2";

/// Finds cargo-deny, or builds it once into the target folder.
pub(crate) fn cargo_deny(project: &Project) -> Result<PathBuf> {
    match find(project) {
        Some(path) => Ok(path),
        None => install(project),
    }
}

/// Describes it.
pub(crate) fn tool(project: &Project) -> Tool {
    let way = "run `cargo install --locked cargo-deny`";
    let tool = Tool::new("cargo-deny", State::of(find(project)), "lint deny", way);
    tool.by_xtask(true)
}

fn find(project: &Project) -> Option<PathBuf> {
    let ours = || Some(ours(project)).filter(|path| path.is_file());
    process::find("cargo-deny").or_else(ours)
}

fn ours(project: &Project) -> PathBuf {
    let name = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    project.tools().join("bin").join(name)
}

fn install(project: &Project) -> Result<PathBuf> {
    let root = project.tools();
    let mut install = Command::new(project::cargo());
    install.args(["install", "--locked", "--version", CARGO_DENY_VERSION]);
    install
        .args(["cargo-deny", "--no-default-features", "--root"])
        .arg(&root);
    // Apart from the workspace, whose compiler settings do not fit it.
    install.env("CARGO_TARGET_DIR", root.join("build"));
    progress::long(&format!("compile cargo-deny {CARGO_DENY_VERSION}"), || {
        process::run(&mut install, "cargo-deny did not install; see above")
    })?;
    let _ = std::fs::remove_dir_all(root.join("build"));
    Ok(ours(project))
}
