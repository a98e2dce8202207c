//! Judges which people's clocks are credible.
//!
//! Messages have one order for everybody, and each says when it was sent by its author's clock,
//! which may be wrong by a day or a year. The order shows where clocks contradict each other: a
//! message that comes after another was not sent long before it.

use std::collections::BTreeMap;

use parlor_engine::PersonId;

/// The difference below which two clocks agree, in milliseconds. Devices that set their clocks by
/// the network differ by seconds; the rest is for messages that waited for a connection.
const TOLERANCE: u64 = 5 * 60_000;
/// The largest number of people whose clocks are compared. Any further ones are not believed.
const MAX_CLOCKS: usize = 64;
/// The time that a message claims.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub person: PersonId,
    /// Milliseconds since 1970, by the author's clock.
    pub at: u64,
    /// The time is that of this device's clock.
    pub is_ours: bool,
}

/// The credibility of a claimed time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trust {
    /// The time agrees with those around it, and none of those before it is later: a day may begin
    /// here.
    InOrder,
    /// The time agrees with those around it.
    Agrees,
    /// The time contradicts others.
    Contradicts,
}

/// Judges the times of all messages, in the room's order. Our own clock counts as right, since
/// everything else on this device follows it; among the others the majority decides, and nobody is
/// believed where there is none.
pub fn judge(claims: &[Claim], now: u64) -> Vec<Trust> {
    let people = people(claims);
    let believed = believed_people(claims, &people, now);
    let is_believed = |claim: &Claim| {
        let number = people.get(&claim.person).copied();
        number.is_some_and(|number| believed & (1 << number) != 0) && claim.at <= latest(now)
    };
    let candidates: Vec<usize> = (0..claims.len())
        .filter(|&place| is_believed(&claims[place]))
        .collect();
    let chain = longest_chain(claims, &candidates);
    let mut trust = vec![Trust::Contradicts; claims.len()];
    for place in candidates {
        let neighbours = Neighbours::of(claims, &chain, place);
        trust[place] = if chain.binary_search(&place).is_ok() {
            Trust::InOrder
        } else if neighbours.are_later(claims[place].at) || neighbours.are_earlier(claims[place].at)
        {
            Trust::Contradicts
        } else {
            Trust::Agrees
        };
    }
    trust
}

/// The times of the messages of a chain before and after a place.
struct Neighbours {
    before: Option<u64>,
    after: Option<u64>,
}

impl Neighbours {
    fn of(claims: &[Claim], chain: &[usize], place: usize) -> Self {
        let next = chain.partition_point(|&other| other < place);
        let last = next.checked_sub(1).and_then(|last| chain.get(last));
        Self {
            before: last.map(|&place| claims[place].at),
            after: chain.get(next).map(|&place| claims[place].at),
        }
    }

    /// Returns `true` if the message before was sent after this time.
    fn are_later(&self, at: u64) -> bool {
        self.before
            .is_some_and(|before| at.saturating_add(TOLERANCE) < before)
    }

    /// Returns `true` if the message after was sent before this time.
    fn are_earlier(&self, at: u64) -> bool {
        self.after
            .is_some_and(|after| at > after.saturating_add(TOLERANCE))
    }
}

/// Returns the latest time that a correct clock can claim.
fn latest(now: u64) -> u64 {
    now.saturating_add(TOLERANCE)
}

/// Numbers the people whose clocks are compared.
fn people(claims: &[Claim]) -> BTreeMap<PersonId, u32> {
    let mut people = BTreeMap::new();
    let ours = claims.iter().filter(|claim| claim.is_ours);
    for claim in ours.chain(claims) {
        if people.len() < MAX_CLOCKS {
            let number = u32::try_from(people.len()).unwrap_or_default();
            people.entry(claim.person).or_insert(number);
        }
    }
    people
}

