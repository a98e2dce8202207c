//! The engine in a room.

use std::sync::{Arc, LazyLock};

use parlor_engine::{
    Config, Engine, Notices, Participant, Profile, Room, RoomKey, RoomState, ServerLink,
};
use parlor_tests::SOON;
use tempfile::TempDir;
use tokio::time::{Instant, timeout_at};

/// Where the engines of this program keep who somebody is.
static DATA: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a folder");
    // SAFETY: this happens once, before the first engine of this program is made; what else reads
    // variables here is the standard library, which takes a lock for it.
    unsafe { std::env::set_var("XDG_DATA_HOME", folder.path()) };
    folder
});

pub(crate) struct Member {
    pub(crate) room: Room,
    _engine: Engine,
    _notices: Notices,
}

impl Member {
    pub(crate) async fn enter(socket: &str, key: &RoomKey, name: &str) -> Self {
        LazyLock::force(&DATA);
        let engine = Engine::new(Config::new(socket)).expect("an engine");
        let entered = engine.enter(key, Profile { name: name.into() });
        let (room, notices) = entered.expect("a room");
        let member = Self {
            room,
            _engine: engine,
            _notices: notices,
        };
        member
            .becomes("online", |state| state.server == ServerLink::Online)
            .await;
        member
    }

    /// Waits until the room is so.
    pub(crate) async fn becomes(
        &self,
        what: &str,
        is_so: impl Fn(&RoomState) -> bool,
    ) -> Arc<RoomState> {
        let end = Instant::now() + SOON;
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

    /// Waits until somebody shows this name.
    pub(crate) async fn sees(&self, name: &str) -> Participant {
        let is_it = |person: &&Participant| &*person.name == name;
        let state = self
            .becomes(name, |state| state.people.iter().any(|it| is_it(&it)))
            .await;
        let found = state.people.iter().find(is_it);
        found.expect("that was waited for").clone()
    }

    /// Waits until nobody else is there.
    pub(crate) async fn is_alone(&self) {
        self.becomes("alone", |state| state.people.is_empty()).await;
    }
}
