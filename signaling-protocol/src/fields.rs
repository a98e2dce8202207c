use std::str::FromStr;

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde_json::{Map, Value};

/// A JSON object that is taken apart field by field.
///
/// What a browser has to read is read with this and not with a derived decoder: for enums that
/// are told apart by a field, serde derives so much code that the two message types of Parlor
/// were an eighth of the whole web app.
#[derive(Clone, Debug)]
pub struct Fields(Map<String, Value>);

/// A field is missing or not what it should be.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the field `{0}` is missing or wrong")]
pub struct FieldError(pub &'static str);

impl Fields {
    /// Reads an object; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().and_then(Self::of)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    /// Whether the field is there and not `null`.
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether the field is there and is `null`.
    pub fn is_null(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_null)
    }

    /// A text, moved out.
    pub fn text(&mut self, name: &'static str) -> Result<String, FieldError> {
        match self.0.get_mut(name).map(Value::take) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(FieldError(name)),
        }
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, FieldError> {
        self.has(name).then(|| self.text(name)).transpose()
    }

    /// A number that is not negative and has no fraction.
    pub fn number(&self, name: &'static str) -> Result<u64, FieldError> {
        self.0
            .get(name)
            .and_then(Value::as_u64)
            .ok_or(FieldError(name))
    }

    /// Such a number within a smaller type's bounds.
    pub fn small<T: TryFrom<u64>>(&self, name: &'static str) -> Result<T, FieldError> {
        T::try_from(self.number(name)?).map_err(|_| FieldError(name))
    }

    /// Yes or no.
    pub fn flag(&self, name: &'static str) -> Result<bool, FieldError> {
        self.0
            .get(name)
            .and_then(Value::as_bool)
            .ok_or(FieldError(name))
    }

    /// An id or anything else that is read from a text.
    pub fn id<T: FromStr>(&self, name: &'static str) -> Result<T, FieldError> {
        let text = self
            .0
            .get(name)
            .and_then(Value::as_str)
            .ok_or(FieldError(name))?;
        text.parse().map_err(|_| FieldError(name))
    }

    /// An id that may be absent.
    pub fn optional_id<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, FieldError> {
        self.has(name).then(|| self.id(name)).transpose()
    }

    /// One of an enum's words.
    pub fn word<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, FieldError> {
        let text = self
            .0
            .get(name)
            .and_then(Value::as_str)
            .ok_or(FieldError(name))?;
        let word: StrDeserializer<'_, Error> = text.into_deserializer();
        T::deserialize(word).map_err(|_| FieldError(name))
    }

    /// An object inside, moved out.
    pub fn object(&mut self, name: &'static str) -> Result<Self, FieldError> {
        self.0
            .get_mut(name)
            .map(Value::take)
            .and_then(Self::of)
            .ok_or(FieldError(name))
    }

    /// A list of objects, moved out.
    pub fn objects(&mut self, name: &'static str) -> Result<Vec<Self>, FieldError> {
        let objects = self.list(name)?.into_iter().map(Self::of);
        objects.collect::<Option<_>>().ok_or(FieldError(name))
    }

    /// A list of texts, moved out.
    pub fn texts(&mut self, name: &'static str) -> Result<Vec<String>, FieldError> {
        let texts = self.list(name)?.into_iter().map(|value| match value {
            Value::String(text) => Some(text),
            _ => None,
        });
        texts.collect::<Option<_>>().ok_or(FieldError(name))
    }

    /// A list, moved out.
    pub fn list(&mut self, name: &'static str) -> Result<Vec<Value>, FieldError> {
        match self.0.get_mut(name).map(Value::take) {
            Some(Value::Array(list)) => Ok(list),
            _ => Err(FieldError(name)),
        }
    }
}
