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
    process::run(&mut command, "wasm-opt failed; see above")?;
    let mended = mend_table(&files::read(wasm)?)?;
    files::write(wasm, &mended)
}

/// Older versions of wasm-opt (108 among them) write every exported table as the first one, which is
/// that of functions. The table that wasm-bindgen exports holds values of JavaScript, and the app
/// does not start without it.
fn mend_table(wasm: &[u8]) -> Result<Vec<u8>> {
    let fault = |what: &str| Error::Message(format!("wasm-opt made a module {what}"));
    let mut module = walrus::Module::from_buffer(wasm)
        .map_err(|error| fault(&format!("that cannot be read: {error:#}")))?;
    let Some(export) = module
        .exports
        .iter()
        .find(|export| export.name == "__wbindgen_externrefs")
    else {
        return Ok(wasm.to_vec());
    };
    let holds_values = |table: &walrus::Table| table.element_ty == walrus::RefType::EXTERNREF;
    if matches!(export.item, walrus::ExportItem::Table(table) if holds_values(module.tables.get(table)))
    {
        return Ok(wasm.to_vec());
    }
    let right = module
        .tables
        .iter()
        .find(|table| holds_values(table))
        .map(walrus::Table::id);
    let right = right.ok_or_else(|| fault("without the table that its script needs"))?;
    let export = export.id();
    module.exports.get_mut(export).item = walrus::ExportItem::Table(right);
    Ok(module.emit_wasm())
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

#[cfg(test)]
mod tests {
    use walrus::{ExportItem, Module, RefType};

    use super::*;

    fn module(exported: RefType) -> Vec<u8> {
        let mut module = Module::default();
        for element in [RefType::FUNCREF, RefType::EXTERNREF] {
            let table = module.tables.add_local(false, 1, None, element);
            if element == exported {
                module.exports.add("__wbindgen_externrefs", table);
            }
        }
        module.emit_wasm()
    }

    fn exported(wasm: &[u8]) -> RefType {
        let module = Module::from_buffer(wasm).unwrap();
        match module.exports.iter().next().unwrap().item {
            ExportItem::Table(table) => module.tables.get(table).element_ty,
            _ => panic!("a table is exported"),
        }
    }

    #[test]
    fn the_right_table_is_exported_whatever_wasm_opt_did() {
        let wrong = module(RefType::FUNCREF);
        assert_eq!(exported(&mend_table(&wrong).unwrap()), RefType::EXTERNREF);
        let right = module(RefType::EXTERNREF);
        assert_eq!(mend_table(&right).unwrap(), right);
    }

    #[test]
    fn the_features_are_a_section_that_can_be_read() {
        let mut wasm = module(RefType::EXTERNREF);
        wasm.extend(features_section());
        let module = Module::from_buffer(&wasm).unwrap();
        assert!(
            module
                .customs
                .iter()
                .any(|(_, section)| section.name() == "target_features")
        );
    }
}
