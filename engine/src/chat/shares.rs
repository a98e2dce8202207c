use crate::PersonId;

/// How much of the log came through each person.
///
/// A post is charged to the person who passed it on, not to its author: authors cost nothing to
/// invent, connections do. When the log is full, the largest share loses its oldest post, so that
/// nobody can drive out what others wrote by writing more.
#[derive(Debug, Default)]
pub(super) struct Shares(Vec<Share>);

#[derive(Clone, Copy, Debug)]
struct Share {
    giver: PersonId,
    posts: usize,
    bytes: usize,
}

impl Shares {
    pub(super) fn add(&mut self, giver: PersonId, bytes: usize) {
        match self.0.iter_mut().find(|share| share.giver == giver) {
            Some(share) => {
                share.posts += 1;
                share.bytes += bytes;
            }
            None => self.0.push(Share {
                giver,
                posts: 1,
                bytes,
            }),
        }
    }

    pub(super) fn remove(&mut self, giver: PersonId, bytes: usize) {
        if let Some(share) = self.0.iter_mut().find(|share| share.giver == giver) {
            share.posts -= 1;
            share.bytes -= bytes;
        }
        self.0.retain(|share| share.posts > 0);
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|share| share.bytes).sum()
    }

    /// The person with the largest share, where a post counts as this many bytes besides its own.
    pub(super) fn largest(&self, post: usize) -> Option<PersonId> {
        let weight = |share: &&Share| share.bytes + post * share.posts;
        self.0.iter().max_by_key(weight).map(|share| share.giver)
    }
}
