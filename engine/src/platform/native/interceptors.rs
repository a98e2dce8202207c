//! What stands between webrtc's RTP and us: its own congestion control, and ears.

use std::collections::VecDeque;
use std::sync::Arc;
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
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::sansio::Protocol;

use super::feedback::Feedback;
use super::handler::Handler;
use super::receive::Router;

/// Bits in a second that a connection begins with, and the bounds of what it believes.
const BITRATE: (f64, f64, f64) = (600_000.0, 60_000.0, 8_000_000.0);
/// Ours is next to the application; webrtc's own are below.
const EARS: usize = 14_000;

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

/// Hears PLI, FIR and reports, which webrtc keeps to itself or reads in part, and media, of which it
/// loses the first packet. Everything passes unchanged.
struct Ears {
    feedback: Arc<Feedback>,
    router: Arc<Router>,
    read: VecDeque<TaggedPacket>,
    written: VecDeque<TaggedPacket>,
}

impl Ears {
    fn hear(&self, packet: &dyn rtc::rtcp::Packet, now: Instant) {
        let packet = packet.as_any();
        if let Some(pli) = packet.downcast_ref::<PictureLossIndication>() {
            self.feedback.key_frame(pli.media_ssrc);
        } else if let Some(fir) = packet.downcast_ref::<FullIntraRequest>() {
            for entry in &fir.fir {
                self.feedback.key_frame(entry.ssrc);
            }
        } else if let Some(report) = packet.downcast_ref::<ReceiverReport>() {
            self.feedback.reported(&report.reports, now);
        } else if let Some(report) = packet.downcast_ref::<SenderReport>() {
            // Who sends too says in these what it receives.
            self.feedback.reported(&report.reports, now);
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
        let packet_time = packet.now;
        match &packet.message.packet {
            Packet::Rtp(packet) => self.router.route(packet),
            Packet::Rtcp(packets) => {
                for packet in packets {
                    self.hear(&**packet, packet_time);
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
