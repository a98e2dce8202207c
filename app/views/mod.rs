//! The screens.

mod call;
mod invite;
mod lobby;
mod person;
mod room;
mod start;
mod trouble;
mod verify;

use dioxus::prelude::*;

pub use start::Start;
pub use trouble::Damaged;
pub use verify::Verify;

use crate::route::Invitation;
use crate::state::media::use_media;

/// From the invitation to the room: the lobby first, and then in.
#[component]
pub fn RoomFlow(invitation: Invitation) -> Element {
    let media = use_media();
    let mut entered = use_signal(|| false);
    if entered() {
        rsx! {
            room::RoomView { invitation, media }
        }
    } else {
        rsx! {
            lobby::Lobby {
                invitation,
                media,
                onenter: move |()| {
                    // A room is entered without a call: nobody is seen or heard before they start
                    // or accept one.
                    media.stop();
                    entered.set(true);
                },
            }
        }
    }
}
