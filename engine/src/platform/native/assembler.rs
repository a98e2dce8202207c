//! RTP packets back into frames: in order, whole, bounded.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use rtc::rtp::codec::h264::H264Packet;
use rtc::rtp::codec::vp8::Vp8Packet;
use rtc::rtp::packet::Packet;
use rtc::rtp::packetizer::Depacketizer;

use crate::media::EncodedFrame;
use crate::peer::Codec;

/// How many packets may come after a missing one before it is given up: a second of video at
/// 2 Mb/s, time enough for it to be sent again.
const MAX_LATE: usize = 256;
/// More than the largest key frame.
const MAX_FRAME: usize = 4 * 1024 * 1024;
/// More than such a frame has when its packets are full: empty ones cost memory too.
const MAX_PARTS: usize = 4_096;

/// What became of the packets so far.
pub(super) enum Assembled {
    Frame(EncodedFrame),
    /// A frame was left out: a part of it never came. Video stands still until a key frame.
    Damaged,
}

pub(super) struct Assembler {
    codec: Codec,
    /// By extended sequence number.
    waiting: BTreeMap<u64, Packet>,
    newest: Option<u64>,
    next: Option<u64>,
    frame: Vec<Bytes>,
    frame_bytes: usize,
    frame_time: Option<u32>,
    /// A part of the frame in the making is missing.
    damaged: bool,
    lost: u16,
    first_time: Option<u64>,
    last_time: u64,
    step: Duration,
}

impl Assembler {
    pub(super) fn new(codec: Codec) -> Self {
        Self {
            codec,
            waiting: BTreeMap::new(),
            newest: None,
            next: None,
            frame: Vec::new(),
            frame_bytes: 0,
            frame_time: None,
            damaged: false,
            lost: 0,
            first_time: None,
            last_time: 0,
            step: Duration::ZERO,
        }
    }

    pub(super) fn codec(&self) -> &Codec {
        &self.codec
    }

    /// Takes a packet, and gives what is whole by now.
    pub(super) fn push(&mut self, packet: Packet, out: &mut Vec<Assembled>) {
        let number = self.extend(packet.header.sequence_number);
        if self.next.is_some_and(|next| number < next) {
            // Too late, or once more.
            return;
        }
        self.waiting.insert(number, packet);
        let mut next = *self.next.get_or_insert(number);
        loop {
            if let Some(packet) = self.waiting.remove(&next) {
                self.take(packet, out);
                next += 1;
            } else if let Some(first) = self.first_of_many() {
                // At once, not one by one: the sender may have let out thousands of numbers.
                self.lose(first.saturating_sub(next), out);
                next = first;
            } else {
                break;
            }
        }
        self.next = Some(next);
    }

    /// The first packet that is there, if too many wait for the one before it.
    fn first_of_many(&self) -> Option<u64> {
        let first = self.waiting.first_key_value().map(|(number, _)| *number);
        first.filter(|_| self.waiting.len() > MAX_LATE)
    }

    fn is_audio(&self) -> bool {
        self.codec.mime_type.starts_with("audio/")
    }

    /// The nearest number to the newest that ends so.
    fn extend(&mut self, short: u16) -> u64 {
        let newest = *self
            .newest
            .get_or_insert_with(|| u64::from(short) + (1 << 32));
        let distance = short.wrapping_sub(newest as u16).cast_signed();
        let number = newest.saturating_add_signed(i64::from(distance));
        self.newest = Some(newest.max(number));
        number
    }

    /// Gives up the next packets.
    fn lose(&mut self, count: u64, out: &mut Vec<Assembled>) {
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        self.lost = self.lost.saturating_add(count);
        if self.is_audio() {
            return;
        }
        self.damage(out);
        self.frame_time = None;
    }

    /// The frame in the making cannot be given any more.
    fn damage(&mut self, out: &mut Vec<Assembled>) {
        if !std::mem::replace(&mut self.damaged, true) {
            out.push(Assembled::Damaged);
        }
        self.frame.clear();
        self.frame_bytes = 0;
    }

