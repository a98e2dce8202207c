use std::str::FromStr;

use crate::IceServer;
use crate::host::{self, HostError};

/// The longest user name, in bytes
/// ([RFC 8489, 14.3](https://www.rfc-editor.org/rfc/rfc8489#section-14.3)).
const MAX_USERNAME_BYTES: usize = 508;

/// The address of a STUN or TURN server
/// ([RFC 7064](https://www.rfc-editor.org/rfc/rfc7064#section-3.1),
/// [RFC 7065](https://www.rfc-editor.org/rfc/rfc7065#section-3.1)), with the defaults filled in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IceUrl {
    /// The kind of server.
    pub scheme: IceScheme,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port, by default 3478, and 5349 for `stuns` and `turns`.
    pub port: u16,
    /// The transport between the client and the server.
    pub transport: IceTransport,
}

/// The scheme of an [`IceUrl`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IceScheme {
    /// STUN.
    Stun,
    /// STUN over TLS.
    Stuns,
    /// TURN.
    Turn,
    /// TURN over TLS or DTLS.
    Turns,
}

/// The transport of an [`IceUrl`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IceTransport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
    /// DTLS over UDP.
    Dtls,
}

/// The reason why a text is no [`IceUrl`]. It repeats nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IceUrlError {
    /// Another scheme, or none.
    #[error("it does not begin with stun:, stuns:, turn: or turns:")]
    Scheme,
    /// An address in the style of web addresses.
    #[error("it has slashes after its scheme, where these addresses have none")]
    Slashes,
    /// A STUN address with a query.
    #[error("an address of a STUN server has no ?transport=")]
    StunQuery,
    /// A TURN address with another query than `transport=udp` or `transport=tcp`.
    #[error("after the ? comes transport=udp or transport=tcp; TLS is asked for by turns:")]
    Transport,
    /// A wrong host or port.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl IceUrl {
    /// Says whether it is the address of a TURN server.
    pub fn is_relay(&self) -> bool {
        matches!(self.scheme, IceScheme::Turn | IceScheme::Turns)
    }
}

impl FromStr for IceUrl {
    type Err = IceUrlError;

    fn from_str(url: &str) -> Result<Self, IceUrlError> {
        let (scheme, rest) = url.split_once(':').ok_or(IceUrlError::Scheme)?;
        let scheme = match scheme {
            "stun" => IceScheme::Stun,
            "stuns" => IceScheme::Stuns,
            "turn" => IceScheme::Turn,
            "turns" => IceScheme::Turns,
            _ => return Err(IceUrlError::Scheme),
        };
        if rest.starts_with('/') {
            return Err(IceUrlError::Slashes);
        }
        let (authority, query) = match rest.split_once('?') {
            Some((authority, query)) => (authority, Some(query)),
            None => (rest, None),
        };
        let transport = read_transport(scheme, query)?;
        let (host, port) = host::split(authority)?;
        let usual = match scheme {
            IceScheme::Stun | IceScheme::Turn => 3478,
            IceScheme::Stuns | IceScheme::Turns => 5349,
        };
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            transport,
        })
    }
}

fn read_transport(scheme: IceScheme, query: Option<&str>) -> Result<IceTransport, IceUrlError> {
    Ok(match (scheme, query) {
        (IceScheme::Stun, None) => IceTransport::Udp,
        (IceScheme::Stuns, None) => IceTransport::Tls,
        (IceScheme::Stun | IceScheme::Stuns, Some(_)) => return Err(IceUrlError::StunQuery),
        (IceScheme::Turn, None | Some("transport=udp")) => IceTransport::Udp,
        (IceScheme::Turn, Some("transport=tcp")) => IceTransport::Tcp,
        (IceScheme::Turns, None | Some("transport=tcp")) => IceTransport::Tls,
        (IceScheme::Turns, Some("transport=udp")) => IceTransport::Dtls,
        (IceScheme::Turn | IceScheme::Turns, Some(_)) => return Err(IceUrlError::Transport),
    })
}

/// The reason why an [`IceServer`] cannot be used. It repeats no address, name or password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IceServerError {
    /// It has no address.
    #[error("urls is empty")]
    Empty,
    /// One of its addresses cannot be read.
    #[error("a URL is wrong: {0}")]
    Url(#[from] IceUrlError),
    /// A TURN server without a user.
    #[error("a TURN server needs a username of 1 to {MAX_USERNAME_BYTES} bytes and a credential")]
    Credentials,
}

impl IceServer {
    /// Checks the addresses, and that a TURN server has a user: browsers make no connection with
    /// a configuration where one server lacks something.
    ///
    /// # Errors
    ///
    /// The first fault.
    pub fn check(&self) -> Result<(), IceServerError> {
        if self.urls.is_empty() {
            return Err(IceServerError::Empty);
        }
        for url in &self.urls {
            let url: IceUrl = url.parse()?;
            if url.is_relay() && !self.has_credentials() {
                return Err(IceServerError::Credentials);
            }
        }
        Ok(())
    }

