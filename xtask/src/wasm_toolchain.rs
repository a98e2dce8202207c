//! A compiler for wasm32-unknown-unknown, from wherever this machine can have one.
//!
//! Usually rustup has the target, or can fetch it. Where rustup cannot download (a closed network, a
//! distribution's build machine), Debian's packages have a compiler and the sources of std. Both
//! build std themselves when its sources are there, because that makes the app smaller
//! (docs/size.md).

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    error::{Result, fail},
    process,
    project::{self, Project},
};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler is in /usr/bin beside any toolchain of rustup, which comes first in PATH.
const DEBIAN_BIN: &str = "/usr/bin";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// The newest version of Debian's package that is too old for this project; see `rust-version`.
const DEBIAN_TOO_OLD: u32 = 94;

/// Which compiler builds for the web, and how it is called.
#[derive(Debug)]
pub(crate) struct WasmToolchain {
    /// Set for Debian's; otherwise the user's own cargo is used.
    debian: Option<Debian>,
    /// Whether the sources of std are there.
    builds_std: bool,
}

#[derive(Debug)]
struct Debian {
    linker: PathBuf,
}

impl WasmToolchain {
    pub(crate) fn find_or_install() -> Result<Self> {
        if let Some(toolchain) = Self::of_rustup().or_else(Self::of_debian) {
            return Ok(toolchain);
        }
        let rustup = process::find("rustup");
        if let Some(rustup) = &rustup {
            eprintln!("Adding the target {TARGET} with rustup.");
            let mut add = Command::new(rustup);
            if process::status(add.args(["target", "add", TARGET]))?.success() {
                // Smaller with std's sources; it works without.
                let _ =
                    process::status(Command::new(rustup).args(["component", "add", "rust-src"]))?;
            }
        }
        if let Some(toolchain) = Self::of_rustup() {
            return Ok(toolchain);
        }
        if apt::install(&DEBIAN_PACKAGES)?
            && let Some(toolchain) = Self::of_debian()
        {
            return Ok(toolchain);
        }
        fail(format!(
            "no compiler for {TARGET} is here: run `rustup target add {TARGET}`, or on Debian \
             `apt-get install --no-install-recommends {}`",
            DEBIAN_PACKAGES.join(" ")
        ))
    }

    /// A cargo that builds for the web. Its products are apart from the native ones: the compilers
    /// may differ in version, and profile `web` would put its host tools where the site goes.
    pub(crate) fn cargo(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = match &self.debian {
            Some(_) => Command::new(Path::new(DEBIAN_BIN).join("cargo")),
            None => project.cargo(),
        };
        command.args(arguments);
        self.finish(project, command)
    }

    /// Leaves the texts of panics out of a build: 27 kB of the app
    /// (docs/size.md). It needs a std that is built the same way.
    pub(crate) fn make_panics_small(&self, command: &mut Command) {
        if self.builds_std {
            let flags = "-Zunstable-options -Cpanic=immediate-abort";
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        }
    }

    /// A cargo-clippy that checks for the web, of the same version as the compiler.
    pub(crate) fn clippy(&self, project: &Project) -> Result<Command> {
        if self.debian.is_none() {
            return Ok(self.cargo(project, &["clippy"]));
        }
        let path = Path::new(DEBIAN_BIN).join("cargo-clippy");
        if !path.is_file() && !apt::install(&["rust-web-clippy"])? {
            return fail("clippy for the web is missing: run `apt-get install rust-web-clippy`");
        }
        let mut command = Command::new(path);
        command.arg("clippy");
        Ok(self.finish(project, command))
    }

    fn finish(&self, project: &Project, mut command: Command) -> Command {
        command.args(["--target", TARGET]);
        command
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", Self::folder(project));
        if let Some(debian) = &self.debian {
            let bin = Path::new(DEBIAN_BIN);
            command.env("CARGO", bin.join("cargo"));
            command.env("RUSTC", bin.join("rustc"));
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &debian.linker);
        }
        if self.builds_std {
            // A stable compiler allows -Z only when it is told that it bootstraps.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ]);
        }
        command
    }

    /// Where cargo puts what it builds for the web.
    pub(crate) fn folder(project: &Project) -> PathBuf {
        project.target.join("wasm")
    }

    fn of_rustup() -> Option<Self> {
        let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let libraries = process::output(&rustc, &["--print", "target-libdir", "--target", TARGET])?;
        let has_std = std::fs::read_dir(libraries)
            .ok()?
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"));
        let builds_std = has_std_sources(&rustc);
        has_std.then_some(Self {
            debian: None,
            builds_std,
        })
    }

    fn of_debian() -> Option<Self> {
        let rustc = Path::new(DEBIAN_BIN).join("rustc");
        let is_new_enough =
            minor_version(&process::output(&rustc, &["--version"])?)? > DEBIAN_TOO_OLD;
        let cargo_is_there = Path::new(DEBIAN_BIN).join("cargo").is_file();
        if !is_new_enough || !cargo_is_there || !has_std_sources(&rustc) {
            return None;
        }
        Some(Self {
            debian: Some(Debian { linker: linker()? }),
            builds_std: true,
        })
    }
}

/// Debian's LLVM linker carries its version in its name; rustc knows its way of being called by that
/// name too.
fn linker() -> Option<PathBuf> {
    let names = std::iter::once("lld".to_owned()).chain((18..30).rev().map(|n| format!("lld-{n}")));
    names
        .map(|name| Path::new(DEBIAN_BIN).join(name))
        .find(|path| path.is_file())
}

fn has_std_sources(rustc: &Path) -> bool {
    project::sysroot(rustc).is_some_and(|root| {
        root.join("lib/rustlib/src/rust/library/std/Cargo.toml")
            .is_file()
    })
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
