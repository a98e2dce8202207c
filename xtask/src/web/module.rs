//! Pages without a look: each gives a module's functions to the scripts that drive it.
//!
//! The tests and the bench drive them; so can a person in any browser's console, with
//! `cargo run -p parlor-signaling-server -- --web <folder>`.

use std::path::PathBuf;

use crate::{
    error::{Explain, Result, fail},
    process, progress,
    project::Project,
    toolchain::WasmToolchain,
    web::{bindings, files},
};

/// A page to build.
#[derive(Debug)]
pub(crate) struct Page {
    /// Of the files, and of the folder after `web-`.
    name: &'static str,
    package: &'static str,
    title: &'static str,
    /// What the page's window is given, as JavaScript.
    gives: &'static str,
    /// A script of the checkout that the page runs too.
    script: Option<&'static str>,
    build: Build,
}

#[derive(Debug)]
enum Build {
    /// Not small: what fails should say where.
    Debug,
    /// As the app is built.
    App,
}

/// `cargo xtask contract`: runs the engine's contract, with `await run(id)` for each of `list()`.
pub(crate) const CONTRACT: Page = Page {
    name: "contract",
    package: "parlor-contract",
    title: "The contract",
    gives: "{ list, run, title, memory }",
    script: None,
    build: Build::Debug,
};

/// For `cargo xtask bench`: the engine and the browser's own connections, side by side.
pub(crate) const BENCH: Page = Page {
    name: "bench",
    package: "parlor-bench",
    title: "The bench",
    gives: "{ engine: { set_up, throughput } }",
    script: Some("bench/page/bare.js"),
    build: Build::App,
};

impl Page {
    /// Builds the page into a folder of its own.
    pub(crate) fn build(&self, project: &Project) -> Result<PathBuf> {
        let bindings = bindings::make(project, self.name, &self.compile(project)?)?;
        if let Some((import, _)) = bindings.snippets.first() {
            return fail(format!("this page has no place for {import}"));
        }
        let folder = project.target.join(format!("web-{}", self.name));
        let write = |name: &str, content: &[u8]| files::write(&folder.join(name), content);
        write(&format!("{}.wasm", self.name), &bindings.wasm)?;
        let script = format!("{}{}", bindings.js, self.start());
        write(&format!("{}.js", self.name), script.as_bytes())?;
        if let Some(path) = self.script {
            write("script.js", &files::read(&project.root.join(path))?)?;
        }
        write("index.html", self.html().as_bytes())?;
        println!("{}", folder.display());
        Ok(folder)
    }

    /// Asks for no icon, which would not be there.
    fn html(&self) -> String {
        let tag = |name: &str| format!("<script type=\"module\" src=\"/{name}.js\"></script>\n");
        format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <meta charset=\"utf-8\">\n\
             <title>{}</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             {}{}</html>\n",
            self.title,
            tag(self.name),
            self.script.map_or_else(String::new, |_| tag("script")),
        )
    }

    /// Scripts in the page itself are forbidden by the server, so the module's own gives its
    /// functions to whoever drives the page.
    fn start(&self) -> String {
        format!(
            "\n__wbg_init({{ module_or_path: new URL(\"{}.wasm\", import.meta.url) }})\n  \
             .then(({{ memory }}) => Object.assign(globalThis, {}));\n",
            self.name, self.gives,
        )
    }

    fn compile(&self, project: &Project) -> Result<PathBuf> {
        let toolchain = WasmToolchain::find_or_install()?;
        let mut cargo = toolchain.cargo(project, &["build"]);
        cargo.args(["--package", self.package, "--lib"]);
        let folder = match self.build {
            Build::Debug => "debug",
            Build::App => {
                cargo.args(["--profile", "web"]);
                toolchain.make_small(&mut cargo);
                "web"
            }
        };
        let package = self.package;
        progress::long(&format!("compile {package} for the web"), || {
            process::run(&mut cargo, &format!("{package} did not compile; see above"))
        })?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        let wasm = WasmToolchain::module(project, folder, &file);
        std::fs::canonicalize(&wasm).explain(|| format!("cargo made no {}", wasm.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_its_module_and_its_script() {
        let (bench, contract) = (BENCH.html(), CONTRACT.html());
        assert!(bench.contains("src=\"/bench.js\"") && bench.contains("src=\"/script.js\""));
        assert!(contract.contains("src=\"/contract.js\"") && !contract.contains("script.js"));
        assert!(BENCH.start().contains("\"bench.wasm\""));
    }
}
