//! Decides which pages may open the web socket.

use hyper::header::{self, HeaderMap, HeaderValue};
use parlor_signaling_protocol::Origin;

use crate::log_limit::LogLimit;

/// As much of a header's value as is logged.
const MAX_LOGGED_CHARS: usize = 200;

/// The rule: a page may connect to the host that it came from, and from the places that are
/// allowed besides.
#[derive(Debug, Default)]
pub(crate) struct OriginCheck {
    allowed: Vec<Origin>,
    log: LogLimit,
}

impl OriginCheck {
    pub(crate) fn new(allowed: Vec<Origin>) -> Self {
        Self {
            allowed,
            log: LogLimit::default(),
        }
    }

    /// Whether the page that opens the socket may. Programs other than browsers send no origin,
    /// and are not led astray by foreign pages.
    pub(crate) fn accepts(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return true;
        };
        let host = headers.get(header::HOST);
        let accepts = self.matches(origin, host);
        if !accepts {
            self.log_refusal(origin, host);
        }
        accepts
    }

    fn matches(&self, origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
        let origin = origin.to_str().ok().and_then(|text| text.parse().ok());
        let Some(origin): Option<Origin> = origin else {
            return false;
        };
        // `Host` has no scheme. With that of the page, either may name the port that is usual.
        let host = host.and_then(|host| host.to_str().ok());
        let host = host.and_then(|host| Origin::new(origin.scheme(), host).ok());
        host.as_ref() == Some(&origin) || self.allowed.contains(&origin)
    }

    fn log_refusal(&self, origin: &HeaderValue, host: Option<&HeaderValue>) {
        let Some(unlogged) = self.log.next() else {
            return;
        };
        tracing::warn!(
            origin = ?logged(Some(origin)),
            host = ?logged(host),
            unlogged,
            "refused a web socket: the page's origin is not the host that it connects to; let the \
             proxy pass the Host header on, or name the origin with --allow-origin"
        );
    }
}

/// The beginning of a header's value; the log escapes what is no text.
fn logged(value: Option<&HeaderValue>) -> String {
    let bytes = value.map_or(&b""[..], HeaderValue::as_bytes);
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(MAX_LOGGED_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(check: &OriginCheck, origin: &str, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        let value = |text| HeaderValue::from_str(text).expect("a value");
        headers.insert(header::ORIGIN, value(origin));
        headers.insert(header::HOST, value(host));
        check.accepts(&headers)
    }

    #[test]
    fn usual_port_is_no_difference() {
        let check = OriginCheck::default();
        for (origin, host) in [
            ("https://name", "name"),
            ("https://name", "name:443"),
            ("https://name:443", "name"),
            ("http://name", "name:80"),
            ("http://name:80", "name"),
            ("https://Name", "nAME:443"),
            ("http://name:8460", "name:8460"),
            ("https://[2001:db8::1]", "[2001:DB8::1]:443"),
        ] {
            assert!(accepts(&check, origin, host), "{origin} at {host}");
        }
        for (origin, host) in [
            ("https://name", "name:80"),
            ("http://name", "name:443"),
            ("https://name:8443", "name"),
            ("https://name", "name:8443"),
            ("https://other", "name"),
            ("https://name.other", "name"),
            ("https://name", "name.other"),
            ("https://name:443:443", "name"),
            ("https://name@other", "other"),
            ("name", "name"),
            ("null", "name"),
            ("", ""),
        ] {
            assert!(!accepts(&check, origin, host), "{origin} at {host}");
        }
    }

    #[test]
    fn allowed_origins_may_connect_whatever_the_host_is() {
        let allowed = "https://app.example".parse().expect("an origin");
        let check = OriginCheck::new(vec![allowed]);
        assert!(accepts(&check, "https://app.example", "127.0.0.1:8460"));
        assert!(accepts(&check, "https://app.example:443", "other"));
        assert!(!accepts(&check, "http://app.example", "127.0.0.1:8460"));
        assert!(!accepts(&check, "https://app.example.evil.example", "x"));
        let mut headers = HeaderMap::new();
        assert!(check.accepts(&headers), "a program");
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://name"));
        assert!(!check.accepts(&headers), "a page without a Host header");
    }

    #[test]
    fn logged_values_are_short_and_escaped() {
        let long = HeaderValue::from_str(&"a".repeat(10_000)).expect("a value");
        assert_eq!(logged(Some(&long)).len(), MAX_LOGGED_CHARS);
        let binary = HeaderValue::from_bytes(b"a\xffb").expect("a value");
        assert_eq!(format!("{:?}", logged(Some(&binary))), "\"a\u{fffd}b\"");
        assert_eq!(logged(None), "");
    }
}
