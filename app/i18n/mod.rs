//! What the app says, in the languages of `assets/locales/`.
//!
//! `t!("key", name = value)` gives the text in the person's language, and a component that calls
//! it is shown again when they choose another.

use std::borrow::Cow;
use std::cell::OnceCell;

use dioxus::prelude::{GlobalSignal, ReadableExt as _, Signal};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use crate::platform;
use crate::state::settings;

#[cfg(test)]
mod tests;

/// A language that the app speaks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    En,
    Ja,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// What the person chose, or the first of their system's languages that is here.
    pub fn preferred(chosen: Option<Self>, systems: &[String]) -> Self {
        let of_system = || systems.iter().find_map(|tag| Self::of_tag(tag));
        chosen.or_else(of_system).unwrap_or(Self::En)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("../../assets/locales/en.ftl"),
            Self::Ja => include_str!("../../assets/locales/ja.ftl"),
        }
    }

    fn bundle(self) -> FluentBundle<FluentResource> {
        let mut bundle = FluentBundle::new(self.tag().parse().into_iter().collect());
        // Only names need marks of direction, and `Value` sets them.
        bundle.set_use_isolating(false);
        // A test reads both files, so what is left of a broken one is only a safety net.
        let resource = FluentResource::try_new(self.source().to_owned()).unwrap_or_else(|rest| rest.0);
        bundle.add_resource_overriding(resource);
        bundle
    }
}

/// The language that is spoken now.
pub static LANGUAGE: GlobalSignal<Language> = Signal::global(|| {
    Language::preferred(settings::current().language, &platform::languages())
});

/// The language that is spoken now; the component is shown again when it changes.
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

/// Keeps a name that is written from right to left from turning the words around it.
fn isolated(text: &str) -> Cow<'_, str> {
    let is_rtl = |c| {
        matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
    };
    if text.contains(is_rtl) {
        Cow::Owned(format!("\u{2068}{text}\u{2069}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text with this key.
pub fn text(key: &str, values: &[(&'static str, Value)]) -> String {
    text_in(language(), key, values)
}

fn text_in(language: Language, key: &str, values: &[(&'static str, Value)]) -> String {
    thread_local! {
        static BUNDLES: [OnceCell<FluentBundle<FluentResource>>; 2] = const {
            [OnceCell::new(), OnceCell::new()]
        };
    }
    BUNDLES.with(|bundles| {
        let bundle = bundles[language as usize].get_or_init(|| language.bundle());
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "no such text");
            return key.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let value = match value {
                Value::Text(text) => FluentValue::from(text.as_str()),
                Value::Number(number) => FluentValue::from(*number),
            };
            arguments.set(*name, value);
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    })
}

/// `t!("key")` or `t!("key", name = value, …)`: what the app says.
#[macro_export]
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::text($key, &[$((stringify!($name), $crate::i18n::Value::from($value))),*])
    };
}
