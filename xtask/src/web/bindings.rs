//! wasm-bindgen and wasm-opt: from cargo's product to a module that a browser loads.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    error::{Error, Result},
    process,
    project::Project,
    wasm_toolchain::WasmToolchain,
    web::{files, hash},
};

/// What rustc emits and wasm-opt has to understand. More may not be enabled: wasm-opt would use it,
/// and older browsers would refuse the module.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The app for browsers, without names that change.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// The JavaScript that loads the module and gives it the browser's functions.
    pub(crate) js: String,
    /// JavaScript that crates bring along: how `js` imports it, and what is in it.
    pub(crate) snippets: Vec<(String, String)>,
    pub(crate) wasm: Vec<u8>,
}

/// Makes the bindings, or reads them when this module was seen the last time already.
pub(crate) fn make(project: &Project, compiled: &Path) -> Result<Bindings> {
    let folder = WasmToolchain::folder(project).join("bindings");
    let optimiser = optimiser()?;
    // The version of this program is part of it: another wasm-bindgen makes other bindings.
    let own = std::env::current_exe()
        .ok()
        .and_then(|path| std::fs::read(path).ok());
    let optimised: &[u8] = if optimiser.is_some() {
        b"small"
    } else {
        b"large"
    };
    let stamp = hash::hash(&[&files::read(compiled)?, &own.unwrap_or_default(), optimised]);
    if files::read_text(&folder.join("stamp")).is_ok_and(|last| last == stamp) {
        return read(&folder);
    }
    let _ = std::fs::remove_dir_all(&folder);
    generate(compiled, &folder)?;
    if let Some(optimiser) = optimiser {
        optimise(&optimiser, &folder.join("parlor_bg.wasm"))?;
    }
    files::write(&folder.join("stamp"), stamp.as_bytes())?;
    read(&folder)
}

fn generate(compiled: &Path, folder: &Path) -> Result<()> {
    let mut wasm = files::read(compiled)?;
    wasm.extend(features_section());
    wasm_bindgen_cli_support::Bindgen::new()
        .input_bytes("parlor", wasm)
        .out_name("parlor")
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

/// A custom section that says which features the module uses. rustc writes one and `strip` in the
/// profile removes it, whereupon wasm-bindgen guesses right but warns. This names only what
/// wasm-bindgen has to know: with all of them, it emits more than Debian's wasm-opt understands.
fn features_section() -> Vec<u8> {
    let text = |text: &str| {
        let length =
            u8::try_from(text.len()).expect("one byte of LEB128 is enough for these names");
        [&[length], text.as_bytes()].concat()
    };
    let content = [
        text("target_features"),
        vec![1, b'+'],
        text("reference-types"),
    ]
    .concat();
    let length =
        u8::try_from(content.len()).expect("one byte of LEB128 is enough for this section");
    [vec![0, length], content].concat()
}

fn optimise(optimiser: &Path, wasm: &Path) -> Result<()> {
    let mut command = Command::new(optimiser);
    command
        .args(FEATURES)
        .args(["-Oz", "--strip-debug", "--strip-producers"]);
    command.arg(wasm).arg("-o").arg(wasm);
    process::run(&mut command, "wasm-opt failed; see above")
}

/// wasm-opt is worth having, not needed.
fn optimiser() -> Result<Option<PathBuf>> {
    if let Some(path) = process::find("wasm-opt") {
        return Ok(Some(path));
    }
    if apt::install(&["binaryen"])? {
        return Ok(process::find("wasm-opt"));
    }
    eprintln!(
        "note: the web app will be larger, because there is no `wasm-opt` (package binaryen)"
    );
    Ok(None)
}

fn read(folder: &Path) -> Result<Bindings> {
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
        js: files::read_text(&folder.join("parlor.js"))?,
        snippets,
        wasm: files::read(&folder.join("parlor_bg.wasm"))?,
    })
}
