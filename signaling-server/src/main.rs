//! The signaling server as a program.

mod flags;

use std::io::{self, ErrorKind, IsTerminal as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser as _;
use parlor_signaling_server::{Config, Server, descriptors, terminal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // It would report on the very stream that failed, and panic.
        .log_internal_errors(false)
        .init();
    let config = flags::Args::parse().into_config();
    if let Err(error) = descriptors::raise_limit() {
        tracing::warn!(%error, "cannot ask for more open files than the system gives by itself");
    }
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            // Standard error is all that is left to say it on.
            use std::io::Write as _;
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the server until it is told to stop; otherwise gives the sentence that says why it ended.
async fn run(config: Config) -> Result<(), String> {
    let addr = config.addr;
    let public_url = config.public_url.clone();
    let cannot_start = |error: io::Error| explain(addr, &error);
    let server = Server::bind(config).await.map_err(cannot_start)?;
    let mut out = io::stdout();
    let with_code = out.is_terminal();
    // Nobody may be reading; that is no reason not to serve.
    let at = server.local_addr();
    if let Err(error) = terminal::announce(&mut out, at, public_url.as_ref(), with_code) {
        tracing::warn!(%error, "cannot print where the server is");
    }
    let stop = stop_signal().map_err(cannot_start)?;
    let served = server.serve(stop).await;
    served.map_err(|error| format!("The server ends by a mistake of its own: {error}."))
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
