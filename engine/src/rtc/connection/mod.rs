use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::channel::DataChannel;
use super::hub::Events;
use super::shared::{self, CandidateEvent, Shared, Side, TrackEvent};
use super::stats::StatsEvery;
use super::transceiver::Transceiver;
use super::watched::{Watched, set};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{Kind, Track};
use crate::peer::{
    ChannelOptions, Configuration, ConnectionState, Direction, IceCandidate, IceConnectionState,
    IceGatheringState, SdpType, SessionDescription, SignalingState, StatsReport, TransceiverInit,
};
use crate::platform::{Current, CurrentEvents, CurrentPeer, Peer as _, Platform as _};

/// A connection to one other peer
/// ([W3C `RTCPeerConnection`](https://www.w3.org/TR/webrtc/#rtcpeerconnection-interface)), with
/// signaling that the application brings: whatever carries descriptions and candidates to the
/// other side, a [`Negotiator`](super::Negotiator) says which and when.
///
/// A cheap handle; the last one's drop closes the connection. On every platform operations happen
/// in the order in which they were asked for.
#[derive(Clone)]
pub struct PeerConnection(Arc<Inner>);

struct Inner {
    platform: Current,
    peer: CurrentPeer,
    shared: Arc<Shared>,
}

/// A connection for the engine, which must not keep it open.
pub(crate) struct WeakPeerConnection(Weak<Inner>);

impl WeakPeerConnection {
    pub(crate) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(crate) fn close(&self) {
        if let Some(inner) = self.0.upgrade() {
            PeerConnection(inner).close();
        }
    }
}

/// What the other side sends in one media section.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteTrack {
    /// The sound or pictures. The same track whenever this section is added again.
    pub track: Track,
    /// The media section, for answering in it.
    pub transceiver: Transceiver,
    /// The section's identification tag.
    pub mid: String,
    /// The streams that it belongs to, by the ids that the other side gave them.
    pub streams: Vec<String>,
}

impl PeerConnection {
    pub(crate) fn open(platform: &Current, config: &Configuration) -> Result<Self> {
        config.check()?;
        Ok(Self::over(platform, platform.open_peer(config)?))
    }

    fn over(platform: &Current, (peer, events): (CurrentPeer, CurrentEvents)) -> Self {
        let shared = Arc::new(Shared::new());
        events.taken_by({
            let shared = shared.clone();
            move |event| match event {
                Some(event) => shared.take(event),
                None => shared.close(),
            }
        });
        Self(Arc::new(Inner {
            platform: platform.clone(),
            peer,
            shared,
        }))
    }

    /// How the connection as a whole stands.
    pub fn connection_state(&self) -> Watched<ConnectionState> {
        Watched::new(self.0.shared.connection.subscribe())
    }

    /// How the search for a way stands.
    pub fn ice_connection_state(&self) -> Watched<IceConnectionState> {
        Watched::new(self.0.shared.ice.subscribe())
    }

    /// Whether own candidates are being looked for.
    pub fn ice_gathering_state(&self) -> Watched<IceGatheringState> {
        Watched::new(self.0.shared.gathering.subscribe())
    }

    /// How far offer and answer are.
    pub fn signaling_state(&self) -> Watched<SignalingState> {
        Watched::new(self.0.shared.signaling.subscribe())
    }

    /// Whether something was changed that only an offer makes known. It stays so until an offer is
    /// set, so nobody has to listen in the right moment.
    pub fn negotiation_needed(&self) -> Watched<bool> {
        Watched::new(self.0.shared.negotiation_needed.subscribe())
    }

    /// Own candidates; first those of this generation that were found already.
    pub fn candidates(&self) -> Events<CandidateEvent> {
        self.0.shared.candidates.subscribe()
    }

    /// What the other side begins and ends to send; first what it sends already.
    pub fn tracks(&self) -> Events<TrackEvent> {
        self.0.shared.tracks.subscribe()
    }

    /// The next channel that the other side opened, each given once. It waits, with all messages on
    /// it, until somebody asks; up to 256 do.
    ///
    /// `receive_buffer` is for it what [`ChannelOptions::receive_buffer`] is for own ones.
    ///
    /// # Errors
    ///
    /// [`Closed`](ErrorKind::Closed) when the connection is closed.
    pub async fn accept_channel(&self, receive_buffer: usize) -> Result<DataChannel> {
        loop {
            // Made before looking, so that what comes in between is not missed.
            let came = self.0.shared.channel_came.notified();
            let next = self.0.shared.next_channel();
            if let Some(channel) = next.map_err(|()| Error::closed("peer connection"))? {
                channel.set_receive_buffer(receive_buffer);
                return Ok(channel);
            }
            came.await;
        }
    }

