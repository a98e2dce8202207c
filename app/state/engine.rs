//! The one engine of this window.

use dioxus::prelude::*;
use parlor_engine::{Config, Engine, Presence, RoomKey};

use crate::platform;

/// The engine; `None` where the platform cannot make calls at all.
static ENGINE: GlobalSignal<Option<Engine>> = Signal::global(|| {
    Engine::new(Config::new(platform::server()))
        .inspect_err(|error| tracing::error!(%error, "no engine"))
        .ok()
});

pub fn get() -> Option<Engine> {
    ENGINE.read().clone()
}

/// Follows the people in a room as long as the component is mounted; `None` while they are not
/// known.
pub fn use_presence(key: &RoomKey) -> Signal<Option<Vec<Presence>>> {
    let mut people = use_signal(|| None);
    let key = key.clone();
    use_future(move || {
        let watch = get().and_then(|engine| engine.watch(&key).ok());
        async move {
            let Some(mut watch) = watch else { return };
            loop {
                let now = watch.people().map(|people| people.to_vec());
                if *people.peek() != now {
                    people.set(now);
                }
                if !watch.changed().await {
                    return;
                }
            }
        }
    });
    people
}
