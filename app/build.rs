//! Turns the texts of `assets/locales/` into tables, so that the app carries no parser and a
//! broken text fails the build.
#![allow(
    clippy::disallowed_macros,
    reason = "cargo listens to what a build script prints"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;

const LANGUAGES: [&str; 2] = ["en", "ja"];

/// The key prefix of the texts that are shown before the app runs; `xtask` writes those into a
/// script of their own.
const OUTSIDE: &str = "boot-";

fn main() {
    println!("cargo::rerun-if-changed=assets/locales");
    let mut tables = String::new();
    for language in LANGUAGES {
        let path = format!("assets/locales/{language}.ftl");
        let source =
            fs::read_to_string(&path).unwrap_or_else(|error| give_up(&path, &error.to_string()));
        let table = table(&source).unwrap_or_else(|problem| give_up(&path, &problem));
        let name = language.to_uppercase();
        tables += &format!("pub(super) static {name}: &[(&str, &[Part])] = &[\n{table}];\n");
    }
    write_out("texts.rs", &tables);
}

fn write_out(name: &str, source: &str) {
    let folder = env::var("OUT_DIR").unwrap_or_default();
    let target = Path::new(&folder).join(name);
    fs::write(&target, source).unwrap_or_else(|error| give_up(name, &error.to_string()));
}

fn give_up(what: &str, problem: &str) -> ! {
    println!("cargo::error={what}: {problem}");
    process::exit(1);
}

/// Returns the lines of a table, sorted by key.
fn table(source: &str) -> Result<String, String> {
    let resource = parser::parse(source).map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut lines = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
                if key.starts_with(OUTSIDE) {
                    continue;
                }
                let pattern = message
                    .value
                    .as_ref()
                    .ok_or_else(|| format!("{key} has no text"))?;
                let parts = parts(pattern).map_err(|problem| format!("{key}: {problem}"))?;
                lines.push(format!("({key:?}, {parts}),\n"));
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(_) | Entry::Junk { .. } => return Err("only messages are known".to_owned()),
        }
    }
    lines.sort();
    Ok(lines.concat())
}

fn parts(pattern: &Pattern<&str>) -> Result<String, String> {
    let mut code = "&[".to_owned();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                write!(code, "Part::Text({value:?}), ").map_err(|error| error.to_string())?;
            }
            PatternElement::Placeable { expression } => code += &placed(expression)?,
        }
    }
    code += "]";
    Ok(code)
}

fn placed(expression: &Expression<&str>) -> Result<String, String> {
    match expression {
        Expression::Inline(InlineExpression::VariableReference { id }) => {
            Ok(format!("Part::Value({:?}), ", id.name))
        }
        Expression::Select {
            selector: InlineExpression::VariableReference { id },
            variants,
        } => {
            let find = |name: &str| {
                let has_name = |key: &VariantKey<&str>| matches!(key, VariantKey::Identifier { name: key } if *key == name);
                variants.iter().find(|variant| has_name(&variant.key))
            };
            match (variants.len(), find("one"), find("other")) {
                (2, Some(one), Some(other)) => Ok(format!(
                    "Part::Plural({:?}, {}, {}), ",
                    id.name,
                    parts(&one.value)?,
                    parts(&other.value)?
                )),
                _ => Err("a choice is between `one` and `other`".to_owned()),
            }
        }
        _ => Err("only variables and plurals are known".to_owned()),
    }
}