/// Returns the people whose clocks are believed, as a set of bits.
fn believed_people(claims: &[Claim], people: &BTreeMap<PersonId, u32>, now: u64) -> u64 {
    let mut believed = people
        .values()
        .fold(0, |set, number| set | (1_u64 << number));
    let mut ours = None;
    for claim in claims {
        match people.get(&claim.person) {
            Some(&number) if claim.is_ours => ours = Some(number),
            Some(&number) if claim.at > latest(now) => believed &= !(1 << number),
            _ => {}
        }
    }
    let conflicts = conflicts(claims, people, now);
    if let Some(ours) = ours {
        believed &= !conflicts.get(ours as usize).copied().unwrap_or_default();
    }
    loop {
        let degree = |number: usize| {
            let is_in = believed & (1 << number) != 0;
            let against = conflicts[number] & believed;
            if is_in { against.count_ones() } else { 0 }
        };
        let most = (0..conflicts.len()).map(degree).max().unwrap_or_default();
        if most == 0 {
            return believed;
        }
        let out = (0..conflicts.len()).filter(|&number| degree(number) == most);
        let out = out.fold(0, |set, number| set | (1_u64 << number));
        believed &= !out;
    }
}

/// Returns for each person the others whose clocks contradict theirs.
fn conflicts(claims: &[Claim], people: &BTreeMap<PersonId, u32>, now: u64) -> Vec<u64> {
    let mut places = vec![Vec::new(); people.len()];
    let past = claims.iter().enumerate();
    for (place, claim) in past.filter(|(_, claim)| claim.at <= latest(now)) {
        if let Some(&number) = people.get(&claim.person) {
            places[number as usize].push(place);
        }
    }
    let chains: Vec<_> = places.iter().map(|it| longest_chain(claims, it)).collect();
    let contradicts = |one: usize, other: usize| {
        one != other && contradicts(claims, &places[one], &chains[other])
    };
    (0..people.len())
        .map(|one| {
            let others = (0..people.len())
                .filter(|&other| contradicts(one, other) && contradicts(other, one));
            others.fold(0, |set, other| set | (1 << other))
        })
        .collect()
}

/// Returns `true` if the times of the messages at these places contradict their order: they are
/// earlier than those of messages before them, or later than those of messages after them.
fn contradicts(claims: &[Claim], places: &[usize], chain: &[usize]) -> bool {
    let (mut early, mut late) = (Part::default(), Part::default());
    for &place in places {
        let at = claims[place].at;
        let neighbours = Neighbours::of(claims, chain, place);
        if neighbours.before.is_some() {
            early.count(neighbours.are_later(at));
        }
        if neighbours.after.is_some() {
            late.count(neighbours.are_earlier(at));
        }
    }
    early.is_proof() || late.is_proof()
}

/// The number of messages that could show that a clock is wrong, and of those that do.
#[derive(Default)]
struct Part {
    all: usize,
    wrong: usize,
}

impl Part {
    fn count(&mut self, is_wrong: bool) {
        self.all += 1;
        self.wrong += usize::from(is_wrong);
    }

    /// Returns `true` if enough messages show that a clock is wrong. A single one proves nothing:
    /// it may have been written without a connection.
    fn is_proof(&self) -> bool {
        self.wrong * 4 > self.all
    }
}

/// Returns the places of the longest series of messages whose times never go back (patience
/// sorting).
fn longest_chain(claims: &[Claim], candidates: &[usize]) -> Vec<usize> {
    // The last message of the best chain of each length, and the message before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    for &place in candidates {
        let length = ends.partition_point(|&end| claims[end].at <= claims[place].at);
        if let Some(&end) = length.checked_sub(1).and_then(|last| ends.get(last)) {
            before.insert(place, end);
        }
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut chain: Vec<usize> = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(place) = next {
        chain.push(place);
        next = before.get(&place).copied();
    }
    chain.reverse();
    chain
}

#[cfg(test)]
#[path = "clocks_tests.rs"]
mod tests;
