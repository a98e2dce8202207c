use std::sync::Arc;

use rtc::peer_connection::configuration::RTCOfferOptions;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::RTCIceCandidateInit;
use tokio::sync::mpsc;

use super::chain::{self, Live, Op, Shared, ask};
use super::channel::NativeChannel;
use super::configuration::rtc_configuration;
use super::error::{failed, refused};
use super::hidden::without_addresses;
use super::relay::Relays;
use super::transceiver::{self, NativeTransceiver, TransceiverShared};
use super::{Native, gathering, sections, stats};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, IceCandidate, SdpType, SessionDescription, StatsReport,
    TransceiverInit,
};
use crate::platform::need::Need;
use crate::platform::{ChannelEvents, Peer, PeerEvents};

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
        let (events, inbox) = crate::inbox::unbounded();
        let (ops, asked) = crate::inbox::unbounded();
        let (relays, servers) = Relays::new(config)?;
        let shared = Arc::new(Shared::new(platform, events, relays));
        chain::start((config.clone(), servers), &shared, &ops, asked);
        Ok((Self(Arc::new(Handle { shared, ops })), inbox))
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

/// One reading of a description is webrtc's own.
fn parsed(description: &SessionDescription) -> Result<RTCSessionDescription> {
    let sdp = description.sdp.clone();
    match description.kind {
        SdpType::Offer => RTCSessionDescription::offer(sdp),
        SdpType::PrAnswer => {
            // webrtc takes it, and then does not take the answer that follows.
            let text = "provisional answers are not to be had here";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        SdpType::Answer => RTCSessionDescription::answer(sdp),
        SdpType::Rollback => Ok(rollback()),
    }
    .map_err(|error| refused("not a session description", error))
}

fn rollback() -> RTCSessionDescription {
    let mut description = RTCSessionDescription::default();
    description.sdp_type = rtc::peer_connection::sdp::RTCSdpType::Rollback;
    description
}

fn ours(kind: SdpType, description: RTCSessionDescription) -> SessionDescription {
    SessionDescription {
        kind,
        sdp: description.sdp,
    }
}

/// As the application may see it, and pass it on.
fn shown(live: &Live, made: SessionDescription) -> SessionDescription {
    let sdp = dressed(live, &made);
    live.shared.state().shown.keep(made, sdp)
}

/// What webrtc made, as the other side has to see it and may.
fn dressed(live: &Live, made: &SessionDescription) -> String {
    let sdp = match made.kind {
        SdpType::Answer => live.shared.state().setup.corrected(&made.sdp),
        _ => made.sdp.clone(),
    };
    match live.shared.relays.hides() {
        true => without_addresses(&sdp),
        false => sdp,
    }
}

fn kind_of(description: &RTCSessionDescription) -> SdpType {
    use rtc::peer_connection::sdp::RTCSdpType;

    match description.sdp_type {
        RTCSdpType::Offer => SdpType::Offer,
        RTCSdpType::Pranswer => SdpType::PrAnswer,
        RTCSdpType::Rollback => SdpType::Rollback,
        _ => SdpType::Answer,
    }
}

impl Peer<Native> for NativePeer {
    async fn create_offer(&self, restart_ice: bool) -> Result<SessionDescription> {
        // Here and not when its turn comes: what is changed until then may not be in it.
        self.0.shared.state().need.offers();
        self.ask(move |live| async move {
            transceiver::make_all(&live).await;
            let ice_restart = {
                let mut state = live.shared.state();
                state.restarting = restart_ice || state.restart_ice;
                state.restarting
            };
            let options = RTCOfferOptions { ice_restart };
            let offer = live.connection.create_offer(Some(options)).await;
            let offer = offer.map_err(|error| refused("an offer", error))?;
            Ok(shown(&live, ours(SdpType::Offer, offer)))
        })
        .await
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        self.ask(|live| async move {
            let answer = live.connection.create_answer(None).await;
            let answer = answer.map_err(|error| refused("an answer", error))?;
            Ok(shown(&live, ours(SdpType::Answer, answer)))
        })
        .await
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        let kind = description.kind;
        let made = self.0.shared.state().shown.made(description);
        let description = parsed(&made)?;
        self.ask(move |live| async move {
            let gathering = gathering::begin(&live, &description.sdp);
            let sdp = description.sdp.clone();
            let set = live.connection.set_local_description(description).await;
            if let Err(error) = set {
                gathering.take_back(&live);
                return Err(refused("the local description", error));
            }
            match kind {
                SdpType::Offer => {
                    let mut state = live.shared.state();
                    state.restart_ice &= !state.restarting;
                    state.need.offered();
                }
                SdpType::Answer => {
                    live.shared.state().setup.answered(&sdp);
                    live.shared.need(Need::agreed);
                }
                SdpType::PrAnswer | SdpType::Rollback => {}
            }
            transceiver::refresh(&live, &[]).await;
            Ok(())
        })
        .await
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        let kind = description.kind;
        let description = parsed(description)?;
        self.ask(move |live| async move {
            let open = live.connection.pending_local_description().await;
            let crosses = open.is_some_and(|open| kind_of(&open) == SdpType::Offer);
            if kind == SdpType::Offer && crosses {
                take_back(&live).await?;
            }
            transceiver::make_all(&live).await;
            let sdp = description.sdp.clone();
            let sections = sections::read(&sdp);
            let was_open = live.connection.pending_remote_description().await.is_some();
            let set = live.connection.set_remote_description(description).await;
            if let Err(error) = set {
                // webrtc 0.21.1 may find a fault in an offer only after it took it. One that was
                // open before is not this one.
                let is_open = live.connection.pending_remote_description().await.is_some();
                if is_open && !was_open {
                    take_back(&live).await?;
                }
                return Err(refused("the remote description", error));
            }
            match kind {
                SdpType::Offer => live.shared.state().need.was_offered(),
                SdpType::Answer => {
                    live.shared.state().setup.was_answered(&sdp);
                    live.shared.need(Need::agreed);
                }
                SdpType::PrAnswer | SdpType::Rollback => {}
            }
            transceiver::refresh(&live, &sections).await;
            transceiver::described(&live, &sections);
            Ok(())
        })
        .await
    }

    async fn rollback(&self) -> Result<()> {
        self.ask(|live| async move { take_back(&live).await }).await
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        let described = self.ask(|live| async move {
            let description = live.connection.local_description().await;
            Ok(description.map(|description| {
                let mut description = ours(kind_of(&description), description);
                description.sdp = dressed(&live, &description);
                description
            }))
        });
        described.await.ok().flatten()
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        let described = self.ask(|live| async move {
            let description = live.connection.remote_description().await;
            Ok(description.map(|description| ours(kind_of(&description), description)))
        });
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
        let (channel, shared, events, making) = NativeChannel::new(label, options);
        let is_first = {
            let mut state = self.0.shared.state();
            state.channels.push(shared);
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

/// Takes back whichever offer is open.
async fn take_back(live: &Live) -> Result<()> {
    let connection = &live.connection;
    let taken = if connection.pending_local_description().await.is_some() {
        connection.set_local_description(rollback()).await
    } else if connection.pending_remote_description().await.is_some() {
        connection.set_remote_description(rollback()).await
    } else {
        return Ok(());
    };
    taken.map_err(|error| failed("a rollback", error))?;
    live.shared.need(Need::rolled_back);
    transceiver::refresh(live, &[]).await;
    Ok(())
}
