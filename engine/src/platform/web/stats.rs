//! A browser's measurements in our form, by
//! [W3C's identifiers](https://www.w3.org/TR/webrtc-stats/). What a browser does not measure, or
//! measures under no such name, stays `None`.

use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::js;
use crate::media::Kind;
use crate::peer::{
    CandidateKind, CandidatePairStats, ChannelStats, ConnectionStats, InboundStats, OutboundStats,
    SourceStats, StatsReport,
};

/// Reads an `RTCStatsReport`.
pub(super) fn report(report: &JsValue) -> StatsReport {
    let all = Report::read(report);
    StatsReport {
        taken_at: all.taken_at(),
        connection: all.connection(),
        candidate_pair: all.candidate_pair(),
        sources: all.of("media-source").filter_map(source).collect(),
        outbound: all
            .of("outbound-rtp")
            .filter_map(|entry| all.outbound(entry))
            .collect(),
        inbound: all
            .of("inbound-rtp")
            .filter_map(|entry| all.inbound(entry))
            .collect(),
        channels: all.of("data-channel").map(channel).collect(),
    }
}

/// One object of a report.
struct Entry {
    id: String,
    kind: String,
    value: JsValue,
}

impl Entry {
    fn read(value: JsValue) -> Option<Self> {
        Some(Self {
            id: js::text(&value, "id")?,
            kind: js::text(&value, "type")?,
            value,
        })
    }

    fn text(&self, name: &str) -> Option<String> {
        js::text(&self.value, name)
    }

    fn number(&self, name: &str) -> Option<f64> {
        js::number(&self.value, name)
    }

    fn count(&self, name: &str) -> Option<u64> {
        // Saturates, also for what is no number.
        self.number(name).map(|number| number as u64)
    }

    /// 0 where it was not counted yet.
    fn sum(&self, name: &str) -> u64 {
        self.count(name).unwrap_or_default()
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        Duration::try_from_secs_f64(self.number(name)?).ok()
    }

    fn is_so(&self, name: &str) -> bool {
        js::get(&self.value, name).is_truthy()
    }

    fn media(&self) -> Option<Kind> {
        match self.text("kind")?.as_str() {
            "audio" => Some(Kind::Audio),
            "video" => Some(Kind::Video),
            _ => None,
        }
    }

    fn size(&self, width: &str, height: &str) -> Option<(u32, u32)> {
        let side = |name| self.number(name).map(|pixels| pixels as u32);
        Some((side(width)?, side(height)?))
    }
}

struct Report(Vec<Entry>);

impl Report {
    fn read(report: &JsValue) -> Self {
        // It is a map: what it is made of are pairs.
        let pairs = Array::from(report);
        let entries = pairs.iter().map(|pair| js::get(&pair, "1"));
        Self(entries.filter_map(Entry::read).collect())
    }

    fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| entry.kind == kind)
    }

    /// The object that another one names.
    fn named(&self, entry: &Entry, reference: &str) -> Option<&Entry> {
        let id = entry.text(reference)?;
        self.0.iter().find(|entry| entry.id == id)
    }

    /// Browsers tell the time since 1970 as the page believes, whose own clock is since its start.
    fn taken_at(&self) -> Duration {
        let clock = web_sys::window().and_then(|window| window.performance());
        let Some(clock) = clock else {
            return Duration::ZERO;
        };
        let told = self.0.iter().find_map(|entry| entry.number("timestamp"));
        let told = told.map_or(0.0, |told| told - clock.time_origin());
        let now = clock.now();
        // What cannot be is of a browser that tells another time.
        super::milliseconds(if (0.0..=now).contains(&told) {
            told
        } else {
            now
        })
    }

    fn connection(&self) -> ConnectionStats {
        let own = self.of("peer-connection").next();
        let count = |name| own.map_or(0, |entry| entry.sum(name));
        // Not every browser counts by transport; the others count by pair.
        let counting = self
            .of("transport")
            .filter(|it| it.count("bytesSent").is_some());
        let mut ways: Vec<_> = counting.collect();
        if ways.is_empty() {
            ways.extend(self.selected());
        }
        let sum = |name| ways.iter().map(|way| way.sum(name)).sum();
        ConnectionStats {
            bytes_sent: sum("bytesSent"),
            bytes_received: sum("bytesReceived"),
            channels_opened: count("dataChannelsOpened") as u32,
            channels_closed: count("dataChannelsClosed") as u32,
        }
    }

    fn selected(&self) -> Option<&Entry> {
        let named = |transport| self.named(transport, "selectedCandidatePairId");
        let in_use = || {
            self.of("candidate-pair")
                .find(|pair| pair.is_so("selected"))
        };
        self.of("transport").find_map(named).or_else(in_use)
    }

    fn candidate_pair(&self) -> Option<CandidatePairStats> {
        let pair = self.selected()?;
        let local = self.named(pair, "localCandidateId");
        let remote = self.named(pair, "remoteCandidateId");
        let protocol = |local: &Entry| {
            let to_relay = local.text("relayProtocol");
            to_relay.or_else(|| local.text("protocol"))
        };
        Some(CandidatePairStats {
            local: local.and_then(candidate_kind),
            remote: remote.and_then(candidate_kind),
            protocol: local.and_then(protocol),
            round_trip: pair.seconds("currentRoundTripTime"),
            available_outgoing_bitrate: pair.count("availableOutgoingBitrate"),
            bytes_sent: pair.sum("bytesSent"),
            bytes_received: pair.sum("bytesReceived"),
        })
    }

    fn codec(&self, stream: &Entry) -> Option<String> {
        self.named(stream, "codecId")?.text("mimeType")
    }

    fn outbound(&self, stream: &Entry) -> Option<OutboundStats> {
        let remote = self.named(stream, "remoteId");
        Some(OutboundStats {
            kind: stream.media()?,
            mid: stream.text("mid"),
            rid: stream.text("rid"),
            codec: self.codec(stream),
            packets: stream.sum("packetsSent"),
            bytes: stream.sum("bytesSent"),
            retransmitted_bytes: stream.sum("retransmittedBytesSent"),
            target_bitrate: stream.count("targetBitrate"),
            frames: stream.count("framesSent"),
            key_frames: stream.count("keyFramesEncoded"),
            size: stream.size("frameWidth", "frameHeight"),
            frame_rate: stream.number("framesPerSecond"),
            nacks: stream.sum("nackCount"),
            plis: stream.sum("pliCount"),
            remote_loss: remote.and_then(|remote| remote.number("fractionLost")),
            remote_jitter: remote.and_then(|remote| remote.seconds("jitter")),
            round_trip: remote.and_then(|remote| remote.seconds("roundTripTime")),
        })
    }

    fn inbound(&self, stream: &Entry) -> Option<InboundStats> {
        Some(InboundStats {
            kind: stream.media()?,
            mid: stream.text("mid"),
            codec: self.codec(stream),
            packets: stream.sum("packetsReceived"),
            bytes: stream.sum("bytesReceived"),
            packets_lost: stream.number("packetsLost").unwrap_or_default() as i64,
            jitter: stream.seconds("jitter"),
            frames: stream.count("framesReceived"),
            frames_decoded: stream.count("framesDecoded"),
            frames_dropped: stream.count("framesDropped"),
            size: stream.size("frameWidth", "frameHeight"),
            frame_rate: stream.number("framesPerSecond"),
            freezes: stream.count("freezeCount"),
            freeze_time: stream.seconds("totalFreezesDuration"),
            concealed_samples: stream.count("concealedSamples"),
            samples: stream.count("totalSamplesReceived"),
            audio_level: stream.number("audioLevel"),
            buffer_delay: buffer_delay(stream),
            nacks: stream.sum("nackCount"),
            plis: stream.sum("pliCount"),
        })
    }
}

/// Browsers sum it up over everything that came out of the buffer.
fn buffer_delay(stream: &Entry) -> Option<Duration> {
    let emitted = stream.number("jitterBufferEmittedCount")?;
    let delay = stream.number("jitterBufferDelay")? / emitted;
    Duration::try_from_secs_f64(delay).ok()
}

fn candidate_kind(candidate: &Entry) -> Option<CandidateKind> {
    match candidate.text("candidateType")?.as_str() {
        "host" => Some(CandidateKind::Host),
        "srflx" => Some(CandidateKind::ServerReflexive),
        "prflx" => Some(CandidateKind::PeerReflexive),
        "relay" => Some(CandidateKind::Relay),
        _ => None,
    }
}

fn source(entry: &Entry) -> Option<SourceStats> {
    Some(SourceStats {
        kind: entry.media()?,
        track: entry.text("trackIdentifier").unwrap_or_default(),
        size: entry.size("width", "height"),
        frame_rate: entry.number("framesPerSecond"),
        audio_level: entry.number("audioLevel"),
    })
}

fn channel(entry: &Entry) -> ChannelStats {
    let id = entry.number("dataChannelIdentifier");
    ChannelStats {
        label: entry.text("label").unwrap_or_default(),
        // One that has none yet may be told as -1 or 65,535.
        id: id
            .filter(|id| (0.0..f64::from(u16::MAX)).contains(id))
            .map(|id| id as u16),
        messages_sent: entry.sum("messagesSent"),
        bytes_sent: entry.sum("bytesSent"),
        messages_received: entry.sum("messagesReceived"),
        bytes_received: entry.sum("bytesReceived"),
    }
}
