//! Entering a room and leaving it.

use std::rc::Rc;

use dioxus::prelude::*;
use parlor_engine::{Call, Notices, Profile, Room};

use super::{Session, room_name};
use crate::platform;
use crate::route::Invitation;
use crate::state::{engine, returning, rooms, settings};

/// Enters the room and leaves it with the component. `None` where the platform makes no calls.
pub fn use_session(invitation: &Invitation) -> Option<Session> {
    let session = use_hook(|| {
        let (room, notices) = enter(invitation)?;
        rooms::visit(invitation);
        let session = Session::new(&room, invitation);
        session.attend(room, notices);
        Some(session)
    });
    use_hook(move || {
        let listener =
            move |session: Session| platform::on_leave(move || session.room().leave_for_now());
        Rc::new(session.map(listener))
    });
    use_drop(move || {
        if let Some(session) = session {
            session.leave();
        }
    });
    session
}

fn enter(invitation: &Invitation) -> Option<(Room, Notices)> {
    let profile = Profile {
        name: settings::peek().name,
    };
    engine::get()?.enter(&invitation.key, profile).ok()
}

impl Session {
    fn attend(self, room: Room, notices: Notices) {
        spawn(self.follow(room));
        spawn(self.tell(notices));
    }

    /// Another page of the app is shown. Stepping back out of a call may be a slip, so there is a
    /// way back to it.
    fn leave(self) {
        let has_company = !self.others.peek().is_empty();
        let in_call = matches!(*self.call.peek(), Call::Active { .. });
        if in_call && has_company && !*self.is_leaving.peek() {
            let invitation = self.invitation.cloned();
            returning::offer(&invitation, &room_name(&invitation));
            self.room().leave_for_now();
        } else {
            self.room().leave();
        }
    }
}
