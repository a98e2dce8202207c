use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::*;

type Texts = BTreeMap<String, BTreeSet<String>>;

/// Returns the root of the checkout that is tested, which may differ from the one of the build.
fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap().into()
}

fn source(language: Language) -> String {
    let folder = root().join("assets/locales");
    fs::read_to_string(folder.join(language.tag()).with_extension("ftl")).unwrap()
}

/// Returns the keys of a file with the variables that each of them takes.
fn texts(source: &str) -> Texts {
    let mut texts = Texts::new();
    let mut key = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            key = line
                .split_once(" =")
                .unwrap_or_else(|| panic!("not a text: {line}"))
                .0
                .to_owned();
            assert!(
                texts.insert(key.clone(), BTreeSet::new()).is_none(),
                "{key} is there twice"
            );
        }
        for rest in line.split('$').skip(1) {
            let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            texts.entry(key.clone()).or_default().insert(name);
        }
    }
    texts
}

/// Returns the keys that the code uses, with the variables that it passes.
fn uses() -> Texts {
    let mut found = Texts::new();
    let mut folders = vec![root().join("app")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("i18n") {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_string_lossy();
            if name.ends_with(".rs") {
                read_file(&fs::read_to_string(&path).unwrap(), &mut found);
            } else if matches!(&*name, "boot.js" | "index.html") {
                read_boot(&fs::read_to_string(&path).unwrap(), &mut found);
            }
        }
    }
    found
}

/// Reads the uses of texts that are shown before the app runs: a script and the page contain their
/// whole keys.
fn read_boot(source: &str, found: &mut Texts) {
    let is_key = |c: char| c.is_ascii_lowercase() || c == '-';
    for (place, _) in source.match_indices("boot-") {
        let is_quoted = source[..place].ends_with(['"', ' ']);
        let key: String = source[place..].chars().take_while(|c| is_key(*c)).collect();
        let ends = source[place + key.len()..].starts_with(['"', '}']);
        if is_quoted && ends && key != "boot-" {
            found.entry(key).or_default();
        }
    }
}

fn read_file(source: &str, found: &mut Texts) {
    for (place, name) in source.match_indices("t!(") {
        // `format!(` is another one.
        if !source[..place].ends_with(char::is_alphabetic) {
            read_call(&source[place + name.len()..], found);
        }
    }
}

fn read_call(call: &str, found: &mut Texts) {
    let Some(rest) = call.trim_start().strip_prefix('"') else {
        return;
    };
    let Some((key, rest)) = rest.split_once('"') else {
        return;
    };
    let mut depth = 1;
    let end = rest.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let arguments = rest[..end.unwrap_or(0)].split(',').filter_map(|part| {
        let name = part.trim().split_once(" = ")?.0;
        name.chars()
            .all(|c| c.is_ascii_lowercase())
            .then(|| name.to_owned())
    });
    found.entry(key.to_owned()).or_default().extend(arguments);
}

#[test]
fn all_languages_have_the_same_texts() {
    let english = texts(&source(Language::En));
    for language in Language::ALL {
        let others = texts(&source(language));
        let keys: BTreeSet<_> = english.keys().collect();
        let other_keys: BTreeSet<_> = others.keys().collect();
        let difference: Vec<_> = keys.symmetric_difference(&other_keys).collect();
        assert!(difference.is_empty(), "{language:?}: {difference:?}");
        for (key, variables) in &english {
            assert_eq!(Some(variables), others.get(key), "{language:?}: {key}");
        }
    }
}

#[test]
fn the_code_uses_the_texts_that_there_are() {
    let english = texts(&source(Language::En));
    let uses = uses();
    for (key, variables) in &uses {
        assert_eq!(
            Some(variables),
            english.get(key),
            "{key}: code on the left, en.ftl on the right"
        );
    }
    let unused: Vec<_> = english
        .keys()
        .filter(|key| !uses.contains_key(*key))
        .collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

#[test]
fn numbers_and_names_find_their_places() {
    let say =
        |language, count| text_in(language, "people-count", &[("count", Value::Number(count))]);
    assert_eq!(say(Language::En, 1), "1 person");
    assert_eq!(say(Language::En, 3), "3 people");
    assert_eq!(say(Language::Ja, 3), "3人");
}

#[test]
fn the_systems_language_is_found() {
    let systems = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        Language::preferred(None, &systems(&["de-DE", "ja-JP", "en"])),
        Language::Ja
    );
    assert_eq!(Language::preferred(None, &systems(&["de"])), Language::En);
    assert_eq!(
        Language::preferred(Some(Language::En), &systems(&["ja"])),
        Language::En
    );
}

#[test]
fn a_language_that_the_person_reads_needs_no_translation() {
    let systems = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    assert!(Language::Ja.is_among(&systems(&["de-DE", "ja-JP"])));
    assert!(Language::En.is_among(&systems(&["en-GB"])));
    // The app speaks English to those whose language it does not have: they may want another.
    assert!(!Language::En.is_among(&systems(&["de-DE", "fr"])));
    assert!(!Language::En.is_among(&systems(&["ja"])));
}

#[test]
fn only_names_from_right_to_left_are_isolated() {
    assert_eq!(isolated("Anna 佐藤"), "Anna 佐藤");
    assert_eq!(isolated("مريم"), "\u{2068}مريم\u{2069}");
}
