//! Returns to a call after a step back by mistake. The others keep the call for half a minute, as
//! they do for a page that is reloaded.

use dioxus::prelude::*;
use parlor_engine::RoomKey;

use super::toasts::{self, Undo};
use crate::platform;
use crate::route::Invitation;
use crate::t;

/// The time for which the way back is offered, in milliseconds: a little less than the others wait.
pub const KEPT_FOR: u32 = 28_000;
/// The time after entering a room again within which its call is known, in milliseconds. A call
/// that begins later is another one, and rings.
const KNOWN_WITHIN: u64 = 10_000;

/// The room that was left in a call, and the time.
#[derive(Clone, Debug, PartialEq)]
struct Left {
    key: RoomKey,
    at: u64,
}

impl Left {
    fn is_kept(&self, key: &RoomKey, now: u64) -> bool {
        self.key == *key && now.saturating_sub(self.at) < u64::from(KEPT_FOR)
    }
}

static LEFT: GlobalSignal<Option<Left>> = Signal::global(|| None);

/// Offers a way back into the call of this room.
pub fn offer(invitation: &Invitation, room: &str) {
    *LEFT.write() = Some(Left {
        key: invitation.key.clone(),
        at: platform::now(),
    });
    let undo = Undo::ReturnToCall(invitation.clone());
    toasts::show_with_undo(t!("left-call", room = room), undo);
}

/// Returns `true` if there is a way back into this room's call. The room is then entered without
/// the lobby.
pub fn is_possible(key: &RoomKey) -> bool {
    let left = LEFT.peek();
    left.as_ref()
        .is_some_and(|left| left.is_kept(key, platform::now()))
}

/// Takes the way back. Returns the time until which to look for the call in the room that is
/// entered again, in milliseconds since 1970.
pub fn take(key: &RoomKey) -> Option<u64> {
    toasts::dismiss_returns();
    let left = LEFT.write().take();
    let now = platform::now();
    left.filter(|left| left.is_kept(key, now))
        .map(|_| now + KNOWN_WITHIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_into_one_room_and_closes_before_the_others_give_up() {
        let (key, other) = (RoomKey::generate(), RoomKey::generate());
        let left = Left {
            key: key.clone(),
            at: 1_000,
        };
        assert!(left.is_kept(&key, 1_000));
        assert!(left.is_kept(&key, 28_999));
        assert!(!left.is_kept(&key, 29_000));
        assert!(!left.is_kept(&other, 2_000));
        // The clock was set back.
        assert!(left.is_kept(&key, 0));
    }
}
