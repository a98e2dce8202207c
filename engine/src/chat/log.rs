use std::collections::BTreeMap;
use std::sync::Arc;

use parlor_signaling_protocol::{PeerId, RoomId};

use super::post::{ChatMessage, Delivery, Draft, MessageId, Post};
use crate::PersonId;
use crate::identity::Identity;

/// How many messages a room keeps, oldest dropped first.
const MAX_POSTS: usize = 5_000;
/// How many bytes it keeps, so that a newcomer's channel takes all of them at once.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// How many bytes of posts go into one message between peers.
const BATCH_BYTES: usize = 48 * 1024;
/// How far ahead of ours another's clock may be. Clocks grow by one for each message, so nobody
/// honest is further; without a bound one peer could push everybody's to the end of the numbers.
const MAX_CLOCK_LEAD: u64 = 1_000_000;
/// How many authors are remembered besides ourselves: more than there can be posts, so that it is
/// seldom looked for silent ones, and few enough that what we tell a peer of them is no longer than
/// what peers read.
const MAX_AUTHORS: usize = MAX_POSTS + 500;

/// A post that is not taken: forged, out of bounds, or of a person who does not own its author.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Refused;

/// Everything said in a room, in one order for all.
///
/// Each author numbers its posts, and every peer takes each author's in that order without gaps,
/// except that the first it ever gets of an author may be any. So "which number do you have of
/// whom" tells two peers all they need to bring each other up to date.
#[derive(Debug)]
pub(crate) struct Log {
    room: RoomId,
    me: PeerId,
    person: PersonId,
    posts: BTreeMap<(u64, PeerId, u64), Post>,
    authors: BTreeMap<PeerId, Author>,
    clock: u64,
    /// Up to which of our numbers somebody else has everything.
    delivered: u64,
    /// The posts as the application sees them, in the same order.
    messages: Arc<Vec<ChatMessage>>,
    bytes: usize,
}

/// Somebody who said something: their last post, and the person behind it.
#[derive(Clone, Copy, Debug)]
struct Author {
    number: u64,
    clock: u64,
    person: PersonId,
}

impl Log {
    pub(crate) fn new(room: RoomId, me: PeerId, person: PersonId) -> Self {
        Self {
            room,
            me,
            person,
            posts: BTreeMap::new(),
            authors: BTreeMap::new(),
            clock: 0,
            delivered: 0,
            messages: Arc::default(),
            bytes: 0,
        }
    }

    /// Adds what we say.
    pub(crate) fn say(&mut self, identity: &Identity, draft: Draft) -> Post {
        let number = self.number_of(self.me) + 1;
        let id = MessageId {
            author: self.me,
            number,
        };
        let post = Post::sign(identity, self.room, id, self.clock + 1, draft);
        self.keep(post.clone());
        post
    }

    /// Takes what came from a peer. `Ok(true)` if it was new.
    pub(crate) fn receive(&mut self, post: Post) -> Result<bool, Refused> {
        let known = self.authors.get(&post.author);
        let gap = known.is_some_and(|known| post.number.saturating_sub(1) > known.number);
        if gap || known.is_some_and(|known| post.number <= known.number) {
            // Had before, or ahead of what its sender will send when it learns what we have.
            return Ok(false);
        }
        let foreign = known.is_some_and(|known| known.person != post.person);
        let too_far = post.clock > self.clock.saturating_add(MAX_CLOCK_LEAD);
        // Posts are passed on in the order of their clocks: each author's has to be that of its
        // numbers, or a newcomer would miss some, and then find others too far ahead.
        let falls = known.is_some_and(|known| post.clock <= known.clock);
        if foreign || too_far || falls || post.author == self.me || !post.is_genuine(self.room) {
            return Err(Refused);
        }
        self.keep(post);
        Ok(true)
    }

    fn keep(&mut self, post: Post) {
        self.clock = self.clock.max(post.clock);
        let author = Author {
            number: post.number,
            clock: post.clock,
            person: post.person,
        };
        self.authors.insert(post.author, author);
        let message = self.message(&post);
        let place = self.posts.len() - self.posts.range(post.place()..).count();
        self.bytes += post.size();
        self.posts.insert(post.place(), post);
        let messages = Arc::make_mut(&mut self.messages);
        messages.insert(place, message);
        while self.posts.len() > MAX_POSTS || self.bytes > MAX_BYTES {
            let Some((_, oldest)) = self.posts.pop_first() else {
                break;
            };
            self.bytes -= oldest.size();
            messages.remove(0);
        }
        if self.authors.len() > MAX_AUTHORS {
            self.forget_the_silent();
        }
    }

    /// Forgets authors of whom no post is left. One who says something again is as if new.
    fn forget_the_silent(&mut self) {
        let (me, posts) = (self.me, &self.posts);
        self.authors
            .retain(|author, _| *author == me || posts.values().any(|post| post.author == *author));
    }

    /// What we have, to tell a peer.
    pub(crate) fn have(&self) -> Vec<(PeerId, u64)> {
        self.authors
            .iter()
            .map(|(id, author)| (*id, author.number))
            .collect()
    }

    /// What a peer lacks that has this, in portions.
    pub(crate) fn lacking(&self, have: &[(PeerId, u64)]) -> Vec<Vec<Post>> {
        let have: BTreeMap<_, _> = have.iter().copied().collect();
        let mut batches = vec![Vec::new()];
        let mut bytes = 0;
        for post in self.posts.values() {
            if have
                .get(&post.author)
                .is_some_and(|number| post.number <= *number)
            {
                continue;
            }
            if bytes + post.size() > BATCH_BYTES {
                batches.push(Vec::new());
                bytes = 0;
            }
            bytes += post.size();
            if let Some(batch) = batches.last_mut() {
                batch.push(post.clone());
            }
        }
        batches.retain(|batch| !batch.is_empty());
        batches
    }

    /// Whether a peer that has this could send us something.
    pub(crate) fn lacks(&self, theirs: &[(PeerId, u64)]) -> bool {
        theirs
            .iter()
            .any(|(author, number)| *number > self.number_of(*author))
    }

    /// Somebody else has our posts up to this number.
    pub(crate) fn delivered(&mut self, number: u64) -> bool {
        let number = number.min(self.number_of(self.me));
        let newly = number > self.delivered;
        self.delivered = self.delivered.max(number);
        if newly {
            for message in Arc::make_mut(&mut self.messages) {
                if message.id.author == self.me && message.id.number <= number {
                    message.delivery = Delivery::Delivered;
                }
            }
        }
        newly
    }

    /// The highest number that we have of an author; 0 for none.
    pub(crate) fn number_of(&self, author: PeerId) -> u64 {
        self.authors.get(&author).map_or(0, |author| author.number)
    }

    pub(crate) fn messages(&self) -> Arc<Vec<ChatMessage>> {
        self.messages.clone()
    }

    fn message(&self, post: &Post) -> ChatMessage {
        let waiting = post.author == self.me && post.number > self.delivered;
        ChatMessage {
            id: MessageId {
                author: post.author,
                number: post.number,
            },
            person: post.person,
            name: post.name.as_str().into(),
            text: post.text.as_str().into(),
            sent_at: post.sent_at,
            mine: post.person == self.person,
            delivery: if waiting {
                Delivery::Waiting
            } else {
                Delivery::Delivered
            },
        }
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "log_fuzz.rs"]
mod fuzz;
