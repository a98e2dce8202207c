//! How descriptions are made and change a connection: the state machine of
//! [JSEP](https://www.rfc-editor.org/rfc/rfc9429#section-3.2) and the W3C specification.

use std::collections::BTreeSet;

use super::connection::Connection;
use super::media::Lane;
use super::sdp::{Sdp, SdpSection, invalid};
use super::section::Section;
use super::transceiver::FakeTransceiver;
use crate::error::Result;
use crate::peer::{ConnectionState, SdpType, SessionDescription, SignalingState};
use crate::platform::PeerEvent;
use crate::rtc::MAX_MESSAGE;

impl Connection {
    pub(super) fn offer(&mut self) -> Result<Sdp> {
        use SignalingState::{HaveLocalOffer, Stable};
        if !matches!(self.signaling, Stable | HaveLocalOffer) {
            return Err(invalid("there is a remote offer"));
        }
        self.plan_mids();
        let ice = &self.ice;
        let is_new = ice.generation == 0 || ice.wanted > ice.generation;
        let sections = self.sections.iter().filter(|it| !it.is_gone());
        Ok(Sdp {
            connection: self.id,
            generation: match is_new {
                true => ice.last_generation + 1,
                false => ice.generation,
            },
            revision: self.revision,
            data: self.data.mid.clone(),
            sections: sections.filter_map(Section::offer).collect(),
            max_message_size: MAX_MESSAGE,
        })
    }

    /// Names what the next offer is the first to name.
    fn plan_mids(&mut self) {
        let sections = self.sections.iter();
        let named = sections.flat_map(|it| it.mid.iter().chain(&it.planned_mid));
        let mut used: BTreeSet<String> = named.chain(&self.data.mid).cloned().collect();
        let mut free = (0_u64..).map(|number| number.to_string());
        let mut next = || free.find(|mid| used.insert(mid.clone()));
        for section in self.sections.iter_mut().filter(|it| !it.is_gone()) {
            if section.mid.is_none() && section.planned_mid.is_none() {
                section.planned_mid = next();
            }
        }
        if self.data.is_wanted && self.data.mid.is_none() {
            self.data.mid = next();
        }
    }

    pub(super) fn answer(&self) -> Result<Sdp> {
        let offer = self
            .open_offer()
            .ok_or_else(|| invalid("there is no remote offer"))?;
        let generation_of = |known: &(SdpType, Sdp)| known.1.generation;
        let before = self.remote.current.as_ref().map(generation_of);
        let is_restarted = before.is_none_or(|before| before != offer.generation);
        let provisional = self.local.pending.as_ref().map(generation_of);
        let current = self.local.current.as_ref().filter(|_| !is_restarted);
        let generation = provisional.or_else(|| current.map(generation_of));
        let section = |theirs: &SdpSection| {
            let mut sections = self.sections.iter();
            let ours = sections.find(|it| it.mid.as_deref() == Some(&theirs.mid))?;
            Some(ours.answer(theirs))
        };
        Ok(Sdp {
            connection: self.id,
            generation: generation.unwrap_or(self.ice.last_generation + 1),
            revision: self.revision,
            data: offer.data.clone(),
            sections: offer.sections.iter().filter_map(section).collect(),
            max_message_size: MAX_MESSAGE,
        })
    }

    /// Their offer, while it waits for an answer.
    fn open_offer(&self) -> Option<&Sdp> {
        use SignalingState::{HaveLocalPrAnswer, HaveRemoteOffer};
        let is_open = matches!(self.signaling, HaveRemoteOffer | HaveLocalPrAnswer);
        let pending = self.remote.pending.as_ref().filter(|_| is_open);
        pending.map(|(_, offer)| offer)
    }

