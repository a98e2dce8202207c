//! What happens on links, on its way to the session.

use parlor_signaling_protocol::PeerId;
use tokio::sync::mpsc;

use crate::error::Result;
use crate::peer::SessionDescription;
use crate::platform::{ChannelEvent, Current, Emitted, PeerEvent};

/// Something that happened on a link. The generation tells it from an earlier link to the same
/// peer.
pub(crate) struct LinkInput {
    pub(crate) peer: PeerId,
    pub(crate) generation: u64,
    pub(crate) what: LinkEvent,
}

pub(crate) enum LinkEvent {
    Peer(PeerEvent<Current>),
    Channel(ChannelEvent),
    /// The running operation came to its end.
    Done(Result<Option<SessionDescription>>),
}

/// Passes on what happens on one link, with its name.
#[derive(Clone)]
pub(super) struct Inputs {
    pub(super) peer: PeerId,
    pub(super) generation: u64,
    pub(super) session: mpsc::UnboundedSender<LinkInput>,
}

impl Inputs {
    pub(super) fn say(&self, what: LinkEvent) {
        // A session that is gone is not interested.
        let _ = self.session.send(LinkInput {
            peer: self.peer,
            generation: self.generation,
            what,
        });
    }

    pub(super) fn forward<E: 'static>(&self, events: Emitted<E>, wrap: fn(E) -> LinkEvent) {
        let inputs = self.clone();
        events.taken_by(move |event| {
            if let Some(event) = event {
                inputs.say(wrap(event));
            }
        });
    }
}
