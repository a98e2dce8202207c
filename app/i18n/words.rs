//! Words that stand for numbers, so that two people can compare fingerprints by eye and ear.
//!
//! The lists are those of BIP 39: 2048 words in each language, chosen to be told apart. They are files
//! beside the app, since few people need them at once.

use parlor_engine::Fingerprint;

use super::Language;

/// Returns the path of a language's list below the site's root. The file has one word on each line.
pub fn file(language: Language) -> &'static str {
    match language {
        Language::En => "/words/en.txt",
        Language::Ja => "/words/ja.txt",
    }
}

/// Returns a word of the list for each group of a fingerprint; `None` if the list is incomplete.
pub fn words(list: &str, fingerprint: &Fingerprint) -> Option<Vec<String>> {
    let list: Vec<_> = list.lines().collect();
    if list.len() != usize::from(Fingerprint::GROUP_VALUES) {
        return None;
    }
    let word = |group: &u16| list.get(usize::from(*group)).map(|word| (*word).to_owned());
    fingerprint.groups().iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn list(language: Language) -> &'static str {
        match language {
            Language::En => include_str!("../../assets/words/en.txt"),
            Language::Ja => include_str!("../../assets/words/ja.txt"),
        }
    }

    /// Kana with their sound marks in one character, as everybody writes them. BIP 39 has the marks
    /// apart; in Unicode the marked kana follow their plain ones.
    fn composed(word: &str) -> String {
        let mut composed = String::new();
        for c in word.chars() {
            let step = match c {
                '\u{3099}' => 1,
                '\u{309A}' => 2,
                _ => 0,
            };
            let plain = if step > 0 { composed.pop() } else { None };
            let marked = plain.and_then(|plain| char::from_u32(plain as u32 + step));
            composed.push(marked.unwrap_or(c));
        }
        composed
    }

    #[test]
    fn the_lists_are_those_of_bip_39() {
        for (language, theirs) in [
            (Language::En, bip39::Language::English),
            (Language::Ja, bip39::Language::Japanese),
        ] {
            let theirs = theirs.word_list().iter().map(|word| composed(word));
            assert!(list(language).lines().eq(theirs), "{language:?}");
            let words: BTreeSet<_> = list(language).lines().collect();
            assert_eq!(words.len(), usize::from(Fingerprint::GROUP_VALUES));
        }
    }

    #[test]
    fn a_fingerprint_is_ten_words_in_either_language() {
        let person = format!("{}A", "b".repeat(42)).parse().ok().unwrap();
        let fingerprint = Fingerprint::of(person);
        for language in Language::ALL {
            let words = words(list(language), &fingerprint).unwrap();
            let place = |word: &String| list(language).lines().position(|one| one == word);
            let numbers: Vec<_> = words.iter().filter_map(place).collect();
            let groups = fingerprint.groups().map(usize::from);
            assert!(numbers.iter().copied().eq(groups), "{language:?}");
        }
    }

    #[test]
    fn half_a_list_gives_no_words() {
        let person = format!("{}A", "b".repeat(42)).parse().ok().unwrap();
        let fingerprint = Fingerprint::of(person);
        assert_eq!(words("abandon\nability\n", &fingerprint), None);
        assert_eq!(words("<!doctype html>", &fingerprint), None);
    }
}
