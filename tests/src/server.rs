//! The real signaling server in a runtime of its own, so that it can die at once, like a process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parlor_signaling_protocol::Origin;
use parlor_signaling_server::{Config, Server};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

/// A running server, which ends when this value is dropped.
#[derive(Debug)]
pub struct RunningServer {
    /// The site that it serves, besides signaling.
    site: Option<PathBuf>,
    addr: SocketAddr,
    public_url: Option<Origin>,
    runtime: Option<Runtime>,
}

impl RunningServer {
    /// Starts a server without a site.
    pub async fn signaling() -> Self {
        Self::start(None).await
    }

    pub(crate) async fn start(site: Option<PathBuf>) -> Self {
        let (addr, runtime) = run(site.as_deref(), ([127, 0, 0, 1], 0).into(), None).await;
        Self {
            site,
            addr,
            public_url: None,
            runtime: Some(runtime),
        }
    }

    /// Returns where the server listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the origin of the site.
    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Returns the address of the server's WebSocket.
    pub fn socket(&self) -> String {
        format!("ws://{}/ws", self.addr)
    }

    /// Kills the server without notice: sockets break, and sessions are forgotten.
    pub async fn kill(&mut self) {
        let runtime = self.runtime.take().expect("the server runs");
        spawn_blocking(move || runtime.shutdown_timeout(Duration::from_secs(5)))
            .await
            .expect("the server stops");
    }

    /// Starts the server again at the same address, without its earlier sessions.
    pub async fn start_again(&mut self) {
        assert!(self.runtime.is_none(), "the server still runs");
        let public_url = self.public_url.clone();
        self.runtime = Some(run(self.site.as_deref(), self.addr, public_url).await.1);
    }

    /// Sets the server's public address, from the next start on.
    pub(crate) fn set_public_url(&mut self, url: &str) {
        self.public_url = Some(url.parse().expect("an origin"));
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn run(
    site: Option<&Path>,
    addr: SocketAddr,
    public_url: Option<Origin>,
) -> (SocketAddr, Runtime) {
    let mut config = Config::new(addr);
    config.web = site.map(Path::to_owned);
    config.public_url = public_url;
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let bound = runtime.spawn(Server::bind(config)).await;
    let server = bound.expect("binding does not panic").expect("a free port");
    let addr = server.local_addr();
    runtime.spawn(server.serve(std::future::pending()));
    (addr, runtime)
}
