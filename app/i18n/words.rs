//! Words that stand for numbers, so that two people can compare fingerprints by eye and ear.

use parlor_engine::Fingerprint;

use super::Language;

mod lists {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// A word for each group of a fingerprint.
pub fn words(language: Language, fingerprint: &Fingerprint) -> Vec<&'static str> {
    let list: Vec<_> = list(language).split(' ').collect();
    let word = |group: &u16| list.get(usize::from(*group)).copied().unwrap_or_default();
    fingerprint.groups().iter().map(word).collect()
}

fn list(language: Language) -> &'static str {
    match language {
        Language::En => lists::EN,
        Language::Ja => lists::JA,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_a_word_of_its_own() {
        for language in Language::ALL {
            let words: BTreeSet<_> = list(language).split(' ').collect();
            assert_eq!(
                words.len(),
                usize::from(Fingerprint::GROUP_VALUES),
                "{language:?}"
            );
            assert!(words.iter().all(|word| !word.is_empty()));
        }
        assert!(list(Language::En).starts_with("abandon ability able"));
        assert!(list(Language::En).ends_with("zone zoo"));
    }

    #[test]
    fn kana_are_written_as_people_write_them() {
        let is_mark = |c| matches!(c, '\u{3099}' | '\u{309A}');
        let words = list(Language::Ja);
        assert!(!words.contains(is_mark));
        assert!(words.starts_with("あいこくしん あいさつ あいだ あおぞら"));
        assert!(
            words.contains("えんぴつ") || words.contains("さんぽ"),
            "half-voiced sounds"
        );
    }

    #[test]
    fn a_fingerprint_is_ten_words_in_either_language() {
        let person = format!("{}A", "b".repeat(42)).parse().ok().unwrap();
        let fingerprint = Fingerprint::of(person);
        let english = words(Language::En, &fingerprint);
        let place = |word: &&str| list(Language::En).split(' ').position(|one| one == *word);
        let numbers: Vec<_> = english.iter().filter_map(place).collect();
        assert!(
            numbers
                .iter()
                .copied()
                .eq(fingerprint.groups().map(usize::from))
        );
        assert_eq!(words(Language::Ja, &fingerprint).len(), english.len());
    }
}