    fn take(&mut self, packet: Packet, out: &mut Vec<Assembled>) {
        let time = packet.header.timestamp;
        if packet.payload.is_empty() {
            // Padding, for measuring the line.
            return;
        }
        if self.frame_time.is_some_and(|of| of != time) {
            // The end of the frame before carried no mark.
            self.finish(out);
        }
        self.frame_time = Some(time);
        let is_end = self.is_audio() || packet.header.marker;
        if !self.damaged {
            self.frame_bytes += packet.payload.len();
            self.frame.push(packet.payload);
        }
        if self.frame_bytes > MAX_FRAME || self.frame.len() > MAX_PARTS {
            // Whoever never ends a frame does not fill the memory.
            self.damage(out);
        }
        if is_end {
            self.finish(out);
        }
    }

    /// The packets of a frame are there, unless some were lost before.
    fn finish(&mut self, out: &mut Vec<Assembled>) {
        let parts = std::mem::take(&mut self.frame);
        self.frame_bytes = 0;
        let Some(time) = self.frame_time.take() else {
            return;
        };
        if std::mem::take(&mut self.damaged) {
            // These are what is left of the damaged one, and then begins a whole one.
            return;
        }
        let Some(data) = self.join(&parts) else {
            out.push(Assembled::Damaged);
            return;
        };
        let timestamp = self.time(time);
        out.push(Assembled::Frame(EncodedFrame {
            data,
            timestamp,
            duration: self.step,
            rid: None,
            lost_before: std::mem::take(&mut self.lost),
        }));
    }

    fn join(&self, parts: &[Bytes]) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        let mut h264 = H264Packet::default();
        let mut vp8 = Vp8Packet::default();
        for part in parts {
            let piece = match self.codec.mime_type.as_str() {
                "video/H264" if !is_sane_h264(part) => return None,
                "video/H264" => h264.depacketize(part).ok()?,
                "video/VP8" => vp8.depacketize(part).ok()?,
                _ => part.clone(),
            };
            if data.len() + piece.len() > MAX_FRAME {
                return None;
            }
            data.extend_from_slice(&piece);
        }
        (!data.is_empty()).then_some(data)
    }

    /// The time since the first frame.
    fn time(&mut self, short: u32) -> Duration {
        let first = *self.first_time.get_or_insert_with(|| {
            self.last_time = u64::from(short) + (1 << 48);
            self.last_time
        });
        let distance = short.wrapping_sub(self.last_time as u32).cast_signed();
        let time = self.last_time.saturating_add_signed(i64::from(distance));
        let in_seconds = |ticks: u64| {
            let rate = u64::from(self.codec.clock_rate.max(1));
            Duration::from_nanos((u128::from(ticks) * 1_000_000_000 / u128::from(rate)) as u64)
        };
        if time > self.last_time {
            self.step = in_seconds(time - self.last_time);
        }
        self.last_time = time;
        in_seconds(time.saturating_sub(first))
    }
}