    pub(super) fn set_local(&mut self, description: &SessionDescription) -> Result<()> {
        use SignalingState::{HaveLocalOffer, HaveLocalPrAnswer, HaveRemoteOffer, Stable};
        let sdp = Sdp::read(&description.sdp)?;
        let next = match (description.kind, self.signaling) {
            (SdpType::Offer, Stable | HaveLocalOffer) => HaveLocalOffer,
            (SdpType::PrAnswer, HaveRemoteOffer | HaveLocalPrAnswer) => HaveLocalPrAnswer,
            (SdpType::Answer, HaveRemoteOffer | HaveLocalPrAnswer) => Stable,
            _ => return Err(invalid("not in this state")),
        };
        if self.local.pending == Some((description.kind, sdp.clone())) {
            return Ok(());
        }
        if sdp.connection != self.id || sdp.revision != self.revision {
            return Err(invalid("not the description that was made last"));
        }
        self.set_signaling(next);
        self.ice.generation = sdp.generation;
        self.ice.last_generation = self.ice.last_generation.max(sdp.generation);
        if description.kind == SdpType::Offer {
            self.name(&sdp);
        } else if let Some((_, offer)) = self.remote.pending.clone() {
            for (ours, theirs) in pairs(&sdp, &offer) {
                if let Some(section) = self.by_mid(&ours.mid) {
                    section.agree_ours(ours, theirs);
                }
            }
            self.agree_on_data(&sdp, &offer, true);
        }
        self.local.pending = Some((description.kind, sdp));
        self.settle();
        Ok(())
    }

    /// What an own offer plans is named from now on.
    fn name(&mut self, offer: &Sdp) {
        for section in self.sections.iter_mut().filter(|it| it.mid.is_none()) {
            let planned = section.planned_mid.take();
            section.mid = planned.filter(|mid| offer.sections.iter().any(|it| it.mid == *mid));
        }
    }

    /// `lane` names a section of this connection, or a new one.
    pub(super) fn set_remote(
        &mut self,
        description: &SessionDescription,
        lane: &mut dyn FnMut(Option<u64>) -> Lane,
    ) -> Result<()> {
        use SignalingState::{HaveLocalOffer, HaveRemoteOffer, HaveRemotePrAnswer, Stable};
        let sdp = Sdp::read(&description.sdp)?;
        let next = match (description.kind, self.signaling) {
            (SdpType::Offer, Stable | HaveLocalOffer | HaveRemoteOffer) => HaveRemoteOffer,
            (SdpType::PrAnswer, HaveLocalOffer | HaveRemotePrAnswer) => HaveRemotePrAnswer,
            (SdpType::Answer, HaveLocalOffer | HaveRemotePrAnswer) => Stable,
            _ => return Err(invalid("not in this state")),
        };
        self.check_remote(description.kind, &sdp)?;
        if next == HaveRemoteOffer {
            self.undo();
        }
        self.set_signaling(next);
        self.restarted_by(&sdp);
        self.ice.remote.extend(Sdp::candidates(&description.sdp));
        if description.kind == SdpType::Offer {
            self.take_sections(&sdp, lane);
        } else if let Some((_, offer)) = self.local.pending.clone() {
            for (theirs, ours) in pairs(&sdp, &offer) {
                if let Some(section) = self.by_mid(&theirs.mid) {
                    section.agree_theirs(ours, theirs);
                }
            }
            self.agree_on_data(&offer, &sdp, false);
        }
        self.announce(&sdp, lane);
        self.remote.pending = Some((description.kind, sdp));
        self.settle();
        Ok(())
    }

    /// Refuses what does not fit to what was said before, while nothing has changed yet.
    fn check_remote(&self, kind: SdpType, sdp: &Sdp) -> Result<()> {
        if sdp.connection == self.id {
            return Err(invalid("our own description as theirs"));
        }
        let is_kept = |theirs: &SdpSection| {
            let mut sections = self.sections.iter();
            // An open offer's names are taken back before theirs are taken.
            let ours = sections.find(|it| it.is_agreed() && it.mid.as_ref() == Some(&theirs.mid));
            ours.is_none_or(|ours| ours.kind == theirs.kind())
        };
        let fits = match (kind, &self.local.pending) {
            (SdpType::Offer, _) => sdp.sections.iter().all(is_kept),
            (_, Some((_, offer))) => {
                let all = sdp.sections.len() == offer.sections.len();
                all && pairs(sdp, offer).all(|(theirs, ours)| theirs.audio == ours.audio)
                    && pairs(sdp, offer).count() == offer.sections.len()
                    && (sdp.data.is_none() || sdp.data == offer.data)
            }
            (_, None) => false,
        };
        match fits {
            true => Ok(()),
            false => Err(invalid("a description that does not fit to what was said")),
        }
    }

