//! webrtc's statistics, and what it leaves empty and we know, in our form.

use std::time::Duration;

use rtc::peer_connection::transport::RTCIceCandidateType;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::statistics::StatsSelector;
use rtc::statistics::report::{RTCStatsReport, RTCStatsReportEntry};
use rtc::statistics::stats::codec::RTCCodecStats;
use tokio::time::Instant;

use super::chain::Live;
use super::feedback::Feedback;
use crate::media::Kind;
use crate::peer::{
    CandidateKind, CandidatePairStats, ConnectionStats, InboundStats, OutboundStats, SourceStats,
    StatsReport,
};
use crate::platform::Platform as _;

pub(super) async fn report(live: &Live) -> StatsReport {
    let now = Instant::now().into_std();
    let raw = live.connection.get_stats(now, StatsSelector::None).await;
    let (transceivers, channels, past) = {
        let state = live.shared.state();
        let (transceivers, channels) = (state.transceivers.clone(), state.channels.clone());
        (transceivers, channels, state.past_channels)
    };
    let section = |mid: &Option<String>| transceivers.iter().find(|it| it.mid() == *mid);
    let mut outbound = outbound(&raw, &live.feedback);
    for stats in &mut outbound {
        if let Some(ours) = section(&stats.mid) {
            ours.outlet().complete(stats);
        }
    }
    let mut inbound = inbound(&raw);
    for stats in &mut inbound {
        if let Some(ours) = section(&stats.mid).filter(|it| it.kind() == Kind::Video) {
            stats.frames = Some(ours.sink().frames());
        }
    }
    let sources = transceivers
        .iter()
        .filter_map(|it| Some((it, it.outlet().source()?)))
        .map(|(it, source)| SourceStats {
            kind: it.kind(),
            track: source.track.clone(),
            size: None,
            frame_rate: None,
            audio_level: None,
        });
    let lives = channels.iter().map(|channel| channel.life());
    let opened = lives.clone().filter(|(was_open, _)| *was_open).count();
    let closed = lives
        .filter(|(was_open, closed)| *was_open && *closed)
        .count();
    let transport = raw.transport();
    StatsReport {
        taken_at: live.shared.platform.now(),
        connection: ConnectionStats {
            bytes_sent: transport.map_or(0, |it| it.bytes_sent),
            bytes_received: transport.map_or(0, |it| it.bytes_received),
            channels_opened: past + opened as u32,
            channels_closed: past + closed as u32,
        },
        candidate_pair: pair(&raw, live),
        sources: sources.collect(),
        outbound,
        inbound,
        channels: channels.iter().map(|channel| channel.stats()).collect(),
    }
}

fn pair(raw: &RTCStatsReport, live: &Live) -> Option<CandidatePairStats> {
    let selected = raw
        .transport()
        .map(|it| it.selected_candidate_pair_id.as_str());
    let pair = raw
        .candidate_pairs()
        .find(|pair| Some(pair.stats.id.as_str()) == selected)
        .or_else(|| raw.candidate_pairs().find(|pair| pair.nominated))?;
    // A pair names its candidates without what their entries' ids begin with.
    let end = |side: &str, id: &str| match raw.get(&format!("RTC{side}IceCandidate_{id}"))? {
        RTCStatsReportEntry::LocalCandidate(it) | RTCStatsReportEntry::RemoteCandidate(it) => {
            Some(it)
        }
        _ => None,
    };
    let local = end("Local", &pair.local_candidate_id);
    let remote = end("Remote", &pair.remote_candidate_id);
    // webrtc believes that every relay is reached over UDP.
    let relayed = local.and_then(|it| live.shared.relays.protocol(&it.url));
    Some(CandidatePairStats {
        local: local.and_then(|it| kind_of(it.candidate_type)),
        // Those that nobody told of were found by what came from them.
        remote: remote.map_or(Some(CandidateKind::PeerReflexive), |it| {
            kind_of(it.candidate_type)
        }),
        protocol: relayed
            .map(str::to_owned)
            .or_else(|| local.map(|it| it.protocol.to_lowercase())),
        round_trip: seconds(pair.current_round_trip_time),
        available_outgoing_bitrate: live.feedback.bitrate(),
        bytes_sent: pair.bytes_sent,
        bytes_received: pair.bytes_received,
    })
}

