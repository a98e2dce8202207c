//! TURN over TCP and TLS. webrtc speaks TURN over UDP alone (webrtc-rs/webrtc#848), so for each such
//! server it is given a port on loopback, and what is behind it carries the messages over a stream
//! (`tunnel.rs`).

mod framing;
mod pace;
mod stream;
#[cfg(test)]
mod tests;
mod tunnel;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parlor_signaling_protocol::{IceTransport, IceUrl};
use rtc::peer_connection::transport::RTCIceServer;
use rustls::pki_types::ServerName;
use webrtc::runtime::Runtime;

use self::stream::{NOT_REACHED, Server};
use self::tunnel::Tunnel;
use super::driven::Driven;
use super::nonces::Credentials;
use super::tls;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{CandidateError, Configuration, IceTransportPolicy};

/// Tunnels of one configuration; each is a socket and a task. More servers than anybody names.
const MAX_TUNNELS: usize = 16;

/// The TURN servers of a connection, and the tunnels to them.
pub(super) struct Relays {
    state: Mutex<State>,
    /// Some server gave a candidate, so that a relay may be in use.
    gave: Arc<AtomicBool>,
    credentials: Arc<Credentials>,
}

#[derive(Default)]
struct State {
    /// Whom to trust, by the configuration.
    extra_roots: Vec<Vec<u8>>,
    local_addresses: Vec<IpAddr>,
    /// Relays alone may be used.
    is_only_way: bool,
    /// For the next gathering of candidates.
    configured: Vec<Relay>,
    /// Of the gathering that goes on, or the last one.
    gathered: Vec<Relay>,
    /// Of those before, whose ways may be in use until this one is complete.
    before: Vec<Relay>,
}

#[derive(Clone)]
struct Relay {
    /// As the application named it.
    url: String,
    /// As webrtc knows it.
    known: IceUrl,
    transport: IceTransport,
    tunnel: Option<Arc<Tunnel>>,
    /// It gave a candidate.
    gave: bool,
}

/// A configuration's relays, before they are used.
pub(super) struct Prepared {
    state: State,
    /// What webrtc is told.
    pub(super) servers: Vec<RTCIceServer>,
}

impl Relays {
    /// Opens the tunnels of a configuration.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid), with the field's name, for what is wrong in it, and
    /// [`Platform`](ErrorKind::Platform) when the system gives no sockets.
    pub(super) fn new(config: &Configuration) -> Result<(Self, Vec<RTCIceServer>)> {
        let relays = Self {
            state: Mutex::default(),
            gave: Arc::default(),
            credentials: Arc::default(),
        };
        let prepared = relays.prepare(config)?;
        *relays.state() = prepared.state;
        Ok((relays, prepared.servers))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What webrtc runs on, so that it keeps up with relays.
    pub(super) fn runtime(&self) -> Arc<dyn Runtime> {
        Arc::new(Driven {
            is_relayed: self.gave.clone(),
            credentials: self.credentials.clone(),
        })
    }

    /// Opens tunnels to servers that are new in a configuration; the others keep theirs, with the
    /// ways through them.
    pub(super) fn prepare(&self, config: &Configuration) -> Result<Prepared> {
        let mut next = State {
            extra_roots: config.extra_roots.clone(),
            local_addresses: config.local_addresses.clone(),
            is_only_way: config.ice_transport_policy == IceTransportPolicy::Relay,
            ..State::default()
        };
        let kept = self.kept(&next);
        let trust = tls::trusting(&config.extra_roots)?;
        let mut servers = Vec::new();
        for (number, server) in config.ice_servers.iter().enumerate() {
            let mut urls = Vec::new();
            for url in &server.urls {
                let relay = next.relay(url, &trust, &kept).map_err(|what| {
                    let text = format!("ice_servers[{number}]: {}", what.message());
                    Error::new(what.kind(), text)
                })?;
                let tunnel = relay.as_ref().and_then(|relay| relay.tunnel.as_ref());
                urls.push(tunnel.map_or_else(|| url.clone(), |tunnel| tunnel.url()));
                next.configured.extend(relay);
            }
            servers.push(RTCIceServer {
                urls,
                username: server.username.clone().unwrap_or_default(),
                credential: server.credential.clone().unwrap_or_default(),
            });
        }
        // Before webrtc is told: it signs requests with them at once.
        self.credentials.add(config);
        Ok(Prepared {
            state: next,
            servers,
        })
    }

    /// The tunnels that a configuration with this trust and these addresses can go on with.
    fn kept(&self, next: &State) -> Vec<Arc<Tunnel>> {
        let state = self.state();
        if state.extra_roots != next.extra_roots || state.local_addresses != next.local_addresses {
            return Vec::new();
        }
        let tunnels = state.configured.iter().filter_map(|it| it.tunnel.clone());
        tunnels.collect()
    }

    /// From the next gathering on. Tunnels that nobody uses any more end when that is complete.
    pub(super) fn adopt(&self, prepared: Prepared) {
        let mut state = self.state();
        state.extra_roots = prepared.state.extra_roots;
        state.local_addresses = prepared.state.local_addresses;
        state.is_only_way = prepared.state.is_only_way;
        state.configured = prepared.state.configured;
    }

    /// Whether nobody is to learn this device's own addresses.
    pub(super) fn hides(&self) -> bool {
        self.state().is_only_way
    }

    /// Candidates of a new generation are looked for.
    pub(super) fn gathering(&self) {
        let mut state = self.state();
        let next = state.configured.clone();
        let last = std::mem::replace(&mut state.gathered, next);
        state.before.extend(last);
        for relay in &state.gathered {
            if let Some(tunnel) = &relay.tunnel {
                tunnel.word.set(None);
            }
        }
    }

    /// The server of this URL, as webrtc knows it, gave a relayed candidate.
    pub(super) fn gave(&self, url: &str) {
        self.gave.store(true, Ordering::Relaxed);
        let known = url.parse().ok();
        for relay in &mut self.state().gathered {
            // A URL that cannot be told apart speaks for all: no server is blamed wrongly.
            relay.gave |= known.as_ref().is_none_or(|known| relay.is(known));
        }
    }

    /// All candidates were found: tells which servers gave none, and why as far as that is known.
    pub(super) fn complete(&self) -> Vec<CandidateError> {
        let mut state = self.state();
        state.before.clear();
        let silent = state.gathered.iter().filter(|relay| !relay.gave);
        silent.map(Relay::error).collect()
    }

    /// How a relay is reached, by its URL as webrtc knows it.
    pub(super) fn protocol(&self, url: &str) -> Option<&'static str> {
        let known = url.parse().ok()?;
        let state = self.state();
        let relay = state.gathered.iter().find(|relay| relay.is(&known))?;
        Some(match relay.transport {
            IceTransport::Udp => "udp",
            IceTransport::Tcp => "tcp",
            IceTransport::Tls | IceTransport::Dtls => "tls",
        })
    }

