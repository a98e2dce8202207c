/// Where a TURN server is ([RFC 7065](https://www.rfc-editor.org/rfc/rfc7065#section-3.1)).
#[derive(Clone, Eq, PartialEq)]
#[cfg_attr(
    target_arch = "wasm32",
    allow(dead_code, reason = "a browser reads the URL by itself")
)]
pub(crate) struct TurnUrl {
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) way: Way,
}

/// How a TURN server is reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    Udp,
    Tcp,
    Tls,
    Dtls,
}

impl TurnUrl {
    /// The error says what is wrong with it, and nothing of what is in it.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let (is_secure, rest) = match url.split_once(':') {
            Some(("turn", rest)) => (false, rest),
            Some(("turns", rest)) => (true, rest),
            _ => return Err("a URL's scheme is not turn or turns"),
        };
        let (place, query) = match rest.split_once('?') {
            Some((place, query)) => (place, Some(query)),
            None => (rest, None),
        };
        let way = match (is_secure, query) {
            (false, None | Some("transport=udp")) => Way::Udp,
            (false, Some("transport=tcp")) => Way::Tcp,
            (true, None | Some("transport=tcp")) => Way::Tls,
            (true, Some("transport=udp")) => Way::Dtls,
            _ => return Err("a URL says something else than transport=udp or transport=tcp"),
        };
        let (host, port) = host_and_port(place)?;
        let usual = if is_secure { 5349 } else { 3478 };
        Ok(Self {
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            way,
        })
    }
}

fn host_and_port(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or(NO_HOST)?;
            if !is_address(host) {
                return Err(NO_HOST);
            }
            match port.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if port.is_empty() => (host, None),
                None => return Err(NO_PORT),
            }
        }
        None => match place.split_once(':') {
            Some((host, port)) => (named(host)?, Some(port)),
            None => (named(place)?, None),
        },
    };
    let port = port.map(|port| match port.parse() {
        // Rust takes a sign, RFC 7065 does not.
        Ok(number) if number > 0 && !port.starts_with('+') => Ok(number),
        _ => Err(NO_PORT),
    });
    Ok((host, port.transpose()?))
}

/// Whether it has the letters of an IPv6 address. To read it whole would cost the web app a kilobyte
/// for what whoever connects finds out anyway.
fn is_address(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    host.contains(':') && host.bytes().all(fits)
}

const NO_HOST: &str = "a URL names no host that there could be";
const NO_PORT: &str = "a URL's port is not from 1 to 65535";

/// A name of the DNS or an address. Names in other scripts come as `xn--`.
fn named(host: &str) -> Result<&str, &'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    match !host.is_empty() && host.len() <= 253 && host.bytes().all(fits) {
        true => Ok(host),
        false => Err(NO_HOST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, Way) {
        let url = TurnUrl::parse(url).unwrap();
        (url.host, url.port, url.way)
    }

    #[test]
    fn what_a_url_leaves_out_is_as_the_rfc_says() {
        let is = |url, host: &str, port, way| assert_eq!(read(url), (host.into(), port, way));
        is("turn:turn.example", "turn.example", 3478, Way::Udp);
        is("turns:turn.example", "turn.example", 5349, Way::Tls);
        is("turn:turn.example:80", "turn.example", 80, Way::Udp);
        is("turn:a?transport=udp", "a", 3478, Way::Udp);
        is("turn:a?transport=tcp", "a", 3478, Way::Tcp);
        is("turns:a:443?transport=tcp", "a", 443, Way::Tls);
        is("turns:a?transport=udp", "a", 5349, Way::Dtls);
        is("turn:192.0.2.1:3479", "192.0.2.1", 3479, Way::Udp);
        is("turn:[2001:db8::1]", "2001:db8::1", 3478, Way::Udp);
        is("turns:[2001:db8::1]:443", "2001:db8::1", 443, Way::Tls);
    }

    #[test]
    fn nonsense_is_refused() {
        for url in [
            "",
            "turn",
            "turn:",
            "stun:a",
            "turn::80",
            "turn:a:",
            "turn:a:0",
            "turn:a:65536",
            "turn:a:+1",
            "turn:a:80:80",
            "turn:a b",
            "turn://a",
            "turn:user@a",
            "turn:a/path",
            "turn:ä",
            "turn:[]",
            "turn:[::1",
            "turn:[::1]80",
            "turn:[a]",
            "turn:2001:db8::1",
            "turn:a?",
            "turn:a?transport=sctp",
            "turn:a?transport=tcp&x=y",
            "turn:a?x=y",
            "turn:a#b",
        ] {
            assert!(TurnUrl::parse(url).is_err(), "{url} was taken");
        }
        let long = format!("turn:{}", "a".repeat(254));
        assert!(TurnUrl::parse(&long).is_err());
    }
}
