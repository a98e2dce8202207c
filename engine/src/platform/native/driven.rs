//! webrtc's runtime, with sockets that hold as much as the other side may send at once, wake it once
//! more than they receive, and repeat TURN requests whose nonce was too old (`nonces.rs`).
//!
//! The task that drives a connection in webrtc 0.21 writes, then takes what came through a relay,
//! then waits: what the connection has to answer, such as SCTP's acknowledgements, stays until
//! something else happens, up to a second. An empty datagram is such a thing, and means nothing.

use std::fmt;
use std::future::Future;
use std::io::{self, IoSliceMut};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use socket2::SockRef;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

use super::configuration::RECEIVE_BUFFER;
use super::nonces::{Credentials, Requests};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tokio, with sockets of our own.
#[derive(Debug)]
pub(super) struct Driven {
    /// Sockets wake once more while this is set.
    pub(super) is_relayed: Arc<AtomicBool>,
    /// What TURN requests are signed with.
    pub(super) credentials: Arc<Credentials>,
}

impl Runtime for Driven {
    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn(future)
    }

    fn spawn_reactor(&self, size: usize, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn_reactor(size, future)
    }

    fn wrap_udp_socket(&self, socket: UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        // As far as the system allows. With less, a burst of small packets is lost, and each loss
        // of the last ones costs SCTP a second.
        if let Err(error) = SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER as usize) {
            tracing::debug!(%error, "a socket keeps its small buffer");
        }
        Ok(Arc::new(Waking {
            inner: TokioRuntime.wrap_udp_socket(socket)?,
            is_relayed: self.is_relayed.clone(),
            owes: AtomicU8::new(NOTHING),
            requests: Requests::new(self.credentials.clone()),
        }))
    }

    fn wrap_tcp_listener(&self, listener: TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        TokioRuntime.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(
        &'a self,
        address: SocketAddr,
    ) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        TokioRuntime.connect_tcp(address)
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        TokioRuntime.resolve_host(host)
    }

    fn now(&self) -> Instant {
        TokioRuntime.now()
    }

    fn sleep(&self, duration: Duration) -> Boxed<'static, ()> {
        TokioRuntime.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        TokioRuntime.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        TokioRuntime.block_on(future);
    }

    fn yield_now(&self) -> Boxed<'static, ()> {
        TokioRuntime.yield_now()
    }

    fn name(&self) -> &'static str {
        TokioRuntime.name()
    }
}

/// Nothing came since it last woke.
const NOTHING: u8 = 0;
/// Something came.
const WAKING: u8 = 1;
/// And the driver knows that no more did, so that it goes through its round before it asks again.
const NOW: u8 = 2;

struct Waking {
    inner: Arc<dyn AsyncUdpSocket>,
    is_relayed: Arc<AtomicBool>,
    owes: AtomicU8,
    requests: Requests,
}

impl fmt::Debug for Waking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waking")
    }
}

impl AsyncUdpSocket for Waking {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }

    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        let size = transmit.segment_size.unwrap_or(usize::MAX).max(1);
        if transmit.contents.len() > size {
            // Several at once go as they are: should one be refused, it is repeated by itself.
            for datagram in transmit.contents.chunks(size) {
                self.requests.on_send(datagram, transmit.destination);
            }
            return self.inner.poll_send(cx, transmit);
        }
        let renewed = self
            .requests
            .on_send(transmit.contents, transmit.destination);
        let Some(renewed) = renewed else {
            return self.inner.poll_send(cx, transmit);
        };
        let sent = self
            .inner
            .poll_send(cx, &one(&renewed, transmit.destination));
        sent.map_ok(|_| transmit.contents.len())
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let received = self.inner.poll_recv(cx, bufs, meta);
        if received.is_ready() {
            let owes = match self.is_relayed.load(Ordering::Relaxed) {
                true => WAKING,
                false => NOTHING,
            };
            self.owes.store(owes, Ordering::Relaxed);
            if let Poll::Ready(Ok(count)) = received {
                for (buffer, meta) in bufs.iter_mut().zip(meta.iter()).take(count) {
                    self.repeat_refused(cx, buffer, meta);
                }
            }
            return received;
        }
        match (self.owes.load(Ordering::Relaxed), meta.first_mut()) {
            (WAKING, _) => {
                self.owes.store(NOW, Ordering::Relaxed);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            (NOW, Some(first)) => {
                self.owes.store(NOTHING, Ordering::Relaxed);
                *first = RecvMeta::default();
                first.stride = 1;
                Poll::Ready(Ok(1))
            }
            _ => Poll::Pending,
        }
    }

    fn max_gso_segments(&self) -> usize {
        self.inner.max_gso_segments()
    }

    fn max_gro_segments(&self) -> usize {
        self.inner.max_gro_segments()
    }
}

impl Waking {
    /// Looks through the datagrams of a buffer for requests to repeat.
    fn repeat_refused(&self, cx: &mut Context<'_>, buffer: &mut [u8], meta: &RecvMeta) {
        let end = meta.len.min(buffer.len());
        for datagram in buffer[..end].chunks_mut(meta.stride.max(1)) {
            if let Some((request, server)) = self.requests.on_receive(datagram) {
                // Where there is no room now, webrtc sends the request again by itself.
                let _ = self.inner.poll_send(cx, &one(&request, server));
            }
        }
    }
}

/// One datagram.
fn one(contents: &[u8], destination: SocketAddr) -> Transmit<'_> {
    Transmit {
        destination,
        ecn: None,
        contents,
        segment_size: None,
        src_ip: None,
    }
}

#[cfg(test)]
#[path = "driven_tests.rs"]
mod tests;
