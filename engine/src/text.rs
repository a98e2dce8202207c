//! The length of texts that people write, and the characters that a name may contain.

/// The longest message. The bytes are enough for 4,000 flags. JSON writes one byte as six at most,
/// so the longest message stays below the 256 KiB that peers take at once.
pub const MAX_TEXT: TextLimit = TextLimit {
    graphemes: 4_000,
    bytes: 32 * 1024,
};

/// The longest name of a person.
pub const MAX_NAME: TextLimit = TextLimit {
    graphemes: 40,
    bytes: 400,
};

/// The largest length of a text.
///
/// Graphemes are the characters that a reader counts
/// ([UAX #29](https://www.unicode.org/reports/tr29/)): a flag, a letter with its accents or a
/// family of emoji is one. A grapheme has no largest size, so there is a limit in bytes too.
///
/// An application that shows a length to people counts it here, so that its fields and the engine
/// agree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TextLimit {
    /// The number of graphemes.
    pub graphemes: usize,
    /// The number of bytes in UTF-8.
    pub bytes: usize,
}

impl TextLimit {
    /// Returns how many graphemes at the end of the text are beyond the limit; 0 for a text that
    /// fits.
    pub fn excess(self, text: &str) -> usize {
        // No grapheme is shorter than a byte.
        if text.len() <= self.graphemes.min(self.bytes) {
            return 0;
        }
        graphemes(&text[self.cut(text).len()..]).count()
    }

    /// Returns the longest beginning of the text that fits, in whole graphemes.
    pub fn cut(self, text: &str) -> &str {
        let mut end = 0;
        for grapheme in graphemes(text).take(self.graphemes) {
            if end + grapheme.len() > self.bytes {
                break;
            }
            end += grapheme.len();
        }
        &text[..end]
    }
}

/// Returns the graphemes of a text. On the web the browser finds them, elsewhere the tables of a
/// crate do; where their versions of Unicode differ, so can the graphemes of new emoji.
#[cfg(not(target_arch = "wasm32"))]
pub fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    unicode_segmentation::UnicodeSegmentation::graphemes(text, true)
}

/// Returns the graphemes of a text. On the web the browser finds them, elsewhere the tables of a
/// crate do; where their versions of Unicode differ, so can the graphemes of new emoji.
#[cfg(target_arch = "wasm32")]
pub fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    crate::platform::web::graphemes(text)
}

/// Returns a text as one line within the limit: without line breaks, and without control and
/// invisible characters, which could change the text around it or make two names look the same.
pub fn single_line(text: &str, limit: TextLimit) -> String {
    let visible: String = text.chars().filter(|c| !is_removed(*c)).collect();
    limit.cut(visible.trim()).trim_end().to_owned()
}

/// Whether a name that came from elsewhere is one line of visible characters. Its graphemes are
/// not counted: their number depends on the Unicode version, and a post must not be taken by one
/// peer and refused by another.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME.bytes && !name.contains(is_removed)
}

/// Characters that a single line does not keep. Joiners and variation selectors stay: emoji and
/// several scripts need them. Tags stay: the flags of Scotland and Wales consist of them.
fn is_removed(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Soft hyphen, and the marks that set a direction.
            '\u{AD}' | '\u{61C}' | '\u{200E}' | '\u{200F}'
            // Line and paragraph separator, embeddings and overrides.
            | '\u{2028}'..='\u{202E}'
            // Zero-width space, word joiner, invisible operators, isolates, byte order mark.
            | '\u{200B}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";
    const JAPAN: &str = "🇯🇵";

    #[test]
    fn lengths_are_in_graphemes() {
        for character in ["a", "é", "e\u{301}", "語", "🌻", JAPAN, FAMILY, "각"] {
            let limit = TextLimit {
                graphemes: 3,
                bytes: 100,
            };
            assert_eq!(limit.excess(&character.repeat(3)), 0, "{character}");
            assert_eq!(limit.excess(&character.repeat(5)), 2, "{character}");
            assert_eq!(limit.cut(&character.repeat(5)), character.repeat(3));
        }
    }

    #[test]
    fn one_endless_grapheme_is_kept_out_by_its_bytes() {
        let endless = format!("a{}", "\u{301}".repeat(20_000));
        assert_eq!(graphemes(&endless).count(), 1);
        assert_eq!(MAX_TEXT.excess(&endless), 1);
        assert_eq!(MAX_TEXT.cut(&endless), "");
        assert_eq!(MAX_NAME.excess(&format!("Anna{endless}b")), 2);
        assert_eq!(MAX_NAME.cut(&format!("Ann{endless}")), "Ann");
    }

    #[test]
    fn all_that_can_be_counted_fits_as_it_did_in_code_points() {
        assert_eq!(MAX_TEXT.excess(&"🌻".repeat(4_000)), 0);
        assert_eq!(MAX_TEXT.excess(&JAPAN.repeat(4_000)), 0);
        assert_eq!(MAX_TEXT.excess(&"x".repeat(5_003)), 1_003);
    }

    #[test]
    fn a_single_line_is_not_cut_inside_a_character() {
        let name = single_line(&format!(" {}{FAMILY}{JAPAN} ", "x".repeat(39)), MAX_NAME);
        assert_eq!(name, format!("{}{FAMILY}", "x".repeat(39)));
        assert_eq!(
            single_line("  Ann\n\u{202E}a\u{200B} \u{7}", MAX_NAME),
            "Anna"
        );
        assert_eq!(single_line("a\u{2028}b\u{2069}c", MAX_NAME), "abc");
        let scotland = "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
        assert_eq!(single_line(scotland, MAX_NAME), scotland);
    }

    #[test]
    fn a_name_from_elsewhere_is_one_line() {
        assert!(is_name("") && is_name("Anna 佐藤") && is_name(FAMILY));
        for bad in ["a\nb", "\u{202E}anna", "\u{200B}", &"x".repeat(401)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
