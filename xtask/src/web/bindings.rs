//! wasm-bindgen: from cargo's product to a module that a browser loads.
//!
//! wasm-opt does not follow: it made the app larger after Brotli (docs/size.md).

use std::path::Path;

use crate::{
    error::{Error, Result},
    progress,
    project::Project,
    toolchain::WasmToolchain,
    web::{files, hash, unreachable},
};

/// A program for browsers, without names that change.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// The JavaScript that loads the module and gives it the browser's functions.
    pub(crate) js: String,
    /// JavaScript that crates bring along: how `js` imports it, and what is in it.
    pub(crate) snippets: Vec<(String, String)>,
    pub(crate) wasm: Vec<u8>,
}

/// Makes the bindings, or reads them when this module was seen the last time already. They are kept
/// under a name.
pub(crate) fn make(project: &Project, name: &str, compiled: &Path) -> Result<Bindings> {
    let folder = WasmToolchain::folder(project).join("bindings").join(name);
    // This program is part of it: another wasm-bindgen makes other bindings.
    let own = std::env::current_exe()
        .ok()
        .and_then(|path| std::fs::read(path).ok());
    let stamp = hash::hash(&[&files::read(compiled)?, &own.unwrap_or_default()]);
    if files::read_text(&folder.join("stamp")).is_ok_and(|last| last == stamp) {
        return read(&folder, name);
    }
    let _ = std::fs::remove_dir_all(&folder);
    progress::quick(&format!("make the bindings of {name}"), || {
        generate(compiled, name, &folder)
    })?;
    files::write(&folder.join("stamp"), stamp.as_bytes())?;
    read(&folder, name)
}

fn generate(compiled: &Path, name: &str, folder: &Path) -> Result<()> {
    let mut wasm = unreachable::remove(&files::read(compiled)?)?;
    if !contains(&wasm, FEATURES) {
        wasm.extend(features_section());
    }
    wasm_bindgen_cli_support::Bindgen::new()
        .input_bytes(name, wasm)
        .out_name(name)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .omit_default_module_path(true)
                .generate(folder)
        })
        .map_err(|error| Error::Message(format!("wasm-bindgen failed: {error:#}")))
}

/// The name of the section that says which features a module uses.
const FEATURES: &str = "target_features";

fn contains(bytes: &[u8], text: &str) -> bool {
    let mut windows = bytes.windows(text.len());
    windows.any(|window| window == text.as_bytes())
}

/// A custom section that says which features the module uses. rustc writes one and `strip` in the
/// profile removes it, whereupon wasm-bindgen guesses right but warns.
fn features_section() -> Vec<u8> {
    let text = |text: &str| {
        let length =
            u8::try_from(text.len()).expect("one byte of LEB128 is enough for these names");
        [&[length], text.as_bytes()].concat()
    };
    let content = [text(FEATURES), vec![1, b'+'], text("reference-types")].concat();
    let length =
        u8::try_from(content.len()).expect("one byte of LEB128 is enough for this section");
    [vec![0, length], content].concat()
}

fn read(folder: &Path, name: &str) -> Result<Bindings> {
    let mut snippets = Vec::new();
    for path in files::below(&folder.join("snippets"))? {
        let below = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        snippets.push((format!("./{below}"), files::read_text(&path)?));
    }
    Ok(Bindings {
        js: files::read_text(&folder.join(name).with_extension("js"))?,
        snippets,
        wasm: files::read(&folder.join(format!("{name}_bg.wasm")))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_features_are_a_whole_section() {
        let section = features_section();
        assert_eq!(section[0], 0);
        assert_eq!(usize::from(section[1]), section.len() - 2);
        assert!(section.ends_with(b"reference-types"));
    }
}
