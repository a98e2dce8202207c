//! What stands between the two sides, and sees every packet.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use parlor_engine::IceCandidate;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// More than a packet has.
const PACKET: usize = 65_536;

/// The place of a side, as the other side sees it.
struct End {
    socket: UdpSocket,
    /// Where the side really is.
    behind: Mutex<Option<SocketAddr>>,
}

impl End {
    async fn new() -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await;
        Self {
            socket: socket.expect("a port"),
            behind: Mutex::new(None),
        }
    }
}

/// Two ends on loopback, and what carries packets from one to the other.
pub(crate) struct Cable {
    ends: [Arc<End>; 2],
    is_cut: Arc<AtomicBool>,
    carrying: [JoinHandle<()>; 2],
}

impl Cable {
    pub(crate) async fn new() -> Self {
        let ends = [Arc::new(End::new().await), Arc::new(End::new().await)];
        let is_cut = Arc::new(AtomicBool::new(false));
        let carrying = [(0, 1), (1, 0)].map(|(here, there)| {
            let (here, there) = (ends[here].clone(), ends[there].clone());
            tokio::spawn(carry(here, there, is_cut.clone()))
        });
        Self {
            ends,
            is_cut,
            carrying,
        }
    }

    /// Nothing gets through any more, and nobody is told.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }

    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::Relaxed);
    }

    /// A candidate of this side's as the other side is to see it; `None` where it names no address.
    pub(crate) fn through(&self, side: usize, mut candidate: IceCandidate) -> Option<IceCandidate> {
        let mut words: Vec<_> = candidate.candidate.split(' ').map(str::to_owned).collect();
        let real = SocketAddr::new(words[4].parse().ok()?, words[5].parse().ok()?);
        let end = &self.ends[side];
        let seen = end.socket.local_addr().ok()?;
        let mut behind = end.behind.lock().expect("not poisoned");
        if behind.replace(real).is_some_and(|known| known != real) {
            panic!("a side has two addresses");
        }
        words[5] = seen.port().to_string();
        candidate.candidate = words.join(" ");
        Some(candidate)
    }
}

/// What comes to one end leaves from the other: from where its sender is, as its receiver sees it.
async fn carry(here: Arc<End>, there: Arc<End>, is_cut: Arc<AtomicBool>) {
    let mut packet = vec![0; PACKET];
    while let Ok(size) = here.socket.recv(&mut packet).await {
        let to = *here.behind.lock().expect("not poisoned");
        if let Some(to) = to
            && !is_cut.load(Ordering::Relaxed)
        {
            // A packet that cannot be sent is lost, as on any line.
            let _ = there.socket.send_to(&packet[..size], to).await;
        }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for task in &self.carrying {
            task.abort();
        }
    }
}