    /// Makes an offer. Nothing changes until it is set.
    ///
    /// # Errors
    ///
    /// [`Closed`](ErrorKind::Closed) after closing, as for all that follows;
    /// [`Invalid`](ErrorKind::Invalid) while an offer of the other side's is open.
    pub async fn create_offer(&self) -> Result<SessionDescription> {
        self.open_peer()?.create_offer(false).await
    }

    /// Makes an answer to the other side's offer. Nothing changes until it is set.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) without an offer.
    pub async fn create_answer(&self) -> Result<SessionDescription> {
        self.open_peer()?.create_answer().await
    }

    /// Sets an own description; with [`SdpType::Rollback`], takes the open offer back.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for nonsense, or at the wrong time: nothing has changed then.
    pub async fn set_local_description(&self, description: &SessionDescription) -> Result<()> {
        let peer = self.open_peer()?;
        match description.kind {
            SdpType::Rollback => peer.rollback().await?,
            _ => peer.set_local(description).await?,
        }
        self.described(description.kind);
        Ok(())
    }

    /// Makes the offer or answer that is due, sets it and gives it: JavaScript's
    /// `setLocalDescription()` without an argument.
    pub async fn describe(&self) -> Result<SessionDescription> {
        let description = self.open_peer()?.describe().await?;
        self.described(description.kind);
        Ok(description)
    }

    /// An own description was set.
    fn described(&self, kind: SdpType) {
        let shared = &self.0.shared;
        shared.described(Side::Local, kind);
        shared.settle_tracks();
    }

    /// Sets the other side's description. An offer that meets our own open one takes that back; one
    /// that meets another of theirs replaces it, natively only after the first answer.
    ///
    /// # Errors
    ///
    /// As for [`set_local_description`](Self::set_local_description).
    pub async fn set_remote_description(&self, description: &SessionDescription) -> Result<()> {
        let (peer, shared) = (self.open_peer()?, &self.0.shared);
        if description.kind == SdpType::Rollback {
            peer.rollback().await?;
            shared.described(Side::Remote, description.kind);
            return Ok(());
        }
        peer.set_remote(description).await?;
        shared.described(Side::Remote, description.kind);
        self.add_held(peer, description).await;
        shared.settle_tracks();
        Ok(())
    }

    /// The other side's description was set: adds the candidates that waited for it, unless the
    /// platform itself waits for the answer.
    async fn add_held(&self, peer: &CurrentPeer, description: &SessionDescription) {
        let is_provisional = description.kind == SdpType::PrAnswer;
        if is_provisional && !self.0.platform.capabilities().early_media {
            return;
        }
        for candidate in self.0.shared.held.described(description) {
            // It was valid when it was given; what no longer fits costs one way, not the call.
            if let Err(error) = peer.add_candidate(Some(&candidate)).await {
                tracing::debug!(%error, "a candidate that waited does not fit");
            }
        }
    }

    /// The own description that is open, or else the one in force, with the candidates found so
    /// far.
    pub async fn local_description(&self) -> Option<SessionDescription> {
        self.0.peer.local_description().await
    }

    /// The other side's description that is open, or else the one in force.
    pub async fn remote_description(&self) -> Option<SessionDescription> {
        self.0.peer.remote_description().await
    }

