use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// The result of an engine operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something did not work, the same type on every platform.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn closed(what: &'static str) -> Self {
        Self::new(ErrorKind::Closed, format!("the {what} is closed"))
    }

    /// What to do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What happened, for people who read logs. Lower case, no full stop.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The kinds of failure, told apart by what can be done.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The person or the system said no to a device. They can allow it in the settings; asking
    /// again without that is pointless.
    PermissionDenied,
    /// There is no such device. Plug one in or choose another.
    DeviceMissing,
    /// Another program has the device, or the hardware failed. Retry after closing that program.
    DeviceBusy,
    /// This platform cannot do it. Do not retry.
    Unsupported,
    /// The arguments are wrong. Do not retry with the same ones.
    Invalid,
    /// The server said no. Its reason is in the message.
    Refused,
    /// Nobody answered. The engine keeps trying where it can.
    Unreachable,
    /// Too much waits already. Try again later.
    Overloaded,
    /// It was closed before. Open a new one.
    Closed,
    /// The other side broke the protocol. The connection goes on where it can.
    Protocol,
    /// The platform failed in a way that it does not explain.
    Platform,
}
