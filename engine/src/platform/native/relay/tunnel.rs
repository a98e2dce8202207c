//! A UDP port on loopback behind which a TURN server is that speaks TCP or TLS.
//!
//! webrtc makes one TURN client for each local address, and new ones after an ICE restart. Each
//! has a stream of its own here, as it would have a connection of its own to the server.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use socket2::SockRef;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::stream::{self, Server};
use crate::platform::native::runtime::{self, Task};

/// Local sockets with a stream of their own: more than a device has addresses.
const MAX_CLIENTS: usize = 16;
/// Datagrams of a client that wait for its stream: as many as a data channel has under way at once.
const QUEUE: usize = 1024;
/// Bytes that the system holds until they are read; it may allow less. SCTP sends what it may at
/// once, and webrtc's is slow to get over what is lost of that.
const RECEIVE_BUFFER: usize = 2 * 1024 * 1024;
/// Longer than an allocation lives without being refreshed (RFC 8656, section 3.2: ten minutes).
const IDLE: Duration = Duration::from_secs(12 * 60);
/// A client that was silent for so long gives its place to a new one, if there is no other.
const MAY_GO: Duration = Duration::from_secs(30);
const SWEEP: Duration = Duration::from_secs(60);
/// No datagram is longer.
const MAX_DATAGRAM: usize = u16::MAX as usize;
/// After an error of the socket, so that one that stays does not keep a core busy.
const BREATH: Duration = Duration::from_millis(20);

/// Why a server gave no relayed address, as the code of a STUN error or 701, and in words.
pub(super) type Fault = (u16, String);

/// What is known of a server by what passes through.
#[derive(Default)]
pub(super) struct Word(Mutex<Option<Fault>>);

impl Word {
    pub(super) fn set(&self, fault: Option<Fault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    pub(super) fn get(&self) -> Option<Fault> {
        let fault = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        fault.clone()
    }
}

/// A running tunnel. Dropping it ends its streams and frees its port.
pub(super) struct Tunnel {
    address: SocketAddr,
    pub(super) server: Arc<Server>,
    pub(super) word: Arc<Word>,
    _task: Task,
}

impl Tunnel {
    pub(super) fn open(server: Server) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind((loopback(&server.local_addresses), 0))?;
        socket.set_nonblocking(true)?;
        // Less is not an error.
        let _ = SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER);
        let address = socket.local_addr()?;
        let socket = {
            let runtime = runtime::handle().map_err(io::Error::other)?;
            let _inside = runtime.enter();
            UdpSocket::from_std(socket)?
        };
        let server = Arc::new(server);
        let word = Arc::new(Word::default());
        let clients = Clients {
            socket: Arc::new(socket),
            server: server.clone(),
            word: word.clone(),
            clients: HashMap::new(),
        };
        Ok(Self {
            address,
            server,
            word,
            _task: Task::spawn(clients.run()).map_err(io::Error::other)?,
        })
    }

    #[cfg(test)]
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What webrtc is told instead of the server's own URL.
    pub(super) fn url(&self) -> String {
        format!("turn:{}?transport=udp", self.address)
    }
}

/// webrtc reaches the tunnel from an address of the same family alone.
fn loopback(local_addresses: &[IpAddr]) -> IpAddr {
    match local_addresses.is_empty() || local_addresses.iter().any(IpAddr::is_ipv4) {
        true => Ipv4Addr::LOCALHOST.into(),
        false => Ipv6Addr::LOCALHOST.into(),
    }
}

struct Clients {
    socket: Arc<UdpSocket>,
    server: Arc<Server>,
    word: Arc<Word>,
    clients: HashMap<SocketAddr, Client>,
}

struct Client {
    queue: mpsc::Sender<Vec<u8>>,
    heard: Instant,
    _task: Task,
}

impl Clients {
    async fn run(mut self) {
        let mut buffer = vec![0; MAX_DATAGRAM];
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                received = self.socket.recv_from(&mut buffer) => match received {
                    Ok((length, from)) => self.on_datagram(&buffer[..length], from),
                    Err(_) => sleep(BREATH).await,
                },
                _ = sweep.tick() => self.clients.retain(|_, it| it.heard.elapsed() < IDLE),
            }
        }
    }

    fn on_datagram(&mut self, datagram: &[u8], from: SocketAddr) {
        if !self.clients.contains_key(&from) && !self.admit(from) {
            return;
        }
        if let Some(client) = self.clients.get_mut(&from) {
            client.heard = Instant::now();
            // Too much for the stream is lost, as it would be on a network.
            let _ = client.queue.try_send(datagram.to_vec());
        }
    }

    /// Whether there is a place for a new client now.
    fn admit(&mut self, from: SocketAddr) -> bool {
        let local = &self.server.local_addresses;
        if !local.is_empty() && !local.contains(&from.ip()) {
            return false;
        }
        if self.clients.len() >= MAX_CLIENTS && !self.make_place() {
            return false;
        }
        let (queue, queued) = mpsc::channel(QUEUE);
        let line = stream::Line {
            server: self.server.clone(),
            socket: self.socket.clone(),
            word: self.word.clone(),
            client: from,
        };
        let Ok(task) = Task::spawn(line.run(queued)) else {
            return false;
        };
        let client = Client {
            queue,
            heard: Instant::now(),
            _task: task,
        };
        self.clients.insert(from, client);
        true
    }

    fn make_place(&mut self) -> bool {
        let quietest = self.clients.iter().min_by_key(|(_, it)| it.heard);
        match quietest.map(|(address, it)| (*address, it.heard.elapsed())) {
            Some((address, quiet)) if quiet >= MAY_GO => self.clients.remove(&address).is_some(),
            _ => false,
        }
    }
}
