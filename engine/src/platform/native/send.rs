//! Frames on their way into one connection: as RTP, in the form that was agreed on.

use std::sync::{Arc, Mutex as StdMutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp::header::Header;
use rtc::rtp::packet::Packet;
use rtc::rtp::packetizer::Payloader;
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters,
    RTCRtpEncodingParameters, RtpCodecKind,
};
use tokio::sync::Mutex;
use webrtc::media_stream::track_local::TrackLocal as _;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;

use super::encoded::Source;
use crate::media::{EncodedFrame, Kind};
use crate::peer::{Codec, OutboundStats};

/// What fits into a packet on any way, with room for the headers of SRTP, TURN and IP.
const MAX_PAYLOAD: usize = 1_180;

const OPUS: &str = "audio/opus";
const H264: &str = "video/H264";
const VP8: &str = "video/VP8";
const RTX: &str = "video/rtx";

/// The codecs that are offered, the preferred one first. Only what browsers have too.
pub(super) fn codecs() -> Vec<(RTCRtpCodecParameters, RtpCodecKind)> {
    let codec = |mime_type: &str, clock_rate, channels, fmtp: &str, payload_type| {
        let kind = match mime_type.starts_with("audio/") {
            true => RtpCodecKind::Audio,
            false => RtpCodecKind::Video,
        };
        let is_repair = mime_type == "video/rtx";
        let rtcp_feedback = match kind {
            RtpCodecKind::Video if !is_repair => feedback(),
            _ => Vec::new(),
        };
        let rtp_codec = RTCRtpCodec {
            mime_type: mime_type.to_owned(),
            clock_rate,
            channels,
            sdp_fmtp_line: fmtp.to_owned(),
            rtcp_feedback,
        };
        let parameters = RTCRtpCodecParameters {
            rtp_codec,
            payload_type,
        };
        (parameters, kind)
    };
    let h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
    vec![
        codec(OPUS, 48_000, 2, "minptime=10;useinbandfec=1", 111),
        codec(H264, 90_000, 0, h264, 102),
        codec("video/rtx", 90_000, 0, "apt=102", 103),
        codec(VP8, 90_000, 0, "", 96),
        codec("video/rtx", 90_000, 0, "apt=96", 97),
    ]
}

fn feedback() -> Vec<RTCPFeedback> {
    [("ccm", "fir"), ("nack", ""), ("nack", "pli")]
        .map(|(typ, parameter)| RTCPFeedback {
            typ: typ.to_owned(),
            parameter: parameter.to_owned(),
        })
        .to_vec()
}

/// The codec of this name, in our own form.
pub(super) fn known(mime_type: &str) -> Option<Codec> {
    let mut known = codecs().into_iter().map(|(codec, _)| codec.rtp_codec);
    let found = known.find(|codec| {
        codec.mime_type.eq_ignore_ascii_case(mime_type) && codec.mime_type != "video/rtx"
    })?;
    Some(shown(&found))
}

pub(super) fn shown(codec: &RTCRtpCodec) -> Codec {
    Codec {
        mime_type: codec.mime_type.clone(),
        clock_rate: codec.clock_rate,
        channels: Some(codec.channels).filter(|channels| *channels > 0),
        sdp_fmtp_line: codec.sdp_fmtp_line.clone(),
    }
}

/// A codec as it is offered: with the one that repairs it. Nothing for one that is not known.
pub(super) fn family(mime_type: &str) -> Vec<RTCRtpCodecParameters> {
    let all: Vec<_> = codecs().into_iter().map(|(codec, _)| codec).collect();
    let mut known = all
        .iter()
        .filter(|it| it.rtp_codec.mime_type.eq_ignore_ascii_case(mime_type));
    let Some(codec) = known.next().filter(|_| mime_type != RTX) else {
        return Vec::new();
    };
    let repair = format!("apt={}", codec.payload_type);
    let repairs = all.iter().filter(|it| it.rtp_codec.sdp_fmtp_line == repair);
    std::iter::once(codec).chain(repairs).cloned().collect()
}

/// All codecs of a kind, this one first.
pub(super) fn ordered(kind: Kind, first: &str) -> Vec<RTCRtpCodecParameters> {
    let names: &[&str] = match kind {
        Kind::Audio => &[OPUS],
        Kind::Video => &[H264, VP8],
    };
    let others = names
        .iter()
        .filter(|name| !name.eq_ignore_ascii_case(first));
    std::iter::once(&first)
        .chain(others)
        .flat_map(|name| family(name))
        .collect()
}

