//! Compilers for targets other than this machine, from wherever this machine can have them.
//!
//! Usually rustup has the target, or can fetch it. Where rustup cannot download (a closed network, a
//! distribution's build machine), Debian's packages have a compiler and the sources of std, from
//! which cargo builds std for any target.

mod android;
mod wasm;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    process, progress,
    project::{self, Project},
};

pub(crate) use android::AndroidToolchain;
pub(crate) use wasm::WasmToolchain;

/// Debian's compiler is in /usr/bin beside any toolchain of rustup, which comes first in PATH.
const DEBIAN_BIN: &str = "/usr/bin";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_CLIPPY: &str = "rust-web-clippy";

/// The newest version of Debian's package that is too old for this project; see `rust-version`.
const DEBIAN_TOO_OLD: u32 = 94;

/// What to build for.
#[derive(Debug)]
struct Target {
    /// As rustc calls it.
    triple: &'static str,
    /// Where cargo puts what it builds for it, in the target folder: apart from the native products,
    /// because the compilers may differ in version.
    folder: &'static str,
}

impl Target {
    /// Says how to get a compiler for it.
    fn way(&self) -> String {
        format!(
            "run `rustup target add {}`, or on Debian `apt-get install --no-install-recommends {}`",
            self.triple,
            DEBIAN_PACKAGES.join(" ")
        )
    }

    fn folder(&self, project: &Project) -> PathBuf {
        project.target.join(self.folder)
    }
}

/// A compiler for one target, and how it is called.
#[derive(Debug)]
struct Toolchain {
    target: &'static Target,
    /// Otherwise the user's own cargo is used, which has the target's std.
    is_debian: bool,
    has_std_sources: bool,
}

impl Toolchain {
    fn find_or_install(target: &'static Target) -> Result<Self> {
        if let Some(toolchain) = Self::find(target) {
            return Ok(toolchain);
        }
        add_with_rustup(target.triple)?;
        if let Some(toolchain) = Self::of_rustup(target) {
            return Ok(toolchain);
        }
        // An older list of packages has an older compiler.
        if apt::install_newest(&DEBIAN_PACKAGES)?
            && let Some(toolchain) = Self::of_debian(target)
        {
            return Ok(toolchain);
        }
        let triple = target.triple;
        fail(format!(
            "no compiler for {triple} is here: {}",
            target.way()
        ))
    }

    fn find(target: &'static Target) -> Option<Self> {
        Self::of_rustup(target).or_else(|| Self::of_debian(target))
    }

    /// A cargo that builds for the target.
    fn cargo(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = if self.is_debian {
            Command::new(Path::new(DEBIAN_BIN).join("cargo"))
        } else {
            project.cargo()
        };
        command.args(arguments);
        self.finish(project, command)
    }

    /// A cargo-clippy that checks for the target, of the same version as the compiler.
    fn clippy(&self, project: &Project) -> Result<Command> {
        if !self.is_debian {
            return Ok(self.cargo(project, &["clippy"]));
        }
        let path = Path::new(DEBIAN_BIN).join("cargo-clippy");
        if !path.is_file() && !apt::install(&[DEBIAN_CLIPPY])? {
            return fail(format!(
                "clippy for {} is missing: run `apt-get install {DEBIAN_CLIPPY}`",
                self.target.triple
            ));
        }
        let mut command = Command::new(path);
        command.arg("clippy");
        Ok(self.finish(project, command))
    }

    fn finish(&self, project: &Project, mut command: Command) -> Command {
        command
            .args(["--target", self.target.triple])
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", self.target.folder(project));
        if self.is_debian {
            let bin = Path::new(DEBIAN_BIN);
            command.env("CARGO", bin.join("cargo"));
            command.env("RUSTC", bin.join("rustc"));
        }
        command
    }

    /// Lets cargo build std from its sources.
    fn build_std(command: &mut Command, arguments: &[&str]) {
        // A stable compiler allows -Z only when it is told that it bootstraps.
        command.env("RUSTC_BOOTSTRAP", "1").args(arguments);
    }

    /// Describes the compiler for a target.
    fn tool(target: &'static Target, needed_by: &'static str) -> Tool {
        let state = match Self::find(target) {
            Some(found) if found.is_debian => State::of(Some(Path::new(DEBIAN_BIN).join("rustc"))),
            Some(_) => State::of(Some(rustc())),
            None => State::Missing,
        };
        let can_install = process::find("rustup").is_some() || apt::can_install();
        let name = format!("std for {}", target.triple);
        Tool::new(&name, state, needed_by, &target.way()).by_xtask(can_install)
    }

    fn of_rustup(target: &'static Target) -> Option<Self> {
        let rustc = rustc();
        let libraries = process::output(
            &rustc,
            &["--print", "target-libdir", "--target", target.triple],
        )?;
        let has_std = std::fs::read_dir(libraries)
            .ok()?
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"));
        has_std.then(|| Self {
            target,
            is_debian: false,
            has_std_sources: has_std_sources(&rustc),
        })
    }

    fn of_debian(target: &'static Target) -> Option<Self> {
        let rustc = Path::new(DEBIAN_BIN).join("rustc");
        let is_new_enough =
            minor_version(&process::output(&rustc, &["--version"])?)? > DEBIAN_TOO_OLD;
        let cargo_is_there = Path::new(DEBIAN_BIN).join("cargo").is_file();
        (is_new_enough && cargo_is_there && has_std_sources(&rustc)).then_some(Self {
            target,
            is_debian: true,
            has_std_sources: true,
        })
    }
}

/// The user's own compiler.
pub(crate) fn rustc() -> PathBuf {
    PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// Describes the clippy that belongs to Debian's compiler.
fn debian_clippy() -> Tool {
    let path = Path::new(DEBIAN_BIN).join("cargo-clippy");
    let state = State::of(Some(path).filter(|path| path.is_file()));
    let way = format!("run `apt-get install {DEBIAN_CLIPPY}`");
    Tool::new(DEBIAN_CLIPPY, state, "lint wasm, lint android", &way).by_apt()
}

fn add_with_rustup(triple: &str) -> Result<()> {
    let Some(rustup) = process::find("rustup") else {
        return Ok(());
    };
    let rustup = |words: &[&str]| process::status(Command::new(&rustup).args(words));
    progress::long(&format!("add the target {triple} with rustup"), || {
        if rustup(&["target", "add", triple])?.success() {
            // The web app gets smaller with std's sources; everything works without.
            let _ = rustup(&["component", "add", "rust-src"])?;
        }
        Ok(())
    })
}

fn has_std_sources(rustc: &Path) -> bool {
    project::sysroot(rustc).is_some_and(|root| {
        root.join("lib/rustlib/src/rust/library/std/Cargo.toml")
            .is_file()
    })
}

/// A program of LLVM in PATH. Debian's carry their version in their name.
fn llvm(program: &str) -> Option<PathBuf> {
    let versions = (14..30).rev().map(|version| format!("{program}-{version}"));
    std::iter::once(program.to_owned())
        .chain(versions)
        .find_map(|name| process::find(&name))
}

/// The 96 of `rustc 1.96.0 (…)`.
fn minor_version(line: &str) -> Option<u32> {
    line.split_whitespace()
        .nth(1)?
        .split('.')
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_compiler_is_read() {
        let line = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)";
        assert_eq!(minor_version(line), Some(96));
        assert_eq!(minor_version("rustc"), None);
    }
}
