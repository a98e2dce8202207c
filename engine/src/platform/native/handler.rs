//! What webrtc tells. Its callbacks run on the task that drives the connection, so they only pass
//! on.

use std::sync::{Arc, OnceLock, Weak};

use rtc::peer_connection::transport::RTCIceCandidateType;
use tokio::sync::mpsc;
use webrtc::data_channel::DataChannel;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionEventHandler, RTCIceConnectionState, RTCIceGatheringState,
    RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent, RTCPeerConnectionState,
};

use super::chain::{Live, Op, Shared};
use super::channel;
use super::feedback::Feedback;
use super::hidden::without_addresses;
use super::receive::Router;
use crate::peer::{CandidateError, ConnectionState, IceCandidate, IceConnectionState};
use crate::platform::PeerEvent;

pub(super) struct Handler {
    shared: Weak<Shared>,
    /// Known once it is made, which is before it tells anything.
    connection: OnceLock<Weak<dyn PeerConnection>>,
    pub(super) feedback: Arc<Feedback>,
    pub(super) router: Arc<Router>,
    /// Asks the connection's task for something.
    ops: mpsc::WeakUnboundedSender<Op>,
}

impl Handler {
    pub(super) fn new(shared: Weak<Shared>, ops: mpsc::WeakUnboundedSender<Op>) -> Self {
        Self {
            shared,
            ops,
            connection: OnceLock::new(),
            feedback: Arc::default(),
            router: Arc::default(),
        }
    }

    pub(super) fn belongs_to(&self, connection: &Arc<dyn PeerConnection>) {
        // There is one connection for each handler.
        let _ = self.connection.set(Arc::downgrade(connection));
    }

    pub(super) fn live(&self) -> Option<Live> {
        Some(Live {
            connection: self.connection.get()?.upgrade()?,
            shared: self.shared.upgrade()?,
            ops: self.ops.clone(),
            feedback: self.feedback.clone(),
            router: self.router.clone(),
        })
    }

    fn emit(&self, event: PeerEvent<super::Native>) {
        if let Some(shared) = self.shared.upgrade() {
            shared.emit(event);
        }
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        if event.candidate.typ == RTCIceCandidateType::Relay {
            shared.relays.gave(&event.url);
        }
        let Ok(init) = event.candidate.to_json() else {
            return;
        };
        let candidate = {
            let hides = shared.relays.hides();
            let state = shared.state();
            IceCandidate {
                candidate: match hides {
                    true => without_addresses(&init.candidate),
                    false => init.candidate,
                },
                // Everything goes over one way, that of the first section.
                sdp_mid: state.mid.clone().or(init.sdp_mid),
                sdp_m_line_index: Some(0),
                username_fragment: state.ufrag.clone(),
            }
        };
        shared.emit(PeerEvent::Candidate(Some(candidate)));
    }

    async fn on_ice_candidate_error(&self, event: RTCPeerConnectionIceErrorEvent) {
        self.emit(PeerEvent::CandidateError(CandidateError {
            url: event.url,
            code: event.error_code,
            text: event.error_text,
        }));
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        // The beginning is told where it begins: webrtc is silent on it.
        if state == RTCIceGatheringState::Complete
            && let Some(shared) = self.shared.upgrade()
        {
            shared.gathered();
        }
    }

    async fn on_ice_connection_state_change(&self, state: RTCIceConnectionState) {
        self.emit(PeerEvent::IceConnection(match state {
            RTCIceConnectionState::Checking => IceConnectionState::Checking,
            RTCIceConnectionState::Connected => IceConnectionState::Connected,
            RTCIceConnectionState::Completed => IceConnectionState::Completed,
            RTCIceConnectionState::Disconnected => IceConnectionState::Disconnected,
            RTCIceConnectionState::Failed => IceConnectionState::Failed,
            _ => return,
        }));
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.emit(PeerEvent::Connection(match state {
            RTCPeerConnectionState::Connecting => ConnectionState::Connecting,
            RTCPeerConnectionState::Connected => ConnectionState::Connected,
            RTCPeerConnectionState::Disconnected => ConnectionState::Disconnected,
            // Closed by the other side: `Closed` is what this side does.
            RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => {
                ConnectionState::Failed
            }
            _ => return,
        }));
    }

    async fn on_data_channel(&self, data_channel: Arc<dyn DataChannel>) {
        // In its turn, so that channels are told of in their order; and not on this task, which holds
        // what asking the channel would wait for.
        if let Some(ops) = self.ops.upgrade() {
            // A task that is gone takes no more channels.
            let _ = ops.send(Box::new(move |live| {
                Box::pin(channel::announce(live, data_channel))
            }));
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        if let Some(live) = self.live() {
            super::runtime::spawn(super::receive::attach(live, track));
        }
    }
}
