use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::host::{self, HostError};

/// The origin of a page: scheme, host and port
/// ([RFC 6454](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
///
/// Two that differ in letter case, or in that one names the port that is usual for its scheme, are
/// equal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin {
    scheme: String,
    host: String,
    /// `None` for the usual one.
    port: Option<u16>,
}

/// The reason why a text is no [`Origin`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OriginError {
    /// No scheme.
    #[error("it does not begin with a scheme, such as https://")]
    Scheme,
    /// Something behind the host and port.
    #[error("something follows its host and port, where nothing can")]
    Path,
    /// A wrong host or port.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl Origin {
    /// The origin of a scheme and the `host:port` of a `Host` header.
    pub fn new(scheme: &str, authority: &str) -> Result<Self, OriginError> {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        if !is_scheme {
            return Err(OriginError::Scheme);
        }
        if authority.contains(['/', '?', '#']) {
            return Err(OriginError::Path);
        }
        let scheme = scheme.to_ascii_lowercase();
        let (host, port) = host::split(authority)?;
        let usual = match scheme.as_str() {
            "http" | "ws" => Some(80),
            "https" | "wss" => Some(443),
            _ => None,
        };
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port: port.filter(|port| Some(*port) != usual),
            scheme,
        })
    }

    /// The scheme, in small letters.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Says whether it is that of pages from the web: `http` or `https`.
    pub fn is_web(&self) -> bool {
        self.scheme == "http" || self.is_https()
    }

    /// Says whether its pages came encrypted, which browsers ask for before they give a camera or
    /// a microphone.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// Says whether it leads every device to itself.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address.is_unspecified(),
            Err(_) => {
                let name = self.host.strip_suffix('.').unwrap_or(&self.host);
                name == "localhost" || name.ends_with(".localhost")
            }
        }
    }
}

/// Reads `https://parlor.example`; a slash at the end is no difference.
impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
        Self::new(scheme, rest.strip_suffix('/').unwrap_or(rest))
    }
}

/// The form that browsers send ([RFC 6454, 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)).
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        match self.host.contains(':') {
            true => write!(f, "[{}]", self.host)?,
            false => f.write_str(&self.host)?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn usual_port_letter_case_and_a_slash_are_no_difference() {
        for (text, shown) in [
            ("https://Parlor.Example:443/", "https://parlor.example"),
            ("HTTP://parlor.example:80", "http://parlor.example"),
            ("http://parlor.example:443", "http://parlor.example:443"),
            ("https://parlor.example:80", "https://parlor.example:80"),
            ("http://192.0.2.7:8460", "http://192.0.2.7:8460"),
            ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
            ("tauri://localhost", "tauri://localhost"),
        ] {
            assert_eq!(origin(text).to_string(), shown);
            assert_eq!(origin(shown), origin(text));
        }
        assert_ne!(origin("https://a"), origin("http://a"));
        assert_ne!(origin("https://a"), origin("https://a:80"));
        assert_eq!(Origin::new("https", "a:443"), Ok(origin("https://a")));
    }

    #[test]
    fn errors_name_the_part_that_is_wrong() {
        use OriginError::{Path, Scheme};
        for (text, error) in [
            ("", Scheme),
            ("null", Scheme),
            ("parlor.example", Scheme),
            ("://a", Scheme),
            ("1http://a", Scheme),
            ("https://a/parlor", Path),
            ("https://a//", Path),
            ("https://a?b", Path),
            ("https://a#b", Path),
            ("https://", HostError::Host.into()),
            ("https://user@a", HostError::Host.into()),
            ("https://a b", HostError::Host.into()),
            ("https://a:port", HostError::Port.into()),
            ("https://a:65979", HostError::Port.into()),
            ("https://a:", HostError::Port.into()),
        ] {
            assert_eq!(text.parse::<Origin>(), Err(error), "{text}");
        }
    }

    #[test]
    fn loopback_has_many_spellings() {
        for text in [
            "http://localhost:8460",
            "http://parlor.localhost",
            "http://LOCALHOST.",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://0.0.0.0:8460",
            "http://[::1]:8460",
        ] {
            assert!(origin(text).is_loopback(), "{text}");
        }
        for text in [
            "http://192.0.2.7",
            "https://localhost.example",
            "https://notlocalhost",
            "http://[2001:db8::1]",
        ] {
            assert!(!origin(text).is_loopback(), "{text}");
        }
    }
}