    fn has_credentials(&self) -> bool {
        let username = self.username.as_deref().unwrap_or_default();
        let credential = self.credential.as_deref().unwrap_or_default();
        (1..=MAX_USERNAME_BYTES).contains(&username.len()) && !credential.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, IceTransport) {
        let url: IceUrl = url.parse().unwrap();
        (url.host, url.port, url.transport)
    }

    #[test]
    fn defaults_are_those_of_the_rfcs() {
        use IceTransport::{Dtls, Tcp, Tls, Udp};
        let is = |url, host: &str, port, transport| {
            assert_eq!(read(url), (host.into(), port, transport))
        };
        is("stun:stun.example", "stun.example", 3478, Udp);
        is("stun:stun.example.:80", "stun.example.", 80, Udp);
        is("stuns:stun.example", "stun.example", 5349, Tls);
        is("stun:[::1]:3479", "::1", 3479, Udp);
        is("turn:turn.example", "turn.example", 3478, Udp);
        is("turns:turn.example", "turn.example", 5349, Tls);
        is("turn:turn.example:80", "turn.example", 80, Udp);
        is("turn:a?transport=udp", "a", 3478, Udp);
        is("turn:a?transport=tcp", "a", 3478, Tcp);
        is("turns:a:443?transport=tcp", "a", 443, Tls);
        is("turns:a?transport=udp", "a", 5349, Dtls);
        is("turn:192.0.2.1:3479", "192.0.2.1", 3479, Udp);
        is("turn:[2001:db8::1]", "2001:db8::1", 3478, Udp);
        is("turns:[2001:db8::1]:443", "2001:db8::1", 443, Tls);
    }

    #[test]
    fn errors_name_the_part_that_is_wrong() {
        use HostError::{Host, Port};
        use IceUrlError::{Scheme, Slashes, StunQuery, Transport};
        let long = format!("turn:{}", "a.".repeat(127) + "a");
        let label = format!("turn:{}", "a".repeat(64));
        for (url, error) in [
            ("", Scheme),
            ("turn", Scheme),
            ("stun.example:3478", Scheme),
            ("STUN:a", Scheme),
            ("http:a", Scheme),
            ("stun://a", Slashes),
            ("turn:///", Slashes),
            ("stun:localhost:3478?transport=udp", StunQuery),
            ("stuns:a?", StunQuery),
            ("turn:a?transport=tls", Transport),
            ("turn:a?", Transport),
            ("turn:a?transport=sctp", Transport),
            ("turn:a?transport=tcp&x=y", Transport),
            ("turns:a?x=y", Transport),
            ("turn:", Host.into()),
            ("turn::80", Host.into()),
            ("turn:a b", Host.into()),
            ("turn:user@a", Host.into()),
            ("turn:a/path", Host.into()),
            ("turn:ä", Host.into()),
            ("turn:a..b", Host.into()),
            ("turn:.", Host.into()),
            ("turn:[]", Host.into()),
            ("stun:[::1", Host.into()),
            ("turn:[a]", Host.into()),
            ("turn:[1:2]", Host.into()),
            ("turn:2001:db8::1", Host.into()),
            ("turn:a#b", Host.into()),
            (&long, Host.into()),
            (&label, Host.into()),
            ("turn:a:", Port.into()),
            ("turn:a:0", Port.into()),
            ("turn:a:65536", Port.into()),
            ("turn:a:+1", Port.into()),
            ("turn:[::1]80", Port.into()),
        ] {
            assert_eq!(url.parse::<IceUrl>(), Err(error), "{url}");
        }
    }

    #[test]
    fn turn_server_needs_a_user_and_a_stun_server_does_not() {
        let server = |url: &str, username: &str, credential: &str| IceServer {
            urls: vec![url.into()],
            username: Some(username.into()),
            credential: Some(credential.into()),
        };
        let longest = "u".repeat(MAX_USERNAME_BYTES);
        assert_eq!(server("turn:a", &longest, "secret").check(), Ok(()));
        assert_eq!(server("stun:a", "", "").check(), Ok(()));
        let none = IceServer {
            urls: vec!["stun:a".into(), "turn:a".into()],
            ..IceServer::default()
        };
        for server in [
            none,
            server("turn:a", "", "secret"),
            server("turns:a", "user", ""),
            server("turn:a", &format!("{longest}u"), "secret"),
        ] {
            assert_eq!(server.check(), Err(IceServerError::Credentials));
        }
        assert_eq!(IceServer::default().check(), Err(IceServerError::Empty));
    }
}
