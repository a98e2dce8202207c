use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use parlor_signaling_protocol::{IceServer, Origin};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::actor::{Actor, Event, INBOX};
use crate::door::{Door, Entry, Refusal};
use crate::files::Files;
use crate::http::Site;
use crate::hub::{Hub, RandomSource};
use crate::listener::{Accepted, Listener};
use crate::origin_check::OriginCheck;
use crate::visitor::Visitor;
use crate::{Config, Limits, addresses, descriptors};

/// The answer to connections whose request is not read.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: 37\r\n\r\n\
    this server is full, try again later\n";

/// A server that has its port.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    addr: SocketAddr,
    site: Site,
    ice_servers: Vec<IceServer>,
    public_url: Option<Origin>,
    limits: Limits,
}

impl Server {
    /// Reads the web app and takes the port. Connections wait until [`serve`](Self::serve).
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for a configuration that clients could not
    /// use, and what the system says where it gives no files or no port.
    #[expect(
        clippy::unused_async,
        reason = "it needs tokio's runtime, and may have to wait one day"
    )]
    pub async fn bind(config: Config) -> io::Result<Self> {
        config.check()?;
        let files = match &config.web {
            Some(folder) => Files::load(folder)?,
            None => Files::default(),
        };
        let listener = Listener::bind(config.addr)?;
        let mut allowed = config.allowed_origins;
        allowed.extend(config.public_url.clone());
        Ok(Self {
            addr: listener.local_addr()?,
            listener,
            site: Site {
                files,
                origins: OriginCheck::new(allowed),
            },
            ice_servers: config.ice_servers,
            public_url: config.public_url,
            limits: within_descriptors(config.limits),
        })
    }

    /// Where the server listens, with the port that the system chose.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until `shutdown` is ready, then tells every client and returns when they are gone,
    /// or have had [`Limits::close_timeout`] to go.
    ///
    /// # Errors
    ///
    /// If the hub, without which nobody can be served, came to an end by a mistake in this program.
    /// Every client has been told to go by then, and whoever runs the server starts a new one.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        self.serve_with(Box::new(draw_bytes), shutdown).await
    }

    async fn serve_with(
        self,
        random: RandomSource,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let limits = Arc::new(self.limits);
        let hub = Hub::new((*limits).clone(), self.ice_servers, random)
            .with_origins(addresses::source(self.addr, self.public_url));
        let (events, inbox) = mpsc::channel(INBOX);
        // Alone in its set: it ends only after everybody else, or by a panic.
        let mut hub_task = JoinSet::new();
        hub_task.spawn(Actor::new(hub, inbox).run());
        let mut tasks = JoinSet::new();
        let (stop, stopping) = watch::channel(false);
        let visitor = Visitor {
            id: 0,
            site: Arc::new(self.site),
            hub: events.clone(),
            door: Arc::new(Door::new(&limits)),
            limits: Arc::clone(&limits),
            stopping,
        };
        tracing::info!(addr = %self.addr, max_connections = limits.max_connections, "serving");
        let result = tokio::select! {
            () = accept(self.listener, visitor, &mut tasks) => Ok(()),
            () = shutdown => Ok(()),
            _ = hub_task.join_next() => Err(io::Error::other("the hub has failed")),
        };
        tracing::info!("stopping");
        stop.send_replace(true);
        // The hub outlives every socket, so this arrives, unless the hub has failed.
        let _ = events.send(Event::ShutDown).await;
        drop(events);
        // Each task bounds its own end; this bounds them all, whatever they do.
        let everyone = async {
            while tasks.join_next().await.is_some() {}
            while hub_task.join_next().await.is_some() {}
        };
        if timeout(2 * limits.close_timeout, everyone).await.is_err() {
            tasks.shutdown().await;
            hub_task.shutdown().await;
        }
        result
    }
}

/// Lowers the limit of connections to what the system allows.
fn within_descriptors(mut limits: Limits) -> Limits {
    if let Some(most) = descriptors::max_connections()
        && most < limits.max_connections
    {
        tracing::warn!(
            wanted = limits.max_connections,
            possible = most,
            "fewer connections are possible than wanted, because the system allows this program too \
             few open files (ulimit -n, LimitNOFILE of systemd)"
        );
        limits.max_connections = most;
    }
    limits
}

/// Takes connections for ever.
async fn accept(mut listener: Listener, visitor: Visitor, tasks: &mut JoinSet<()>) {
    for id in 1.. {
        let accepted = loop {
            tokio::select! {
                accepted = listener.accept() => break accepted,
                // Finished tasks keep their memory until they are asked after.
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            }
        };
        let visitor = Visitor {
            id,
            ..visitor.clone()
        };
        match accepted {
            Accepted::Stream(stream, ip) => match visitor.door.enter(ip) {
                Entry::Admitted(place) => drop(tasks.spawn(visitor.run(stream, place))),
                Entry::Refused(refusal, permit) => {
                    tasks.spawn(async move {
                        visitor.refuse(stream, refusal).await;
                        drop(permit);
                    });
                }
                // The system buffers such a short answer; waiting for the client would cost a place.
                Entry::TurnedAway => drop(stream.try_write(FULL)),
            },
            // Nobody else can be accepted before this one is closed.
            Accepted::InReserve(stream) => visitor.refuse(stream, Refusal::FULL).await,
        }
    }
}

fn draw_bytes() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
