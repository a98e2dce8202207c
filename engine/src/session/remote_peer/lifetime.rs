//! When a remote peer is over, and when its connection may be dead.

use std::time::Duration;

use super::RemotePeer;
use crate::call::PeerMessage;
use crate::session::conduct::CHANNEL_WITHIN;

/// How long a peer that the server lost may take to be heard of directly.
const RETURNS_WITHIN: Duration = Duration::from_secs(30);
/// As long as who leaves keeps the connection for them, and their way.
const LAST_WORDS_WITHIN: Duration = Duration::from_secs(1);
/// How long a peer may take to answer where the connection may have died unnoticed.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

impl RemotePeer {
    /// Asks the peer whether it is still there. Without an answer the connection is repaired.
    pub(crate) fn probe(&mut self, now: Duration) {
        if self.say_directly(&PeerMessage::Ping) {
            self.probe_ends.get_or_insert(now + PROBE_TIMEOUT);
        } else {
            self.health.network_changed(now);
        }
    }

    /// Whether the connection has to be made anew, because its channels are missing. Asked again after a
    /// while if it was not.
    pub(crate) fn is_to_be_remade(&mut self, now: Duration) -> bool {
        let is_due = self.remake_at.is_some_and(|at| now >= at);
        if is_due {
            self.remake_at = Some(now + CHANNEL_WITHIN);
        }
        is_due && !self.leaving
    }

    /// The server says that the peer is gone without having said so.
    pub(crate) fn lost(&mut self, now: Duration) {
        if self.given_up_at.is_none() {
            self.given_up_at = Some(now + RETURNS_WITHIN);
        }
    }

    /// The server says that the peer left. What it said last, that it hung up, takes another way
    /// and may come later; and a connection that works is not ended by the server's word.
    pub(crate) fn leaves(&mut self, now: Duration) {
        self.leaving = true;
        self.given_up_at = Some(now + LAST_WORDS_WITHIN);
    }

    /// The server knows the peer (again).
    pub(crate) fn found(&mut self) {
        self.leaving = false;
        self.given_up_at = None;
    }

    pub(crate) fn is_given_up(&mut self, now: Duration) -> bool {
        if self.given_up_at.is_none_or(|at| now < at) {
            return false;
        }
        // Of a peer that leaves, the end of the channel confirms the server's word.
        if self.is_connected() && (self.channels_open || !self.leaving) {
            // Still there, only not for the server. Look again later.
            let pause = match self.leaving {
                true => LAST_WORDS_WITHIN,
                false => RETURNS_WITHIN,
            };
            self.given_up_at = Some(now + pause);
            return false;
        }
        true
    }
}
