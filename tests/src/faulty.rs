//! A proxy in front of the server that delivers one file with a fault.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// The longest head of a request that is accepted, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// The number of pieces in which a slow file arrives, with a pause after each: 12 seconds in all.
const PIECES: usize = 48;
const PAUSE: Duration = Duration::from_millis(250);

/// A file of the web app.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The script that loads the others.
    Boot,
    /// The app's script.
    Script,
    /// The app's module.
    Module,
}

impl Part {
    fn is_at(self, path: &str) -> bool {
        let (start, end) = match self {
            Self::Boot => ("/boot-", ".js"),
            Self::Script => ("/parlor-", ".js"),
            Self::Module => ("/parlor-", ".wasm"),
        };
        path.starts_with(start) && path.ends_with(end)
    }
}

/// The fault of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The server answers with 500.
    Refused,
    /// The connection ends in the middle.
    Cut,
    /// The file stops in the middle until [`FaultyWay::go_on`].
    Stalled,
    /// The file arrives in small pieces with pauses.
    Slow,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    /// The file with a fault, if there is one.
    fault: Mutex<Option<(Part, Fault)>>,
    goes_on: Notify,
}

/// An address at which the server answers, with faults on the way. It closes when this value is
/// dropped.
#[derive(Debug)]
pub struct FaultyWay {
    addr: SocketAddr,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl FaultyWay {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("a free port");
        let shared = Arc::new(Shared {
            server,
            fault: Mutex::default(),
            goes_on: Notify::new(),
        });
        let addr = listener.local_addr().expect("a bound socket");
        let task = tokio::spawn(accept(listener, shared.clone())).abort_handle();
        Self { addr, shared, task }
    }

    /// Returns the address of the page.
    pub fn page(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// Sets the file that has a fault from now on; `None` for no faults.
    pub fn set(&self, fault: Option<(Part, Fault)>) {
        let current = self.shared.fault.lock();
        *current.unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Delivers the rest of the stalled files.
    pub fn go_on(&self) {
        self.shared.goes_on.notify_waiters();
    }
}

impl Drop for FaultyWay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((browser, _)) = listener.accept().await {
        let shared = shared.clone();
        // A browser that gives up a connection is no failure of a test.
        tokio::spawn(async move { drop(pass_on(browser, &shared).await) });
    }
}

/// Forwards one request and its answer.
async fn pass_on(mut browser: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(head) = read_head(&mut browser).await? else {
        return Ok(());
    };
    let path = head.split(' ').nth(1).unwrap_or_default();
    let fault = *shared.fault.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = fault
        .filter(|(part, _)| part.is_at(path))
        .map(|(_, fault)| fault);
    let mut server = TcpStream::connect(shared.server).await?;
    server.write_all(one_request(&head).as_bytes()).await?;
    let Some(fault) = fault else {
        copy_bidirectional(&mut browser, &mut server).await?;
        return Ok(());
    };
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    let (first, second) = answer.split_at(answer.len() / 2);
    match fault {
        Fault::Refused => {
            let answer = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\
                          connection: close\r\n\r\n";
            browser.write_all(answer.as_bytes()).await
        }
        Fault::Cut => browser.write_all(first).await,
        Fault::Stalled => {
            browser.write_all(first).await?;
            shared.goes_on.notified().await;
            browser.write_all(second).await
        }
        Fault::Slow => {
            for piece in answer.chunks(answer.len().div_ceil(PIECES)) {
                browser.write_all(piece).await?;
                // Waits for nothing: the pause is the fault.
                sleep(PAUSE).await;
            }
            Ok(())
        }
    }
}

/// Reads the head of a request; `None` for a connection without one.
async fn read_head(browser: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD || browser.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    Ok(String::from_utf8(head).ok())
}

/// Rewrites a request so that the connection ends after it, unless it becomes a WebSocket.
fn one_request(head: &str) -> String {
    let lines = head.split("\r\n").filter(|line| !line.is_empty());
    let is_connection = |line: &&str| line.to_ascii_lowercase().starts_with("connection:");
    if head.to_ascii_lowercase().contains("\r\nupgrade:") {
        return head.to_owned();
    }
    let kept: Vec<&str> = lines.filter(|line| !is_connection(line)).collect();
    format!("{}\r\nconnection: close\r\n\r\n", kept.join("\r\n"))
}
