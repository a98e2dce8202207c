//! `cargo xtask lint`: everything that can be checked without running the program.

use std::{fmt, process::Command, str::FromStr};

use crate::{
    desktop,
    error::{Error, Result, fail},
    layers, process, progress,
    project::Project,
    toolchain::{AndroidToolchain, WasmToolchain},
    tools,
};

/// One check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    Android,
    Clippy,
    Deny,
    Desktop,
    Doc,
    Fmt,
    Layers,
    Wasm,
}

/// Quick ones first.
const ALL: [Step; 8] = [
    Step::Fmt,
    Step::Layers,
    Step::Deny,
    Step::Clippy,
    Step::Doc,
    Step::Wasm,
    Step::Android,
    Step::Desktop,
];

impl FromStr for Step {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match ALL.into_iter().find(|step| step.to_string() == word) {
            Some(step) => Ok(step),
            None => fail(format!(
                "there is no check {word:?}; there are {}",
                ALL.map(|step| step.to_string()).join(", ")
            )),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Android => "android",
            Self::Clippy => "clippy",
            Self::Deny => "deny",
            Self::Desktop => "desktop",
            Self::Doc => "doc",
            Self::Fmt => "fmt",
            Self::Layers => "layers",
            Self::Wasm => "wasm",
        })
    }
}

/// Runs these checks, or all. Every check runs even if one before it found something.
pub(crate) fn run(project: &Project, steps: &[Step]) -> Result<()> {
    let mut found = Vec::new();
    for step in if steps.is_empty() { &ALL } else { steps } {
        match timed(project, *step) {
            Ok(()) => {}
            Err(Error::Message(message)) => {
                eprintln!("error: {message}");
                found.push(step.to_string());
            }
            Err(interrupted) => return Err(interrupted),
        }
    }
    progress::report();
    if found.is_empty() {
        println!("lint: all is well");
        return Ok(());
    }
    fail(format!("lint found something in: {}", found.join(", ")))
}

fn timed(project: &Project, step: Step) -> Result<()> {
    let work = || check(project, step);
    match step {
        Step::Fmt | Step::Layers => progress::quick(&step.to_string(), work),
        _ => progress::long(&step.to_string(), work),
    }
}

fn check(project: &Project, step: Step) -> Result<()> {
    match step {
        Step::Android => android(project),
        Step::Clippy => clippy(
            project.cargo().arg("clippy"),
            &["--workspace", "--all-targets"],
            "clippy has remarks; see above",
        ),
        Step::Deny => deny(project),
        Step::Desktop => desktop_app(project),
        Step::Doc => {
            let mut cargo = project.cargo();
            cargo.env("RUSTDOCFLAGS", "-D warnings");
            cargo.args([
                "doc",
                "--no-deps",
                "--workspace",
                "--document-private-items",
            ]);
            process::run(&mut cargo, "the documentation has faults; see above")
        }
        Step::Fmt => process::run(
            project.cargo().args(["fmt", "--all", "--check"]),
            "the formatting differs: run `cargo fmt --all`",
        ),
        Step::Layers => layers::check(&project.root),
        Step::Wasm => wasm(project),
    }
}

/// One call for each, because the features of one package must not reach the other.
fn wasm(project: &Project) -> Result<()> {
    let toolchain = WasmToolchain::find_or_install()?;
    let remarks = "clippy has remarks on the web build; see above";
    for package in [&ENGINE[..], &CONTRACT, &BENCH, &app("web")] {
        clippy(&mut toolchain.clippy(project)?, package, remarks)?;
    }
    Ok(())
}

/// The engine alone: there is no app for it yet.
fn android(project: &Project) -> Result<()> {
    let toolchain = AndroidToolchain::find_or_install()?;
    let remarks = "clippy has remarks on the engine for Android; see above";
    clippy(&mut toolchain.clippy(project)?, &ENGINE, remarks)
}

fn desktop_app(project: &Project) -> Result<()> {
    desktop::find_or_install()?;
    let remarks = "clippy has remarks on the desktop app; see above";
    clippy(project.cargo().arg("clippy"), &app("desktop"), remarks)?;
    // It is linked too: most of what it stands on is libraries of the system.
    let mut build = project.cargo();
    build.arg("build").args(app("desktop"));
    process::run(&mut build, "the desktop app did not build; see above")
}

const ENGINE: [&str; 2] = ["--package", "parlor-engine"];
const CONTRACT: [&str; 2] = ["--package", "parlor-contract"];
const BENCH: [&str; 3] = ["--package", "parlor-bench", "--lib"];

/// The app on one kind of screen.
fn app(feature: &'static str) -> [&'static str; 5] {
    [
        "--package",
        "parlor",
        "--no-default-features",
        "--features",
        feature,
    ]
}

/// Runs clippy on these packages, and turns any remark of it into this sentence.
fn clippy(command: &mut Command, packages: &[&str], remarks: &str) -> Result<()> {
    command.args(packages).args(["--", "-D", "warnings"]);
    process::run(command, remarks)
}

fn deny(project: &Project) -> Result<()> {
    let program = tools::cargo_deny(project)?;
    let check = |what: &[&str]| {
        let mut deny = Command::new(&program);
        deny.current_dir(&project.root)
            .args(["--log-level", "error", "check"])
            .args(what);
        deny
    };
    process::run(
        &mut check(&["licenses", "bans", "sources"]),
        "a dependency breaks a rule of deny.toml; see above",
    )?;
    if !advisories_are_reachable() {
        eprintln!(
            "note: known vulnerabilities were not checked, because github.com is out of reach"
        );
        return Ok(());
    }
    process::run(
        &mut check(&["advisories"]),
        "a dependency has a known fault; see above",
    )
}

/// cargo-deny clones the database with git.
fn advisories_are_reachable() -> bool {
    let url = "https://github.com/RustSec/advisory-db";
    let patience = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"];
    let mut git = Command::new("git");
    git.args(patience)
        .args(["ls-remote", "--exit-code", url, "HEAD"]);
    git.env("GIT_TERMINAL_PROMPT", "0")
        .stdin(std::process::Stdio::null());
    git.output().is_ok_and(|output| output.status.success())
}
