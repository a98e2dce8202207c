//! The room's posts, on their way between the log and the peers.

use std::collections::BTreeMap;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;

use super::Session;
use crate::call::PeerMessage;
use crate::chat::{Draft, Have, Post, Received, Refused};
use crate::notice::Notice;
use crate::platform::Platform as _;

/// How long after something new everybody compares what each has. In a whole mesh nobody lacks
/// anything by then, and only short lists of numbers go round.
const COMPARES_AFTER: Duration = Duration::from_secs(10);

impl Session {
    pub(super) fn post(&mut self, text: String) {
        let draft = Draft {
            name: self.name.to_string(),
            text,
            sent_at: self.platform.wall_clock(),
        };
        let post = self.log.say(&self.relay.credentials, draft);
        for link in self.links.values().filter(|link| link.is_synced()) {
            link.say_on_channel(&PeerMessage::Posts {
                posts: vec![post.clone()],
            });
        }
    }

    /// A peer has these posts: it gets the others, within its budget.
    pub(super) fn has(&mut self, peer: PeerId, have: &Have) {
        let now = self.platform.now();
        self.log.is_had(have);
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        if link.set_synced() {
            // What we said when our end of the channel opened came too early, if theirs was not open
            // yet: webrtc 0.21.1 drops what comes together with the end of its handshake.
            link.say_on_channel(&PeerMessage::Have(self.log.have()));
            link.forget_state();
        }
        if self.log.is_new() {
            link.announced_clock = have.clock;
        }
        let answers = &mut self.conduct.entry(peer).or_default().answers;
        for posts in self.log.lacking(have) {
            let bytes = posts.iter().map(Post::size).sum();
            if !answers.take_many(bytes, now) || !self.may_answer.take_many(bytes, now) {
                tracing::debug!(%peer, "a peer asks for too much");
                return;
            }
            link.say_on_channel(&PeerMessage::Posts { posts });
        }
        if self.log.lacks(have) {
            link.say_on_channel(&PeerMessage::Have(self.log.have()));
        }
    }

    /// Takes posts that a peer passed on.
    pub(super) fn posts(&mut self, peer: PeerId, posts: Vec<Post>) {
        let Some(link) = self.links.get(&peer) else {
            return;
        };
        let (giver, clock) = (link.card.person(), link.announced_clock);
        let now = self.platform.now();
        let (mut garbled, mut new, mut too_far) = (false, false, false);
        let mut authors = BTreeMap::new();
        for post in posts {
            let (author, person) = (post.author, post.person());
            if post.number > self.log.number_of(author)
                && !self.conduct.entry(peer).or_default().posts.take(now)
            {
                garbled = true;
                break;
            }
            match self.log.receive(post, giver, clock) {
                Ok(Received::New) => new = true,
                Ok(Received::Known) => {}
                Ok(Received::Contradiction) => {
                    new = true;
                    let _ = self.notices.send(Notice::Contradiction { person });
                }
                // Others than its author pass it on in good faith.
                Err(Refused::Misplaced) => garbled |= person == giver,
                Err(Refused::TooFar) => too_far = true,
                Err(Refused::Forged) => garbled = true,
            }
            if person == giver {
                authors.insert(author, self.log.number_of(author));
            }
        }
        if garbled {
            self.garbled(peer);
        }
        if new && self.links.len() > 1 {
            self.compare_at.get_or_insert(now + COMPARES_AFTER);
        }
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        // An honest peer has what lies between, and sends it when it learns what we have.
        if too_far && link.may_ask(now) {
            link.say_on_channel(&PeerMessage::Have(self.log.have()));
        }
        for (author, number) in authors {
            link.say_on_channel(&PeerMessage::Got { author, number });
        }
    }

    /// Tells everybody what we have. Who lacks some of it asks for it: so posts reach those too
    /// who have no connection to their author.
    pub(super) fn compare_posts(&self) {
        for link in self.links.values().filter(|link| link.is_synced()) {
            link.say_on_channel(&PeerMessage::Have(self.log.have()));
        }
    }
}