fn kind_of(kind: RTCIceCandidateType) -> Option<CandidateKind> {
    match kind {
        RTCIceCandidateType::Host => Some(CandidateKind::Host),
        RTCIceCandidateType::Srflx => Some(CandidateKind::ServerReflexive),
        RTCIceCandidateType::Prflx => Some(CandidateKind::PeerReflexive),
        RTCIceCandidateType::Relay => Some(CandidateKind::Relay),
        _ => None,
    }
}

/// Zero is what webrtc has before it measured.
fn seconds(seconds: f64) -> Option<Duration> {
    (seconds > 0.0)
        .then(|| Duration::try_from_secs_f64(seconds).ok())
        .flatten()
}

fn media_kind(kind: RtpCodecKind) -> Kind {
    match kind {
        RtpCodecKind::Video => Kind::Video,
        _ => Kind::Audio,
    }
}

fn codec(raw: &RTCStatsReport, id: &str) -> Option<String> {
    Some(codec_entry(raw, id)?.mime_type.clone())
}

fn codec_entry<'a>(raw: &'a RTCStatsReport, id: &str) -> Option<&'a RTCCodecStats> {
    match raw.get(id)? {
        RTCStatsReportEntry::Codec(codec) => Some(codec),
        _ => None,
    }
}

/// A time in ticks of a codec's clock, which is how RTCP gives jitter, and webrtc passes it on.
fn ticks(raw: &RTCStatsReport, codec: &str, ticks: f64) -> Option<Duration> {
    let rate = codec_entry(raw, codec)?.clock_rate;
    Duration::try_from_secs_f64(ticks / f64::from(rate.max(1))).ok()
}

fn outbound(raw: &RTCStatsReport, feedback: &Feedback) -> Vec<OutboundStats> {
    let streams = raw.outbound_rtp_streams().map(|it| {
        let sent = &it.sent_rtp_stream_stats;
        let stream = &sent.rtp_stream_stats;
        let theirs = feedback.report(stream.ssrc);
        OutboundStats {
            kind: media_kind(stream.kind),
            mid: Some(it.mid.clone()).filter(|mid| !mid.is_empty()),
            rid: Some(it.rid.clone()).filter(|rid| !rid.is_empty()),
            codec: codec(raw, &stream.codec_id),
            packets: sent.packets_sent,
            bytes: sent.bytes_sent,
            retransmitted_bytes: it.retransmitted_bytes_sent,
            target_bitrate: None,
            frames: None,
            key_frames: None,
            size: None,
            frame_rate: None,
            nacks: u64::from(it.nack_count),
            plis: u64::from(it.pli_count),
            remote_loss: theirs.map(|it| it.loss),
            remote_jitter: theirs.and_then(|it| ticks(raw, &stream.codec_id, f64::from(it.jitter))),
            round_trip: theirs.and_then(|it| it.round_trip),
        }
    });
    streams.collect()
}

fn inbound(raw: &RTCStatsReport) -> Vec<InboundStats> {
    let streams = raw.inbound_rtp_streams().map(|it| {
        let received = &it.received_rtp_stream_stats;
        let stream = &received.rtp_stream_stats;
        InboundStats {
            kind: media_kind(stream.kind),
            mid: Some(it.mid.clone()).filter(|mid| !mid.is_empty()),
            codec: codec(raw, &stream.codec_id),
            packets: received.packets_received,
            bytes: it.bytes_received,
            packets_lost: received.packets_lost,
            jitter: ticks(raw, &stream.codec_id, received.jitter),
            frames: None,
            frames_decoded: None,
            frames_dropped: None,
            size: None,
            frame_rate: None,
            freezes: None,
            freeze_time: None,
            concealed_samples: None,
            samples: None,
            audio_level: None,
            buffer_delay: None,
            nacks: u64::from(it.nack_count),
            plis: u64::from(it.pli_count),
        }
    });
    streams.collect()
}
