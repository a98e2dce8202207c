//! The folders of this checkout.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Explain, Result, fail},
    process,
};

/// Where things are and which cargo runs them.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder with the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the user put it.
    pub(crate) target: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self> {
        // As cargo says when it runs us, not as it was when we were built: checkouts that share a
        // target folder share this program too.
        let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR") else {
            return fail("cannot tell which checkout this is: run `cargo xtask` in it");
        };
        let root = Path::new(&package)
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder),
            None => Ok(root.join("target")),
        };
        let target = target.explain(|| "cannot find the target folder".to_owned())?;
        Ok(Self { root, target })
    }

    /// Cargo as the user called it, in the root of the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(cargo());
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The web app, ready to be served.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("web")
    }

    /// Programs that we install for ourselves, kept outside the checkout's own build products.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A folder that holds a `rustc` for this project, as its `--print sysroot` says.
pub(crate) fn sysroot(rustc: &Path) -> Option<PathBuf> {
    process::output(rustc, &["--print", "sysroot"]).map(PathBuf::from)
}
