//! Sans-IO: when a person may ring again.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::PersonId;
use crate::budget::Budget;

/// How long the calls of a person do not ring after a second one was declined; twice as long each
/// time. After the first they may ring again: it may have been declined by mistake.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// How many persons are remembered. Beyond that the one whose pause ends first is forgotten.
const MAX_PERSONS: usize = 256;

/// Keeps calls from ringing again and again. A call that does not ring is still shown, and can be
/// joined.
#[derive(Debug)]
pub(super) struct Cooldown {
    pauses: BTreeMap<PersonId, Pause>,
    /// Of all persons together: another name costs nothing.
    rings: Budget,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    until: Duration,
    length: Duration,
    rings: Budget,
}

impl Default for Pause {
    fn default() -> Self {
        Self {
            until: Duration::ZERO,
            length: Duration::ZERO,
            // Somebody who cancels and calls again by mistake, and one call a minute after that.
            rings: Budget::new(4.0, 1.0 / 60.0),
        }
    }
}

impl Default for Cooldown {
    fn default() -> Self {
        Self {
            pauses: BTreeMap::new(),
            rings: Budget::new(12.0, 1.0 / 20.0),
        }
    }
}

impl Cooldown {
    /// Whether a call of this person may ring now.
    pub(super) fn may_ring(&mut self, person: PersonId, now: Duration) -> bool {
        let pause = self.pause(person);
        now >= pause.until && pause.rings.take(now) && self.rings.take(now)
    }

    /// We declined a call of this person.
    pub(super) fn declined(&mut self, person: PersonId, now: Duration) {
        let pause = self.pause(person);
        if now > pause.until + LONGEST_PAUSE {
            pause.length = Duration::ZERO;
        }
        pause.until = now + pause.length;
        pause.length = (pause.length * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
    }

    /// We talk to this person, so they may call again.
    pub(super) fn accepted(&mut self, person: PersonId) {
        self.pauses.remove(&person);
    }

    fn pause(&mut self, person: PersonId) -> &mut Pause {
        if self.pauses.len() >= MAX_PERSONS && !self.pauses.contains_key(&person) {
            let first = self.pauses.iter().min_by_key(|(_, pause)| pause.until);
            if let Some(first) = first.map(|(person, _)| *person) {
                self.pauses.remove(&first);
            }
        }
        self.pauses.entry(person).or_default()
    }
}
