//! Entering a room, leaving it, and entering it again when the page comes back.

use dioxus::prelude::*;
use parlor_engine::{Call, Notices, Profile, Room};

use super::who::use_blocked;
use super::{Session, room_name};
use crate::route::Invitation;
use crate::state::{engine, page, returning, rooms, settings};

/// Enters the room and leaves it with the component. `None` where the platform makes no calls.
pub fn use_session(invitation: &Invitation) -> Option<Session> {
    let session = use_hook(|| {
        let (room, notices) = enter(invitation)?;
        rooms::visit(invitation);
        let session = Session::new(&room, invitation);
        session.attend(room, notices);
        Some(session)
    });
    use_blocked(session);
    page::use_leave(move || {
        if let Some(session) = session {
            session.leave_with_page();
        }
    });
    page::use_return(move || {
        if let Some(session) = session
            && *session.is_away.peek()
        {
            session.enter_again();
        }
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

    /// The page goes, and nobody knows whether it comes back: a call that we are in is kept.
    fn leave_with_page(mut self) {
        self.is_away.set(true);
        if let Some(engine) = engine::get() {
            engine.suspend();
        }
    }

    /// The page is back, as it was. So is the person, in a room that the others saw them leave.
    pub(super) fn enter_again(mut self) {
        let Some((room, notices)) = enter(&self.invitation.peek()) else {
            return;
        };
        self.is_away.set(false);
        self.room.set(room.clone());
        self.attend(room, notices);
        *self.entries.write() += 1;
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
