//! The app's texts, in the languages of `assets/locales/`.
//!
//! `t!("key", name = value)` returns a text in the current language. A component that calls it is
//! rendered again when the language changes.

use std::borrow::Cow;

use dioxus::prelude::{GlobalSignal, ReadableExt as _, Signal};

use crate::platform;
use crate::state::settings;

pub mod words;

#[cfg(test)]
mod tests;

/// A language of the app.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    En,
    Ja,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// Returns the chosen language, or the first of the system's languages that the app has.
    pub fn preferred(chosen: Option<Self>, systems: &[String]) -> Self {
        let of_system = || systems.iter().find_map(|tag| Self::of_tag(tag));
        chosen.or_else(of_system).unwrap_or(Self::En)
    }

    /// Returns the language of a tag such as `ja-JP`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Returns `true` if one of the system's languages is this one.
    pub fn is_among(self, systems: &[String]) -> bool {
        systems.iter().any(|tag| Self::of_tag(tag) == Some(self))
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// Returns the language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }

    fn texts(self) -> &'static [(&'static str, &'static [Part])] {
        match self {
            Self::En => texts::EN,
            Self::Ja => texts::JA,
        }
    }

    /// Returns `true` if a number takes the singular form.
    fn is_one(self, number: i64) -> bool {
        match self {
            Self::En => number == 1,
            Self::Ja => false,
        }
    }
}

/// A part of a text, as the build script writes them.
#[derive(Debug)]
enum Part {
    Text(&'static str),
    Value(&'static str),
    /// A choice by a number: the singular form, and the plural form.
    Plural(&'static str, &'static [Self], &'static [Self]),
}

mod texts {
    use super::Part;

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The current language.
pub static LANGUAGE: GlobalSignal<Language> =
    Signal::global(|| Language::preferred(settings::current().language, &platform::languages()));

/// Returns the current language. A component that calls this is rendered again when it changes.
pub fn language() -> Language {
    *LANGUAGE.read()
}

/// A value inside a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(isolated(text).into_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.try_into().unwrap_or(i64::MAX))
    }
}

/// Isolates a text with right-to-left characters, so that it does not reorder the words around it.
fn isolated(text: &str) -> Cow<'_, str> {
    let is_rtl =
        |c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    if text.contains(is_rtl) {
        Cow::Owned(format!("\u{2068}{text}\u{2069}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns the text with this key, with its values filled in.
pub fn text(key: &str, values: &[(&'static str, Value)]) -> String {
    text_in(language(), key, values)
}

fn text_in(language: Language, key: &str, values: &[(&'static str, Value)]) -> String {
    let texts = language.texts();
    let mut text = String::new();
    match texts.binary_search_by_key(&key, |text| text.0) {
        Ok(place) => write(&mut text, language, texts[place].1, values),
        Err(_) => tracing::error!(key, "no such text"),
    }
    text
}

fn write(text: &mut String, language: Language, parts: &[Part], values: &[(&'static str, Value)]) {
    let value = |name| {
        values
            .iter()
            .find(|value| value.0 == name)
            .map(|value| &value.1)
    };
    for part in parts {
        match part {
            Part::Text(words) => text.push_str(words),
            Part::Value(name) => match value(*name) {
                Some(Value::Text(words)) => text.push_str(words),
                Some(Value::Number(number)) => text.push_str(&number.to_string()),
                None => {}
            },
            Part::Plural(name, one, other) => {
                let is_one =
                    matches!(value(*name), Some(Value::Number(number)) if language.is_one(*number));
                write(text, language, if is_one { one } else { other }, values);
            }
        }
    }
}

/// `t!("key")` or `t!("key", name = value, …)`: returns a text in the current language.
#[macro_export]
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::text($key, &[$((stringify!($name), $crate::i18n::Value::from($value))),*])
    };
}
