mod descriptions;
mod sections;

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::channel::DataChannel;
use super::hub::Events;
use super::shared::{self, CandidateEvent, Observer, Shared, TrackEvent};
use super::stats::StatsEvery;
use super::transceiver::Transceiver;
use super::watched::{Watched, set};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Track;
use crate::peer::{
    ChannelOptions, Configuration, ConnectionState, IceConnectionState, IceGatheringState,
    SignalingState, StatsReport,
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
        Ok(Self::over(platform, platform.open_peer(config)?, None))
    }

    /// Opens a connection of which an observer is told whenever it or one of its channels changes,
    /// or a message came. The session's configuration is the default but for servers that it checked.
    pub(crate) fn open_observed(
        platform: &Current,
        config: &Configuration,
        observer: Observer,
    ) -> Result<Self> {
        let opened = platform.open_peer(config)?;
        Ok(Self::over(platform, opened, Some(observer)))
    }

    fn over(
        platform: &Current,
        (peer, events): (CurrentPeer, CurrentEvents),
        observer: Option<Observer>,
    ) -> Self {
        let shared = Arc::new(Shared::new(observer));
        events.taken_by({
            let shared = shared.clone();
            move |event| {
                match event {
                    Some(event) => shared.take(event),
                    None => shared.close(),
                }
                if let Some(observer) = &shared.observer {
                    observer();
                }
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

    /// The next channel that the other side opened, if one waits.
    pub(crate) fn try_accept_channel(&self) -> Option<DataChannel> {
        self.0.shared.next_channel().ok().flatten()
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
        let observer = self.0.shared.observer.clone();
        Ok(DataChannel::new(channel, options.receive_buffer, observer))
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
