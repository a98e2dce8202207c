//! The borders of ARCHITECTURE.md that the compiler does not guard.
//!
//! A search for words is enough: whoever wants around it can, and whoever forgets is told.

use std::path::{Path, PathBuf};

use crate::error::{Explain, Result, fail};

/// Words that some folders may not contain, and why.
struct Rule {
    /// Where it holds; a folder or a file, from the root of the checkout.
    below: &'static [&'static str],
    /// Where it does not hold, inside of that.
    except: &'static [&'static str],
    words: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 3] = [
    Rule {
        below: &[
            "app",
            "engine/src",
            "signaling-protocol/src",
            "signaling-server/src",
        ],
        except: &[
            "app/platform/web",
            "app/platform/web.rs",
            "app/video/web",
            "app/video/web.rs",
            "engine/src/platform/web",
        ],
        words: &[
            "gloo",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "web_sys",
        ],
        why: "the browser's functions belong behind the platform seam",
    },
    Rule {
        below: &["engine/src/call", "engine/src/chat", "engine/src/signaling"],
        except: &[],
        words: &["async fn", "cfg(", "Instant::now", "SystemTime::now"],
        why: "call logic is pure: input and time come in, outputs go out",
    },
    Rule {
        below: &["app"],
        except: &["app/platform"],
        words: &[".code()"],
        why: "it is taken out of the web app (xtask/src/web/unreachable.rs); `platform` knows the key",
    },
];

pub(crate) fn check(root: &Path) -> Result<()> {
    let mut breaches = Vec::new();
    for rule in &RULES {
        for below in rule.below {
            for file in sources(&root.join(below))? {
                let name = file.strip_prefix(root).unwrap_or(&file);
                if rule.except.iter().any(|except| name.starts_with(except)) {
                    continue;
                }
                let text = std::fs::read_to_string(&file)
                    .explain(|| format!("cannot read {}", file.display()))?;
                for (line, word) in breaches_of(rule, &text) {
                    breaches.push(format!("{}:{line}: `{word}`: {}", name.display(), rule.why));
                }
            }
        }
    }
    if breaches.is_empty() {
        Ok(())
    } else {
        fail(breaches.join("\nerror: "))
    }
}

/// Line numbers and words. Tests may do more than the code that they test.
fn breaches_of(rule: &Rule, text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        if code.trim_start().starts_with("#[cfg(test)]") {
            // A module of tests that is written here ends the file; one that is a file of its own
            // is a single line.
            let opens = text
                .lines()
                .skip(index + 1)
                .take(3)
                .find(|next| next.starts_with("mod "));
            if opens.is_some_and(|next| next.trim_end().ends_with('{')) {
                break;
            }
            continue;
        }
        found.extend(
            rule.words
                .iter()
                .filter(|word| contains_word(code, word))
                .map(|word| (index + 1, *word)),
        );
    }
    found
}

/// Whether the word is there by itself, not as a part of a longer name.
fn contains_word(code: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(start, found)| {
        let before = code[..start].chars().next_back();
        let after = code[start + found.len()..].chars().next();
        let goes_on = found.ends_with(is_name) && after.is_some_and(is_name);
        let began_before = found.starts_with(is_name) && before.is_some_and(is_name);
        !(goes_on || began_before)
    })
}

fn sources(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(path) else {
        return Ok(files);
    };
    for entry in entries {
        let path = entry
            .explain(|| format!("cannot list {}", path.display()))?
            .path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_stem().is_some_and(|stem| stem != "tests")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_a_key_is_asked_of_the_platform() {
        let found = breaches_of(&RULES[2], "let key = event.code();");
        assert_eq!(found, [(1, ".code()")]);
    }

    #[test]
    fn a_word_across_a_border_is_found() {
        let found = breaches_of(&RULES[0], "use std::fmt;\nuse web_sys::Window;\n");
        assert_eq!(found, [(2, "web_sys")]);
        assert_eq!(
            breaches_of(&RULES[1], "pub async fn open() {}"),
            [(1, "async fn")]
        );
        assert_eq!(
            breaches_of(&RULES[1], "#[cfg(unix)]\nfn x() {}"),
            [(1, "cfg(")]
        );
    }

    #[test]
    fn comments_and_longer_names_are_no_breach() {
        assert!(
            breaches_of(
                &RULES[0],
                "// web_sys would be wrong here\nlet my_web_sys = 1;"
            )
            .is_empty()
        );
        assert!(breaches_of(&RULES[0], "/// [`js_sys`] does this").is_empty());
    }

    #[test]
    fn tests_at_the_end_of_a_file_are_free() {
        let inline = "fn pure() {}\n#[cfg(test)]\nmod tests {\n    async fn f() {}\n}\n";
        assert!(breaches_of(&RULES[1], inline).is_empty());
        let apart = "#[cfg(test)]\nmod tests;\nasync fn f() {}\n";
        assert_eq!(breaches_of(&RULES[1], apart), [(3, "async fn")]);
    }
}
