//! What we say to a remote peer: directly, or through the server.

use super::RemotePeer;
use crate::call::{Envelope, LinkIds, PeerMessage, PeerState};
use crate::session::relay::Relay;

/// How the link ids of a message through the server fit what we know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LinkMatch {
    /// It is for this link.
    Current,
    /// It is for an earlier link of ours.
    Stale,
    /// The peer forgot us and has a new link; ours has to be made anew too.
    Anew,
}

impl RemotePeer {
    /// Our state has to be said again.
    pub(crate) fn forget_state(&mut self) {
        self.said = None;
    }

    /// Tells the peer what we do, if that changed.
    pub(crate) fn say_state(&mut self, mut state: PeerState, relay: &mut Relay) {
        state.revision = self.said_revision;
        if self.said.as_ref() == Some(&state) {
            return;
        }
        self.said_revision += 1;
        state.revision = self.said_revision;
        self.said = Some(state.clone());
        self.say(PeerMessage::State(state), relay);
    }

    /// What we said through the server is lost; it has to be said again.
    pub(crate) fn forget_said(&mut self) {
        if !self.channels_open {
            self.said = None;
        }
    }

    /// Says something directly if possible, through the server otherwise.
    ///
    /// A channel stays open while its connection is down, so what repairs the connection would
    /// wait in it for the repair. It is said both ways then: nothing takes harm from coming twice,
    /// and without a server the channel may yet recover.
    pub(crate) fn say(&self, message: PeerMessage, relay: &mut Relay) {
        let is_said = self.channels_open && self.say_directly(&message);
        if !(is_said && self.is_connected()) {
            self.say_through_server(message, relay);
        }
    }

    /// Says something directly and through the server.
    pub(crate) fn say_both_ways(&self, message: PeerMessage, relay: &mut Relay) {
        self.say_directly(&message);
        self.say_through_server(message, relay);
    }

    fn say_through_server(&self, message: PeerMessage, relay: &mut Relay) {
        let link = LinkIds {
            from: self.id,
            to: self.their_id,
        };
        relay.say(self.inputs.peer, &Envelope { link, message }.encode());
    }

    /// Says something on the channel of its purpose. `false`: it is closed, or too much waits there.
    pub(crate) fn say_directly(&self, message: &PeerMessage) -> bool {
        self.channels.send(message).is_ok()
    }

    /// Compares what a message through the server says of the two links with what we know.
    pub(crate) fn match_link(&mut self, ids: LinkIds) -> LinkMatch {
        if ids.to.is_some_and(|to| to != self.id) {
            return LinkMatch::Stale;
        }
        if self.their_id.is_some_and(|known| known != ids.from) {
            return LinkMatch::Anew;
        }
        self.their_id = Some(ids.from);
        LinkMatch::Current
    }
}
