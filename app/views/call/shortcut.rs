/// A keyboard shortcut in a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shortcut {
    Microphone,
    Camera,
    Screen,
}

impl Shortcut {
    /// Finds the shortcut of a key by its character (`KeyboardEvent.key`) and its position
    /// (`KeyboardEvent.code`).
    ///
    /// The buttons name the letters M, V and S, so a key that writes an ASCII character counts as that
    /// character: on a French keyboard, M has another position than on an English one. A key that
    /// writes anything else, such as a Cyrillic letter, or that an input method takes, counts by
    /// its position.
    pub fn of(text: &str, code: &str) -> Option<Self> {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(letter), None) if letter.is_ascii() => match letter.to_ascii_lowercase() {
                'm' => Some(Self::Microphone),
                'v' => Some(Self::Camera),
                's' => Some(Self::Screen),
                _ => None,
            },
            _ => match code {
                "KeyM" => Some(Self::Microphone),
                "KeyV" => Some(Self::Camera),
                "KeyS" => Some(Self::Screen),
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
            let s = if v.is_ascii() && v.len() == 1 { "s" } else { v };
            assert_eq!(Shortcut::of(s, "KeyS"), Some(Shortcut::Screen), "{s}");
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
