//! The STUN and TURN servers that the signaling server names, as far as they can be used here.
//!
//! A platform makes no connection at all with a configuration where one URL is wrong, so a server
//! that was set up carelessly would leave everybody alone in every room.

use parlor_signaling_protocol::{IceServer, limits};

use super::Session;
use super::remote_peer::{Opening, RemotePeer};
use crate::error::Result;
use crate::notice::Notice;
use crate::peer::Configuration;

/// As much of a URL as a person is shown.
const MAX_SHOWN_CHARS: usize = 80;

impl Session {
    /// Takes the servers of a `welcome`, without those that cannot be read.
    pub(super) fn set_ice_servers(&mut self, servers: Vec<IceServer>) {
        let servers = single(servers).into_iter();
        let (good, bad): (_, Vec<_>) = servers.partition(|server| server.check().is_ok());
        self.ice_servers = good;
        self.tell_of_refused(&bad);
    }

    /// Connects to a peer. Servers that the platform refuses are left out, now and later.
    pub(super) fn connect(&mut self, opening: &Opening) -> Result<RemotePeer> {
        let error = match open(opening, &self.ice_servers) {
            Ok(remote) => return Ok(remote),
            Err(error) => error,
        };
        let accepts = |servers: &[IceServer]| open(opening, servers).is_ok();
        let Some((good, bad)) = accepted(&self.ice_servers, accepts) else {
            return Err(error);
        };
        self.ice_servers = good;
        self.tell_of_refused(&bad);
        open(opening, &self.ice_servers)
    }

    /// Tells the person once in a visit: the server repeats its list with every connection.
    fn tell_of_refused(&mut self, servers: &[IceServer]) {
        if servers.is_empty() || self.told_of_ice_servers {
            return;
        }
        self.told_of_ice_servers = true;
        tracing::warn!(
            count = servers.len(),
            "STUN or TURN servers are left out: they cannot be used here"
        );
        let urls = servers.iter().flat_map(|server| &server.urls);
        let urls = urls.map(|url| printable(url)).collect();
        let _ = self.notices.send(Notice::IceServersRefused { urls });
    }
}

fn open(opening: &Opening, servers: &[IceServer]) -> Result<RemotePeer> {
    let config = Configuration {
        ice_servers: servers.to_vec(),
        ..Configuration::default()
    };
    RemotePeer::open(opening, &config)
}

/// One server for each URL, so that a wrong one costs no other. More than a server may name are
/// not used.
fn single(servers: Vec<IceServer>) -> Vec<IceServer> {
    let single = servers.into_iter().flat_map(|server| {
        server.urls.clone().into_iter().map(move |url| IceServer {
            urls: vec![url],
            ..server.clone()
        })
    });
    single.take(limits::MAX_ICE_URLS).collect()
}

/// Divides servers into those that a platform takes together, and the others. `None` if it is not
/// because of them that it refuses.
fn accepted(
    servers: &[IceServer],
    accepts: impl Fn(&[IceServer]) -> bool,
) -> Option<(Vec<IceServer>, Vec<IceServer>)> {
    if servers.is_empty() || !accepts(&[]) {
        return None;
    }
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for server in servers {
        good.push(server.clone());
        if !accepts(&good) {
            bad.extend(good.pop());
        }
    }
    Some((good, bad))
}

fn printable(url: &str) -> String {
    let shown = url.chars().filter(char::is_ascii_graphic);
    shown.take(MAX_SHOWN_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> IceServer {
        IceServer {
            urls: vec![url.to_owned()],
            ..IceServer::default()
        }
    }

    fn urls(servers: &[IceServer]) -> Vec<&str> {
        let urls = servers.iter().flat_map(|server| &server.urls);
        urls.map(String::as_str).collect()
    }

    #[test]
    fn platform_keeps_all_servers_but_the_refused_ones() {
        let servers = ["stun:a", "stun:bad", "stun:c"].map(server);
        let accepts = |servers: &[IceServer]| !urls(servers).contains(&"stun:bad");
        let (good, bad) = accepted(&servers, accepts).unwrap();
        assert_eq!(urls(&good), ["stun:a", "stun:c"]);
        assert_eq!(urls(&bad), ["stun:bad"]);
    }

    #[test]
    fn platform_that_takes_few_servers_gets_as_many_as_it_takes() {
        let servers = ["stun:a", "stun:b", "stun:c"].map(server);
        let (good, bad) = accepted(&servers, |servers| servers.len() < 3).unwrap();
        assert_eq!(urls(&good), ["stun:a", "stun:b"]);
        assert_eq!(urls(&bad), ["stun:c"]);
    }

    #[test]
    fn platform_that_makes_no_connection_at_all_blames_no_server() {
        assert_eq!(accepted(&[server("stun:a")], |_| false), None);
        assert_eq!(accepted(&[], |_| true), None);
    }

    #[test]
    fn every_url_is_a_server_of_its_own_with_the_same_user() {
        let turn = IceServer {
            urls: vec!["turn:a".to_owned(), "turn:b".to_owned()],
            username: Some("user".to_owned()),
            credential: Some("secret".to_owned()),
        };
        let servers = single(vec![server("stun:a"), turn]);
        assert_eq!(urls(&servers), ["stun:a", "turn:a", "turn:b"]);
        assert!(servers[2].check().is_ok());
        let many = (0..100).map(|n| server(&format!("stun:{n}"))).collect();
        assert_eq!(single(many).len(), limits::MAX_ICE_URLS);
    }

    #[test]
    fn nothing_that_could_garble_a_text_is_shown_of_a_url() {
        assert_eq!(printable("stun:\u{202e}a\u{7} b\nü"), "stun:ab");
        assert_eq!(printable(&"a".repeat(1_000)).len(), MAX_SHOWN_CHARS);
    }
}
