//! What the session is told of a remote peer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parlor_signaling_protocol::PeerId;
use tokio::sync::mpsc;

use crate::error::Result;
use crate::peer::SessionDescription;

/// Something to look at. The generation tells the connection from an earlier one to the same peer.
pub(crate) struct PeerInput {
    pub(crate) peer: PeerId,
    pub(crate) generation: u64,
    pub(crate) what: PeerEvent,
}

pub(crate) enum PeerEvent {
    /// The connection or a channel changed, or a message waits: the session reads what is new.
    Changed,
    /// The running operation came to its end.
    Done(Result<Option<SessionDescription>>),
}

/// Tells the session of one remote peer.
#[derive(Clone)]
pub(super) struct Inputs {
    pub(super) peer: PeerId,
    pub(super) generation: u64,
    session: mpsc::UnboundedSender<PeerInput>,
    /// The session knows that something changed, and has not looked yet.
    is_told: Arc<AtomicBool>,
}

impl Inputs {
    pub(super) fn new(
        peer: PeerId,
        generation: u64,
        session: mpsc::UnboundedSender<PeerInput>,
    ) -> Self {
        Self {
            peer,
            generation,
            session,
            is_told: Arc::default(),
        }
    }

    /// However much happens before the session looks, it is told once: what a peer can make us
    /// queue is bounded by the channels' buffers.
    pub(super) fn changed(&self) {
        if !self.is_told.swap(true, Ordering::AcqRel) {
            self.tell(PeerEvent::Changed);
        }
    }

    /// The session looks now. What changes from here on is told again.
    pub(super) fn looks(&self) {
        self.is_told.store(false, Ordering::Release);
    }

    pub(super) fn done(&self, outcome: Result<Option<SessionDescription>>) {
        self.tell(PeerEvent::Done(outcome));
    }

    fn tell(&self, what: PeerEvent) {
        // A session that is gone is not interested.
        let _ = self.session.send(PeerInput {
            peer: self.peer,
            generation: self.generation,
            what,
        });
    }
}
