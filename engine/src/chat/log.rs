use std::collections::BTreeMap;
use std::sync::Arc;

use parlor_signaling_protocol::{PeerId, RoomId};

use super::have::Have;
use super::post::{ChatMessage, Delivery, Draft, MessageId, Place, Post, PostDigest, ShortDigest};
use super::shares::Shares;
use crate::PersonId;
use crate::credentials::{Certificate, Credentials};

/// How many messages a room keeps.
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
const MAX_AUTHORS: usize = MAX_POSTS + 50;

/// What became of a post that was not refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Received {
    New,
    /// Had before, or ahead of what its sender will send when it learns what we have.
    Known,
    /// Its author signed something else with the same number, or it follows another post than the
    /// one that we have.
    Contradiction,
}

/// Why a post is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refused {
    /// Not what its author signed, or out of bounds: no honest peer passes it on.
    Forged,
    /// Its author signed it with a clock that falls, or for another person.
    Misplaced,
    /// Its clock is too far ahead of everything that we have. An honest giver has what lies between.
    TooFar,
}

/// Everything said in a room, in one order for all.
///
/// Each author numbers its posts, and every peer takes each author's in that order without gaps,
/// except that the first it ever gets of an author may be any. So "which number do you have of
/// whom" tells two peers all they need to bring each other up to date. Each post names the one
/// before it, so an author who tells different people different things is found out.
#[derive(Debug)]
pub(crate) struct Log {
    room: RoomId,
    me: PeerId,
    person: PersonId,
    posts: BTreeMap<Order, Kept>,
    /// Where each author's posts are.
    numbers: BTreeMap<(PeerId, u64), Order>,
    authors: BTreeMap<PeerId, Author>,
    clock: u64,
    /// Our visits, and up to which of its numbers somebody else has everything.
    delivered: BTreeMap<PeerId, u64>,
    /// The posts as the application sees them, in the same order.
    messages: Arc<Vec<ChatMessage>>,
    shares: Shares,
}

/// The order that everybody shows posts in. The digest tells two posts apart that contradict each
/// other.
type Order = (u64, PeerId, u64, PostDigest);

#[derive(Debug)]
struct Kept {
    post: Post,
    /// The person who passed it on.
    giver: PersonId,
}

/// An author, and the last of its posts that we have.
#[derive(Clone, Copy, Debug)]
struct Author {
    certificate: Certificate,
    number: u64,
    clock: u64,
    digest: PostDigest,
    /// It signed two different posts with one number. No third one is kept.
    is_contradicted: bool,
}

impl Log {
    pub(crate) fn new(room: RoomId, me: PeerId, person: PersonId) -> Self {
        Self {
            room,
            me,
            person,
            posts: BTreeMap::new(),
            numbers: BTreeMap::new(),
            authors: BTreeMap::new(),
            clock: 0,
            delivered: BTreeMap::from([(me, 0)]),
            messages: Arc::default(),
            shares: Shares::default(),
        }
    }

    /// Goes on with the log of an earlier visit.
    pub(crate) fn resume(mut self, me: PeerId) -> Self {
        self.me = me;
        self.delivered.entry(me).or_insert(0);
        self
    }

    /// Adds what we say.
    pub(crate) fn say(&mut self, credentials: &Credentials, draft: Draft) -> Post {
        // First of all, since what is dropped may be what we would follow.
        self.make_room(1, Post::size_of(&draft.name, &draft.text));
        let last = self.authors.get(&self.me);
        let place = Place {
            number: last.map_or(0, |last| last.number) + 1,
            clock: self.clock + 1,
            previous: last.map_or_else(PostDigest::default, |last| last.digest),
        };
        let post = Post::sign(credentials, place, draft);
        self.keep(post.clone(), self.person, false);
        post
    }

    /// Takes a post that a person passed on. `clock` is the highest one that the person announced
    /// while we had nothing, so that a newcomer takes the posts of a room that is far ahead.
    pub(crate) fn receive(
        &mut self,
        post: Post,
        giver: PersonId,
        clock: u64,
    ) -> Result<Received, Refused> {
        let known = self.authors.get(&post.author).copied();
        if let Some(known) = known {
            if post.number <= known.number {
                return self.compare(post, &known, giver, clock);
            }
            if post.number - 1 > known.number {
                return Ok(Received::Known);
            }
        }
        self.check(&post, known.as_ref(), clock)?;
        // Posts are passed on in the order of their clocks: each author's has to be that of its
        // numbers, or a newcomer would miss some, and then find others too far ahead.
        if known.is_some_and(|known| post.clock <= known.clock) {
            return Err(Refused::Misplaced);
        }
        let follows = known.is_none_or(|known| post.previous == known.digest);
        if post.person() == self.person {
            self.delivered.insert(post.author, post.number);
        }
        self.keep(post, giver, !follows);
        Ok(match follows {
            true => Received::New,
            false => Received::Contradiction,
        })
    }

