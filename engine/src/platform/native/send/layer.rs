use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use rtc::rtp::header::Header;
use rtc::rtp::packet::Packet;
use rtc::rtp::packetizer::Payloader;
use rtc::rtp_transceiver::rtp_sender::RTCRtpCodec;
use tokio::sync::Mutex;
use webrtc::media_stream::track_local::TrackLocal as _;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;

use super::codecs::{H264, VP8};
use crate::media::EncodedFrame;
use crate::peer::{Codec, OutboundStats};

/// What fits into a packet on any way, with room for the headers of SRTP, TURN and IP.
const MAX_PAYLOAD: usize = 1_180;

/// One encoding on its way out: a stream of RTP of its own.
pub(super) struct Layer {
    /// Names it among several.
    pub(super) rid: Option<String>,
    pub(super) ssrc: u32,
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
struct Counts {
    frames: u64,
    key_frames: u64,
}

/// What the packets of a frame have in common.
pub(super) struct Form<'a> {
    pub(super) codec: &'a Codec,
    pub(super) payload_type: u8,
    /// Header extensions: their numbers and values.
    pub(super) extensions: Vec<(u8, Bytes)>,
}

impl Layer {
    pub(super) fn new(rid: Option<String>) -> Self {
        let stream = Stream {
            sequence_number: u16::from_le_bytes(crate::random::bytes()),
            offset: u32::from_le_bytes(crate::random::bytes()),
            payloader: None,
        };
        Self {
            rid,
            ssrc: u32::from_le_bytes(crate::random::bytes()),
            stream: Mutex::new(stream),
            counts: StdMutex::default(),
        }
    }

    /// Sends a frame.
    pub(super) async fn send(
        &self,
        track: &TrackLocalStaticRTP,
        form: &Form<'_>,
        frame: &EncodedFrame,
    ) {
        let mut stream = self.stream.lock().await;
        let Some(payloads) = stream.payloads(form.codec, frame) else {
            return;
        };
        let is_video = form.codec.mime_type.starts_with("video/");
        let last = payloads.len().saturating_sub(1);
        for (number, payload) in payloads.into_iter().enumerate() {
            let mut header = Header {
                version: 2,
                marker: is_video && number == last,
                payload_type: form.payload_type,
                sequence_number: stream.sequence_number,
                timestamp: stream
                    .offset
                    .wrapping_add(ticks(frame.timestamp, form.codec.clock_rate)),
                ssrc: self.ssrc,
                ..Header::default()
            };
            for (id, value) in &form.extensions {
                // A number that the form of the header has no room for cannot be agreed on.
                let _ = header.set_extension(*id, value.clone());
            }
            stream.sequence_number = stream.sequence_number.wrapping_add(1);
            // A connection that is gone takes nothing, which its state tells.
            if track.write_rtp(Packet { header, payload }).await.is_err() {
                return;
            }
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.frames += 1;
        counts.key_frames += u64::from(is_key_frame(form.codec, &frame.data));
    }

    /// Adds what webrtc does not know of pictures.
    pub(super) fn complete(&self, stats: &mut OutboundStats) {
        let counts = *self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        stats.frames = Some(counts.frames);
        stats.key_frames = Some(counts.key_frames);
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
    use super::super::codecs::known;
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