/// Whether an aggregation of NAL units (STAP-A, RFC 6184, section 5.7.1) ends where its parts do.
/// rtc-rtp 0.21 reads beyond the end of one that does not, and panics.
fn is_sane_h264(payload: &[u8]) -> bool {
    const STAP_A: u8 = 24;
    let Some((header, mut rest)) = payload.split_first() else {
        return false;
    };
    if header & 0x1f != STAP_A {
        return true;
    }
    while !rest.is_empty() {
        let Some((size, units)) = rest.split_first_chunk::<2>() else {
            return false;
        };
        let size = usize::from(u16::from_be_bytes(*size));
        let Some((_, next)) = units.split_at_checked(size) else {
            return false;
        };
        rest = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use rtc::rtp::header::Header;

    use super::*;

    fn packet(number: u16, time: u32, marker: bool, payload: &[u8]) -> Packet {
        Packet {
            header: Header {
                sequence_number: number,
                timestamp: time,
                marker,
                ..Header::default()
            },
            payload: Bytes::copy_from_slice(payload),
        }
    }

    fn frames(name: &str, packets: Vec<Packet>) -> Vec<Option<EncodedFrame>> {
        let codec = super::super::send::known(name).unwrap();
        let mut assembler = Assembler::new(codec);
        let mut out = Vec::new();
        for packet in packets {
            assembler.push(packet, &mut out);
        }
        let frame = |it| match it {
            Assembled::Frame(frame) => Some(frame),
            Assembled::Damaged => None,
        };
        out.into_iter().map(frame).collect()
    }

    #[test]
    fn packets_in_any_order_and_twice_become_frames_in_order() {
        let numbers = [65_534_u16, 0, 65_535, 65_535, 1];
        let packets = numbers.map(|number| {
            let place = number.wrapping_sub(65_534);
            packet(number, u32::from(place) * 960, false, &[number as u8])
        });
        let frames = frames("audio/opus", packets.to_vec());
        let data: Vec<_> = frames.iter().flatten().map(|frame| frame.data[0]).collect();
        assert_eq!(data, [254, 255, 0, 1]);
        let times: Vec<_> = frames
            .iter()
            .flatten()
            .map(|it| it.timestamp.as_millis())
            .collect();
        assert_eq!(times, [0, 20, 40, 60]);
    }

    #[test]
    fn a_frame_with_a_lost_packet_is_left_out_and_told_of() {
        let mut packets = vec![packet(1, 0, true, &[0x41, 1, 1])];
        // 2 never comes; 3 is the end of the frame that it began.
        packets.push(packet(3, 3_000, true, &[0x41, 2, 2]));
        for number in 4..=(4 + MAX_LATE as u16) {
            packets.push(packet(
                number,
                u32::from(number) * 3_000,
                true,
                &[0x41, 3, 3],
            ));
        }
        let frames = frames("video/H264", packets);
        assert!(frames[0].is_some() && frames[1].is_none());
        let after = frames[2].as_ref().unwrap();
        assert_eq!((after.data.last(), after.lost_before), (Some(&3), 1));
    }

    #[test]
    fn a_frame_without_an_end_does_not_fill_the_memory() {
        let mut assembler = Assembler::new(super::super::send::known("video/VP8").unwrap());
        let mut out = Vec::new();
        let mut push = |number: u16, time, marker| {
            let packet = packet(number, time, marker, &[0x10, 0, 1, 2]);
            assembler.push(packet, &mut out);
            assembler.frame.len()
        };
        let most = (0..20_000).map(|number| push(number, 1, false)).max();
        assert_eq!(most, Some(MAX_PARTS));
        // The end of that one, and a whole one.
        push(20_000, 1, true);
        push(20_001, 2, true);
        assert!(matches!(out[..], [Assembled::Damaged, Assembled::Frame(_)]));
    }

    #[test]
    fn numbers_far_apart_are_given_up_at_once() {
        let packets = (0..2_000_u16).map(|place| {
            let number = place.wrapping_mul(32_000);
            packet(number, u32::from(place) * 960, false, &[1])
        });
        let frames = frames("audio/opus", packets.collect());
        assert_eq!(frames.len(), 2_000 - MAX_LATE);
        assert_eq!(frames[1].as_ref().unwrap().lost_before, 31_999);
    }

    #[test]
    fn nonsense_makes_no_frame_and_no_panic() {
        for payload in [
            &[][..],
            &[0x7c],
            &[0x7c, 0xff],
            &[0x18, 0, 9, 1],
            &[0xff; 40],
        ] {
            for name in ["video/H264", "video/VP8", "audio/opus"] {
                frames(name, vec![packet(7, 1, true, payload)]);
            }
        }
    }
}
