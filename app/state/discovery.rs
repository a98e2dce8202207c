//! Remedies for connections that fail because the browser hides this device's addresses.
//!
//! Before a microphone or a camera was allowed, browsers give the others a multicast DNS name in
//! place of the device's address, and many networks do not resolve it.

use dioxus::prelude::*;
use parlor_engine::{AudioConstraints, Kind, LinkState, Participant, PeerId, PermissionState};

use super::call::Calling;
use super::device::Trouble;
use super::session::Session;
use super::{engine, toasts};
use crate::platform;

/// The time after which a remedy is offered, in milliseconds. Most connections come up within a
/// second or two.
const PATIENCE: u32 = 6_000;

/// A way to help connections that do not come up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Remedy {
    /// Allowing the microphone when the browser asks.
    Allow,
    /// Allowing the microphone in the browser's settings, since the browser no longer asks.
    Unblock,
}

/// Derives the remedy from this page's permissions. Permission for one of the two devices is
/// enough.
fn remedy(microphone: PermissionState, camera: PermissionState) -> Option<Remedy> {
    match (microphone, camera) {
        (PermissionState::Granted, _) | (_, PermissionState::Granted) => None,
        (PermissionState::Denied, _) => Some(Remedy::Unblock),
        (PermissionState::Prompt | PermissionState::Unknown, _) => Some(Remedy::Allow),
    }
}

/// Returns the people to whom there was no connection yet.
fn unreached(people: &[Participant]) -> Vec<PeerId> {
    let waits = |link| matches!(link, LinkState::Connecting | LinkState::Failed);
    let people = people.iter().filter(|person| waits(person.link));
    people.map(|person| person.peer).collect()
}

/// The people without a connection, and the remedy.
#[derive(Clone, Copy, PartialEq)]
pub struct Discovery {
    calling: Calling,
    pub unreached: Memo<Vec<PeerId>>,
    pub remedy: Signal<Option<Remedy>>,
}

/// Watches for connections that take long.
pub fn use_discovery(calling: Calling) -> Discovery {
    let session = calling.session;
    let discovery = Discovery {
        calling,
        unreached: use_memo(move || unreached(&session.people.read())),
        remedy: use_signal(|| None),
    };
    let is_waiting = use_memo(move || !discovery.unreached.read().is_empty());
    let mut turn = use_hook(|| CopyValue::new(0_u32));
    use_effect(move || {
        let is_waiting = is_waiting();
        *turn.write() += 1;
        let this = *turn.peek();
        let mut remedy = discovery.remedy;
        if !is_waiting {
            remedy.set(None);
            return;
        }
        spawn(async move {
            platform::sleep(PATIENCE).await;
            if *turn.peek() == this {
                discovery.look().await;
            }
        });
    });
    use_effect(move || {
        // A device that was opened for a call is allowed, too.
        let media = calling.media;
        let is_open = [media.microphone, media.camera]
            .iter()
            .any(|source| source.read().track().is_some());
        if is_open && discovery.remedy.peek().is_some() {
            discovery.connect_again();
        }
    });
    discovery
}

impl Discovery {
    async fn look(mut self) {
        let Some(engine) = engine::get() else { return };
        if !engine.capabilities().capture {
            return;
        }
        let microphone = engine.permission(Kind::Audio).await;
        let camera = engine.permission(Kind::Video).await;
        self.remedy.set(remedy(microphone, camera));
    }

    pub fn session(self) -> Session {
        self.calling.session
    }

    /// Asks for permission to use the microphone, and does not keep it on.
    pub fn ask(self) {
        spawn(async move {
            let Some(engine) = engine::get() else { return };
            match engine.open_microphone(&AudioConstraints::default()).await {
                Ok(track) => {
                    track.stop();
                    self.connect_again();
                }
                Err(error) => {
                    let trouble = Trouble::of(Kind::Audio, error.kind().into());
                    toasts::show(format!("{} {}", trouble.what, trouble.remedy));
                    self.look().await;
                }
            }
        });
    }

    fn connect_again(mut self) {
        self.remedy.set(None);
        // After leaving there is nobody to connect to.
        let _ = self.calling.session.room().connect_again();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_permission_is_enough_and_a_refused_one_is_not_asked_for() {
        use PermissionState::{Denied, Granted, Prompt, Unknown};
        assert_eq!(remedy(Granted, Denied), None);
        assert_eq!(remedy(Denied, Granted), None);
        assert_eq!(remedy(Prompt, Prompt), Some(Remedy::Allow));
        assert_eq!(remedy(Unknown, Unknown), Some(Remedy::Allow));
        assert_eq!(remedy(Denied, Prompt), Some(Remedy::Unblock));
    }
}
