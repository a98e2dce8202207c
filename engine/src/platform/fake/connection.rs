//! What a connection in memory knows, and how descriptions change it: the rules about states,
//! generations and sections are those of real ones.

use std::collections::BTreeSet;

use tokio::sync::mpsc;

use super::Fake;
use super::channel::End;
use super::sdp::{self, Sdp, SdpSection, invalid};
use super::section::Section;
use super::transceiver::FakeTransceiver;
use super::world::HostId;
use crate::error::Result;
use crate::peer::{
    ConnectionState, IceConnectionState, IceGatheringState, SdpType, SessionDescription,
};
use crate::platform::PeerEvent;
use crate::platform::need::Need;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signaling {
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
    HaveLocalPrAnswer,
    HaveRemotePrAnswer,
}

pub(super) struct Connection {
    pub(super) id: u64,
    pub(super) host: HostId,
    pub(super) events: mpsc::UnboundedSender<PeerEvent<Fake>>,
    pub(super) signaling: Signaling,
    pub(super) need: Need,
    pub(super) restart_ice: bool,
    /// Of the descriptions that are set; an open offer may have a newer one.
    pub(super) generation: u32,
    pub(super) gathered: bool,
    pub(super) has_data: bool,
    pub(super) sections: Vec<Section>,
    pub(super) channels: Vec<End>,
    pub(super) local: Descriptions,
    pub(super) remote: Descriptions,
    /// The other sides' generations whose candidates came.
    pub(super) candidates: BTreeSet<(u64, u32)>,
    pub(super) state: ConnectionState,
    pub(super) bytes: (u64, u64),
}

/// One side's descriptions.
#[derive(Default)]
pub(super) struct Descriptions {
    pub(super) current: Option<(SdpType, Sdp)>,
    pub(super) pending: Option<(SdpType, Sdp)>,
}

impl Descriptions {
    pub(super) fn newest(&self) -> Option<&(SdpType, Sdp)> {
        self.pending.as_ref().or(self.current.as_ref())
    }
}

impl Connection {
    pub(super) fn new(
        id: u64,
        host: HostId,
        events: mpsc::UnboundedSender<PeerEvent<Fake>>,
    ) -> Self {
        Self {
            id,
            host,
            events,
            signaling: Signaling::Stable,
            need: Need::default(),
            restart_ice: false,
            generation: 1,
            gathered: false,
            has_data: false,
            sections: Vec::new(),
            channels: Vec::new(),
            local: Descriptions::default(),
            remote: Descriptions::default(),
            candidates: BTreeSet::new(),
            state: ConnectionState::New,
            bytes: (0, 0),
        }
    }

    pub(super) fn emit(&self, event: PeerEvent<Fake>) {
        // Nobody listening means that the connection was given up.
        let _ = self.events.send(event);
    }

    pub(super) fn set_state(&mut self, state: ConnectionState) {
        if self.state == state {
            return;
        }
        self.state = state;
        let ice = match state {
            ConnectionState::Connecting => Some(IceConnectionState::Checking),
            ConnectionState::Connected => Some(IceConnectionState::Connected),
            ConnectionState::Disconnected => Some(IceConnectionState::Disconnected),
            ConnectionState::Failed => Some(IceConnectionState::Failed),
            ConnectionState::New | ConnectionState::Closed => None,
        };
        if let Some(ice) = ice {
            self.emit(PeerEvent::IceConnection(ice));
        }
        self.emit(PeerEvent::Connection(state));
    }

    pub(super) fn need(&mut self, change: impl FnOnce(&mut Need) -> bool) {
        if change(&mut self.need) {
            self.emit(PeerEvent::NegotiationNeeded);
        }
    }

    pub(super) fn offer(&mut self, restart_ice: bool) -> Result<Sdp> {
        if !matches!(
            self.signaling,
            Signaling::Stable | Signaling::HaveLocalOffer
        ) {
            return Err(invalid("there is a remote offer"));
        }
        let restart = restart_ice || self.restart_ice;
        let id = self.id;
        let sections = self.sections.iter_mut().filter(|it| !it.is_gone());
        Ok(Sdp {
            connection: id,
            generation: self.generation + u32::from(restart),
            has_data: self.has_data,
            sections: sections.map(|it| it.offer(id)).collect(),
        })
    }

    pub(super) fn answer(&self) -> Result<Sdp> {
        let answers = [Signaling::HaveRemoteOffer, Signaling::HaveLocalPrAnswer];
        let offer = self
            .remote
            .pending
            .as_ref()
            .filter(|_| answers.contains(&self.signaling));
        let (_, offer) = offer.ok_or_else(|| invalid("there is no remote offer"))?;
        let restarted = self
            .remote
            .current
            .as_ref()
            .is_some_and(|(_, old)| old.generation < offer.generation);
        let section = |theirs: &SdpSection| {
            let ours = self
                .sections
                .iter()
                .find(|it| it.mid.as_deref() == Some(&theirs.mid));
            ours.map(|ours| ours.answer(theirs))
        };
        Ok(Sdp {
            connection: self.id,
            generation: self.generation + u32::from(restarted),
            has_data: offer.has_data,
            sections: offer.sections.iter().filter_map(section).collect(),
        })
    }

