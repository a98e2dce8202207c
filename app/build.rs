//! Turns the texts of `assets/locales/` into tables, so that the app carries no parser and a
//! broken text fails the build. For a window of its own it joins the style sheets; the web's are
//! files beside the app.
#![allow(
    clippy::disallowed_macros,
    reason = "cargo listens to what a build script prints"
)]

mod styles;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;

const LANGUAGES: [&str; 2] = ["en", "ja"];

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
    write_product("texts.rs", &tables);
    if env::var_os("CARGO_FEATURE_DESKTOP").is_some() {
        write_product("main.css", &joined_styles());
    }
}

fn write_product(name: &str, text: &str) {
    let folder = env::var("OUT_DIR").unwrap_or_default();
    let target = Path::new(&folder).join(name);
    fs::write(&target, text).unwrap_or_else(|error| give_up(name, &error.to_string()));
}

fn joined_styles() -> String {
    println!("cargo::rerun-if-changed=app/components");
    println!("cargo::rerun-if-changed=app/views");
    let sheets = styles::sheets(Path::new(""));
    let sheets = sheets.unwrap_or_else(|error| give_up("styles", &error.to_string()));
    let mut joined = String::new();
    for path in sheets {
        let path = path.display().to_string();
        println!("cargo::rerun-if-changed={path}");
        joined +=
            &fs::read_to_string(&path).unwrap_or_else(|error| give_up(&path, &error.to_string()));
    }
    joined
}

fn give_up(what: &str, problem: &str) -> ! {
    println!("cargo::error={what}: {problem}");
    process::exit(1);
}

/// The lines of a table, sorted by key.
fn table(source: &str) -> Result<String, String> {
    let resource = parser::parse(source).map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut lines = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
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
