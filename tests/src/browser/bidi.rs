//! A session of [WebDriver BiDi](https://www.w3.org/TR/webdriver-bidi/): commands and events over
//! one WebSocket.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::SplitStream;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// The time within which a command must be answered: longer than a page takes to load, or a script
/// of the tests to end.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);
/// The largest message. A screenshot comes in one.
const MAX_BYTES: usize = 64 * 1024 * 1024;

type Answer = Result<Value, String>;

/// A session. Dropping it closes its socket.
pub(super) struct Bidi {
    next: AtomicU64,
    commands: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// The commands without an answer, by their numbers.
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
    /// The error lines of the consoles, each with its window.
    errors: Mutex<Vec<(String, String)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bidi {
    /// Starts a session with a browser that listens at this address.
    pub(super) async fn connect(address: &str) -> Self {
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(MAX_BYTES);
        config.max_frame_size = Some(MAX_BYTES);
        let connected = connect_async_with_config(address, Some(config), false).await;
        let (socket, _) = connected.expect("the browser takes a session");
        let (mut sink, stream) = socket.split();
        let (commands, mut queued) = mpsc::channel::<Message>(8);
        tokio::spawn(async move {
            while let Some(message) = queued.recv().await {
                if sink.send(message).await.is_err() {
                    return;
                }
            }
        });
        let shared = Arc::new(Shared::default());
        tokio::spawn(shared.clone().read(stream));
        let bidi = Self {
            next: AtomicU64::new(1),
            commands,
            shared,
        };
        for (method, parameters) in [
            ("session.new", json!({ "capabilities": {} })),
            ("session.subscribe", json!({ "events": ["log.entryAdded"] })),
        ] {
            bidi.ask(method, parameters).await.expect("a session");
        }
        bidi
    }

    /// Sends a command and waits for its answer.
    pub(super) async fn ask(&self, method: &str, parameters: Value) -> Answer {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        lock(&self.shared.waiting).insert(id, answer);
        let command = json!({ "id": id, "method": method, "params": parameters });
        let gone = |_| format!("{method}: the browser is gone");
        let sent = self.commands.send(Message::text(command.to_string())).await;
        sent.map_err(|_| format!("{method}: the browser is gone"))?;
        match timeout(ANSWERS_WITHIN, answered).await {
            Ok(answer) => answer.map_err(gone)?,
            Err(_) => Err(format!("{method}: no answer")),
        }
    }

    /// Takes the error lines of these windows' consoles, and drops those of other windows.
    pub(super) fn take_errors(&self, windows: &[String]) -> Vec<String> {
        let errors = std::mem::take(&mut *lock(&self.shared.errors)).into_iter();
        // The browser's own pages complain too.
        let ours = errors.filter(|(window, _)| windows.contains(window));
        ours.map(|(_, text)| text).collect()
    }
}

impl Shared {
    async fn read(
        self: Arc<Self>,
        mut stream: SplitStream<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    ) {
        while let Some(Ok(message)) = stream.next().await {
            let Ok(text) = message.to_text() else {
                continue;
            };
            if let Ok(value) = serde_json::from_str(text) {
                self.on_message(&value);
            }
        }
        // Nobody waits for a browser that is gone.
        lock(&self.waiting).clear();
    }

    fn on_message(&self, message: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(id) = message["id"].as_u64() {
            let answer = match message["type"].as_str() {
                Some("success") => Ok(message["result"].clone()),
                _ => Err(format!(
                    "{}: {}",
                    text(&message["error"]),
                    text(&message["message"])
                )),
            };
            if let Some(waiting) = lock(&self.waiting).remove(&id) {
                // Whoever asked may have given up.
                let _ = waiting.send(answer);
            }
        } else if message["method"] == "log.entryAdded" && message["params"]["level"] == "error" {
            let entry = &message["params"];
            let line = (text(&entry["source"]["context"]), text(&entry["text"]));
            lock(&self.errors).push(line);
        }
    }
}