/// One section's way out. webrtc cannot replace a sender's track, so each has the same one for life
/// and what feeds it is replaced.
pub(super) struct Outlet {
    pub(super) ssrc: u32,
    kind: Kind,
    stream_id: String,
    /// Made when it is needed: webrtc counts, repeats and reports only what is sent in the codec
    /// that a track is made with.
    track: OnceLock<Arc<TrackLocalStaticRTP>>,
    /// What the other side takes, by its description.
    offered: StdMutex<Vec<String>>,
    agreed: StdMutex<Vec<RTCRtpCodecParameters>>,
    source: StdMutex<Option<Arc<Source>>>,
    stream: Mutex<Stream>,
    counts: StdMutex<Counts>,
}

struct Stream {
    sequence_number: u16,
    /// Where timestamps begin, so that they tell nobody anything (RFC 3550, section 5.1).
    offset: u32,
    payloader: Option<(String, Box<dyn Payloader>)>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    frames: u64,
    key_frames: u64,
}

impl Outlet {
    pub(super) fn new(kind: Kind, stream_id: String) -> Self {
        let ssrc = u32::from_le_bytes(crate::random::bytes());
        let stream = Stream {
            sequence_number: u16::from_le_bytes(crate::random::bytes()),
            offset: u32::from_le_bytes(crate::random::bytes()),
            payloader: None,
        };
        Self {
            ssrc,
            kind,
            stream_id,
            track: OnceLock::new(),
            offered: StdMutex::default(),
            agreed: StdMutex::default(),
            source: StdMutex::default(),
            stream: Mutex::new(stream),
            counts: StdMutex::default(),
        }
    }

    /// The track for webrtc.
    pub(super) fn track(&self) -> Arc<TrackLocalStaticRTP> {
        let make = || Arc::new(TrackLocalStaticRTP::new(self.make_track()));
        self.track.get_or_init(make).clone()
    }

