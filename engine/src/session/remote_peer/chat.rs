//! What a remote peer has of the chat, and what it still gets.

use std::collections::BTreeMap;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;

use super::RemotePeer;
use crate::call::PeerMessage;
use crate::chat::{Have, Post, ShortDigest};

/// How often a peer is asked for what lies before its posts.
const ASKS_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// How far two sides have brought each other up to date on this connection.
///
/// What does not fit into the channel is not queued: it is in the log, from where it is sent when
/// there is room.
#[derive(Default)]
pub(crate) struct Synchronization {
    /// Which posts the peer has, as it said and as we sent since. `None`: it said nothing yet.
    theirs: Option<BTreeMap<PeerId, (u64, ShortDigest)>>,
    /// The peer may lack posts.
    is_behind: bool,
    /// The peer is to be told what we have, which did not fit.
    owes_have: bool,
    /// The highest clock that the peer announced while we had no posts.
    pub(crate) announced_clock: u64,
    /// When the peer may be asked again for what lies before its posts.
    asks_from: Duration,
}

impl Synchronization {
    /// Takes what the peer says that it has. `true` the first time.
    pub(crate) fn has(&mut self, have: &Have) -> bool {
        self.is_behind = true;
        self.theirs.replace(have.by_author()).is_none()
    }

    /// What the peer has, while it may lack something.
    pub(crate) fn behind(&self) -> Option<&BTreeMap<PeerId, (u64, ShortDigest)>> {
        self.theirs.as_ref().filter(|_| self.is_behind)
    }

    /// The peer lacks nothing, or gets no more.
    pub(crate) fn end(&mut self) {
        self.is_behind = false;
    }

    /// True if the peer is still to be told what we have.
    pub(crate) fn owes_have(&self) -> bool {
        self.owes_have
    }

    /// Whether to ask the peer for what lies before its posts: seldom enough that two who cannot help
    /// each other do not go on asking.
    pub(crate) fn may_ask(&mut self, now: Duration) -> bool {
        let may_ask = now >= self.asks_from;
        if may_ask {
            self.asks_from = now + ASKS_AGAIN_AFTER;
        }
        may_ask
    }
}

impl RemotePeer {
    pub(crate) fn is_synced(&self) -> bool {
        self.channels_open && self.chat.theirs.is_some()
    }

    /// True if more of the chat can be sent now.
    pub(crate) fn has_room(&self) -> bool {
        self.channels_open && self.channels.have_room()
    }

    /// Sends a new post, unless older ones have to go first.
    pub(crate) fn send_post(&mut self, post: &Post, digest: ShortDigest) {
        if self.is_synced() && !self.chat.is_behind {
            self.chat.is_behind = !self.send_posts(vec![(post.clone(), digest)]);
        }
    }

    /// Sends posts that the peer lacks. `false`: there was no room.
    pub(crate) fn send_posts(&mut self, posts: Vec<(Post, ShortDigest)>) -> bool {
        let sent: Vec<_> = posts
            .iter()
            .map(|(post, digest)| (post.author, (post.number, *digest)))
            .collect();
        let posts = posts.into_iter().map(|(post, _)| post).collect();
        let is_sent = self.say_directly(&PeerMessage::Posts { posts });
        if let Some(theirs) = self.chat.theirs.as_mut().filter(|_| is_sent) {
            theirs.extend(sent);
        }
        is_sent
    }

    /// Tells the peer what we have, now or when there is room.
    pub(crate) fn say_have(&mut self, have: Have) {
        self.chat.owes_have = !self.say_directly(&PeerMessage::Have(have));
    }

    /// Tells the peer that we have an author's posts up to this number.
    pub(crate) fn say_got(&mut self, author: PeerId, number: u64) {
        // What we have says it too.
        self.chat.owes_have |= !self.say_directly(&PeerMessage::Got { author, number });
    }
}
