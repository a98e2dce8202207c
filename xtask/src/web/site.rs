//! Puts the site together.
//!
//! Scripts, styles and the module get names with a hash, everything in `assets/` keeps its name. The
//! new site is made beside the old one and takes its place at the end, so that a server never sees
//! half of it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    error::{Explain, Result, fail},
    project::Project,
    web::{bindings::Bindings, boot, compress, css, files, hash, names, page, script},
};

/// What is in the site and how large that is.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Report {
    files: Vec<File>,
}

#[derive(Debug, PartialEq)]
struct File {
    name: String,
    size: u64,
    /// What is sent to browsers: smaller if the file can be compressed.
    sent: u64,
}

impl Report {
    /// The bytes that a browser loads before the app runs: module, scripts, styles, page.
    pub(crate) fn total(&self) -> u64 {
        let counts = |file: &&File| {
            [".wasm", ".js", ".css", ".html"]
                .iter()
                .any(|extension| file.name.ends_with(extension))
        };
        self.files.iter().filter(counts).map(|file| file.sent).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(
                f,
                "{:>10} {:>8} brotli  {}",
                file.size, file.sent, file.name
            )?;
        }
        Ok(())
    }
}

/// Writes the site.
pub(crate) fn write(project: &Project, bindings: &Bindings) -> Result<Report> {
    let mut draft = Draft::new(project)?;
    let (script, preload) = write_scripts(&mut draft, bindings)?;
    let (script, wasm) = names::number(&script, &bindings.wasm);
    let size = wasm.len();
    let wasm = draft.add_hashed("parlor.wasm", &wasm)?;
    let script = start(&script, &wasm);
    let script = format!("/{}", draft.add_hashed("parlor.js", script.as_bytes())?);
    let wasm = format!("/{wasm}");
    let texts = boot::texts(project)?;
    let files = boot::Files {
        script: &script,
        module: &wasm,
        size,
    };
    let boot = boot::script(project, &texts, &files)?;
    let boot = format!("/{}", draft.add_hashed("boot.js", boot.as_bytes())?);
    let style = draft.add_hashed("main.css", css::join(project)?.as_bytes())?;
    add_assets(&mut draft, &project.root.join("assets"))?;
    let style = format!("/{style}");
    let values = [
        ("boot", boot.as_str()),
        ("boot style", &boot::style(project)?),
        ("css", &style),
        ("js", &script),
        ("wasm", &wasm),
        ("preload", &preload),
    ];
    let page = fill_page(project, &texts, &values)?;
    draft.add("index.html", page.as_bytes())?;
    draft.publish()
}

fn fill_page(project: &Project, texts: &[boot::Texts], values: &[(&str, &str)]) -> Result<String> {
    let template = files::read_text(&project.root.join("app/index.html"))?;
    let texts: Vec<(String, &str)> = texts
        .iter()
        .flat_map(|texts| texts.placeholders(&template))
        .collect();
    let texts = texts.iter().map(|(name, text)| (name.as_str(), *text));
    let values: Vec<(&str, &str)> = values.iter().copied().chain(texts).collect();
    page::fill(&template, &values)
}

/// Writes what crates bring along; gives the main script with their new names, and the tags that let
/// a browser fetch them at once instead of after the main script.
fn write_scripts(draft: &mut Draft, bindings: &Bindings) -> Result<(String, String)> {
    let mut script = script::slim(&bindings.js);
    let mut preload = String::new();
    for (import, content) in &bindings.snippets {
        // Crates bring scripts for features that this app does not use.
        if !bindings.js.contains(import.as_str()) {
            continue;
        }
        if content.contains("from './") || content.contains("from \"./") {
            return fail(format!(
                "{import} imports another file, which xtask cannot rename yet"
            ));
        }
        let name = draft.add_hashed(&snippet_name(import), content.as_bytes())?;
        script = script.replace(import.as_str(), &format!("./{name}"));
        preload.push_str(&format!("<link rel=\"modulepreload\" href=\"/{name}\">"));
    }
    Ok((script, preload))
}

/// `./snippets/dioxus-interpreter-js-0a1b/inline0.js` becomes `dioxus-interpreter-js-inline0.js`.
fn snippet_name(import: &str) -> String {
    let mut parts = import.trim_start_matches("./snippets/").split('/');
    let package = parts.next().unwrap_or_default();
    let package = package.rsplit_once('-').map_or(package, |(name, _)| name);
    parts.fold(package.to_owned(), |name, part| format!("{name}-{part}"))
}

/// The page may not hold scripts of its own (its content security policy forbids them), so the main
/// script starts the app itself. It takes the module that the boot script loads, and tells it of
/// failures; without the boot script it loads the module by itself.
fn start(script: &str, wasm: &str) -> String {
    format!(
        "{script}\nconst boot = globalThis.parlorBoot;\n\
         __wbg_init({{ module_or_path: boot ? boot.module() : new URL(\"{wasm}\", import.meta.url) }})\n\
         .catch((error) => {{ boot?.failed(error); throw error; }});\n"
    )
}

/// Everything but the styles, which are joined, and the languages, which are in the module.
fn add_assets(draft: &mut Draft, folder: &Path) -> Result<()> {
    for path in files::below(folder)? {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        if below == Path::new("main.css") || below.starts_with("locales") {
            continue;
        }
        draft.add(
            &below.to_string_lossy().replace('\\', "/"),
            &files::read(&path)?,
        )?;
    }
    Ok(())
}

/// A site in the making.
struct Draft {
    folder: PathBuf,
    published: PathBuf,
    report: Report,
}

impl Draft {
    fn new(project: &Project) -> Result<Self> {
        let folder = project.target.join("web.new");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).explain(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            folder,
            published: project.site(),
            report: Report::default(),
        })
    }

    fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let name = hash::name(name, content);
        self.add(&name, content)?;
        Ok(name)
    }

    fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        files::write(&path, content)?;
        let size = content.len() as u64;
        let sent = if compress::is_worthwhile(name) {
            compress::write_siblings(&path, &self.published.join(name), content)?
        } else {
            size
        };
        self.report.files.push(File {
            name: name.to_owned(),
            size,
            sent,
        });
        Ok(())
    }

    fn publish(self) -> Result<Report> {
        let _ = std::fs::remove_dir_all(&self.published);
        std::fs::rename(&self.folder, &self.published)
            .explain(|| format!("cannot replace {}", self.published.display()))?;
        Ok(self.report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_named_after_their_crate() {
        let import = "./snippets/dioxus-interpreter-js-2b9e3c/src/js/patch.js";
        assert_eq!(
            snippet_name(import),
            "dioxus-interpreter-js-src-js-patch.js"
        );
    }

    #[test]
    fn the_total_leaves_out_what_is_loaded_later() {
        let file = |name: &str, sent| File {
            name: name.to_owned(),
            size: 10 * sent,
            sent,
        };
        let report = Report {
            files: vec![
                file("a.wasm", 5),
                file("b.js", 3),
                file("c.css", 2),
                file("i.png", 100),
            ],
        };
        assert_eq!(report.total(), 10);
    }

    #[test]
    fn the_script_starts_the_module() {
        assert!(start("glue", "p-1.wasm").contains("new URL(\"p-1.wasm\", import.meta.url)"));
    }
}