    /// Ends every tunnel.
    pub(super) fn close(&self) {
        *self.state() = State::default();
        self.credentials.clear();
    }
}

impl State {
    /// `None` for a server that does not relay.
    fn relay(
        &self,
        url: &str,
        trust: &Arc<rustls::ClientConfig>,
        kept: &[Arc<Tunnel>],
    ) -> Result<Option<Relay>> {
        let invalid = |what: String| Error::new(ErrorKind::Invalid, what);
        let read = |url: &str| {
            url.parse::<IceUrl>()
                .map_err(|what| invalid(what.to_string()))
        };
        let server = read(url)?;
        if !server.is_relay() {
            return Ok(None);
        }
        let tls = match server.transport {
            IceTransport::Udp | IceTransport::Dtls => {
                return Ok(Some(Relay::new(url, server.clone(), &server, None)));
            }
            IceTransport::Tcp => None,
            IceTransport::Tls => {
                let name = ServerName::try_from(server.host.clone());
                let name =
                    name.map_err(|_| invalid("no certificate could have a URL's host".to_owned()))?;
                Some((trust.clone(), name))
            }
        };
        let mut known = kept.iter().chain(self.tunnels());
        let tunnel = match known.find(|it| it.server.url == server) {
            Some(tunnel) => tunnel.clone(),
            None if self.tunnels().count() >= MAX_TUNNELS => {
                let text = format!("more TURN servers over TCP and TLS than {MAX_TUNNELS}");
                return Err(invalid(text));
            }
            None => self.open(server.clone(), tls)?,
        };
        let known = read(&tunnel.url())?;
        Ok(Some(Relay::new(url, known, &server, Some(tunnel))))
    }

    fn tunnels(&self) -> impl Iterator<Item = &Arc<Tunnel>> {
        self.configured.iter().filter_map(|it| it.tunnel.as_ref())
    }

    fn open(
        &self,
        url: IceUrl,
        tls: Option<(Arc<rustls::ClientConfig>, ServerName<'static>)>,
    ) -> Result<Arc<Tunnel>> {
        let server = Server {
            url,
            tls,
            local_addresses: self.local_addresses.clone(),
        };
        let tunnel = Tunnel::open(server).map_err(|error| {
            Error::new(ErrorKind::Platform, "no socket for a TURN server").caused_by(error)
        })?;
        Ok(Arc::new(tunnel))
    }
}

impl Relay {
    fn new(url: &str, known: IceUrl, server: &IceUrl, tunnel: Option<Arc<Tunnel>>) -> Self {
        Self {
            url: url.to_owned(),
            known,
            transport: server.transport,
            tunnel,
            gave: false,
        }
    }

    fn is(&self, known: &IceUrl) -> bool {
        let same_host = self.known.host.eq_ignore_ascii_case(&known.host);
        same_host && self.known.port == known.port && self.known.transport == known.transport
    }

    fn error(&self) -> CandidateError {
        let said = self.tunnel.as_ref().and_then(|tunnel| tunnel.word.get());
        let unknown = || match self.transport {
            IceTransport::Dtls => (
                NOT_REACHED,
                "TURN over DTLS is not to be had here".to_owned(),
            ),
            _ => (
                NOT_REACHED,
                "the server did not answer, or refused".to_owned(),
            ),
        };
        let (code, text) = said.unwrap_or_else(unknown);
        CandidateError {
            url: self.url.clone(),
            code,
            text,
        }
    }
}
