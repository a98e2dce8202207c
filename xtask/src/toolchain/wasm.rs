//! A compiler for wasm32-unknown-unknown.
//!
//! It builds std itself where its sources are there, because that makes the app smaller
//! (docs/size.md).

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Target, Toolchain, debian_clippy, llvm};
use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    project::Project,
};

const TARGET: Target = Target {
    triple: "wasm32-unknown-unknown",
    folder: "wasm",
};

const LINKER_PACKAGE: &str = "lld-22";

/// Which compiler builds for the web, and how it is called.
#[derive(Debug)]
pub(crate) struct WasmToolchain {
    toolchain: Toolchain,
    /// For Debian's compiler, which has none of its own.
    linker: Option<PathBuf>,
}

impl WasmToolchain {
    pub(crate) fn find_or_install() -> Result<Self> {
        let toolchain = Toolchain::find_or_install(&TARGET)?;
        let linker = match toolchain.is_debian {
            true => Some(linker()?),
            false => None,
        };
        Ok(Self { toolchain, linker })
    }

    /// Describes the compiler, and its linker and clippy where they are not part of it.
    pub(crate) fn tools() -> Vec<Tool> {
        let needed_by = "serve, web, test, contract, lint wasm, bench web";
        let mut tools = vec![Toolchain::tool(&TARGET, needed_by).for_tests()];
        if Toolchain::find(&TARGET).is_some_and(|found| found.is_debian) {
            let way = format!("run `apt-get install {LINKER_PACKAGE}`");
            let linker = Tool::new("lld", State::of(llvm("lld")), needed_by, &way);
            tools.extend([linker.for_tests().by_apt(), debian_clippy()]);
        }
        tools
    }

    /// A cargo that builds for the web.
    pub(crate) fn cargo(&self, project: &Project, arguments: &[&str]) -> Command {
        self.finish(self.toolchain.cargo(project, arguments))
    }

    /// Makes a build smaller than cargo's profile can (docs/size.md): the hashes keep their rounds in
    /// a loop, and panics have no texts, which needs a std that is built the same way.
    pub(crate) fn make_small(&self, command: &mut Command) {
        let mut flags = r#"--cfg sha2_backend_soft="compact""#.to_owned();
        if self.toolchain.has_std_sources {
            flags += " -Zunstable-options -Cpanic=immediate-abort";
        }
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    }

    /// A cargo-clippy that checks for the web, of the same version as the compiler.
    pub(crate) fn clippy(&self, project: &Project) -> Result<Command> {
        Ok(self.finish(self.toolchain.clippy(project)?))
    }

    fn finish(&self, mut command: Command) -> Command {
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        if self.toolchain.has_std_sources {
            let crates = "-Zbuild-std=std,panic_abort";
            let features = "-Zbuild-std-features=optimize_for_size";
            Toolchain::build_std(&mut command, &[crates, features]);
        }
        command
    }

    /// Where cargo puts what it builds for the web. Profile `web` would put its host tools where the
    /// site goes, if that was the native products' folder.
    pub(crate) fn folder(project: &Project) -> PathBuf {
        TARGET.folder(project)
    }

    /// The module that cargo made: `file` in the folder of a profile.
    pub(crate) fn module(project: &Project, profile: &str, file: &str) -> PathBuf {
        let below = Path::new(TARGET.triple).join(profile);
        Self::folder(project).join(below).join(file)
    }
}

/// rustc knows its way of being called by Debian's name too.
fn linker() -> Result<PathBuf> {
    if let Some(path) = llvm("lld") {
        return Ok(path);
    }
    let installed = apt::install(&[LINKER_PACKAGE])?;
    match llvm("lld").filter(|_| installed) {
        Some(path) => Ok(path),
        None => fail(format!(
            "the linker for the web is missing: run `apt-get install {LINKER_PACKAGE}`"
        )),
    }
}
