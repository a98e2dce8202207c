/// What a key does in a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shortcut {
    Microphone,
    Camera,
}

impl Shortcut {
    /// By what a key writes (`KeyboardEvent.key`) and where it is (`KeyboardEvent.code`).
    ///
    /// The buttons name the letters M and V, so a key that writes an ASCII character counts as
    /// that character: on a French keyboard M is not where it is on an English one. A key that
    /// writes something else, such as Cyrillic or what an input method makes of it, counts by its
    /// place.
    pub fn of(text: &str, code: &str) -> Option<Self> {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(letter), None) if letter.is_ascii() => match letter.to_ascii_lowercase() {
                'm' => Some(Self::Microphone),
                'v' => Some(Self::Camera),
                _ => None,
            },
            _ => match code {
                "KeyM" => Some(Self::Microphone),
                "KeyV" => Some(Self::Camera),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyboards_of_every_script_and_input_methods_have_both() {
        let pairs = [
            ("m", "v"),
            ("M", "V"),
            // Russian, Greek, Arabic, Hebrew, Japanese kana.
            ("\u{44c}", "\u{43c}"),
            ("\u{3bc}", "\u{3c9}"),
            ("\u{629}", "\u{631}"),
            ("\u{5e6}", "\u{5d4}"),
            ("\u{3082}", "\u{3072}"),
            // Full-width letters.
            ("\u{ff4d}", "\u{ff56}"),
            ("\u{ff2d}", "\u{ff36}"),
            // An input method takes the key.
            ("Process", "Process"),
            ("Unidentified", "Unidentified"),
            ("Dead", "Dead"),
        ];
        for (m, v) in pairs {
            assert_eq!(Shortcut::of(m, "KeyM"), Some(Shortcut::Microphone), "{m}");
            assert_eq!(Shortcut::of(v, "KeyV"), Some(Shortcut::Camera), "{v}");
        }
    }

    #[test]
    fn a_latin_letter_counts_wherever_it_is() {
        // French: M lies right of L, and a comma where M is elsewhere.
        assert_eq!(Shortcut::of("m", "Semicolon"), Some(Shortcut::Microphone));
        assert_eq!(Shortcut::of(",", "KeyM"), None);
        // Dvorak.
        assert_eq!(Shortcut::of("v", "Period"), Some(Shortcut::Camera));
        assert_eq!(Shortcut::of("k", "KeyV"), None);
    }

    #[test]
    fn other_keys_do_nothing() {
        for (text, code) in [
            ("a", "KeyA"),
            ("Enter", "Enter"),
            ("\u{444}", "KeyA"),
            ("", ""),
        ] {
            assert_eq!(Shortcut::of(text, code), None);
        }
    }
}
