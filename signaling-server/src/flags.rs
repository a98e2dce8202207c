//! The flags of the program, checked before anything starts.

mod ice;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use parlor_signaling_protocol::{IceServer, Origin};
use parlor_signaling_server::{Config, DEFAULT_PORT, Limits};

use ice::{stun_url, turn_password, turn_url, turn_user};

/// The longest time for which `--keep-alive` makes sense: no proxy's pool keeps connections longer.
const MAX_KEEP_ALIVE_SECONDS: u64 = 24 * 60 * 60;

/// Introduces Parlor's peers to each other and serves the web app.
///
/// Only this computer can reach the server unless --bind says otherwise. Browsers give camera and
/// microphone to pages from localhost and from https only, so people on other devices need an
/// https proxy in front of the server (which has to pass on the Host header and web sockets).
///
/// RUST_LOG sets what is logged to standard error: error, warn, info (the default), debug, trace.
#[derive(Debug, Parser)]
#[command(name = "parlor-signaling-server", version)]
pub(crate) struct Args {
    /// Address to listen at; 0.0.0.0 or :: opens the server to the network
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port to listen at; 0 takes any that is free
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// Folder of the built web app; without it, only signaling is served
    #[arg(long, value_name = "FOLDER")]
    web: Option<PathBuf>,
    /// Address at which others reach the web app, such as https://parlor.example; invitations that
    /// are made on this computer lead there
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Origin>,
    /// STUN server for the clients, such as stun:stun.example:3478 (repeatable)
    #[arg(long, value_name = "URL", value_parser = stun_url)]
    stun: Vec<String>,
    /// TURN server for the clients, such as turn:turn.example:3478?transport=udp (repeatable)
    #[arg(long, value_name = "URL", value_parser = turn_url, requires_all = ["turn_user", "turn_password"])]
    turn: Vec<String>,
    /// User of the TURN server; every client is told it
    #[arg(long, value_name = "NAME", value_parser = turn_user, requires = "turn")]
    turn_user: Option<String>,
    /// Password of the TURN server; every client is told it
    #[arg(long, value_name = "PASSWORD", value_parser = turn_password, requires = "turn")]
    turn_password: Option<String>,
    /// Foreign origin that may connect, such as https://app.example (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// How long a connection stays open between two requests; has to be longer than a proxy keeps
    /// its connections to this server
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = Config::default().limits.keep_alive_timeout.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=MAX_KEEP_ALIVE_SECONDS)
    )]
    keep_alive: u64,
    /// How many connections are open at a time; fewer where the system allows fewer open files
    #[arg(
        long,
        value_name = "N",
        default_value_t = to_flag(Limits::default().max_connections),
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    max_connections: u32,
    /// How many of those one address has (in IPv6, one network of 64 bits); behind a proxy, all
    /// visitors have the address of the proxy
    #[arg(
        long,
        value_name = "N",
        default_value_t = to_flag(Limits::default().max_connections_per_address),
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    connections_per_address: u32,
    /// How many web sockets a second one address may go on opening
    #[arg(
        long,
        value_name = "N",
        default_value_t = Limits::default().handshakes_per_second,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    handshakes_per_second: u32,
}

impl Args {
    pub(crate) fn into_config(self) -> Config {
        let mut config = Config::new(SocketAddr::new(self.bind, self.port));
        config.web = self.web;
        config.public_url = self.public_url;
        config.allowed_origins = self.allow_origin;
        let limits = &mut config.limits;
        limits.keep_alive_timeout = Duration::from_secs(self.keep_alive);
        limits.max_connections = self.max_connections as usize;
        // Each visitor has a session, and those who lost their connection keep theirs for a while.
        limits.max_sessions = limits.max_sessions.max(limits.max_connections);
        limits.max_connections_per_address = self.connections_per_address as usize;
        limits.handshakes_per_second = self.handshakes_per_second;
        if !self.stun.is_empty() {
            config.ice_servers.push(IceServer {
                urls: self.stun,
                ..IceServer::default()
            });
        }
        if !self.turn.is_empty() {
            config.ice_servers.push(IceServer {
                urls: self.turn,
                username: self.turn_user,
                credential: self.turn_password,
            });
        }
        config
    }
}

fn to_flag(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

fn public_url(text: &str) -> Result<Origin, String> {
    const EXAMPLE: &str = "write it as https://parlor.example";
    let origin: Origin = text
        .parse()
        .map_err(|error| format!("{error}; {EXAMPLE}"))?;
    if !origin.is_web() {
        return Err(format!(
            "it does not begin with https:// or http://; {EXAMPLE}"
        ));
    }
    if origin.is_loopback() {
        return Err("it leads every device to itself; name an address that others reach".into());
    }
    Ok(origin)
}
