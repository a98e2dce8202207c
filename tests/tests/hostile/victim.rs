//! Somebody honest: a room of the real engine, and a real server.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use parlor_engine::{
    ChatMessage, Config, Engine, LinkState, Notice, Notices, PeerId, Profile, Room, RoomKey,
    RoomState, ServerLink,
};
use parlor_tests::SOON;
use tempfile::TempDir;
use tokio::time::{Instant, timeout, timeout_at};

pub(crate) struct Victim {
    pub(crate) engine: Engine,
    pub(crate) room: Room,
    notices: Notices,
}

/// Where the engines of this program keep who somebody is.
static DATA: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a folder");
    let identity = folder.path().join("parlor/identity");
    // SAFETY: this happens once, before the first engine of this program is made; what else reads
    // variables here is the standard library, which takes a lock for it.
    unsafe { env::set_var("XDG_DATA_HOME", folder.path()) };
    (folder, identity)
});

/// An engine of a person of its own: another one who has this machine would be the same person.
pub(crate) fn engine(config: Config) -> Engine {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = fs::remove_file(&DATA.1);
    Engine::new(config).expect("an engine")
}

impl Victim {
    pub(crate) fn enter(socket: &str, key: &str, name: &str) -> Self {
        let engine = engine(Config::new(socket));
        Self::enter_with(engine, key, name)
    }

    pub(crate) fn enter_with(engine: Engine, key: &str, name: &str) -> Self {
        let key: RoomKey = key.parse().expect("a room's key");
        let entered = engine.enter(&key, Profile { name: name.into() });
        let (room, notices) = entered.expect("a room");
        Self {
            engine,
            room,
            notices,
        }
    }

    pub(crate) fn me(&self) -> PeerId {
        self.room.state().me
    }

    pub(crate) fn says(&self, text: &str) {
        self.room.post(text).expect("it is said");
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let state = self.room.state();
        state
            .messages
            .iter()
            .map(|it| it.text.to_string())
            .collect()
    }

    /// Waits for another name of somebody: all that was told before it was looked at by then.
    pub(crate) async fn has_looked_at_all(&self, of: &Self) -> Arc<RoomState> {
        const LATER: &str = "Renamed";
        of.room.set_name(LATER).expect("a name");
        self.becomes("the name", |state| {
            let seen = state.participant(of.me());
            seen.is_some_and(|it| &*it.name == LATER)
        })
        .await
    }

    /// Waits until the room is so.
    pub(crate) async fn becomes(
        &self,
        what: &str,
        is_so: impl Fn(&RoomState) -> bool,
    ) -> Arc<RoomState> {
        self.becomes_within(what, SOON, is_so).await
    }

    pub(crate) async fn becomes_within(
        &self,
        what: &str,
        within: Duration,
        is_so: impl Fn(&RoomState) -> bool,
    ) -> Arc<RoomState> {
        let end = Instant::now() + within;
        let mut room = self.room.clone();
        loop {
            let state = room.state();
            if is_so(&state) {
                return state;
            }
            let changed = timeout_at(end, room.changed()).await;
            assert_eq!(changed, Ok(true), "waited for {what}: {state:?}");
        }
    }

    pub(crate) async fn is_online(&self) {
        self.becomes("the server", |state| state.server == ServerLink::Online)
            .await;
    }

    pub(crate) async fn is_linked_to(&self, peer: PeerId) {
        self.becomes("a connection", |state| {
            let link = state.participant(peer).map(|it| it.link);
            link == Some(LinkState::Connected)
        })
        .await;
    }

    /// Waits for exactly these texts, in this order.
    pub(crate) async fn reads(&self, texts: &[&str]) {
        let is_so = |state: &RoomState| {
            let said = state.messages.iter().map(|it| &*it.text);
            said.eq(texts.iter().copied())
        };
        self.becomes(&format!("{texts:?}"), is_so).await;
    }

    /// Waits for a message with this text.
    pub(crate) async fn has(&self, text: &str) -> ChatMessage {
        let is_it = |it: &&ChatMessage| &*it.text == text;
        let state = self
            .becomes(text, |state| state.messages.iter().any(|it| is_it(&it)))
            .await;
        state
            .messages
            .iter()
            .find(is_it)
            .expect("it is there")
            .clone()
    }

    /// Waits for a notice.
    pub(crate) async fn is_told(&mut self, wanted: Notice) {
        let told = async {
            while let Some(notice) = self.notices.next().await {
                if notice == wanted {
                    return;
                }
            }
            panic!("the room was left");
        };
        let told = timeout(SOON, told).await;
        told.unwrap_or_else(|_| panic!("nobody is told {wanted:?}"));
    }

    /// Waits for the next notice.
    pub(crate) async fn is_told_something(&mut self) -> Notice {
        let told = timeout(SOON, self.notices.next()).await;
        told.expect("a notice in time")
            .expect("the room was not left")
    }

    /// What was told so far.
    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        use futures_util::FutureExt as _;
        std::iter::from_fn(|| self.notices.next().now_or_never().flatten()).collect()
    }
}

/// Two who met.
pub(crate) async fn pair(socket: &str, key: &str) -> (Victim, Victim) {
    let ann = Victim::enter(socket, key, "Ann");
    ann.is_online().await;
    let ben = Victim::enter(socket, key, "Ben");
    ann.is_linked_to(ben.me()).await;
    ben.is_linked_to(ann.me()).await;
    (ann, ben)
}
