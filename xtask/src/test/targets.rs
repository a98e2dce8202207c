//! Cargo's messages about the test programs that it starts.

use std::path::Path;

/// Returns the name of the program that begins with this line: `Running tests/browser/main.rs (…/browser-0a1b)`,
/// `Running unittests src/lib.rs (…/parlor_engine-0a1b)` or `Doc-tests parlor_engine`.
pub(super) fn begun(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{name}, documentation"));
    }
    let (source, program) = line.strip_prefix("Running ")?.rsplit_once(" (")?;
    let program = Path::new(program.strip_suffix(')')?).file_stem()?;
    let (name, _) = program.to_str()?.rsplit_once('-')?;
    Some(match source.starts_with("unittests ") {
        true => format!("{name}, unit tests"),
        false => name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_named_as_cargo_names_them() {
        let name = |line: &str| begun(line).unwrap_or_default();
        let unit = "     Running unittests src/lib.rs (target/debug/deps/parlor_engine-0a1b)";
        assert_eq!(name(unit), "parlor_engine, unit tests");
        let whole = "     Running tests/browser/main.rs (/a folder/deps/browser-0a1b)";
        assert_eq!(name(whole), "browser");
        assert_eq!(
            name("   Doc-tests parlor_engine"),
            "parlor_engine, documentation"
        );
    }

    #[test]
    fn messages_of_tests_are_no_target() {
        assert_eq!(begun("Running out of time"), None);
        assert_eq!(begun("   Compiling parlor v0.1.0 (/a-b)"), None);
    }
}
