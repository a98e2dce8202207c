//! The room as a value, for the application.

use std::sync::Arc;

use super::Session;
use super::remote_peer::RemotePeer;
use crate::PeerId;
use crate::call::TrackInfo;
use crate::media::BySource;
use crate::room::{LinkState, Participant, Publication, RoomState};

impl Session {
    pub(super) fn state(&self) -> Arc<RoomState> {
        let mut links: Vec<_> = self.peers.iter().collect();
        links.sort_by_key(|(_, link)| link.generation());
        let people = links
            .iter()
            .filter(|(_, link)| !self.is_left_behind(link))
            .map(|(peer, link)| self.participant(**peer, link))
            .collect();
        // On the web a track belongs to the one thread that there is.
        #[cfg_attr(target_arch = "wasm32", expect(clippy::arc_with_non_send_sync))]
        Arc::new(RoomState {
            me: self.relay.me,
            person: self.relay.credentials.certificate().person,
            name: self.name.clone(),
            server: self.server,
            people,
            call: self.ringing.call(),
            muted: self.muted,
            tracks: self.tracks.clone(),
            messages: self.log.messages(),
        })
    }

    /// Whether a link that does not work is to an earlier visit of somebody who came back: a page that
    /// is reloaded can say goodbye in some browsers only, and the server waits for it.
    fn is_left_behind(&self, link: &RemotePeer) -> bool {
        let is_newer = |other: &RemotePeer| {
            other.card.person() == link.card.person()
                && other.generation() > link.generation()
                && other.link() == LinkState::Connected
        };
        let is_ours = link.card.person() == self.relay.credentials.certificate().person;
        link.link() != LinkState::Connected && (is_ours || self.peers.values().any(is_newer))
    }

    fn participant(&self, peer: PeerId, link: &RemotePeer) -> Participant {
        let shares = self.ringing.shares_call(peer);
        let publication = |source| {
            let TrackInfo { state, mid } = &link.their.tracks[source];
            let mid = mid.as_ref().filter(|_| shares);
            let track = mid.and_then(|mid| link.tracks.get(mid)).cloned();
            Publication {
                state: *state,
                track: track.filter(|track| track.kind() == source.kind()),
            }
        };
        Participant {
            peer,
            person: link.card.person(),
            name: link.card.name.as_str().into(),
            link: link.link(),
            in_call: self.ringing.is_in_call(peer),
            publications: BySource::from_fn(publication),
        }
    }
}
