use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::{Notify, watch};

use super::channel::DataChannel;
use super::connection::RemoteTrack;
use super::held::Held;
use super::hub::Hub;
use super::transceiver::Transceiver;
use super::watched::set;
use crate::media::Track;
use crate::peer::{
    CandidateError, ChannelOptions, ConnectionState, IceCandidate, IceConnectionState,
    IceGatheringState, SdpType, SignalingState,
};
use crate::platform::{Current, PeerEvent, Platform as _, Transceiver as _};

/// More channels than any honest peer opens before somebody accepts one.
const MAX_UNACCEPTED: usize = 256;

/// Whose description it is.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Local,
    Remote,
}

/// What is told of own candidates.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CandidateEvent {
    /// A way to reach us was found: tell the other side.
    Found(IceCandidate),
    /// There are no more in this generation. Telling the other side lets it fail sooner.
    Complete,
    /// A server gave none. Others may.
    Error(CandidateError),
}

/// What the other side sends.
#[derive(Clone, Debug, PartialEq)]
pub enum TrackEvent {
    /// It sends this now.
    Added(RemoteTrack),
    /// It no longer does. The track may be added again.
    Removed(RemoteTrack),
}

/// Is called after something changed, from wherever the platform told it: so it must not ask the
/// platform for anything, nor take long.
pub(crate) type Observer = Arc<dyn Fn() + Send + Sync>;

/// What the handles are told. It must not hold the platform's peer, or nothing would
/// ever close it.
pub(super) struct Shared {
    pub(super) connection: watch::Sender<ConnectionState>,
    pub(super) ice: watch::Sender<IceConnectionState>,
    pub(super) gathering: watch::Sender<IceGatheringState>,
    pub(super) signaling: watch::Sender<SignalingState>,
    pub(super) negotiation_needed: watch::Sender<bool>,
    /// ICE restarts, and the gathering that one asked for has not begun: `gathering` is of before.
    pub(super) restarting: watch::Sender<bool>,
    pub(super) candidates: Hub<CandidateEvent>,
    pub(super) tracks: Hub<TrackEvent>,
    pub(super) held: Held,
    channels: Mutex<Unaccepted>,
    pub(super) channel_came: Notify,
    pub(super) observer: Option<Observer>,
}

#[derive(Default)]
struct Unaccepted {
    channels: VecDeque<DataChannel>,
    ended: bool,
}

impl Shared {
    pub(super) fn new(observer: Option<Observer>) -> Self {
        Self {
            connection: watch::Sender::default(),
            ice: watch::Sender::default(),
            gathering: watch::Sender::default(),
            signaling: watch::Sender::default(),
            negotiation_needed: watch::Sender::default(),
            restarting: watch::Sender::default(),
            candidates: Hub::default(),
            tracks: Hub::default(),
            held: Held::default(),
            channels: Mutex::default(),
            channel_came: Notify::new(),
            observer,
        }
    }

    fn channels(&self) -> MutexGuard<'_, Unaccepted> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next channel of the other side's; `Err` when there are no more for good.
    pub(super) fn next_channel(&self) -> Result<Option<DataChannel>, ()> {
        let mut channels = self.channels();
        match channels.channels.pop_front() {
            Some(channel) => Ok(Some(channel)),
            None if channels.ended => Err(()),
            None => Ok(None),
        }
    }

    /// Everything is over: states say so, and whoever waits for more is told.
    pub(super) fn close(&self) {
        set(&self.connection, ConnectionState::Closed);
        set(&self.ice, IceConnectionState::Closed);
        set(&self.signaling, SignalingState::Closed);
        self.candidates.end();
        self.tracks.end();
        let unaccepted = {
            let mut channels = self.channels();
            channels.ended = true;
            std::mem::take(&mut channels.channels)
        };
        drop(unaccepted);
        self.channel_came.notify_waiters();
    }

