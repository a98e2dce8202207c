use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use parlor_signaling_protocol::{IceServer, Origin, limits};

/// The port used where nothing else is asked for.
pub const DEFAULT_PORT: u16 = 8460;

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 lets the system choose.
    pub addr: SocketAddr,
    /// The folder of the built web app. It is read once, at the start.
    pub web: Option<PathBuf>,
    /// The STUN and TURN servers that clients are told to use.
    pub ice_servers: Vec<IceServer>,
    /// The origin at which others reach the web app, such as `https://parlor.example`. Clients are
    /// told it, and its pages may connect. Without it they are told the addresses of this computer
    /// in its networks, if the server listens there.
    pub public_url: Option<Origin>,
    /// Origins that may connect although they differ from the `Host` that they connect to, such
    /// as `https://parlor.example`. Needed where a proxy rewrites `Host`, or where another site
    /// carries the app.
    pub allowed_origins: Vec<Origin>,
    /// How much, and how long.
    pub limits: Limits,
}

impl Config {
    /// Only signaling, at `addr`, with the ordinary limits.
    pub fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            web: None,
            ice_servers: Vec::new(),
            public_url: None,
            allowed_origins: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// Checks what clients are told: a browser makes no connection at all with a wrong ICE server,
    /// and everybody would be alone in every room.
    pub(crate) fn check(&self) -> Result<()> {
        let invalid = |text: String| Err(Error::new(ErrorKind::InvalidInput, text));
        for (number, server) in self.ice_servers.iter().enumerate() {
            if let Err(error) = server.check() {
                return invalid(format!("ice_servers[{number}]: {error}"));
            }
        }
        let urls = self.ice_servers.iter().map(|server| server.urls.len());
        if urls.sum::<usize>() > limits::MAX_ICE_URLS {
            let most = limits::MAX_ICE_URLS;
            return invalid(format!("more than {most} STUN and TURN servers were named"));
        }
        match &self.public_url {
            Some(origin) if !origin.is_web() => {
                invalid("public_url begins with neither https:// nor http://".into())
            }
            _ => Ok(()),
        }
    }
}

impl Default for Config {
    /// This computer only, at [`DEFAULT_PORT`].
    fn default() -> Self {
        Self::new(SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)))
    }
}

/// How much one client, and all of them together, may ask of the server.
///
/// What a client has to know too comes from [`limits`]; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a fresh socket may take to say hello.
    pub hello_timeout: Duration,
    /// How long a socket may be silent.
    pub silence_timeout: Duration,
    /// How long a session that is in a room outlives its socket.
    pub session_grace: Duration,
    /// How long a socket that the server closes has to take the close frame, and how long the
    /// server waits at its end for all of them.
    pub close_timeout: Duration,
    /// How long the first request of a connection may take to arrive.
    pub request_timeout: Duration,
    /// How long a connection may then wait for each further request. Longer than a proxy keeps its
    /// connections to this server, because a request that it sends at the moment of closing is
    /// lost.
    pub keep_alive_timeout: Duration,
    /// How long an answer may take to be read: long enough to fetch the web app over a slow mobile
    /// link. A connection that is older than this is closed after its next answer, which says so;
    /// nobody can hold a place for ever.
    pub http_timeout: Duration,
    /// How long the hub may take to answer `/healthz` and `/readyz`. Far longer than its whole queue
    /// takes, and shorter than those wait who ask.
    pub health_timeout: Duration,
    /// How many connections are open at a time, web sockets or not. Where the system allows fewer
    /// open files, [`Server::bind`](crate::Server::bind) lowers it, so that the server still has
    /// some to say that it is full.
    pub max_connections: usize,
    /// How many of those one address has: an IPv4 address, or a network of 64 bits in IPv6, which
    /// is what one customer is given. Enough for a school or an office behind one address, and for
    /// a proxy on the same computer; a twentieth of all places.
    pub max_connections_per_address: usize,
    /// How many web sockets a second one address may go on opening. It may open
    /// [`max_connections_per_address`](Self::max_connections_per_address) at once, since all of them
    /// come back together after the server was restarted. Each costs the server a few answers, and
    /// gives the client a new rate of messages.
    pub handshakes_per_second: u32,
    /// How many sessions there are, with those in their grace.
    pub max_sessions: usize,
    /// How many rooms have a member.
    pub max_rooms: usize,
    /// How many peers a room holds.
    pub max_peers_per_room: usize,
    /// How many watch one room. Each costs one frame per change, so this bounds what joining and
    /// leaving in a loop can cause.
    pub max_watchers_per_room: usize,
    /// How many watchers all rooms have together. Ten rooms on the start page of each
    /// of 10,000 visitors.
    pub max_watchers: usize,
    /// How many rooms a session may be in or watch.
    pub max_rooms_per_session: usize,
    /// How many counted messages the server keeps for one session.
    pub max_unconfirmed: usize,
    /// How many bytes those may have. Room for the offers, answers and candidates of a full
    /// room; a peer that reads nothing cannot make the server keep 512 of the largest frames.
    pub max_unconfirmed_bytes: usize,
    /// How many frames wait for one socket. Above [`max_unconfirmed`](Self::max_unconfirmed),
    /// because a resumed session gets all of those at once; the rest is for pongs and errors.
    pub outbox: usize,
    /// How many messages a second a socket may go on sending. A `join` counts as 8 of them.
    pub messages_per_second: u32,
    /// How many it may send at once after a pause. Above
    /// [`MAX_UNCONFIRMED`](limits::MAX_UNCONFIRMED), because a resuming client sends all of
    /// those again.
    pub message_burst: u32,
    /// How many messages of a socket are refused because of its rate, within the time in which a
    /// whole burst is saved up again, before the socket is closed. A client that made a mistake
    /// hears of it by the first refusal; each further one costs the server an answer.
    pub max_rate_refusals: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello_timeout: limits::HELLO_TIMEOUT,
            silence_timeout: limits::SILENCE_TIMEOUT,
            session_grace: limits::SESSION_GRACE,
            close_timeout: Duration::from_secs(3),
            request_timeout: Duration::from_secs(10),
            // Caddy keeps connections for 120 s, Traefik for 90 s, nginx for 60 s.
            keep_alive_timeout: Duration::from_secs(150),
            http_timeout: Duration::from_secs(300),
            health_timeout: Duration::from_secs(2),
            max_connections: 10_000,
            max_connections_per_address: 512,
            handshakes_per_second: 64,
            max_sessions: 10_000,
            max_rooms: 20_000,
            max_peers_per_room: limits::MAX_PEERS_PER_ROOM,
            max_watchers_per_room: 256,
            max_watchers: 100_000,
            max_rooms_per_session: limits::MAX_ROOMS_PER_SESSION,
            max_unconfirmed: limits::MAX_UNCONFIRMED,
            max_unconfirmed_bytes: 8 * 1024 * 1024,
            outbox: limits::MAX_UNCONFIRMED + 256,
            messages_per_second: 100,
            message_burst: 600,
            max_rate_refusals: 20,
        }
    }
}
