//! The port, and connections as the system hands them out.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::log_limit::LogLimit;

/// How many connections wait to be accepted. After a restart all clients come back within a second,
/// and those that find no place try again only a second or three later. 128 is usual; the system
/// lowers this to what it allows (4,096 on Linux).
const BACKLOG: u32 = 4096;

/// How long to wait before accepting again after the system refused: long enough not to spin, short
/// enough not to be noticed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A connection that came in.
#[derive(Debug)]
pub(crate) enum Accepted {
    /// As usual.
    Stream(TcpStream, IpAddr),
    /// With the descriptor that was kept in reserve, because there was no other. To be answered and
    /// closed before the next call.
    InReserve(TcpStream),
}

/// A port that is listened at.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: TcpListener,
    reserve: Reserve,
    log: LogLimit,
}

impl Listener {
    /// Takes the port.
    pub(crate) fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = match addr {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // Else the port is taken for a minute after the server was stopped. On Windows it would mean
        // that another program can take the port away.
        #[cfg(not(windows))]
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        let listener = socket.listen(BACKLOG)?;
        Ok(Self {
            reserve: Reserve::new(&listener),
            listener,
            log: LogLimit::default(),
        })
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Takes the next connection. May be cancelled.
    pub(crate) async fn accept(&mut self) -> Accepted {
        loop {
            self.reserve.fill(&self.listener);
            match self.listener.accept().await {
                Ok((stream, addr)) => return Accepted::Stream(stream, addr.ip()),
                Err(error) if is_out_of_descriptors(&error) && self.reserve.give_up() => {
                    self.warn(&error);
                    if let Ok((stream, _)) = self.listener.accept().await {
                        return Accepted::InReserve(stream);
                    }
                }
                Err(error) => {
                    self.warn(&error);
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn warn(&self, error: &io::Error) {
        if let Some(unlogged) = self.log.next() {
            tracing::warn!(%error, unlogged, "cannot accept a connection");
        }
    }
}

#[cfg(unix)]
fn is_out_of_descriptors(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let all = [Errno::MFILE, Errno::NFILE];
    error
        .raw_os_error()
        .is_some_and(|code| all.iter().any(|errno| errno.raw_os_error() == code))
}

#[cfg(not(unix))]
fn is_out_of_descriptors(_: &io::Error) -> bool {
    false
}

/// A descriptor for nothing. Without it, a server that has no other could not even say so.
#[derive(Debug)]
struct Reserve {
    #[cfg(unix)]
    descriptor: Option<std::os::fd::OwnedFd>,
}

#[cfg(unix)]
impl Reserve {
    fn new(listener: &TcpListener) -> Self {
        let mut reserve = Self { descriptor: None };
        reserve.fill(listener);
        reserve
    }

    fn fill(&mut self, listener: &TcpListener) {
        use std::os::fd::AsFd as _;
        if self.descriptor.is_none() {
            // Any would do; a copy of this one needs no file.
            self.descriptor = listener.as_fd().try_clone_to_owned().ok();
        }
    }

    /// Closes it. False if there is none.
    fn give_up(&mut self) -> bool {
        self.descriptor.take().is_some()
    }
}

#[cfg(not(unix))]
impl Reserve {
    fn new(_: &TcpListener) -> Self {
        Self {}
    }

    fn fill(&mut self, _: &TcpListener) {}

    fn give_up(&mut self) -> bool {
        false
    }
}
