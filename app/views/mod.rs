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
use crate::state::engine;
use crate::state::media::use_media;
use crate::state::{navigation, returning};

/// Leads from an invitation into its room. Without WebRTC it shows the error at once, before it
/// asks for devices and a name in vain.
#[component]
pub fn RoomFlow(invitation: Invitation) -> Element {
    if engine::get().is_none() {
        return trouble::unsupported();
    }
    rsx! {
        LobbyAndRoom { invitation }
    }
}

/// Shows the lobby, and then the room.
#[component]
fn LobbyAndRoom(invitation: Invitation) -> Element {
    let media = use_media();
    // A way back into a call needs no lobby.
    let mut entered = use_signal(|| returning::is_possible(&invitation.key));
    use_effect(move || {
        entered.read();
        navigation::close_all();
    });
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
