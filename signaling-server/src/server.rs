use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Request, upgrade};
use hyper_util::rt::{TokioIo, TokioTimer};
use parlor_signaling_protocol::{IceServer, Origin};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::actor::{Actor, Event, INBOX};
use crate::addresses;
use crate::connection::Connection;
use crate::files::Files;
use crate::http::{self, Reply, Site};
use crate::hub::{ConnId, Hub};
use crate::leave::{self, LEAVE_PATH};
use crate::origin_check::OriginCheck;
use crate::request_check;
use crate::{Config, Limits};

/// Browsers send one to two kilobytes of headers; more is nothing that is served here.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// How long to wait before accepting again after the system refused, most likely because it has
/// no file descriptors left: long enough not to spin, short enough not to be noticed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that has its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
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
    pub async fn bind(config: Config) -> io::Result<Self> {
        config.check()?;
        let files = match &config.web {
            Some(folder) => Files::load(folder)?,
            None => Files::default(),
        };
        let listener = TcpListener::bind(config.addr).await?;
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
            limits: config.limits,
        })
    }

    /// Where the server listens, with the port that the system chose.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until `shutdown` is ready, then tells every client and returns when they are gone,
    /// or have had [`Limits::close_timeout`] to go.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let limits = Arc::new(self.limits);
        let hub = Hub::new((*limits).clone(), self.ice_servers, Box::new(draw_bytes))
            .with_origins(addresses::source(self.addr, self.public_url));
        let (events, inbox) = mpsc::channel(INBOX);
        let mut tasks = JoinSet::new();
        tasks.spawn(Actor::new(hub, inbox).run());
        let (stop, stopping) = watch::channel(false);
        let visitor = Visitor {
            id: 0,
            site: Arc::new(self.site),
            hub: events.clone(),
            limits: Arc::clone(&limits),
            stopping,
        };
        tracing::info!(addr = %self.addr, "serving");
        tokio::select! {
            () = accept(self.listener, visitor, &mut tasks) => {}
            () = shutdown => {}
        }
        tracing::info!("stopping");
        stop.send_replace(true);
        // The actor outlives every socket, so this arrives.
        let _ = events.send(Event::ShutDown).await;
        drop(events);
        // Each task bounds its own end; this bounds them all, whatever they do.
        let everyone = async { while tasks.join_next().await.is_some() {} };
        if timeout(2 * limits.close_timeout, everyone).await.is_err() {
            tasks.shutdown().await;
        }
    }
}

/// Takes connections for ever.
async fn accept(listener: TcpListener, visitor: Visitor, tasks: &mut JoinSet<()>) {
    let places = Arc::new(Semaphore::new(visitor.limits.max_connections));
    for id in 1.. {
        let stream = loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => break stream,
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                // Finished tasks keep their memory until they are asked after.
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            // Whatever the system buffers of this says enough; waiting would cost a place.
            let _ =
                stream.try_write(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
            continue;
        };
        let visitor = Visitor {
            id,
            ..visitor.clone()
        };
        tasks.spawn(visitor.run(stream, place));
    }
}

/// One connection, from its first request on.
#[derive(Clone, Debug)]
struct Visitor {
    id: ConnId,
    site: Arc<Site>,
    hub: mpsc::Sender<Event>,
    limits: Arc<Limits>,
    stopping: watch::Receiver<bool>,
}

impl Visitor {
    async fn run(self, stream: TcpStream, _place: OwnedSemaphorePermit) {
        // Signaling is small frames that somebody waits for.
        let _ = stream.set_nodelay(true);
        // Boxed, so that a web socket does not carry the room for HTTP along.
        let Some((stream, early)) = Box::pin(self.browse(stream)).await else {
            return;
        };
        let connection = Connection {
            id: self.id,
            hub: self.hub,
            limits: self.limits,
        };
        connection.run(stream, early).await;
    }

    /// Answers requests. Returns the bare connection if one of them asked for the web socket,
    /// with what was read beyond that request.
    async fn browse(&self, stream: TcpStream) -> Option<(TcpStream, Vec<u8>)> {
        let upgrade = Mutex::new(None);
        let start = Instant::now();
        let (last_request, requests) = watch::channel(None);
        let service = service_fn(async |request: Request<Incoming>| {
            last_request.send_replace(Some(Instant::now()));
            let (mut reply, asked) = self.answer(request).await;
            if asked.is_some() {
                *upgrade.lock().unwrap_or_else(PoisonError::into_inner) = asked;
            } else if start.elapsed() >= self.limits.http_timeout {
                http::close_after(&mut reply);
            }
            Ok::<_, Infallible>(reply)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Hyper has one limit for the wait for a request and for its arrival.
            .header_read_timeout(self.limits.keep_alive_timeout)
            .max_buf_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let mut stopping = self.stopping.clone();
        let stopped = async { stopping.wait_for(|stop| *stop).await.is_ok() };
        let visit = async {
            tokio::select! {
                done = connection.as_mut() => return done,
                _ = stopped => {}
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        };
        let result = tokio::select! {
            result = visit => result,
            () = self.overdue(requests) => return None,
        };
        if let Err(error) = result {
            tracing::debug!(%error, "a connection failed");
            return None;
        }
        let upgrade = upgrade
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let upgraded = upgrade?.await.ok()?;
        let parts: upgrade::Parts<TokioIo<TcpStream>> = upgraded.downcast().ok()?;
        // Copied, because this would keep hyper's whole buffer for as long as the socket is open.
        Some((parts.io.into_inner(), parts.read_buf.to_vec()))
    }

    /// Answers a request; with a socket to wait for if it was one for the web socket.
    async fn answer(&self, request: Request<Incoming>) -> (Reply, Option<OnUpgrade>) {
        if let Some(refusal) = request_check::refusal(&request) {
            return (refusal, None);
        }
        if request.uri().path() == LEAVE_PATH {
            return (self.end_session(request).await, None);
        }
        // Nobody reads it, so the next request could be found only behind it.
        let has_body = !request.body().is_end_stream();
        let (mut reply, upgrade) = self.site.answer(request);
        if has_body {
            http::close_after(&mut reply);
        }
        (reply, upgrade)
    }

    /// Takes the last request of a page that goes.
    async fn end_session(&self, request: Request<Incoming>) -> Reply {
        match leave::token(&self.site.origins, request).await {
            Ok(token) => {
                // The hub is gone only while the server stops, and all sessions with it.
                let _ = self.hub.send(Event::Ended(token)).await;
                http::no_content()
            }
            Err(reply) => reply,
        }
    }

    /// Ready when the first request did not come in time, or when the answer to the last one was
    /// not read in time.
    async fn overdue(&self, mut requests: watch::Receiver<Option<Instant>>) {
        let first = requests.wait_for(Option::is_some);
        if !matches!(timeout(self.limits.request_timeout, first).await, Ok(Ok(_))) {
            return;
        }
        // Hyper ends a connection that is idle, so this ends those that read too slowly.
        let most = self.limits.http_timeout + self.limits.keep_alive_timeout;
        loop {
            let last = *requests.borrow_and_update();
            let deadline = last.unwrap_or_else(Instant::now) + most;
            if !matches!(timeout_at(deadline, requests.changed()).await, Ok(Ok(()))) {
                return;
            }
        }
    }
}

fn draw_bytes() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}
