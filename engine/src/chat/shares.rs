use std::collections::BTreeMap;

use crate::PersonId;

/// How much of the log came through each person.
///
/// A post is charged to the person who passed it on, not to its author: authors cost nothing to
/// invent, connections do. When the log is full, the largest share loses its oldest post, so that
/// nobody can drive out what others wrote by writing more.
#[derive(Debug, Default)]
pub(super) struct Shares(BTreeMap<PersonId, Share>);

#[derive(Clone, Copy, Debug, Default)]
struct Share {
    posts: usize,
    bytes: usize,
}

impl Shares {
    pub(super) fn add(&mut self, giver: PersonId, bytes: usize) {
        let share = self.0.entry(giver).or_default();
        share.posts += 1;
        share.bytes += bytes;
    }

    pub(super) fn remove(&mut self, giver: PersonId, bytes: usize) {
        let Some(share) = self.0.get_mut(&giver) else {
            return;
        };
        share.posts -= 1;
        share.bytes -= bytes;
        if share.posts == 0 {
            self.0.remove(&giver);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.values().map(|share| share.bytes).sum()
    }

    /// The person with the largest share, where a post counts as this many bytes besides its own.
    pub(super) fn largest(&self, post: usize) -> Option<PersonId> {
        let weight = |share: &Share| share.bytes + post * share.posts;
        let largest = self.0.iter().max_by_key(|(_, share)| weight(share));
        largest.map(|(giver, _)| *giver)
    }
}
