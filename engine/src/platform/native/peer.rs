use std::sync::Arc;

use rtc::peer_connection::transport::RTCIceCandidateInit;
use tokio::sync::mpsc;

use super::chain::{self, Live, Op, Shared, ask};
use super::channel::NativeChannel;
use super::configuration::rtc_configuration;
use super::error::refused;
use super::relay::Relays;
use super::transceiver::{NativeTransceiver, TransceiverShared};
use super::{Native, descriptions, stats};
use crate::error::{Error, Result};
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, IceCandidate, SessionDescription, StatsReport, TransceiverInit,
};
use crate::platform::{ChannelEvents, Peer, PeerEvents, emitter};

#[derive(Clone)]
pub(crate) struct NativePeer(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    ops: mpsc::UnboundedSender<Op>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        chain::close(&self.shared, &self.ops);
    }
}

impl NativePeer {
    pub(super) fn open(
        platform: Native,
        config: &Configuration,
    ) -> Result<(Self, PeerEvents<Native>)> {
        let (events, emitted) = emitter();
        let (ops, asked) = crate::inbox::unbounded();
        let (relays, servers) = Relays::new(config)?;
        let shared = Arc::new(Shared::new(platform, events, relays));
        chain::start((config.clone(), servers), &shared, &ops, asked);
        Ok((Self(Arc::new(Handle { shared, ops })), emitted))
    }

    async fn ask<T, F>(&self, act: impl FnOnce(Live) -> F + Send + 'static) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.check()?;
        ask(&self.0.ops, act).await
    }

    fn check(&self) -> Result<()> {
        if self.0.shared.is_closed() {
            return Err(Error::closed("peer connection"));
        }
        Ok(())
    }

    /// Does something in its turn, and tells nobody.
    fn later<F>(&self, act: impl FnOnce(Live) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // A task that is gone has nothing left to do it to.
        let _ = self.0.ops.send(Box::new(move |live| Box::pin(act(live))));
    }
}

impl Peer<Native> for NativePeer {
    async fn create_offer(&self) -> Result<SessionDescription> {
        // Here and not when its turn comes: what is changed until then may not be in it.
        self.0.shared.state().need.offers();
        self.ask(|live| async move { descriptions::offer(&live).await })
            .await
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        self.ask(|live| async move { descriptions::answer(&live).await })
            .await
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        let description = description.clone();
        self.ask(move |live| async move { descriptions::set_local(&live, &description).await })
            .await
    }

    async fn describe(&self) -> Result<SessionDescription> {
        // As for an offer, should it be one.
        self.0.shared.state().need.offers();
        self.ask(|live| async move { descriptions::describe(&live).await })
            .await
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        let description = description.clone();
        self.ask(move |live| async move { descriptions::set_remote(&live, &description).await })
            .await
    }

    async fn rollback(&self) -> Result<()> {
        self.ask(|live| async move { descriptions::roll_back(&live).await })
            .await
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        let described = self.ask(|live| async move { Ok(descriptions::local(&live).await) });
        described.await.ok().flatten()
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        let described = self.ask(|live| async move { Ok(descriptions::remote(&live).await) });
        described.await.ok().flatten()
    }

    async fn add_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        let Some(candidate) = candidate else {
            // webrtc has no word for the end; it gives up after a while by itself.
            return self.check();
        };
        let init = RTCIceCandidateInit {
            candidate: candidate.candidate.clone(),
            sdp_mid: candidate.sdp_mid.clone(),
            sdp_mline_index: candidate.sdp_m_line_index,
            username_fragment: candidate.username_fragment.clone(),
            ..RTCIceCandidateInit::default()
        };
        self.ask(move |live| async move {
            let added = live.connection.add_ice_candidate(init).await;
            added.map_err(|error| refused("a remote candidate", error))
        })
        .await
    }

    fn restart_ice(&self) {
        {
            let mut state = self.0.shared.state();
            state.restart_ice = true;
            state.restarting = false;
        }
        self.0.shared.needs_negotiation();
    }

    async fn set_configuration(&self, config: &Configuration) -> Result<()> {
        let config = config.clone();
        self.ask(move |live| async move {
            let relays = &live.shared.relays;
            let prepared = relays.prepare(&config)?;
            let config = rtc_configuration(&config, prepared.servers.clone());
            let set = live.connection.set_configuration(config).await;
            set.map_err(|error| refused("the configuration", error))?;
            relays.adopt(prepared);
            Ok(())
        })
        .await
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(NativeChannel, ChannelEvents)> {
        self.check()?;
        let (channel, shared, events, making) =
            NativeChannel::new(label, options, self.0.shared.send_limit.clone());
        let is_first = {
            let mut state = self.0.shared.state();
            state.keep(shared);
            !std::mem::replace(&mut state.has_data_section, true)
        };
        self.later(move |live| async move { making.make(&live).await });
        if is_first {
            self.0.shared.needs_negotiation();
        }
        Ok((channel, events))
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<NativeTransceiver> {
        self.check()?;
        let shared = Arc::new(TransceiverShared::new(kind, init));
        self.0.shared.state().transceivers.push(shared.clone());
        self.0.shared.needs_negotiation();
        Ok(self.transceiver(shared))
    }

    fn transceivers(&self) -> Vec<NativeTransceiver> {
        let transceivers = self.0.shared.state().transceivers.clone();
        let alive = transceivers.into_iter().filter(|it| !it.is_stopped());
        alive.map(|shared| self.transceiver(shared)).collect()
    }

    async fn stats(&self) -> Result<StatsReport> {
        self.ask(|live| async move { Ok(stats::report(&live).await) })
            .await
    }

    fn close(&self) {
        chain::close(&self.0.shared, &self.0.ops);
    }
}

impl NativePeer {
    fn transceiver(&self, shared: Arc<TransceiverShared>) -> NativeTransceiver {
        NativeTransceiver::new(shared, self.0.shared.clone(), self.0.ops.downgrade())
    }
}
