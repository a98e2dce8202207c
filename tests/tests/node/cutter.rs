//! A way to the server that is cut again and again, at any byte.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The most bytes that go through one connection, both ways together. A handshake with its `welcome` takes
/// about 1,800, so that some are cut within it, and a message about 500.
const MOST_BYTES: u64 = 8_000;

/// It ends with this value.
pub(crate) struct Cutter {
    /// The origin of the server, behind this way.
    pub(crate) origin: String,
    plan: watch::Sender<Plan>,
    _task: JoinSet<()>,
}

/// What is left to do.
#[derive(Clone, Copy)]
struct Plan {
    cuts: u32,
    random: u64,
}

/// What becomes of a connection.
#[derive(Clone, Copy)]
struct Fate {
    bytes_left: u64,
    /// The server's side stays open after the cut, as that of a phone that lost its network does.
    is_half_open: bool,
}

impl Cutter {
    pub(crate) async fn before(server: String, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let plan = watch::Sender::new(Plan {
            cuts: 0,
            // The generator stays at zero for ever if it starts there.
            random: seed | 1,
        });
        let way = Way {
            server,
            plan: plan.clone(),
            half_open: Arc::default(),
        };
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(way.clone().carry(client));
            }
        });
        Self {
            origin,
            plan,
            _task: task,
        }
    }

    /// Cuts the open connection and those after it, so many in all.
    pub(crate) fn cut(&self, times: u32) {
        self.plan.send_modify(|plan| plan.cuts = times);
    }

    /// How many cuts are still to come.
    pub(crate) fn cuts_left(&self) -> u32 {
        self.plan.borrow().cuts
    }
}

#[derive(Clone)]
struct Way {
    server: String,
    plan: watch::Sender<Plan>,
    half_open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    async fn carry(self, mut client: TcpStream) {
        let mut server = TcpStream::connect(&self.server).await.expect("the server");
        let mut changed = self.plan.subscribe();
        let mut fate = self.draw();
        let (mut from_client, mut from_server) = ([0; 4096], [0; 4096]);
        loop {
            let (read, to, bytes) = tokio::select! {
                read = client.read(&mut from_client) => (read, &mut server, &from_client),
                read = server.read(&mut from_server) => (read, &mut client, &from_server),
                _ = changed.changed(), if fate.is_none() => {
                    fate = self.draw();
                    continue;
                }
            };
            let Ok(read @ 1..) = read else { return };
            let mut passed = read;
            if let Some(fate) = &mut fate {
                passed = passed.min(usize::try_from(fate.bytes_left).unwrap_or(usize::MAX));
                fate.bytes_left -= passed as u64;
            }
            if to.write_all(&bytes[..passed]).await.is_err() {
                return;
            }
            if let Some(Fate {
                bytes_left: 0,
                is_half_open,
            }) = fate
            {
                self.plan
                    .send_modify(|plan| plan.cuts = plan.cuts.saturating_sub(1));
                if is_half_open {
                    self.half_open.lock().expect("no panic").push(server);
                }
                return;
            }
        }
    }

    /// `None` while nothing is to be cut.
    fn draw(&self) -> Option<Fate> {
        let mut fate = None;
        self.plan.send_if_modified(|plan| {
            if plan.cuts > 0 {
                let random = next(&mut plan.random);
                fate = Some(Fate {
                    bytes_left: 1 + (random >> 8) % MOST_BYTES,
                    is_half_open: random.is_multiple_of(2),
                });
            }
            // Nobody waits for the generator.
            false
        });
        fate
    }
}

/// xorshift64: the same cuts in each run, as far as the two sides say the same.
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}
