//! Peer connections in memory.

use std::sync::Arc;

use super::Fake;
use super::channel::{self, FakeChannel};
use super::connection::{Connection, with};
use super::ice;
use super::media::{self, Lane};
use super::sdp::{self, Candidate};
use super::section::Section;
use super::stats;
use super::transceiver::FakeTransceiver;
use super::world::{HostId, State, World};
use crate::error::{Error, Result};
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, IceCandidate, SdpType, SessionDescription, SignalingState,
    StatsReport, TransceiverInit,
};
use crate::platform::{ChannelEvents, Peer, PeerEvents, emitter};

#[derive(Clone)]
pub(crate) struct FakePeer(Arc<Handle>);

struct Handle {
    world: World,
    id: u64,
}

impl Drop for Handle {
    fn drop(&mut self) {
        ice::close(&self.world, self.id);
    }
}

impl FakePeer {
    pub(super) fn open(
        world: &World,
        host: HostId,
        config: &Configuration,
    ) -> (Self, PeerEvents<Fake>) {
        let (events, emitted) = emitter();
        let mut state = world.lock();
        let id = state.clock.next_id();
        let connection = Connection::new(id, host, config.clone(), world.teller(events));
        state.connections.insert(id, connection);
        let handle = Handle {
            world: world.clone(),
            id,
        };
        (Self(Arc::new(handle)), emitted)
    }

    fn world(&self) -> &World {
        &self.0.world
    }

    fn with<T>(&self, act: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        with(&mut self.world().lock(), self.0.id, act)
    }

    fn lane(&self, section: u64) -> Lane {
        Lane {
            world: self.world().clone(),
            connection: self.0.id,
            section,
        }
    }

    /// Descriptions have changed what there is to do.
    fn settle(&self) {
        ice::gather(self.world(), self.0.id);
        ice::check(self.world(), self.0.id);
        media::settle(self.world(), self.0.id);
    }
}

impl Peer<Fake> for FakePeer {
    async fn create_offer(&self) -> Result<SessionDescription> {
        self.with(|connection| {
            let sdp = connection.offer()?.write();
            let kind = SdpType::Offer;
            Ok(SessionDescription { kind, sdp })
        })
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        self.with(|connection| {
            let sdp = connection.answer()?.write();
            let kind = SdpType::Answer;
            Ok(SessionDescription { kind, sdp })
        })
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        self.with(|connection| connection.set_local(description))?;
        self.settle();
        Ok(())
    }

    async fn describe(&self) -> Result<SessionDescription> {
        self.with(|connection| {
            let (kind, sdp) = match connection.signaling {
                SignalingState::HaveRemoteOffer | SignalingState::HaveLocalPrAnswer => {
                    (SdpType::Answer, connection.answer()?)
                }
                _ => (SdpType::Offer, connection.offer()?),
            };
            let sdp = sdp.write();
            connection.set_local(&SessionDescription { kind, sdp })
        })?;
        self.settle();
        let described = self.local_description().await;
        described.ok_or_else(|| Error::closed("peer connection"))
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        {
            let mut state = self.world().lock();
            let State {
                clock, connections, ..
            } = &mut *state;
            let connection = connections.get_mut(&self.0.id);
            let connection = connection.ok_or_else(|| Error::closed("peer connection"))?;
            let mut lane = |known: Option<u64>| self.lane(known.unwrap_or_else(|| clock.next_id()));
            connection.set_remote(description, &mut lane)?;
        }
        self.settle();
        Ok(())
    }

    async fn rollback(&self) -> Result<()> {
        self.with(Connection::rollback)?;
        self.settle();
        Ok(())
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        let described = self.with(|it| Ok(it.describe(&it.local)));
        described.ok().flatten()
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        let described = self.with(|it| Ok(it.describe(&it.remote)));
        described.ok().flatten()
    }

    async fn add_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        self.with(|connection| {
            if connection.remote.newest().is_none() {
                return Err(sdp::invalid("there is no remote description"));
            }
            let Some(candidate) = candidate else {
                return Ok(());
            };
            let known = Candidate::read(&candidate.candidate)?;
            let sides = [&connection.remote.pending, &connection.remote.current];
            let mut sides = sides.into_iter().flatten();
            if !sides.any(|(_, sdp)| sdp.admits(candidate)) {
                return Err(sdp::invalid("a candidate of no description that is known"));
            }
            if !connection.ice.remote.contains(&known) {
                connection.ice.remote.push(known);
            }
            Ok(())
        })?;
        ice::check(self.world(), self.0.id);
        Ok(())
    }

    fn restart_ice(&self) {
        // A closed connection has nothing to restart.
        let _ = self.with(|connection| {
            if connection.ice.generation > 0 {
                connection.ice.wanted = connection.ice.last_generation + 1;
            }
            connection.update_need();
            Ok(())
        });
    }

    async fn set_configuration(&self, config: &Configuration) -> Result<()> {
        self.with(|connection| {
            if config.bundle_policy != connection.configuration.bundle_policy {
                return Err(sdp::invalid("bundle_policy: it cannot change any more"));
            }
            connection.configuration = config.clone();
            Ok(())
        })
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(FakeChannel, ChannelEvents)> {
        let made = {
            let mut state = self.world().lock();
            let channels = with(&mut state, self.0.id, |it| Ok(it.channels.clone()))?;
            let mut open = channels.iter().filter_map(|id| state.channels.get(id));
            let stream = options.id.filter(|_| options.negotiated);
            if stream.is_some() && open.any(|it| !it.is_closed() && it.stream == stream) {
                return Err(sdp::invalid("another channel has this id"));
            }
            with(&mut state, self.0.id, |connection| {
                connection.data.is_wanted = true;
                connection.update_need();
                Ok(())
            })?;
            channel::create(self.world(), &mut state, self.0.id, label, options)
        };
        ice::check(self.world(), self.0.id);
        Ok(made)
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<FakeTransceiver> {
        let mut state = self.world().lock();
        let lane = self.lane(state.clock.next_id());
        with(&mut state, self.0.id, |connection| {
            let section = Section::new(lane.clone(), kind, init);
            let transceiver = FakeTransceiver::of(lane, &section);
            connection.sections.push(section);
            connection.update_need();
            Ok(transceiver)
        })
    }

    fn transceivers(&self) -> Vec<FakeTransceiver> {
        let transceivers = self.with(|connection| {
            let alive = connection.sections.iter().filter(|it| !it.is_gone());
            let of = |section: &Section| FakeTransceiver::of(self.lane(section.id), section);
            Ok(alive.map(of).collect())
        });
        transceivers.unwrap_or_default()
    }

    async fn stats(&self) -> Result<StatsReport> {
        stats::report(&self.world().lock(), self.0.id)
    }

    fn close(&self) {
        ice::close(self.world(), self.0.id);
    }
}
