//! One connection, from its first request on.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Request, upgrade};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::Limits;
use crate::actor::Event;
use crate::connection::Connection;
use crate::door::{Door, Place, Refusal};
use crate::handshake::SOCKET_PATH;
use crate::http::{self, Reply, Site};
use crate::hub::ConnId;
use crate::leave::{self, LEAVE_PATH};
use crate::{health, request_check};

/// Browsers send one to two kilobytes of headers; more is nothing that is served here.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// How long a refused connection has for its request, and to read the answer; what the hub may take
/// for it comes on top. Those connections are few, and others wait for their turn.
const REFUSED_WITHIN: Duration = Duration::from_secs(2);

/// One connection.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) id: ConnId,
    pub(crate) site: Arc<Site>,
    pub(crate) hub: mpsc::Sender<Event>,
    pub(crate) door: Arc<Door>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Visitor {
    /// Serves it until it ends.
    pub(crate) async fn run(self, stream: TcpStream, place: Place) {
        // Signaling is small frames that somebody waits for.
        let _ = stream.set_nodelay(true);
        // Boxed, so that a web socket does not carry the room for HTTP along.
        let Some((stream, early)) = Box::pin(self.browse(stream, &place)).await else {
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
    async fn browse(&self, stream: TcpStream, place: &Place) -> Option<(TcpStream, Vec<u8>)> {
        let upgrade = Mutex::new(None);
        let start = Instant::now();
        let (last_request, requests) = watch::channel(None);
        let service = service_fn(async |request: Request<Incoming>| {
            last_request.send_replace(Some(Instant::now()));
            let (mut reply, asked) = self.answer(request, place).await;
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
    async fn answer(
        &self,
        request: Request<Incoming>,
        place: &Place,
    ) -> (Reply, Option<OnUpgrade>) {
        if let Some(reply) = self.answer_always(&request).await {
            return (reply, None);
        }
        let path = request.uri().path();
        if path == LEAVE_PATH {
            return (self.end_session(request).await, None);
        }
        if path == SOCKET_PATH && !place.share.take_handshake() {
            self.door.log(Refusal::TOO_FAST);
            return (Refusal::TOO_FAST.reply(), None);
        }
        // Nobody reads it, so the next request could be found only behind it.
        let has_body = !request.body().is_end_stream();
        let (mut reply, upgrade) = self.site.answer(request);
        if has_body {
            http::close_after(&mut reply);
        }
        (reply, upgrade)
    }

    /// Answers what needs no place: wrong requests, and those for the health.
    async fn answer_always(&self, request: &Request<Incoming>) -> Option<Reply> {
        match request_check::refusal(request) {
            Some(refusal) => Some(refusal),
            None => health::reply(request, &self.hub, self.door.has_place(), &self.limits).await,
        }
    }

    /// Answers one request of a connection that has no place, and closes it.
    pub(crate) async fn refuse(self, stream: TcpStream, refusal: Refusal) {
        let service = service_fn(async |request: Request<Incoming>| {
            let reply = self.answer_always(&request).await;
            let mut reply = reply.unwrap_or_else(|| refusal.reply());
            http::close_after(&mut reply);
            Ok::<_, Infallible>(reply)
        });
        let connection = http1::Builder::new()
            .max_buf_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        // Whether it was heard makes no difference.
        let _ = timeout(REFUSED_WITHIN + self.limits.health_timeout, connection).await;
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
