//! The people whom this device met, with those who are verified, muted, hidden or blocked. They are
//! kept on the device and shared by its windows.

mod known;
mod names;
mod standing;

#[cfg(test)]
mod tests;

use dioxus::prelude::*;
use parlor_engine::{LinkState, Participant, PersonId};

pub use known::{KnownPerson, People, Restriction};
pub use standing::{Namesake, Scene, Standing};

use super::toasts::{self, Undo};
use crate::platform;
use crate::t;

const KEY: &str = "parlor.people";

static PEOPLE: GlobalSignal<People> = Signal::global(|| load(&People::default()));

/// Loads the stored people or, where nothing can be stored, returns those that this window knows.
fn load(in_memory: &People) -> People {
    platform::load(KEY).map_or_else(|| in_memory.clone(), |text| People::from_stored(&text))
}

/// Reads the known people. A component that calls this is rendered again when they change.
pub fn read<T>(read: impl FnOnce(&People) -> T) -> T {
    read(&PEOPLE.read())
}

/// Returns everybody who is blocked on this device.
pub fn blocked() -> Vec<KnownPerson> {
    read(|people| people.blocked().cloned().collect())
}

/// Returns the restrictions on a person without subscribing to them, for an action.
pub fn restriction(person: PersonId) -> Restriction {
    PEOPLE.peek().restriction(person)
}

/// Remembers the people who are here. Only those who connected count as met, since anybody can make
/// any number of cards.
pub fn meet(participants: &[Participant]) {
    let now = platform::now();
    let is_news = |one: &&Participant| {
        one.link == LinkState::Connected && PEOPLE.peek().is_news(one.person, &one.name, now)
    };
    let news: Vec<_> = participants.iter().filter(is_news).collect();
    if news.is_empty() {
        return;
    }
    change(|people| {
        for one in news {
            people.meet(one.person, &one.name, now);
        }
    });
}

/// Marks a person as verified, or takes that back.
pub fn set_verified(person: PersonId, name: &str, is_verified: bool) {
    change(|people| people.set_verified(person, name, is_verified, platform::now()));
}

/// Mutes, hides or blocks a person for ourselves, or takes that back.
pub fn restrict(person: PersonId, name: &str, restriction: Restriction) {
    change(|people| people.restrict(person, name, restriction, platform::now()));
}

/// Blocks a person, and offers to undo that.
pub fn block(person: PersonId, name: &str, shown_name: &str) {
    let before = restriction(person);
    let blocked = Restriction {
        blocked: true,
        ..before
    };
    restrict(person, name, blocked);
    let undo = Undo::Restrict(person, name.to_owned(), before);
    toasts::show_with_undo(t!("person-was-blocked", name = shown_name), undo);
}

/// Reads again what another window stored.
pub fn refresh() {
    let in_memory = PEOPLE.peek().clone();
    publish(load(&in_memory));
}

fn change(change: impl FnOnce(&mut People)) {
    let in_memory = PEOPLE.peek().clone();
    publish(update(&in_memory, change));
}

/// Makes a change to the stored people, since another window may have stored something after this
/// one read them.
fn update(in_memory: &People, change: impl FnOnce(&mut People)) -> People {
    let mut people = load(in_memory);
    change(&mut people);
    platform::store(KEY, &people.to_stored());
    people
}

fn publish(people: People) {
    if *PEOPLE.peek() != people {
        *PEOPLE.write() = people;
    }
}
