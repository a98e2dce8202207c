//! How somebody stands to what this device knows: what is said beside their name.

use parlor_engine::PersonId;

use super::known::{People, Restriction};
use super::names::folded;

/// What is new stays new for so long, also over a reload of the page.
const NEW_FOR: u64 = 60 * 60_000;

/// What there is to say of somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    pub is_verified: bool,
    /// When they were met first; `None` if that is now.
    pub met: Option<u64>,
    /// Their name before, if they changed it a short time ago.
    pub was_called: Option<String>,
    pub namesake: Option<Namesake>,
    pub restriction: Restriction,
}

/// Somebody else, with another key, whose name looks the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Namesake {
    /// Somebody whom we verified has this name: this is not them.
    Verified,
    /// We ourselves.
    Us,
    /// Somebody who is in the room too.
    Here,
    /// Somebody whom we met then, before this one came.
    Met(u64),
}

/// The room that people are seen in.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub people: &'a People,
    /// When we entered, in milliseconds since 1970.
    pub entered: u64,
    pub us: (PersonId, &'a str),
    /// The others.
    pub present: &'a [(PersonId, String)],
}

impl Scene<'_> {
    /// How somebody stands who goes by this name now.
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