    /// Adds a candidate of the other side's, or says that there are no more. One that comes before
    /// its description waits for it, so that nobody has to hold it back.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for nonsense; [`Overloaded`](ErrorKind::Overloaded) when more
    /// wait than any host has.
    pub async fn add_ice_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        let (peer, held) = (self.open_peer()?, &self.0.shared.held);
        match candidate {
            Some(candidate) if !held.admits(candidate)? => Ok(()),
            None if !held.has_remote() => Ok(()),
            candidate => peer.add_candidate(candidate).await,
        }
    }

    /// Looks for ways anew with the next offer, which is [needed](Self::negotiation_needed) from
    /// now on. What flows goes on meanwhile.
    pub fn restart_ice(&self) {
        set(&self.0.shared.restarting, true);
        self.0.peer.restart_ice();
    }

    /// Waits until all own candidates were found, for signaling that cannot send them one by one:
    /// [`local_description`](Self::local_description) has them all then. After
    /// [`restart_ice`](Self::restart_ice) it waits for the new ones.
    ///
    /// # Errors
    ///
    /// [`Unreachable`](ErrorKind::Unreachable) when it takes longer than `limit`: a server does not
    /// answer, and what was found so far is usable; [`Closed`](ErrorKind::Closed) when the
    /// connection closes meanwhile.
    pub async fn gathered(&self, limit: Duration) -> Result<()> {
        let wait = shared::gathered(&self.0.shared);
        match shared::within(&self.0.platform, limit, wait).await {
            Some(true) => Ok(()),
            Some(false) => Err(Error::closed("peer connection")),
            None => {
                let text = "not all candidates were found in time: a server does not answer";
                Err(Error::new(ErrorKind::Unreachable, text))
            }
        }
    }

    /// Uses other servers and policies from the next ICE restart on.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a wrong field, which is named, or one that cannot change
    /// any more.
    pub async fn set_configuration(&self, config: &Configuration) -> Result<()> {
        config.check()?;
        self.open_peer()?.set_configuration(config).await
    }

    /// Makes a data channel. The first one needs negotiation. Natively it takes a tenth of a second
    /// longer, or three times the line's, right after another was closed.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for options that contradict each other or are out of bounds.
    pub fn create_channel(&self, label: &str, options: &ChannelOptions) -> Result<DataChannel> {
        options.check(label)?;
        let channel = self.open_peer()?.create_channel(label, options)?;
        Ok(DataChannel::new(channel, options.receive_buffer))
    }

    /// Makes a media section. Needs negotiation.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a stream's id that cannot be told to the other side;
    /// [`Unsupported`](ErrorKind::Unsupported) for several encodings without
    /// [`Capabilities::simulcast`](crate::Capabilities::simulcast).
    pub fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<Transceiver> {
        init.check()?;
        let transceiver = self.open_peer()?.add_transceiver(kind, init)?;
        Ok(Transceiver::new(transceiver))
    }

    /// Sends a track, as part of these streams: in a section of the other side's that only receives
    /// so far if there is one, else in a new one. Needs negotiation.
    pub async fn add_track(&self, track: &Track, streams: &[&str]) -> Result<Transceiver> {
        let free = self.transceivers().into_iter().find(|transceiver| {
            transceiver.kind() == track.kind() && transceiver.direction() == Direction::RecvOnly
        });
        let transceiver = match free {
            Some(transceiver) => {
                transceiver.set_direction(Direction::SendRecv);
                transceiver
            }
            None => {
                let streams = streams.iter().map(|&stream| stream.to_owned()).collect();
                let init = TransceiverInit {
                    streams,
                    ..TransceiverInit::default()
                };
                self.add_transceiver(track.kind(), &init)?
            }
        };
        transceiver.replace_track(Some(track)).await?;
        Ok(transceiver)
    }

    /// Sends nothing more in this section. Needs negotiation, after which the other side is told.
    pub async fn remove_track(&self, transceiver: &Transceiver) -> Result<()> {
        self.open_peer()?;
        transceiver.replace_track(None).await?;
        transceiver.set_direction(if transceiver.direction().receives() {
            Direction::RecvOnly
        } else {
            Direction::Inactive
        });
        Ok(())
    }

    /// All media sections, stopped ones left out.
    pub fn transceivers(&self) -> Vec<Transceiver> {
        let transceivers = self.0.peer.transceivers();
        transceivers.into_iter().map(Transceiver::new).collect()
    }

    /// Measures now.
    pub async fn stats(&self) -> Result<StatsReport> {
        self.open_peer()?.stats().await
    }

    /// Measures again and again, when the result is asked for.
    pub fn stats_every(&self, period: Duration) -> StatsEvery {
        StatsEvery::new(self.clone(), period)
    }

    /// Closes the connection and all under it, at once. The other side notices at once too, where
    /// it is still reached. Every state is `Closed` then, and calls say so.
    pub fn close(&self) {
        self.0.peer.close();
        self.0.shared.close();
    }

    pub(crate) fn downgrade(&self) -> WeakPeerConnection {
        WeakPeerConnection(Arc::downgrade(&self.0))
    }

    pub(super) fn now(&self) -> Duration {
        self.0.platform.now()
    }

    /// Waits until then; `None` when the connection closes first.
    pub(super) async fn sleep_until(&self, moment: Duration) -> Option<()> {
        let mut state = self.connection_state();
        let closed = state.wait_for(|state| state == ConnectionState::Closed);
        let rest = moment.saturating_sub(self.now());
        match shared::within(&self.0.platform, rest, closed).await {
            Some(_) => None,
            None => Some(()),
        }
    }

    /// The platform's peer, unless it is closed: then nothing is asked of the platform any more,
    /// which would answer in words of its own.
    fn open_peer(&self) -> Result<&CurrentPeer> {
        match *self.0.shared.connection.borrow() {
            ConnectionState::Closed => Err(Error::closed("peer connection")),
            _ => Ok(&self.0.peer),
        }
    }
}

impl fmt::Debug for PeerConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerConnection")
            .field("state", &self.connection_state().get())
            .finish_non_exhaustive()
    }
}
