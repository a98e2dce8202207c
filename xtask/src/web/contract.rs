//! `cargo xtask contract`: a page that runs the engine's contract in a browser.
//!
//! It has no look: scripts call `await run(id)` on it for each of `list()`. The tests do; so can a
//! person in any browser's console, with `cargo run -p parlor-signaling-server -- --web <folder>`.

use std::path::PathBuf;

use crate::{
    error::{Explain, Result, fail},
    process,
    project::Project,
    toolchain::WasmToolchain,
    web::{bindings, files},
};

/// Asks for no icon, which would not be there.
const PAGE: &str = "\
<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>The contract</title>
<link rel=\"icon\" href=\"data:,\">
<script type=\"module\" src=\"/contract.js\"></script>
</html>
";

/// Scripts in the page itself are forbidden by the server, so the module's own gives its functions to
/// whoever drives the page.
const START: &str = "
__wbg_init({ module_or_path: new URL(\"contract.wasm\", import.meta.url) })
  .then(({ memory }) => Object.assign(globalThis, { list, run, title, memory }));
";

/// Builds the page into a folder of its own.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    let bindings = bindings::make(project, "contract", &compile(project)?)?;
    if let Some((import, _)) = bindings.snippets.first() {
        return fail(format!("the contract's page has no place for {import}"));
    }
    let folder = project.target.join("web-contract");
    files::write(&folder.join("contract.wasm"), &bindings.wasm)?;
    let script = format!("{}{START}", bindings.js);
    files::write(&folder.join("contract.js"), script.as_bytes())?;
    files::write(&folder.join("index.html"), PAGE.as_bytes())?;
    println!("{}", folder.display());
    Ok(folder)
}

/// Not as small as the app: what fails should say where.
fn compile(project: &Project) -> Result<PathBuf> {
    let toolchain = WasmToolchain::find_or_install()?;
    let mut cargo = toolchain.cargo(project, &["build"]);
    cargo.args(["--package", "parlor-contract", "--lib"]);
    process::run(&mut cargo, "the contract did not compile; see above")?;
    let wasm = WasmToolchain::module(project, "debug", "parlor_contract.wasm");
    std::fs::canonicalize(&wasm).explain(|| format!("cargo made no {}", wasm.display()))
}