    /// Checks the signatures and the clock. Of an author that is known the person's signature was
    /// checked before.
    fn check(&self, post: &Post, known: Option<&Author>, clock: u64) -> Result<(), Refused> {
        let is_known = known.is_some_and(|known| known.certificate == post.certificate);
        if !post.is_signed_in(self.room) || !(is_known || post.certificate.holds_in(self.room)) {
            return Err(Refused::Forged);
        }
        if known.is_some() && !is_known {
            return Err(Refused::Misplaced);
        }
        let is_too_far = post.clock > self.clock.max(clock).saturating_add(MAX_CLOCK_LEAD);
        match is_too_far {
            true => Err(Refused::TooFar),
            false => Ok(()),
        }
    }

    /// Looks whether a post with a number that we have is the one that we have.
    fn compare(
        &mut self,
        post: Post,
        known: &Author,
        giver: PersonId,
        clock: u64,
    ) -> Result<Received, Refused> {
        let id = (post.author, post.number);
        let Some((.., ours)) = self.numbers.get(&id) else {
            return Ok(Received::Known);
        };
        if *ours == post.digest(self.room) || known.is_contradicted {
            return Ok(Received::Known);
        }
        self.check(&post, Some(known), clock)?;
        if let Some(author) = self.authors.get_mut(&post.author) {
            author.is_contradicted = true;
        }
        for message in Arc::make_mut(&mut self.messages) {
            message.is_contradicted |= (message.id.author, message.id.number) == id;
        }
        // A clock that is not above that of the author's post before could not be passed on.
        let before = self.numbers.get(&(post.author, post.number - 1));
        if before.is_none_or(|(clock, ..)| *clock < post.clock) {
            self.insert(post, giver, true);
            self.make_room(0, 0);
        }
        Ok(Received::Contradiction)
    }

    /// Adds an author's next post.
    fn keep(&mut self, post: Post, giver: PersonId, is_contradicted: bool) {
        let before = self.authors.get(&post.author);
        let author = Author {
            certificate: post.certificate,
            number: post.number,
            clock: post.clock,
            digest: post.digest(self.room),
            is_contradicted: before.is_some_and(|before| before.is_contradicted),
        };
        self.authors.insert(post.author, author);
        let id = (post.author, post.number);
        let order = self.insert(post, giver, is_contradicted);
        self.numbers.insert(id, order);
        self.make_room(0, 0);
        if self.authors.len() > MAX_AUTHORS {
            self.forget_the_silent();
        }
    }

    fn insert(&mut self, post: Post, giver: PersonId, is_contradicted: bool) -> Order {
        self.clock = self.clock.max(post.clock);
        let order = (post.clock, post.author, post.number, post.digest(self.room));
        let message = self.message(&post, is_contradicted);
        let place = self.posts.len() - self.posts.range(order..).count();
        self.shares.add(giver, post.size());
        self.posts.insert(order, Kept { post, giver });
        Arc::make_mut(&mut self.messages).insert(place, message);
        order
    }

    /// Drops what is too much, with so many posts and bytes more.
    fn make_room(&mut self, posts: usize, bytes: usize) {
        while self.posts.len() + posts > MAX_POSTS || self.shares.bytes() + bytes > MAX_BYTES {
            let giver = self.shares.largest(MAX_BYTES / MAX_POSTS);
            let Some(order) = giver.and_then(|giver| self.least_missed(giver)) else {
                break;
            };
            self.drop_post(order);
        }
        // A clock that is not kept is not followed either: others would find us too far ahead.
        let ours = self.authors.get(&self.me).map_or(0, |author| author.clock);
        let last = self.posts.last_key_value();
        self.clock = last.map_or(0, |((clock, ..), _)| *clock).max(ours);
    }

    /// The oldest post that came through a person and between whose neighbours others do not find too
    /// far a step. Where all are such steps, which no honest author makes, the newest.
    fn least_missed(&self, giver: PersonId) -> Option<Order> {
        let mut posts = self.posts.iter().peekable();
        let (mut before, mut newest) = (None, None);
        while let Some((order, kept)) = posts.next() {
            let after = posts.peek().map(|(next, _)| next.0);
            if kept.giver == giver {
                let step = before
                    .zip(after)
                    .map_or(0, |(before, after)| after - before);
                if step <= MAX_CLOCK_LEAD {
                    return Some(*order);
                }
                newest = Some(*order);
            }
            before = Some(order.0);
        }
        newest
    }