    /// A description of this kind was set. How far signaling is follows from that alone, so it is
    /// known when the caller goes on, and not when a platform's event has come round.
    pub(super) fn described(&self, side: Side, kind: SdpType) {
        let state = match (side, kind) {
            (Side::Local, SdpType::Offer) => SignalingState::HaveLocalOffer,
            (Side::Remote, SdpType::Offer) => SignalingState::HaveRemoteOffer,
            (Side::Local, SdpType::PrAnswer) => SignalingState::HaveLocalPrAnswer,
            (Side::Remote, SdpType::PrAnswer) => SignalingState::HaveRemotePrAnswer,
            (_, SdpType::Answer | SdpType::Rollback) => SignalingState::Stable,
        };
        if kind == SdpType::Offer {
            // Whatever is still needed after this exchange is said again then.
            set(&self.negotiation_needed, false);
        }
        // After a close that came meanwhile it stays closed.
        self.signaling.send_if_modified(|current| {
            let is_new = *current != state && *current != SignalingState::Closed;
            if is_new {
                *current = state;
            }
            is_new
        });
    }

    fn gathering(&self, state: IceGatheringState) {
        if state == IceGatheringState::Gathering {
            set(&self.restarting, false);
            self.candidates.forget();
        }
        set(&self.gathering, state);
    }

    fn candidate(&self, event: CandidateEvent) {
        self.candidates.push_and(event, Vec::push);
    }

    fn track_added(&self, added: RemoteTrack) {
        let event = TrackEvent::Added(added);
        self.tracks.push_and(event, |current, event| {
            if !current.contains(&event) {
                current.push(event);
            }
        });
    }

    /// Compares what is received with what was agreed on.
    pub(super) fn settle_tracks(&self) {
        for event in self.tracks.current() {
            let TrackEvent::Added(track) = event else {
                continue;
            };
            let direction = track.transceiver.current_direction();
            if direction.is_some_and(|direction| !direction.receives()) {
                let removed = TrackEvent::Removed(track.clone());
                self.tracks.push_and(removed, |current, _| {
                    current.retain(|event| *event != TrackEvent::Added(track.clone()));
                });
            }
        }
    }

    fn channel(&self, channel: DataChannel) {
        let mut channels = self.channels();
        if channels.ended || channels.channels.len() >= MAX_UNACCEPTED {
            tracing::warn!("a channel of the other side's is refused: too many were not accepted");
            // Closed by being dropped.
            return;
        }
        channels.channels.push_back(channel);
        drop(channels);
        self.channel_came.notify_waiters();
    }
}

impl Shared {
    /// Takes what the platform tells.
    pub(super) fn take(&self, event: PeerEvent<Current>) {
        match event {
            PeerEvent::Candidate(Some(candidate)) => {
                self.candidate(CandidateEvent::Found(candidate));
            }
            PeerEvent::Candidate(None) => self.candidate(CandidateEvent::Complete),
            PeerEvent::CandidateError(error) => self.candidate(CandidateEvent::Error(error)),
            PeerEvent::NegotiationNeeded => set(&self.negotiation_needed, true),
            PeerEvent::Connection(state) => set(&self.connection, state),
            PeerEvent::IceConnection(state) => set(&self.ice, state),
            PeerEvent::IceGathering(state) => self.gathering(state),
            PeerEvent::Track {
                transceiver,
                track,
                streams,
            } => self.track_added(RemoteTrack {
                mid: transceiver.mid().unwrap_or_default(),
                track: Track::new(track),
                transceiver: Transceiver::new(transceiver),
                streams,
            }),
            PeerEvent::Channel(channel, events) => {
                let receive_buffer = ChannelOptions::default().receive_buffer;
                let observer = self.observer.clone();
                let channel = DataChannel::new((channel, events), receive_buffer, observer);
                self.channel(channel);
            }
        }
    }
}

/// Waits until all own candidates of the newest generation were found.
pub(super) async fn gathered(shared: &Shared) -> bool {
    let mut restarting = shared.restarting.subscribe();
    let mut gathering = shared.gathering.subscribe();
    let mut connection = shared.connection.subscribe();
    loop {
        let is_complete = *gathering.borrow_and_update() == IceGatheringState::Complete
            && !*restarting.borrow_and_update();
        if is_complete {
            return true;
        }
        if *connection.borrow_and_update() == ConnectionState::Closed {
            return false;
        }
        let (restarting, connection) = (pin!(restarting.changed()), pin!(connection.changed()));
        select(pin!(gathering.changed()), select(restarting, connection)).await;
    }
}

/// Waits for something at the longest so long; `None` when it took longer.
pub(super) async fn within<T>(
    platform: &Current,
    limit: Duration,
    wait: impl Future<Output = T>,
) -> Option<T> {
    let (wait, limit) = (pin!(wait), pin!(platform.sleep(limit)));
    match select(wait, limit).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
