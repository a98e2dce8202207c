//! The people whom this device met, as a plain value.

use std::fmt::Write as _;

use parlor_engine::PersonId;

use super::names::folded;

/// The largest number of people kept: far more than anybody talks with. All of them are read and
/// written at once, about 60 kB.
pub const MOST: usize = 500;
/// The number of names kept of one person, including the current one.
const NAMES: usize = 3;
/// The precision of the time at which a person was last seen, in milliseconds. Each change is
/// written to the device.
const SEEN_EVERY: u64 = 10 * 60_000;

/// Restrictions on a person, for ourselves alone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Restriction {
    /// The person's sound is off here.
    pub muted: bool,
    /// The person's video and messages are hidden here.
    pub hidden: bool,
    /// Both of the above, and there are no calls between us.
    pub blocked: bool,
}

impl Restriction {
    pub fn is_silent(self) -> bool {
        self.muted || self.blocked
    }

    pub fn is_folded(self) -> bool {
        self.hidden || self.blocked
    }
}

/// A name that a person has or had.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownName {
    pub name: String,
    /// The time since which the person has the name, in milliseconds since 1970.
    pub since: u64,
    /// The name in the form for comparisons that [`folded`] returns.
    pub(super) folded: String,
}

impl KnownName {
    fn new(name: &str, since: u64) -> Self {
        Self {
            name: name.to_owned(),
            since,
            folded: folded(name),
        }
    }
}

/// A person whom this device met. Times are in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownPerson {
    pub person: PersonId,
    /// The person's names, the current one first. There is at least one.
    pub names: Vec<KnownName>,
    /// The time of the first meeting.
    pub met: u64,
    /// The time at which the person was last seen, within [`SEEN_EVERY`].
    pub seen: u64,
    /// The time at which we verified the person's key.
    pub verified: Option<u64>,
    pub restriction: Restriction,
}

impl KnownPerson {
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |name| &name.name)
    }

    /// Returns `true` if the user decided something about this person, who is then kept longer.
    fn is_marked(&self) -> bool {
        self.verified.is_some() || self.restriction != Restriction::default()
    }

    fn is_called(&mut self, name: &str, now: u64) {
        if self.name() == name {
            return;
        }
        self.names.retain(|known| known.name != name);
        self.names.insert(0, KnownName::new(name, now));
        self.names.truncate(NAMES);
    }

    /// Serializes the person as a line of parts separated by tabs, which no name contains.
    fn write(&self, text: &mut String) {
        let Self {
            person,
            met,
            seen,
            verified,
            restriction,
            ..
        } = self;
        let flags = [
            (restriction.muted, 'm'),
            (restriction.hidden, 'h'),
            (restriction.blocked, 'b'),
        ];
        let flags: String = flags
            .iter()
            .filter(|flag| flag.0)
            .map(|flag| flag.1)
            .collect();
        let verified = verified.unwrap_or_default();
        // Writing to a text does not fail.
        let _ = write!(text, "{person}\t{met}\t{seen}\t{verified}\t{flags}");
        for KnownName { name, since, .. } in &self.names {
            let _ = write!(text, "\t{since}\t{name}");
        }
        text.push('\n');
    }

    /// Parses a line. Returns `None` if it is damaged.
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let person = parts.next()?.parse().ok()?;
        let (met, seen) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let verified = parts.next()?.parse().ok().filter(|at| *at > 0);
        let flags = parts.next()?;
        let mut names = Vec::new();
        while let (Some(since), Some(name)) = (parts.next(), parts.next()) {
            names.push(KnownName::new(name, since.parse().ok()?));
        }
        names.truncate(NAMES);
        (!names.is_empty()).then_some(Self {
            person,
            names,
            met,
            seen,
            verified,
            restriction: Restriction {
                muted: flags.contains('m'),
                hidden: flags.contains('h'),
                blocked: flags.contains('b'),
            },
        })
    }
}

/// All people whom this device met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People(Vec<KnownPerson>);

impl People {
    pub fn to_stored(&self) -> String {
        let mut text = String::new();
        for known in &self.0 {
            known.write(&mut text);
        }
        text
    }

    /// Parses stored people, and skips damaged lines.
    pub fn from_stored(text: &str) -> Self {
        let mut people = Self(Vec::new());
        for known in text.lines().filter_map(KnownPerson::read) {
            if people.get(known.person).is_none() {
                people.0.push(known);
            }
        }
        people.forget();
        people
    }

    pub fn iter(&self) -> impl Iterator<Item = &KnownPerson> {
        self.0.iter()
    }

    pub fn get(&self, person: PersonId) -> Option<&KnownPerson> {
        self.0.iter().find(|known| known.person == person)
    }

    pub fn restriction(&self, person: PersonId) -> Restriction {
        self.get(person)
            .map_or_else(Restriction::default, |known| known.restriction)
    }

    pub fn is_verified(&self, person: PersonId) -> bool {
        self.get(person)
            .is_some_and(|known| known.verified.is_some())
    }

    pub fn blocked(&self) -> impl Iterator<Item = &KnownPerson> {
        self.iter().filter(|known| known.restriction.blocked)
    }

    /// Returns `true` if [`meet`](Self::meet) would change anything.
    pub fn is_news(&self, person: PersonId, name: &str, now: u64) -> bool {
        self.get(person).is_none_or(|known| {
            known.name() != name || now.saturating_sub(known.seen) >= SEEN_EVERY
        })
    }

    /// Records that a person is here under this name.
    pub fn meet(&mut self, person: PersonId, name: &str, now: u64) {
        self.entry(person, name, now);
        self.forget();
    }

    /// Records that the fingerprints were compared and match, or takes that back.
    pub fn set_verified(&mut self, person: PersonId, name: &str, is_verified: bool, now: u64) {
        self.entry(person, name, now).verified = is_verified.then_some(now);
        self.forget();
    }

    pub fn restrict(&mut self, person: PersonId, name: &str, restriction: Restriction, now: u64) {
        self.entry(person, name, now).restriction = restriction;
        self.forget();
    }

    fn entry(&mut self, person: PersonId, name: &str, now: u64) -> &mut KnownPerson {
        let place = self.0.iter().position(|known| known.person == person);
        let place = place.unwrap_or_else(|| {
            self.0.push(KnownPerson {
                person,
                names: vec![KnownName::new(name, now)],
                met: now,
                seen: now,
                verified: None,
                restriction: Restriction::default(),
            });
            self.0.len() - 1
        });
        let known = &mut self.0[place];
        known.seen = now;
        known.is_called(name, now);
        known
    }

    /// Removes people over [`MOST`]: those who were not seen for longest, and only then the
    /// verified, muted, hidden or blocked ones.
    fn forget(&mut self) {
        while self.0.len() > MOST {
            let oldest = self.0.iter().enumerate();
            let oldest = oldest.min_by_key(|(_, known)| (known.is_marked(), known.seen));
            let Some((place, _)) = oldest else { return };
            self.0.remove(place);
        }
    }
}
