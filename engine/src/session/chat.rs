//! The room's posts, on their way between the log and the peers.

use std::collections::BTreeMap;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;

use super::Session;
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
        let digest = post.digest(self.relay.room).short();
        for peer in self.peers.values_mut() {
            peer.send_post(&post, digest);
        }
    }

    /// A peer has these posts: it gets the others, within its budget.
    pub(super) fn has(&mut self, peer: PeerId, have: &Have) {
        self.log.is_had(have);
        let Some(remote) = self.peers.get_mut(&peer) else {
            return;
        };
        if remote.chat.has(have) {
            // What we said when our end of the channel opened came too early, if theirs was not open
            // yet: webrtc 0.21.1 drops what comes together with the end of its handshake.
            remote.say_have(self.log.have());
            remote.forget_state();
        }
        if self.log.is_new() {
            remote.chat.announced_clock = have.clock;
        }
        self.send_lacking(peer);
        if self.log.lacks(have)
            && let Some(remote) = self.peers.get_mut(&peer)
        {
            remote.say_have(self.log.have());
        }
    }

    /// Sends what a peer lacks, as much as there is room for. The rest follows when there is more.
    pub(super) fn send_lacking(&mut self, peer: PeerId) {
        let now = self.platform.now();
        let Some(remote) = self.peers.get_mut(&peer) else {
            return;
        };
        let answers = &mut self.conduct.entry(peer).or_default().answers;
        while remote.has_room()
            && let Some(theirs) = remote.chat.behind()
        {
            let posts = self.log.lacking(theirs);
            let bytes = posts.iter().map(|(post, _)| post.size()).sum();
            if posts.is_empty() {
                remote.chat.end();
            } else if !answers.take_many(bytes, now) || !self.may_answer.take_many(bytes, now) {
                tracing::debug!(%peer, "a peer asks for too much");
                remote.chat.end();
            } else if !remote.send_posts(posts) {
                return;
            }
        }
        if remote.has_room() && remote.chat.owes_have() {
            remote.say_have(self.log.have());
        }
    }

    /// Takes posts that a peer passed on.
    pub(super) fn posts(&mut self, peer: PeerId, posts: Vec<Post>) {
        let Some(remote) = self.peers.get(&peer) else {
            return;
        };
        let (giver, clock) = (remote.card.person(), remote.chat.announced_clock);
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
        if new && self.peers.len() > 1 {
            self.compare_at.get_or_insert(now + COMPARES_AFTER);
        }
        let Some(remote) = self.peers.get_mut(&peer) else {
            return;
        };
        // An honest peer has what lies between, and sends it when it learns what we have.
        if too_far && remote.chat.may_ask(now) {
            remote.say_have(self.log.have());
        }
        for (author, number) in authors {
            remote.say_got(author, number);
        }
    }

    /// Tells everybody what we have. Who lacks some of it asks for it: so posts reach those too
    /// who have no connection to their author.
    pub(super) fn compare_posts(&mut self) {
        for peer in self.peers.values_mut().filter(|peer| peer.is_synced()) {
            peer.say_have(self.log.have());
        }
    }
}
