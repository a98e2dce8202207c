//! Functions that never run in the web app.
//!
//! Dioxus keeps errors as `anyhow` errors, whose text has a backtrace where the platform makes any.
//! WebAssembly makes none, but the compiler cannot know that, so the app carries 18 kB of code that
//! writes the symbols of a backtrace (docs/size.md). And each keyboard event of Dioxus can name all keys
//! by their places; the app asks the browser for the place itself (`lint layers` sees to it).

use walrus::{
    Module, ModuleConfig,
    ir::{Instr, Unreachable},
    passes::gc,
};

use crate::error::{Error, Result};

/// Two parts of the name of each such function, as rustc mangles it: its crate or module, and its own.
/// Only large ones: small ones may be shared with other crates that have the same code, and go by
/// themselves when nobody else uses them.
const NEVER_CALLED: [(&str, &str); 5] = [
    ("14rustc_demangle", "13DemangleStyle"),
    ("14rustc_demangle", "7Printer10print_path"),
    ("14rustc_demangle", "7Printer10print_type"),
    ("14rustc_demangle", "7Printer11print_const"),
    ("10dioxus_web6events8keyboard", "15HasKeyboardData4code"),
];

/// Takes the bodies of such functions out of a module, and all that only they use. Needs the
/// functions' names; without them nothing is taken out.
pub(crate) fn remove(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new()
        // As wasm-bindgen reads it, and for the same reason: rustc's output is well-formed.
        .strict_validate(false)
        .parse(wasm)
        .map_err(|error| Error::Message(format!("cargo's module cannot be read: {error:#}")))?;
    empty(&mut module);
    gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// A call of such a function would stop the module.
fn empty(module: &mut Module) {
    let is_never_called = |name: &str| {
        let mut functions = NEVER_CALLED.iter();
        functions.any(|(place, function)| name.contains(place) && name.contains(function))
    };
    for function in module.funcs.iter_mut() {
        if function.name.as_deref().is_some_and(is_never_called)
            && let walrus::FunctionKind::Local(local) = &mut function.kind
        {
            let body = local.entry_block();
            let stop = (Instr::Unreachable(Unreachable {}), Default::default());
            local.block_mut(body).instrs = vec![stop];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;

    /// A module that exports two functions, of which each calls one that nobody else calls.
    fn module() -> Vec<u8> {
        let mut module = Module::default();
        for name in [
            "of_the_app",
            "_RNvMs4_NtC_14rustc_demangle2v0NtB5_7Printer10print_path",
        ] {
            let mut inner = FunctionBuilder::new(&mut module.types, &[], &[]);
            inner.name(format!("inner of {}", name.len())).func_body();
            let inner = inner.finish(vec![], &mut module.funcs);
            let mut outer = FunctionBuilder::new(&mut module.types, &[], &[]);
            outer.name(name.to_owned()).func_body().call(inner);
            let outer = outer.finish(vec![], &mut module.funcs);
            module.exports.add(name, outer);
        }
        module.emit_wasm()
    }

    #[test]
    fn what_is_never_called_goes_with_all_that_it_calls() {
        let functions = |wasm: &[u8]| Module::from_buffer(wasm).unwrap().funcs.iter().count();
        let before = module();
        assert_eq!(functions(&before), 4);
        let after = remove(&before).unwrap();
        assert_eq!(functions(&after), 3);
        let names = Module::from_buffer(&after).unwrap();
        let names: Vec<_> = names
            .funcs
            .iter()
            .filter_map(|it| it.name.clone())
            .collect();
        assert!(names.contains(&"inner of 10".to_owned()), "{names:?}");
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(remove(b"no module").is_err());
    }
}
