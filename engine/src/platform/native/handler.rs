//! What webrtc tells. Its callbacks run on the task that drives the connection, so they only pass
//! on.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Instant;

use rtc::interceptor::{
    BandwidthEstimator, EstimatorStats, Gcc, Interceptor, Packet, PacketReport, Registry, Slot,
    StreamInfo, TaggedPacket,
};
use rtc::peer_connection::configuration::interceptor_registry::{
    CongestionFeedback, configure_congestion_control, register_default_interceptors,
};
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::sansio::Protocol;
use tokio::sync::mpsc;
use webrtc::data_channel::DataChannel;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionEventHandler, RTCIceConnectionState, RTCIceGatheringState,
    RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent, RTCPeerConnectionState,
};

use super::chain::{Live, Op, Shared};
use super::channel;
use super::encoded::Requests;
use super::receive::Router;
use crate::peer::{
    CandidateError, ConnectionState, IceCandidate, IceConnectionState, IceGatheringState,
};
use crate::platform::PeerEvent;

/// Bits in a second that a connection begins with, and the bounds of what it believes.
const BITRATE: (f64, f64, f64) = (600_000.0, 60_000.0, 8_000_000.0);
/// Ours is next to the application; webrtc's own are below.
const EARS: usize = 14_000;

pub(super) struct Handler {
    shared: Weak<Shared>,
    /// Known once it is made, which is before it tells anything.
    connection: OnceLock<Weak<dyn PeerConnection>>,
    pub(super) feedback: Arc<Feedback>,
    pub(super) router: Arc<Router>,
    /// Asks the connection's task for something.
    ops: mpsc::WeakUnboundedSender<Op>,
}

/// What receivers tell of what we send, by stream.
#[derive(Default)]
pub(super) struct Feedback {
    bitrate: AtomicU64,
    sources: Mutex<BTreeMap<u32, Arc<Requests>>>,
}

impl Feedback {
    /// Bits in a second that congestion control believes to fit.
    pub(super) fn bitrate(&self) -> Option<u64> {
        match self.bitrate.load(Ordering::Relaxed) {
            0 => None,
            bitrate => Some(bitrate),
        }
    }

    /// What is asked of this stream goes there from now on.
    pub(super) fn direct(&self, ssrc: u32, requests: Option<Arc<Requests>>) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        match requests {
            Some(requests) => sources.insert(ssrc, requests),
            None => sources.remove(&ssrc),
        };
    }

    fn key_frame(&self, ssrc: u32) {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(requests) = sources.get(&ssrc) {
            requests.key_frame();
        }
    }

    fn fits(&self, bitrate: f64) {
        let bitrate = bitrate.max(1.0) as u64;
        if self.bitrate.swap(bitrate, Ordering::Relaxed) == bitrate {
            return;
        }
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        for requests in sources.values() {
            requests.bitrate(bitrate);
        }
    }
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
        let Ok(init) = event.candidate.to_json() else {
            return;
        };
        let candidate = {
            let state = shared.state();
            IceCandidate {
                candidate: init.candidate,
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
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        // The beginning is told where it begins: webrtc is silent on it.
        if state == RTCIceGatheringState::Complete {
            shared.state().gathering = IceGatheringState::Complete;
            shared.emit(PeerEvent::IceGathering(IceGatheringState::Complete));
            // Nor has it an event for the end of candidates.
            shared.emit(PeerEvent::Candidate(None));
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

/// webrtc's own, with congestion control, and ears for what receivers ask of a source.
pub(super) fn interceptors(
    media: &mut MediaEngine,
    handler: &Handler,
) -> webrtc::error::Result<Registry> {
    let (start, least, most) = BITRATE;
    let estimator = Estimator {
        inner: Gcc::new(start, least, most),
        feedback: handler.feedback.clone(),
    };
    let feedback = CongestionFeedback::Twcc;
    let registry = configure_congestion_control(Registry::new(), estimator, feedback, media)?;
    let registry = register_default_interceptors(registry, media)?;
    let requests = Ears {
        feedback: handler.feedback.clone(),
        router: handler.router.clone(),
        read: VecDeque::new(),
        written: VecDeque::new(),
    };
    Ok(registry.with(Slot::from(EARS), requests))
}

/// Google's congestion control, whose estimate webrtc keeps to itself.
struct Estimator {
    inner: Gcc,
    feedback: Arc<Feedback>,
}

impl BandwidthEstimator for Estimator {
    fn on_reports(&mut self, now: Instant, reports: &[PacketReport]) {
        self.inner.on_reports(now, reports);
        self.feedback.fits(self.inner.target_bitrate());
    }

    fn target_bitrate(&self) -> f64 {
        self.inner.target_bitrate()
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.inner.handle_timeout(now);
        self.feedback.fits(self.inner.target_bitrate());
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.inner.poll_timeout()
    }

    fn stats(&self) -> EstimatorStats {
        self.inner.stats()
    }
}

/// Hears PLI and FIR, which webrtc does not give to the application, and media, of which it loses
/// the first packet. Everything passes unchanged.
struct Ears {
    feedback: Arc<Feedback>,
    router: Arc<Router>,
    read: VecDeque<TaggedPacket>,
    written: VecDeque<TaggedPacket>,
}

impl Ears {
    fn hear(&self, packet: &dyn rtc::rtcp::Packet) {
        let packet = packet.as_any();
        if let Some(pli) = packet.downcast_ref::<PictureLossIndication>() {
            self.feedback.key_frame(pli.media_ssrc);
        } else if let Some(fir) = packet.downcast_ref::<FullIntraRequest>() {
            for entry in &fir.fir {
                self.feedback.key_frame(entry.ssrc);
            }
        }
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Ears {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = webrtc::error::Error;
    type Time = Instant;

    fn handle_read(&mut self, packet: TaggedPacket) -> Result<(), Self::Error> {
        match &packet.message.packet {
            Packet::Rtp(packet) => self.router.route(packet),
            Packet::Rtcp(packets) => {
                for packet in packets {
                    self.hear(&**packet);
                }
            }
            _ => {}
        }
        self.read.push_back(packet);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<Self::Rout> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, packet: TaggedPacket) -> Result<(), Self::Error> {
        self.written.push_back(packet);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<Self::Wout> {
        self.written.pop_front()
    }
}

impl Interceptor for Ears {
    fn bind_local_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _info: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _info: &StreamInfo) {}
}
