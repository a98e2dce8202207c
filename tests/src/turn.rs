//! A real TURN server, coturn, on loopback.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use parlor_engine::IceServer;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::place;

const USER: &str = "parlor";
const PASSWORD: &str = "secret of the tests";
/// The time within which coturn must listen. It usually does within a second.
const START_LIMIT: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(30);
/// The number of attempts to start coturn: another program may take a free port before coturn does.
const TRIES: usize = 5;

/// A running coturn that relays between loopback addresses. Dropping this value ends it.
#[derive(Debug)]
pub struct Turn {
    port: u16,
    tls_port: u16,
    certificate: Vec<u8>,
    process: Child,
    /// The folder of coturn's files, removed with this value.
    folder: TempDir,
}

impl Turn {
    /// Starts coturn and waits until it listens.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts coturn with further arguments and waits until it listens.
    pub async fn start_with(arguments: &[&str]) -> Self {
        for _ in 1..TRIES {
            if let Ok(turn) = Self::try_start(arguments).await {
                return turn;
            }
        }
        let last = Self::try_start(arguments).await;
        last.unwrap_or_else(|log| panic!("coturn does not listen:\n{log}"))
    }

    /// Starts coturn once. The error is the output of a coturn that does not listen.
    async fn try_start(arguments: &[&str]) -> Result<Self, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let names = ["localhost", "127.0.0.1"].map(str::to_owned);
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let path = folder.path();
        fs::write(path.join("cert.pem"), made.cert.pem()).expect("written");
        fs::write(path.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
        let (port, tls_port) = (free_port(), free_port());
        let mut command = command(path, port, tls_port);
        let process = command.args(arguments).spawn().unwrap_or_else(|error| {
            panic!(
                "coturn does not start ({error}): install it (Debian: `apt-get install coturn`), \
                 name its turnserver in PARLOR_TURNSERVER, or run all tests with `cargo xtask test`"
            )
        });
        let mut turn = Self {
            port,
            tls_port,
            certificate: made.cert.der().to_vec(),
            process,
            folder,
        };
        match turn.listens().await {
            true => Ok(turn),
            false => Err(turn.log()),
        }
    }

    async fn listens(&mut self) -> bool {
        let end = Instant::now() + START_LIMIT;
        let ports = [self.port, self.tls_port];
        while Instant::now() < end && matches!(self.process.try_wait(), Ok(None)) {
            // It takes UDP on both from the same moment on.
            let mut streams = ports.map(|port| TcpStream::connect(("127.0.0.1", port)));
            if streams.iter_mut().all(|stream| stream.is_ok()) {
                return true;
            }
            sleep(LOOK_AGAIN).await;
        }
        false
    }

    /// Returns the output of coturn so far.
    pub fn log(&self) -> String {
        let parts = ["output", "log"].map(|name| self.folder.path().join(name));
        let parts = parts.map(|path| fs::read_to_string(path).unwrap_or_default());
        parts.concat()
    }

    /// Returns coturn's `turn:` address, over UDP.
    pub fn over_udp(&self) -> IceServer {
        server(format!("turn:127.0.0.1:{}?transport=udp", self.port))
    }

    /// Returns coturn's `turn:` address, over TCP.
    pub fn over_tcp(&self) -> IceServer {
        server(format!("turn:127.0.0.1:{}?transport=tcp", self.port))
    }

    /// Returns coturn's `turns:` address, with a name that has to be looked up.
    pub fn over_tls(&self) -> IceServer {
        server(format!("turns:localhost:{}", self.tls_port))
    }

    /// Returns coturn's self-signed certificate in DER form.
    pub fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// Ends coturn at once, without notice to its clients.
    pub fn kill(&mut self) {
        // One that ended by itself is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.kill();
    }
}

fn server(url: String) -> IceServer {
    IceServer {
        urls: vec![url],
        username: Some(USER.to_owned()),
        credential: Some(PASSWORD.to_owned()),
    }
}

/// Returns a port that is free for UDP and TCP.
fn free_port() -> u16 {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let port = udp.local_addr().expect("it has an address").port();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn command(folder: &Path, port: u16, tls_port: u16) -> Command {
    let output = File::create(folder.join("output")).expect("a file");
    let errors = output.try_clone().expect("the same file");
    let file = |name: &str| folder.join(name).display().to_string();
    let mut command = Command::new(place::program("PARLOR_TURNSERVER", "turnserver"));
    // `-n`: no configuration but this.
    command.args([
        "-n",
        "--no-cli",
        "--no-dtls",
        "--lt-cred-mech",
        "--fingerprint",
    ]);
    command.args(["--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1"]);
    command.args(["--listening-port", &port.to_string()]);
    command.args(["--tls-listening-port", &tls_port.to_string()]);
    command.args(["--allow-loopback-peers", "--relay-threads", "1"]);
    command.args(["--realm", "parlor.test", "--user"]);
    command.arg(format!("{USER}:{PASSWORD}"));
    command.args(["--cert", &file("cert.pem"), "--pkey", &file("key.pem")]);
    command.args(["--userdb", &file("users"), "--pidfile", &file("pid")]);
    // Into a file it writes each line at once.
    command.args(["--log-file", &file("log"), "--simple-log"]);
    command.current_dir(folder).stdin(Stdio::null());
    command.stdout(output).stderr(errors);
    command
}
