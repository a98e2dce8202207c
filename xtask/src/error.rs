//! What ends a command early.

use std::fmt::Display;

/// Why a command did not finish.
#[derive(Debug)]
pub(crate) enum Error {
    /// The user asked us to stop.
    Interrupted,
    /// A sentence that says what is wrong and what to do.
    Message(String),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// An error with this sentence.
pub(crate) fn fail<T>(message: impl Into<String>) -> Result<T> {
    Err(Error::Message(message.into()))
}

/// Puts a sentence in front of an error of another library.
pub(crate) trait Explain<T> {
    fn explain(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Display> Explain<T> for std::result::Result<T, E> {
    fn explain(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::Message(format!("{}: {error}", what())))
    }
}