    fn make_track(&self) -> MediaStreamTrack {
        let codec = family(&self.codec()).into_iter().next();
        let encoding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters {
                ssrc: Some(self.ssrc),
                ..RTCRtpCodingParameters::default()
            },
            active: true,
            codec: codec.map(|codec| codec.rtp_codec).unwrap_or_default(),
            ..RTCRtpEncodingParameters::default()
        };
        let kind = match self.kind {
            Kind::Audio => RtpCodecKind::Audio,
            Kind::Video => RtpCodecKind::Video,
        };
        let id = format!("{:08x}", self.ssrc);
        MediaStreamTrack::new(self.stream_id.clone(), id.clone(), id, kind, vec![encoding])
    }

    fn offers(&self) -> MutexGuard<'_, Vec<String>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The other side takes these codecs, the one that it likes best first.
    pub(super) fn offered(&self, codecs: Vec<String>) {
        *self.offers() = codecs;
    }

    /// The codec that is most likely sent: that of what feeds it, or what both sides have.
    pub(super) fn codec(&self) -> String {
        let fed = self.source().map(|source| source.codec.mime_type.clone());
        let offered = self.offers();
        let takes = |codec: &String| {
            offered.is_empty() || offered.iter().any(|it| it.eq_ignore_ascii_case(codec))
        };
        let common = || offered.iter().find(|codec| !family(codec).is_empty());
        fed.filter(takes)
            .or_else(|| common().cloned())
            .unwrap_or_else(|| match self.kind {
                Kind::Audio => OPUS.to_owned(),
                Kind::Video => H264.to_owned(),
            })
    }

    fn agreed(&self) -> MutexGuard<'_, Vec<RTCRtpCodecParameters>> {
        self.agreed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn agree(&self, codecs: Vec<RTCRtpCodecParameters>) {
        *self.agreed() = codecs;
    }

    /// Whether this codec was agreed on, or nothing was yet.
    pub(super) fn takes(&self, codec: &Codec) -> bool {
        self.agreed().is_empty() || self.payload_type(codec).is_some()
    }

    fn payload_type(&self, codec: &Codec) -> Option<u8> {
        let agreed = self.agreed();
        let mut fitting = agreed.iter().filter(|it| {
            it.rtp_codec
                .mime_type
                .eq_ignore_ascii_case(&codec.mime_type)
        });
        fitting.next().map(|codec| codec.payload_type)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Source>>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn source(&self) -> Option<Arc<Source>> {
        self.slot().clone()
    }

    /// Takes frames from there from now on, or from nowhere.
    pub(super) fn feed(self: &Arc<Self>, source: Option<Arc<Source>>) {
        if let Some(old) = std::mem::replace(&mut *self.slot(), source.clone()) {
            old.detach(self);
        }
        if let Some(source) = source {
            source.attach(self);
        }
    }

    /// Sends a frame, if it is agreed on how; what is not is nobody's to receive.
    pub(super) async fn send(&self, codec: &Codec, frame: &EncodedFrame) {
        let Some(payload_type) = self.payload_type(codec) else {
            return;
        };
        let Some(track) = self.track.get() else {
            return;
        };
        let mut stream = self.stream.lock().await;
        let Some(payloads) = stream.payloads(codec, frame) else {
            return;
        };
        let timestamp = stream
            .offset
            .wrapping_add(ticks(frame.timestamp, codec.clock_rate));
        let is_video = codec.mime_type.starts_with("video/");
        let last = payloads.len().saturating_sub(1);
        for (number, payload) in payloads.into_iter().enumerate() {
            let header = Header {
                version: 2,
                marker: is_video && number == last,
                payload_type,
                sequence_number: stream.sequence_number,
                timestamp,
                ssrc: self.ssrc,
                ..Header::default()
            };
            stream.sequence_number = stream.sequence_number.wrapping_add(1);
            // A connection that is gone takes nothing, which its state tells.
            if track.write_rtp(Packet { header, payload }).await.is_err() {
                return;
            }
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.frames += 1;
        counts.key_frames += u64::from(is_key_frame(codec, &frame.data));
    }

    /// Adds what webrtc does not know.
    pub(super) fn complete(&self, stats: &mut OutboundStats) {
        let counts = *self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if stats.kind == Kind::Video {
            stats.frames = Some(counts.frames);
            stats.key_frames = Some(counts.key_frames);
        }
    }
}

impl Stream {
    fn payloads(&mut self, codec: &Codec, frame: &EncodedFrame) -> Option<Vec<Bytes>> {
        let is_same = |known: &(String, _)| known.0 == codec.mime_type;
        if !self.payloader.as_ref().is_some_and(is_same) {
            let rtp_codec = RTCRtpCodec {
                mime_type: codec.mime_type.clone(),
                ..RTCRtpCodec::default()
            };
            self.payloader = Some((codec.mime_type.clone(), rtp_codec.payloader().ok()?));
        }
        let (_, payloader) = self.payloader.as_mut()?;
        payloader
            .payload(MAX_PAYLOAD, &Bytes::copy_from_slice(&frame.data))
            .ok()
    }
}

/// A time in ticks of a clock, wrapped as RTP wraps it.
fn ticks(time: Duration, clock_rate: u32) -> u32 {
    let ticks = time.as_nanos() * u128::from(clock_rate) / 1_000_000_000;
    ticks as u32
}

/// Whether the frame needs no earlier one.
fn is_key_frame(codec: &Codec, data: &[u8]) -> bool {
    match codec.mime_type.as_str() {
        // A slice of an IDR picture is NAL unit type 5.
        H264 => data
            .windows(4)
            .any(|window| window[..3] == [0, 0, 1] && window[3] & 0x1f == 5),
        VP8 => data.first().is_some_and(|byte| byte & 1 == 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_ticks_and_wrap() {
        assert_eq!(ticks(Duration::from_millis(20), 48_000), 960);
        assert_eq!(ticks(Duration::from_secs(1), 90_000), 90_000);
        assert_eq!(ticks(Duration::from_secs(100_000), 90_000), 410_065_408);
    }

    #[test]
    fn key_frames_are_known() {
        let h264 = known(H264).unwrap();
        assert!(is_key_frame(
            &h264,
            &[0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 9]
        ));
        assert!(!is_key_frame(&h264, &[0, 0, 0, 1, 0x41, 9]));
        assert!(is_key_frame(&known("video/vp8").unwrap(), &[0x10]));
        assert!(known("video/rtx").is_none() && known("video/nonsense").is_none());
    }
}
