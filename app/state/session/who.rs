//! Who the people in the room are to this device: their colours, what is known of them, and who is
//! blocked.

use std::collections::BTreeSet;
use std::sync::Arc;

use dioxus::prelude::*;
use parlor_engine::{Participant, PeerId, PersonId};

use super::{Session, set};
use crate::state::chat::SHOWN;
use crate::state::people::{self, KnownPerson, Scene, Standing};

/// Who is blocked in this or another window is blocked in the room.
pub(super) fn use_blocked(session: Option<Session>) {
    let blocked = use_memo(people::blocked);
    use_effect(move || {
        if let Some(session) = session {
            // Each entry is another room to the engine.
            session.entries.read();
            session.block(blocked());
        }
    });
}

/// Everybody else and what they are called.
pub(super) fn present(people: &[Participant]) -> Vec<(PersonId, String)> {
    let name = |one: &Participant| (one.person, one.name.to_string());
    people.iter().map(name).collect()
}

impl Session {
    /// Everybody in the room has a colour, and who wrote lately.
    pub(super) fn give_colours(&mut self) {
        let mut present = vec![*self.person.peek()];
        present.extend(self.present.peek().iter().map(|one| one.0));
        let lines = self.lines.peek();
        let authors: BTreeSet<_> = lines
            .0
            .iter()
            .rev()
            .take(SHOWN)
            .map(|line| line.person)
            .collect();
        let mut colours = self.colours.peek().clone();
        colours.settle(&present, &authors.into_iter().collect::<Vec<_>>());
        set(&mut self.colours, &colours);
    }

    /// The colour that stands for somebody in this room.
    pub fn colour_of(self, person: PersonId) -> u8 {
        self.colours.read().of(person)
    }

    /// How somebody stands to what this device knows, under the name that they go by.
    pub fn standing(self, person: PersonId, name: &str) -> Standing {
        let (present, ours) = (self.present.read(), self.name.read());
        people::read(|people| {
            let scene = Scene {
                people,
                entered: self.entered,
                us: (*self.person.read(), &ours),
                present: &present,
            };
            scene.standing(person, name)
        })
    }

    /// The same as a value that changes only when it does; of nobody there is nothing to say.
    pub fn use_standing(self, who: Option<(PersonId, Arc<str>)>) -> Memo<Standing> {
        use_memo(use_reactive!(|who| {
            who.map_or_else(Standing::default, |(person, name)| {
                self.standing(person, &name)
            })
        }))
    }

    fn block(self, people: Vec<KnownPerson>) {
        let people = people.into_iter().map(|known| known.person).collect();
        // After leaving nobody minds.
        let _ = self.room().set_blocked(people);
    }

    /// Whether it is somebody whom this device blocks.
    pub(super) fn is_blocked(self, peer: PeerId) -> bool {
        let people = self.people.peek();
        let participant = people.iter().find(|participant| participant.peer == peer);
        participant.is_some_and(|one| people::restriction(one.person).blocked)
    }

    /// The name that somebody in the room has now.
    pub fn called(self, person: PersonId) -> Option<String> {
        let present = self.present.read();
        present
            .iter()
            .find(|one| one.0 == person)
            .map(|one| one.1.clone())
    }
}
