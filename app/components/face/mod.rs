use dioxus::prelude::*;

use crate::state::session::shown_name;

/// How large a face is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    Small,
    Middle,
    Large,
}

/// A person without a picture: their initials on the colour that is theirs, one of
/// [`COLOURS`](crate::state::colours::COLOURS). The name beside it says who it is.
pub fn face(colour: u8, name: &str, size: Size) -> Element {
    let size = match size {
        Size::Small => "small-face",
        Size::Middle => "middle-face",
        Size::Large => "large-face",
    };
    let initials = initials(&shown_name(name));
    rsx! {
        span { class: "face {size} colour-{colour}", "aria-hidden": "true", "{initials}" }
    }
}

/// One or two letters for a name; the style sheet makes them large.
fn initials(name: &str) -> String {
    let words = name
        .split_whitespace()
        .filter(|word| word.starts_with(is_letter));
    let firsts: Vec<char> = words.filter_map(|word| word.chars().next()).collect();
    match firsts.as_slice() {
        [] => name.chars().next().map(String::from).unwrap_or_default(),
        // Letters that are wide, or joined in writing, stand alone.
        [first, ..] if *first as u32 >= 0x590 => first.to_string(),
        [only] => only.to_string(),
        [first, .., last] => [first, last].into_iter().collect(),
    }
}

/// Near enough, and without Unicode's tables, which are larger than many a screen.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..'\u{2000}' | '\u{2E80}'..='\u{D7FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Anna"), "A");
        assert_eq!(initials("björn van Østergård"), "bØ");
        assert_eq!(initials("佐藤 健一"), "佐");
        assert_eq!(initials("مريم الزهراء"), "م");
        assert_eq!(initials("Dana 🌻"), "D");
        assert_eq!(initials("🌻"), "🌻");
        assert_eq!(initials(""), "");
    }
}