    fn drop_post(&mut self, order: Order) {
        let place = self.posts.range(..order).count();
        if let Some(kept) = self.posts.remove(&order) {
            self.shares.remove(kept.giver, kept.post.size());
            Arc::make_mut(&mut self.messages).remove(place);
        }
        let (_, author, number, _) = order;
        if self.numbers.get(&(author, number)) == Some(&order) {
            self.numbers.remove(&(author, number));
        }
    }

    /// Forgets authors of whom no post is left. One who says something again is as if new.
    fn forget_the_silent(&mut self) {
        let (me, numbers) = (self.me, &self.numbers);
        self.authors.retain(|author, _| {
            *author == me
                || numbers
                    .range((*author, 0)..=(*author, u64::MAX))
                    .next()
                    .is_some()
        });
    }

    /// What we have, to tell a peer.
    pub(crate) fn have(&self) -> Have {
        let entry = |(id, author): (&PeerId, &Author)| (*id, author.number, author.digest.short());
        Have {
            posts: self.authors.iter().map(entry).collect(),
            clock: self.clock,
        }
    }

    /// Whether nobody has told us anything yet.
    pub(crate) fn is_new(&self) -> bool {
        self.authors.keys().all(|author| *author == self.me)
    }

    /// The first portion of what a peer lacks that has this, with the posts' digests. Where the peer
    /// has another post than ours as an author's last one, it gets ours too, so that both see that
    /// the author contradicts itself.
    pub(crate) fn lacking(
        &self,
        theirs: &BTreeMap<PeerId, (u64, ShortDigest)>,
    ) -> Vec<(Post, ShortDigest)> {
        let lacks = |post: &Post| match (theirs.get(&post.author), self.authors.get(&post.author)) {
            (None, _) => true,
            (Some((number, digest)), Some(ours)) if ours.number == *number => {
                post.number == *number && ours.digest.short() != *digest
            }
            (Some((number, _)), _) => post.number > *number,
        };
        // Of two posts that contradict each other only the one that came first here is passed on: the
        // other one may not be in the order that its author's posts have to have.
        let is_first = |order: &Order| self.numbers.get(&(order.1, order.2)) == Some(order);
        let posts = self.posts.iter().filter(|(order, _)| is_first(order));
        let lacking = posts.filter(|(_, kept)| lacks(&kept.post));
        let mut bytes = 0;
        let fits = |(_, kept): &(&Order, &Kept)| {
            let is_first = bytes == 0;
            bytes += kept.post.size();
            is_first || bytes <= BATCH_BYTES
        };
        lacking
            .take_while(fits)
            .map(|((.., digest), kept)| (kept.post.clone(), digest.short()))
            .collect()
    }

    /// Whether a peer that has this could send us something.
    pub(crate) fn lacks(&self, theirs: &Have) -> bool {
        let mut posts = theirs.posts.iter();
        posts.any(|(author, number, _)| *number > self.number_of(*author))
    }

    /// A peer has these: what it has of ours is delivered.
    pub(crate) fn is_had(&mut self, have: &Have) {
        for (author, number, _) in &have.posts {
            self.delivered(*author, *number);
        }
    }

    /// Somebody else has the posts of one of our visits up to this number.
    pub(crate) fn delivered(&mut self, author: PeerId, number: u64) {
        let number = number.min(self.number_of(author));
        let Some(delivered) = self.delivered.get_mut(&author) else {
            return;
        };
        if number <= *delivered {
            return;
        }
        *delivered = number;
        for message in Arc::make_mut(&mut self.messages) {
            if message.id.author == author && message.id.number <= number {
                message.delivery = Delivery::Delivered;
            }
        }
    }

    /// The highest number that we have of an author; 0 for none.
    pub(crate) fn number_of(&self, author: PeerId) -> u64 {
        self.authors.get(&author).map_or(0, |author| author.number)
    }

    pub(crate) fn messages(&self) -> Arc<Vec<ChatMessage>> {
        self.messages.clone()
    }

    fn message(&self, post: &Post, is_contradicted: bool) -> ChatMessage {
        let delivered = self.delivered.get(&post.author);
        let is_waiting = delivered.is_some_and(|delivered| post.number > *delivered);
        ChatMessage {
            id: MessageId {
                author: post.author,
                number: post.number,
            },
            person: post.person(),
            name: post.name.as_str().into(),
            text: post.text.as_str().into(),
            sent_at: post.sent_at,
            mine: post.person() == self.person,
            delivery: match is_waiting {
                true => Delivery::Waiting,
                false => Delivery::Delivered,
            },
            is_contradicted,
        }
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "log_fuzz.rs"]
mod fuzz;
