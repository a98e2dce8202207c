//! A compiler for Android. Checking needs neither Google's SDK nor its NDK: nothing is linked, and
//! the only C is ring's.

use std::{path::PathBuf, process::Command};

use super::{Target, Toolchain, llvm};
use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    project::Project,
};

const TARGET: Target = Target {
    triple: "aarch64-linux-android",
    folder: "android",
};

/// For clang: Android 11, the oldest that the app is meant for. No C library stands behind it, so
/// ring is told to do without one.
const CFLAGS: &str = "--target=aarch64-linux-android30 -ffreestanding -nostdlibinc \
                      -DRING_CORE_NOSTDLIBINC=1";

const CLANG_WAY: &str = "install clang (Debian: `apt-get install clang`)";

/// Which compilers check for Android, and how they are called.
#[derive(Debug)]
pub(crate) struct AndroidToolchain {
    toolchain: Toolchain,
    clang: PathBuf,
}

impl AndroidToolchain {
    pub(crate) fn find_or_install() -> Result<Self> {
        Ok(Self {
            toolchain: Toolchain::find_or_install(&TARGET)?,
            clang: clang()?,
        })
    }

    /// Describes the compilers of Rust and of C.
    pub(crate) fn tools() -> [Tool; 2] {
        let needed_by = "lint android";
        let clang = Tool::new("clang", State::of(llvm("clang")), needed_by, CLANG_WAY);
        [Toolchain::tool(&TARGET, needed_by), clang.by_apt()]
    }

    /// A cargo-clippy that checks for Android, of the same version as the compiler.
    pub(crate) fn clippy(&self, project: &Project) -> Result<Command> {
        let mut command = self.toolchain.clippy(project)?;
        if self.toolchain.is_debian {
            Toolchain::build_std(&mut command, &["-Zbuild-std=std,panic_unwind"]);
        }
        command
            .env("CC_aarch64_linux_android", &self.clang)
            .env("CFLAGS_aarch64_linux_android", CFLAGS)
            // Any can pack what nobody links.
            .env("AR_aarch64_linux_android", "ar");
        Ok(command)
    }
}

/// Every clang compiles for every target.
fn clang() -> Result<PathBuf> {
    if let Some(path) = llvm("clang") {
        return Ok(path);
    }
    let installed = apt::install(&["clang"])?;
    match llvm("clang").filter(|_| installed) {
        Some(path) => Ok(path),
        None => fail(format!(
            "checking for Android compiles a little C, which needs clang: {CLANG_WAY}"
        )),
    }
}