    /// What flows goes on while new ways are looked for.
    fn restarted_by(&mut self, theirs: &Sdp) {
        let of = |sdp: &Sdp| (sdp.connection, sdp.generation);
        let known = self.remote.newest().map(|(_, known)| of(known));
        let is_new = known.is_some_and(|known| known != of(theirs));
        if is_new && self.state != ConnectionState::New {
            self.ice.down_since = None;
            self.set_state(ConnectionState::Connecting);
        }
    }

    fn take_sections(&mut self, offer: &Sdp, lane: &mut dyn FnMut(Option<u64>) -> Lane) {
        for section in &mut self.sections {
            section.planned_mid = None;
        }
        if !self.data.is_agreed {
            self.data.mid.clone_from(&offer.data);
        }
        for theirs in &offer.sections {
            if self.by_mid(&theirs.mid).is_none() {
                self.sections.push(Section::of_theirs(lane(None), theirs));
            }
        }
    }

    fn agree_on_data(&mut self, one: &Sdp, other: &Sdp, is_answerer: bool) {
        if !self.data.is_agreed && one.data.is_some() && other.data.is_some() {
            self.data.is_agreed = true;
            // An offerer leaves the choice, and an answerer is the client (RFC 8842, section 5.3).
            self.data.is_client = is_answerer;
        }
    }

    /// Tells who began to send.
    fn announce(&mut self, sdp: &Sdp, lane: &mut dyn FnMut(Option<u64>) -> Lane) {
        for theirs in &sdp.sections {
            let Some(section) = self.by_mid(&theirs.mid) else {
                continue;
            };
            if section.hears_of(theirs) {
                let event = PeerEvent::Track {
                    transceiver: FakeTransceiver::of(lane(Some(section.id)), section),
                    track: section.receiver.clone(),
                    streams: theirs.streams.clone(),
                };
                self.emit(event);
            }
        }
    }

    fn set_signaling(&mut self, state: SignalingState) {
        self.signaling = state;
        self.revision += 1;
    }

    /// In `stable`, what was open is in force.
    fn settle(&mut self) {
        if self.signaling != SignalingState::Stable {
            return;
        }
        for side in [&mut self.local, &mut self.remote] {
            side.current = side.pending.take().or_else(|| side.current.take());
        }
        self.sections.iter_mut().for_each(Section::settle);
        self.is_need_told = false;
        self.update_need();
    }

    /// Takes an open offer back.
    pub(super) fn rollback(&mut self) -> Result<()> {
        use SignalingState::{HaveLocalPrAnswer, HaveRemotePrAnswer, Stable};
        match self.signaling {
            Stable => return Ok(()),
            HaveLocalPrAnswer | HaveRemotePrAnswer => return Err(invalid("not in this state")),
            _ => {}
        }
        self.undo();
        self.is_need_told = false;
        self.update_need();
        Ok(())
    }

    fn undo(&mut self) {
        if self.signaling == SignalingState::Stable {
            return;
        }
        self.set_signaling(SignalingState::Stable);
        self.local.pending = None;
        self.remote.pending = None;
        let current = self.local.current.as_ref();
        self.ice.generation = current.map_or(0, |(_, sdp)| sdp.generation);
        if !self.data.is_agreed {
            self.data.mid = None;
        }
        self.sections.retain(|section| !section.is_theirs);
        self.sections.iter_mut().for_each(Section::roll_back);
    }
}

/// The sections that two descriptions have in common.
fn pairs<'a>(
    one: &'a Sdp,
    other: &'a Sdp,
) -> impl Iterator<Item = (&'a SdpSection, &'a SdpSection)> {
    let of = |section: &SdpSection| other.sections.iter().find(|it| it.mid == section.mid);
    let both = one.sections.iter();
    both.filter_map(move |section| of(section).map(|found| (section, found)))
}
