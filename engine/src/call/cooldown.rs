//! Sans-IO: when a person may ring again.

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
    pauses: Vec<Pause>,
    /// Of all persons together: another name costs nothing.
    rings: Budget,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    person: PersonId,
    until: Duration,
    length: Duration,
    rings: Budget,
}

impl Pause {
    fn of(person: PersonId) -> Self {
        Self {
            person,
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
            pauses: Vec::new(),
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
        self.pauses.retain(|pause| pause.person != person);
    }

    fn pause(&mut self, person: PersonId) -> &mut Pause {
        let known = self.pauses.iter().position(|pause| pause.person == person);
        let place = known.unwrap_or_else(|| {
            if self.pauses.len() >= MAX_PERSONS {
                self.pauses.sort_by_key(|pause| pause.until);
                self.pauses.remove(0);
            }
            self.pauses.push(Pause::of(person));
            self.pauses.len() - 1
        });
        &mut self.pauses[place]
    }
}
