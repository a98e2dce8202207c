//! A person's standing: the facts that this device knows and shows beside their name.

use parlor_engine::PersonId;

use super::known::{People, Restriction};
use super::names::folded;

/// The time for which a change counts as new, also over a reload of the page.
const NEW_FOR: u64 = 60 * 60_000;

/// The facts about a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    pub is_verified: bool,
    /// The time of the first meeting; `None` if that is now.
    pub met: Option<u64>,
    /// The person's earlier name, if they changed it a short time ago.
    pub was_called: Option<String>,
    pub namesake: Option<Namesake>,
    pub restriction: Restriction,
}

/// Another person, with another key, whose name looks the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Namesake {
    /// Somebody whom we verified has this name, and this is another person.
    Verified,
    /// The name is our own.
    Us,
    /// Somebody else in the room has this name.
    Here,
    /// Somebody whom we met at this time, before this person came, has this name.
    Met(u64),
}

/// The room in which people are seen.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub people: &'a People,
    /// The time at which we entered, in milliseconds since 1970.
    pub entered: u64,
    pub us: (PersonId, &'a str),
    /// The others in the room.
    pub present: &'a [(PersonId, String)],
}

impl Scene<'_> {
    /// Returns the standing of a person who goes by this name now.
    pub fn standing(&self, person: PersonId, name: &str) -> Standing {
        let known = self.people.get(person);
        let is_news = |at: u64| at >= self.entered.saturating_sub(NEW_FOR);
        let renamed =
            known.filter(|known| known.names.first().is_some_and(|name| is_news(name.since)));
        Standing {
            is_verified: self.people.is_verified(person),
            met: known.map(|known| known.met).filter(|met| !is_news(*met)),
            was_called: renamed
                .and_then(|known| known.names.get(1))
                .map(|before| before.name.clone()),
            namesake: self.namesake(person, name),
            restriction: self.people.restriction(person),
        }
    }

    fn namesake(&self, person: PersonId, name: &str) -> Option<Namesake> {
        let name = folded(name);
        if name.is_empty() || person == self.us.0 {
            return None;
        }
        let is_verified = self.people.is_verified(person);
        let others = || self.people.iter().filter(|known| known.person != person);
        let was_verified = others().any(|known| {
            known.verified.is_some() && known.names.iter().any(|one| one.folded == name)
        });
        if was_verified && !is_verified {
            return Some(Namesake::Verified);
        }
        if folded(self.us.1) == name {
            return Some(Namesake::Us);
        }
        let is_here =
            |(other, called): &(PersonId, String)| *other != person && folded(called) == name;
        if self.present.iter().any(is_here) {
            return Some(Namesake::Here);
        }
        // Who came later is the one to say it of, and only while they are new under this name.
        let known = self.people.get(person);
        let since = known.map_or(u64::MAX, |known| {
            known.names.first().map_or(known.met, |name| name.since)
        });
        if is_verified || since < self.entered.saturating_sub(NEW_FOR) {
            return None;
        }
        let before = others().filter(|known| {
            known.met < since && known.names.first().is_some_and(|one| one.folded == name)
        });
        before.map(|known| known.seen).max().map(Namesake::Met)
    }
}
