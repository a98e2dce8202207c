//! `cargo xtask web`: the web app as a folder of files that any web server can serve.
//!
//! cargo compiles, [`bindings`] turns what it made into a module that browsers load, [`site`] puts it
//! together with styles and pictures under names that carry a hash of their content, so that browsers
//! may keep them for ever, and [`compress`] adds what is sent to browsers in fact.

mod bindings;
mod boot;
mod compress;
mod css;
mod files;
mod hash;
pub(crate) mod module;
mod names;
mod page;
mod script;
mod site;
mod unreachable;

use std::path::PathBuf;

use crate::{
    error::{Explain, Result, fail},
    process, progress,
    project::Project,
    toolchain::WasmToolchain,
};

/// What a browser may load before the first picture: 400 kB take two seconds on a slow mobile
/// connection (1.6 Mbit/s).
const BUDGET: u64 = 400_000;

/// The web app, built.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    /// Says by how much it is larger than it may be.
    over_budget: Option<String>,
}

impl Site {
    /// Fails if the app is too large. Serving and testing go on with a large app; what is shipped and
    /// merged does not.
    pub(crate) fn check_budget(&self) -> Result<()> {
        self.over_budget.as_ref().map_or(Ok(()), fail)
    }
}

/// Builds the web app unless nothing changed.
pub(crate) fn build(project: &Project) -> Result<Site> {
    let compiled = compile(project)?;
    let bindings = bindings::make(project, "parlor", &compiled)?;
    let report = progress::quick("put the site together", || site::write(project, &bindings))?;
    println!("{}", project.site().display());
    print!("{report}");
    println!("web: {} bytes brotli", report.total());
    let over_budget = report.total().checked_sub(BUDGET).filter(|over| *over > 0).map(|over| {
        format!(
            "the web app is {over} bytes over its budget of {BUDGET} bytes (Brotli): take out code or \
             a dependency; docs/size.md tells what is large and what helped so far"
        )
    });
    Ok(Site {
        folder: project.site(),
        over_budget,
    })
}

/// Runs cargo; gives the file that it made.
fn compile(project: &Project) -> Result<PathBuf> {
    let toolchain = WasmToolchain::find_or_install()?;
    let mut cargo = toolchain.cargo(project, &["build"]);
    cargo.args(["--package", "parlor", "--bin", "parlor", "--profile", "web"]);
    cargo.args(["--no-default-features", "--features", "web"]);
    toolchain.make_small(&mut cargo);
    progress::long("compile the web app", || {
        process::run(&mut cargo, "the web app did not compile; see above")
    })?;
    let wasm = WasmToolchain::module(project, "web", "parlor.wasm");
    std::fs::canonicalize(&wasm).explain(|| format!("cargo made no {}", wasm.display()))
}
