//! Finds names that look the same to a reader.

use crate::platform;

/// Removes the differences from a name that readers do not see: case, width, invisible characters,
/// and letters of other scripts that look like Latin ones. Two names with the same result look the
/// same. A name without visible characters becomes empty.
pub fn folded(name: &str) -> String {
    let text = platform::folded(name);
    let visible: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(latin)
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns the Latin letter that a Cyrillic or Greek letter looks like, in lower or upper case.
/// Unicode's list of confusable characters is far longer; these letters can make up whole names.
fn latin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' => 'y',
        'ζ' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (one, other) in [
            ("Ben", "ben"),
            ("Ben", "Ｂｅｎ"),
            ("Ben  Ode", " ben\u{3000}ode "),
            ("Ben", "B\u{200B}e\u{FEFF}n\u{FE0F}"),
            // A Cyrillic В and е.
            ("Ben", "Веn"),
            ("Anna", "Αnnа"),
            ("ÉLISE", "élise"),
            ("佐藤　健", "佐藤 健"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} and {other}");
        }
    }

    #[test]
    fn other_names_stay_other_names() {
        for (one, other) in [
            ("Ben", "Ken"),
            ("Jo", "Jon"),
            ("健", "建"),
            ("Rene", "René"),
        ] {
            assert_ne!(folded(one), folded(other), "{one} and {other}");
        }
        assert_eq!(folded("\u{200B}\u{3164} "), "");
    }
}
