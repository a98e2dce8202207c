use dioxus::prelude::*;
use parlor_engine::graphemes;

use crate::state::session::shown_name;

/// The size of a face.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Size {
    Small,
    Middle,
    Large,
}

/// Shows a person's initials on their colour, one of [`COLOURS`](crate::state::colours::COLOURS),
/// in place of a picture. The name stands beside the face, so the initials are generated content,
/// which is not read out, searched or translated.
pub fn face(colour: u8, name: &str, size: Size) -> Element {
    let size = match size {
        Size::Small => "small-face",
        Size::Middle => "middle-face",
        Size::Large => "large-face",
    };
    let initials = initials(&shown_name(name));
    rsx! {
        span { class: "face {size} colour-{colour}", "aria-hidden": "true", "data-letters": initials }
    }
}

/// Returns the initials of a name, one or two letters with their combining accents. The style sheet
/// turns them into capitals.
fn initials(name: &str) -> String {
    let words = name
        .split_whitespace()
        .filter(|word| word.starts_with(is_letter));
    let firsts: Vec<&str> = words.filter_map(|word| graphemes(word).next()).collect();
    match firsts.as_slice() {
        [] => graphemes(name).next().unwrap_or_default().to_owned(),
        // Letters that are wide, or joined in writing, stand alone.
        [first, ..] if first.starts_with(|c| c >= '\u{590}') => (*first).to_owned(),
        [only] => (*only).to_owned(),
        [first, .., last] => [*first, *last].concat(),
    }
}

/// Returns `true` if a character is a letter or an ASCII digit. The ranges are approximate:
/// Unicode's tables would add more to the app's size than a whole view does.
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
        assert_eq!(initials("🇯🇵"), "🇯🇵");
        assert_eq!(initials("👩‍👩‍👧‍👦 👍🏽"), "👩‍👩‍👧‍👦");
        assert_eq!(initials("e\u{301}va n\u{303}ez"), "e\u{301}n\u{303}");
        assert_eq!(initials("ก็"), "ก็");
        assert_eq!(initials(""), "");
    }
}
