//! The signaling server as a program.

use std::io::{self, ErrorKind, IsTerminal as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use parlor_signaling_protocol::IceServer;
use parlor_signaling_server::{Config, DEFAULT_PORT, Server, terminal};
use tracing_subscriber::EnvFilter;

/// Introduces Parlor's peers to each other and serves the web app.
///
/// Only this computer can reach the server unless --bind says otherwise. Browsers give camera and
/// microphone to pages from localhost and from https only, so people on other devices need an
/// https proxy in front of the server (which has to pass on the Host header and web sockets).
///
/// RUST_LOG sets what is logged to standard error: error, warn, info (the default), debug, trace.
#[derive(Debug, Parser)]
#[command(name = "parlor-signaling-server", version)]
struct Args {
    /// Address to listen at; 0.0.0.0 or :: opens the server to the network
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port to listen at; 0 takes any that is free
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// Folder of the built web app; without it, only signaling is served
    #[arg(long, value_name = "FOLDER")]
    web: Option<PathBuf>,
    /// STUN server for the clients, such as stun:stun.example:3478 (repeatable)
    #[arg(long, value_name = "URL")]
    stun: Vec<String>,
    /// TURN server for the clients, such as turn:turn.example:3478?transport=udp (repeatable)
    #[arg(long, value_name = "URL", requires_all = ["turn_user", "turn_password"])]
    turn: Vec<String>,
    /// User of the TURN server; every client is told it
    #[arg(long, value_name = "NAME", requires = "turn")]
    turn_user: Option<String>,
    /// Password of the TURN server; every client is told it
    #[arg(long, value_name = "PASSWORD", requires = "turn")]
    turn_password: Option<String>,
    /// Foreign origin that may connect, such as https://app.example (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
}

impl Args {
    fn into_config(self) -> Config {
        let mut config = Config::new(SocketAddr::new(self.bind, self.port));
        config.web = self.web;
        config.allowed_origins = self.allow_origin;
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

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // It would report on the very stream that failed, and panic.
        .log_internal_errors(false)
        .init();
    let config = Args::parse().into_config();
    let addr = config.addr;
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error is all that is left to say it on.
            use std::io::Write as _;
            let _ = writeln!(io::stderr(), "{}", explain(addr, &error));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> io::Result<()> {
    let server = Server::bind(config).await?;
    let mut out = io::stdout();
    let with_code = out.is_terminal();
    // Nobody may be reading; that is no reason not to serve.
    if let Err(error) = terminal::announce(&mut out, server.local_addr(), with_code) {
        tracing::warn!(%error, "cannot print where the server is");
    }
    let stop = stop_signal()?;
    server.serve(stop).await;
    Ok(())
}

fn explain(addr: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "Port {} is taken: stop the program that has it, or choose another with --port.",
            addr.port()
        ),
        ErrorKind::AddrNotAvailable => format!(
            "This computer has no address {}: choose another with --bind.",
            addr.ip()
        ),
        ErrorKind::PermissionDenied => format!(
            "Port {} or the web folder may not be used by you: choose a port above 1023 with \
             --port, or a folder that you can read with --web.",
            addr.port()
        ),
        _ => format!("The server cannot start: {error}."),
    }
}

/// Ready at Ctrl-C, or when the system asks the program to end.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to hear Ctrl-C, the program runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
