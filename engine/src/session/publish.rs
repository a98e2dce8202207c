//! The room as a value, for the application.

use std::sync::Arc;

use super::Session;
use super::link::Link;
use crate::PeerId;
use crate::room::{Participant, RoomState};

impl Session {
    pub(super) fn state(&self) -> Arc<RoomState> {
        let mut links: Vec<_> = self.links.iter().collect();
        links.sort_by_key(|(_, link)| link.generation());
        let people = links
            .into_iter()
            .map(|(peer, link)| self.participant(*peer, link))
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
            microphone: self.microphone.clone(),
            camera: self.camera.clone(),
            messages: self.log.messages(),
        })
    }

    fn participant(&self, peer: PeerId, link: &Link) -> Participant {
        let shares = self.ringing.shares_call(peer);
        let track = |mid: &Option<String>| {
            let mid = mid.as_ref().filter(|_| shares)?;
            link.tracks.get(mid).cloned()
        };
        Participant {
            peer,
            person: link.card.person(),
            name: link.card.name.as_str().into(),
            link: link.link(),
            in_call: self.ringing.is_in_call(peer),
            microphone: link.their.microphone,
            camera: link.their.camera,
            audio: track(&link.their.mids.microphone),
            video: track(&link.their.mids.camera),
        }
    }
}