    pub(super) fn set_local(&mut self, description: &SessionDescription) -> Result<()> {
        let sdp = Sdp::read(&description.sdp)?;
        let next = match (description.kind, self.signaling) {
            (SdpType::Offer, Signaling::Stable | Signaling::HaveLocalOffer) => {
                Signaling::HaveLocalOffer
            }
            (SdpType::PrAnswer, Signaling::HaveRemoteOffer | Signaling::HaveLocalPrAnswer) => {
                Signaling::HaveLocalPrAnswer
            }
            (SdpType::Answer, Signaling::HaveRemoteOffer | Signaling::HaveLocalPrAnswer) => {
                Signaling::Stable
            }
            _ => return Err(invalid("not in this state")),
        };
        if sdp.connection != self.id {
            return Err(invalid("another connection's description"));
        }
        self.signaling = next;
        let is_new = sdp.generation != self.generation || !self.gathered;
        self.generation = sdp.generation;
        for ours in &sdp.sections {
            let section = self
                .sections
                .iter_mut()
                .find(|it| it.planned_mid == ours.mid);
            if let Some(section) = section {
                section.mid = Some(ours.mid.clone());
            }
        }
        match description.kind {
            SdpType::Offer => {
                self.restart_ice = false;
                self.need.offered();
                self.local.pending = Some((SdpType::Offer, sdp));
            }
            SdpType::PrAnswer => self.local.pending = Some((SdpType::PrAnswer, sdp)),
            _ => {
                let answered = sdp.clone();
                self.local.current = Some((SdpType::Answer, sdp));
                self.local.pending = None;
                self.remote.current = self.remote.pending.take();
                for section in &mut self.sections {
                    section.agree_ours(&answered.sections);
                }
                self.has_data |= answered.has_data;
                self.need(Need::agreed);
            }
        }
        if is_new {
            self.gather();
        }
        Ok(())
    }

    fn gather(&mut self) {
        self.gathered = true;
        self.emit(PeerEvent::IceGathering(IceGatheringState::Gathering));
        let candidate = sdp::candidate(self.id, self.generation);
        self.emit(PeerEvent::Candidate(Some(candidate)));
        self.emit(PeerEvent::IceGathering(IceGatheringState::Complete));
        self.emit(PeerEvent::Candidate(None));
    }

    /// `transceiver` makes a handle of a section.
    pub(super) fn set_remote(
        &mut self,
        description: &SessionDescription,
        next_id: &mut dyn FnMut() -> u64,
        transceiver: &dyn Fn(u64) -> FakeTransceiver,
    ) -> Result<()> {
        let sdp = Sdp::read(&description.sdp)?;
        if description.kind == SdpType::Offer && self.signaling == Signaling::HaveLocalOffer {
            self.rollback();
        }
        let next = match (description.kind, self.signaling) {
            (SdpType::Offer, Signaling::Stable | Signaling::HaveRemoteOffer) => {
                Signaling::HaveRemoteOffer
            }
            (SdpType::PrAnswer, Signaling::HaveLocalOffer | Signaling::HaveRemotePrAnswer) => {
                Signaling::HaveRemotePrAnswer
            }
            (SdpType::Answer, Signaling::HaveLocalOffer | Signaling::HaveRemotePrAnswer) => {
                Signaling::Stable
            }
            _ => return Err(invalid("not in this state")),
        };
        self.signaling = next;
        self.candidates.extend(Sdp::candidates(&description.sdp));
        let restarts = self
            .remote
            .newest()
            .is_some_and(|(_, old)| old.generation < sdp.generation);
        if restarts && self.state == ConnectionState::Connected {
            self.set_state(ConnectionState::Connecting);
        }
        for theirs in &sdp.sections {
            let is_known = self
                .sections
                .iter()
                .any(|it| it.mid.as_ref() == Some(&theirs.mid));
            if !is_known && description.kind == SdpType::Offer {
                self.sections.push(Section::of_theirs(next_id(), theirs));
            }
        }
        self.has_data |= sdp.has_data;
        match description.kind {
            SdpType::Offer => {
                self.need.was_offered();
                self.remote.pending = Some((SdpType::Offer, sdp.clone()));
            }
            SdpType::PrAnswer => {
                self.remote.pending = Some((SdpType::PrAnswer, sdp.clone()));
            }
            _ => {
                self.remote.current = Some((SdpType::Answer, sdp.clone()));
                self.remote.pending = None;
                self.local.current = self.local.pending.take();
                for section in &mut self.sections {
                    section.agree_theirs(&sdp.sections);
                }
            }
        }
        self.announce(&sdp, transceiver);
        if description.kind == SdpType::Answer {
            self.need(Need::agreed);
        }
        Ok(())
    }

    /// Tells who began to send.
    fn announce(&mut self, sdp: &Sdp, transceiver: &dyn Fn(u64) -> FakeTransceiver) {
        let mut events = Vec::new();
        for theirs in &sdp.sections {
            let section = self
                .sections
                .iter_mut()
                .find(|it| it.mid.as_ref() == Some(&theirs.mid));
            if let Some(section) = section
                && section.hears_of(theirs)
            {
                let transceiver = transceiver(section.id);
                section.receiver.live_in(transceiver.world());
                events.push(PeerEvent::Track {
                    transceiver,
                    track: section.receiver.clone(),
                    streams: theirs.streams.clone(),
                });
            }
        }
        for event in events {
            self.emit(event);
        }
    }

    pub(super) fn rollback(&mut self) {
        if self.signaling == Signaling::Stable {
            return;
        }
        self.signaling = Signaling::Stable;
        self.local.pending = None;
        self.remote.pending = None;
        if let Some((_, current)) = &self.local.current {
            self.generation = current.generation;
        }
        self.sections.retain(|section| !section.is_only_offered());
        for section in &mut self.sections {
            section.roll_back();
        }
        self.need(Need::rolled_back);
    }

    pub(super) fn describe(
        &self,
        side: &Descriptions,
        is_ours: bool,
    ) -> Option<SessionDescription> {
        let (kind, sdp) = side.newest()?;
        let sdp = match is_ours && self.gathered {
            true => sdp.write_with_candidate(),
            false => sdp.write(),
        };
        Some(SessionDescription { kind: *kind, sdp })
    }
}
