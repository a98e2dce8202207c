//! One client's stream to a TURN server: made when it has something to say, made anew after an end.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::select_ok;
use parlor_signaling_protocol::IceUrl;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream, UdpSocket, lookup_host};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::framing::{self, Allocation};
use super::pace::Pace;
use super::tunnel::Word;

/// Until a stream stands, TLS included. webrtc's TURN client gives up after eight seconds.
const CONNECT_LIMIT: Duration = Duration::from_secs(6);
/// Addresses of a server that are tried.
const MAX_ADDRESSES: usize = 4;
/// Between the first tries of two addresses (RFC 8305, section 5).
const STAGGER: Duration = Duration::from_millis(250);
/// How long a server may take nothing of what is sent.
const WRITE_LIMIT: Duration = Duration::from_secs(15);
/// Before a stream is made anew; doubled each time, up to the second.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// A stream that stood for so long was a good one.
const GOOD: Duration = Duration::from_secs(30);
/// Bytes that are read at a time.
const READ: usize = 16 * 1024;
/// Datagrams that are written at a time: of the usual size, half of a burst.
pub(super) const BATCH: usize = 8;
/// The code of a server that is not reached, by W3C's `icecandidateerror`.
pub(super) const NOT_REACHED: u16 = 701;

/// A TURN server that is reached by a stream.
pub(super) struct Server {
    pub(super) url: IceUrl,
    /// With TLS, whom to trust, and the name that its certificate must have.
    pub(super) tls: Option<(Arc<rustls::ClientConfig>, ServerName<'static>)>,
    /// The only addresses to use; none: all.
    pub(super) local_addresses: Vec<IpAddr>,
}

pub(super) struct Line {
    pub(super) server: Arc<Server>,
    pub(super) socket: Arc<UdpSocket>,
    pub(super) word: Arc<Word>,
    /// Whose it is.
    pub(super) client: SocketAddr,
}

impl Line {
    pub(super) async fn run(self, mut queue: mpsc::Receiver<Vec<u8>>) {
        let (first, longest) = BACK_OFF;
        let mut pause = first;
        while let Some(datagram) = queue.recv().await {
            let began = Instant::now();
            match self.serve(datagram, &mut queue).await {
                Ok(()) => tracing::debug!("a TURN server ended its stream"),
                Err(fault) => self.word.set(Some((NOT_REACHED, fault.to_owned()))),
            }
            if began.elapsed() >= GOOD {
                pause = first;
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
            // A TURN client says again what matters; the rest is too old.
            while queue.try_recv().is_ok() {}
        }
    }

    async fn serve(
        &self,
        first: Vec<u8>,
        queue: &mut mpsc::Receiver<Vec<u8>>,
    ) -> Result<(), &'static str> {
        let late = |_| "the server was not reached in time";
        let stream = timeout(CONNECT_LIMIT, self.server.connect(self.client));
        match stream.await.map_err(late)?? {
            Stream::Tcp(stream) => self.relay(stream, first, queue).await,
            Stream::Tls(stream) => self.relay(*stream, first, queue).await,
        }
        Ok(())
    }

    async fn relay<S>(&self, stream: S, first: Vec<u8>, queue: &mut mpsc::Receiver<Vec<u8>>)
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        let (from_server, to_server) = tokio::io::split(stream);
        // Whichever ends first ends the stream.
        tokio::select! {
            () = self.down(from_server) => {}
            _ = up(to_server, first, queue) => {}
        }
    }

    async fn down(&self, mut stream: impl AsyncRead + Unpin) {
        let mut buffer = BytesMut::new();
        loop {
            buffer.reserve(READ);
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            loop {
                match framing::take(&mut buffer) {
                    Ok(Some(message)) => self.deliver(&message).await,
                    Ok(None) => break,
                    Err(framing::Malformed) => {
                        tracing::debug!("a TURN server sent something else than TURN");
                        return;
                    }
                }
            }
        }
    }

    async fn deliver(&self, message: &[u8]) {
        match Allocation::read(message) {
            Some(Allocation::Made) => self.word.set(None),
            Some(Allocation::Refused { code, reason }) => self.word.set(Some((code, reason))),
            None => {}
        }
        // A client that is gone, or a message that no datagram holds: lost, as on a network.
        let _ = self.socket.send_to(message, self.client).await;
    }
}

/// Returns when the stream takes no more, or nobody has anything to say any more.
pub(super) async fn up(
    mut stream: impl AsyncWrite + Unpin,
    first: Vec<u8>,
    queue: &mut mpsc::Receiver<Vec<u8>>,
) -> io::Result<()> {
    let mut batch = vec![first];
    let mut bytes = Vec::new();
    let mut pace = Pace::new();
    while !batch.is_empty() {
        pace.ready().await;
        bytes.clear();
        for datagram in batch.drain(..) {
            framing::put(&datagram, &mut bytes);
        }
        let written = async {
            stream.write_all(&bytes).await?;
            stream.flush().await
        };
        timeout(WRITE_LIMIT, written).await??;
        pace.spend(bytes.len());
        queue.recv_many(&mut batch, BATCH).await;
    }
    Ok(())
}

enum Stream {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Server {
    async fn connect(&self, client: SocketAddr) -> Result<Stream, &'static str> {
        let host = (self.url.host.as_str(), self.url.port);
        let unknown = |_| "the server's name is not known";
        let addresses = lookup_host(host).await.map_err(unknown)?;
        let addresses: Vec<_> = addresses.take(MAX_ADDRESSES).collect();
        let tries = (0..).zip(addresses).map(|(number, address)| {
            Box::pin(async move {
                sleep(STAGGER * number).await;
                self.dial(address, client.ip()).await
            })
        });
        let stream = first_of(tries).await.ok_or("the server was not reached")?;
        let Some((config, name)) = &self.tls else {
            return Ok(Stream::Tcp(stream));
        };
        let connector = TlsConnector::from(config.clone());
        let stream = connector.connect(name.clone(), stream).await;
        let stream = stream.map_err(|error| match is_mistrust(&error) {
            true => "the server's certificate is not trusted",
            false => "the server does not speak TLS",
        })?;
        Ok(Stream::Tls(Box::new(stream)))
    }

    async fn dial(&self, server: SocketAddr, client: IpAddr) -> io::Result<TcpStream> {
        let socket = match server {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        if let Some(address) = self.from(server, client)? {
            socket.bind(SocketAddr::new(address, 0))?;
        }
        let stream = socket.connect(server).await?;
        // What is written is a whole batch of datagrams that wait for nothing.
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// The address to come from, if that is not the system's choice: the client's own, or another
    /// one that may be used.
    fn from(&self, server: SocketAddr, client: IpAddr) -> io::Result<Option<IpAddr>> {
        if self.local_addresses.is_empty() {
            return Ok(None);
        }
        let mut fitting = std::iter::once(&client).chain(&self.local_addresses);
        match fitting.find(|address| address.is_ipv4() == server.is_ipv4()) {
            Some(address) => Ok(Some(*address)),
            None => Err(io::ErrorKind::AddrNotAvailable.into()),
        }
    }
}

/// The first stream that stands.
async fn first_of<F>(tries: impl Iterator<Item = F>) -> Option<TcpStream>
where
    F: Future<Output = io::Result<TcpStream>> + Unpin,
{
    let mut tries = tries.peekable();
    tries.peek()?;
    let (stream, _others) = select_ok(tries).await.ok()?;
    Some(stream)
}

fn is_mistrust(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(error, Some(rustls::Error::InvalidCertificate(_)))
}
