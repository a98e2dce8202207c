//! `cargo xtask doctor`: the tools that the commands need, and how to get the missing ones.
//!
//! It installs nothing. Each tool describes itself in the module that looks for it, so that the
//! report and the commands agree.

mod tool;

use std::{path::Path, process::ExitCode};

use crate::{
    axe, browser, desktop, firefox, node, npm, process,
    project::{self, Project},
    toolchain::{self, AndroidToolchain, WasmToolchain},
    tools, turn,
};

pub(crate) use tool::{State, Tool};

/// The oldest compiler that can build this project.
const OLDEST_RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Prints the tools. Succeeds if `cargo xtask test` has all that it needs or can install it.
pub(crate) fn run(project: &Project) -> ExitCode {
    let mut all = rust();
    all.extend(WasmToolchain::tools());
    all.extend(AndroidToolchain::tools());
    all.extend(desktop::tool());
    all.extend(browser::tools());
    all.extend([firefox::tool(), turn::tool()]);
    all.extend(node::tools(project));
    all.extend([axe::tool(project), npm::tool()]);
    all.extend([tools::tool(project), git()]);
    let (text, can_test) = tool::report(&all);
    print!("{text}");
    match can_test {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Describes the parts of Rust's own toolchain.
fn rust() -> Vec<Tool> {
    let cargo = project::cargo();
    let cargo = Path::new(&cargo);
    let version = ["--version"];
    let rust = format!(
        "install Rust {OLDEST_RUST} or newer: `rustup update stable`, after rustup from \
         https://rustup.rs"
    );
    let rustc = State::of_run(&toolchain::rustc(), &version).at_least(OLDEST_RUST);
    let cargo_itself = State::of_run(cargo, &version).at_least(OLDEST_RUST);
    let clippy = State::of_run(cargo, &["clippy", "--version"]);
    let rustfmt = State::of_run(cargo, &["fmt", "--version"]);
    vec![
        Tool::new("cargo", cargo_itself, "all commands", &rust).for_tests(),
        Tool::new("rustc", rustc, "all commands", &rust).for_tests(),
        Tool::new(
            "clippy",
            clippy,
            "lint clippy, wasm, android, desktop",
            "run `rustup component add clippy` (Debian: `apt-get install rust-clippy`)",
        ),
        Tool::new(
            "rustfmt",
            rustfmt,
            "lint fmt",
            "run `rustup component add rustfmt` (Debian: `apt-get install rustfmt`)",
        ),
    ]
}

fn git() -> Tool {
    Tool::new(
        "git",
        State::of(process::find("git")),
        "lint deny (advisories)",
        "install git (Debian: `apt-get install git`)",
    )
}
