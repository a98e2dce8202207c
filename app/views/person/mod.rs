//! The card of a person: the facts that this device knows, and the restrictions that one can set
//! for oneself.

mod about;
mod compare;
mod notes;
mod scan;

use dioxus::prelude::*;
use parlor_engine::PersonId;

pub use notes::{badge, loud_note, notes, restriction_words, short_warning, use_unfolded};

use self::about::about;
use self::compare::Compare;
use crate::components::dialog::dialog;
use crate::state::session::{Session, shown_name};
use crate::t;

/// The person whose card is open, with their name in case they leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Somebody {
    pub person: PersonId,
    pub name: String,
}

/// The card of a person, over the room.
#[component]
pub fn PersonCard(session: Session, who: Somebody, onclose: EventHandler<()>) -> Element {
    let mut is_comparing = use_signal(|| false);
    let name = session
        .called(who.person)
        .unwrap_or_else(|| who.name.clone());
    let shown = shown_name(&name);
    let title = if is_comparing() {
        t!("verify-title", name = &shown)
    } else {
        shown
    };
    rsx! {
        {dialog("person-title", title, Some("person-close"), onclose, rsx! {
            if is_comparing() {
                Compare { session, person: who.person, name }
            } else {
                {about(session, &who, &name, move || is_comparing.set(true))}
            }
        })}
    }
}
