//! What a connection in memory counted.

use std::time::Duration;

use super::connection::Connection;
use super::network::LATENCY;
use super::section::Section;
use super::world::State;
use crate::error::{Error, Result};
use crate::media::Kind;
use crate::peer::{
    CandidatePairStats, ConnectionState, ConnectionStats, InboundStats, OutboundStats, SourceStats,
    StatsReport,
};
use crate::platform::Track as _;

/// There and back.
const ROUND_TRIP: Duration = Duration::from_millis(2 * LATENCY.as_millis() as u64);

pub(super) fn report(state: &State, id: u64) -> Result<StatsReport> {
    let connection = state.connections.get(&id);
    let connection = connection.ok_or_else(|| Error::closed("peer connection"))?;
    let channels = connection
        .channels
        .iter()
        .filter_map(|id| state.channels.get(id));
    let opened = channels.clone().filter(|it| it.was_open);
    let sections = || connection.sections.iter();
    let bitrate = state.network.bitrates.get(&connection.host).copied();
    Ok(StatsReport {
        taken_at: state.clock.now(),
        connection: ConnectionStats {
            bytes_sent: sent(connection),
            bytes_received: received(connection),
            channels_opened: opened.clone().count() as u32,
            channels_closed: opened.filter(|it| it.is_closed()).count() as u32,
        },
        candidate_pair: pair(connection, bitrate),
        sources: sections().filter_map(source).collect(),
        outbound: sections().flat_map(|it| outbound(it, bitrate)).collect(),
        inbound: sections().filter_map(inbound).collect(),
        channels: channels.map(|it| it.stats()).collect(),
    })
}

fn sent(connection: &Connection) -> u64 {
    let media = connection.sections.iter().map(|it| it.sent.bytes);
    connection.bytes_sent + media.sum::<u64>()
}

fn received(connection: &Connection) -> u64 {
    let media = connection.sections.iter().map(|it| it.received.bytes);
    connection.bytes_received + media.sum::<u64>()
}

fn pair(connection: &Connection, bitrate: Option<u64>) -> Option<CandidatePairStats> {
    if connection.state != ConnectionState::Connected {
        return None;
    }
    let (local, remote) = connection.way()?;
    Some(CandidatePairStats {
        local: Some(local),
        remote: Some(remote),
        protocol: Some("udp".into()),
        round_trip: Some(ROUND_TRIP),
        available_outgoing_bitrate: bitrate,
        bytes_sent: sent(connection),
        bytes_received: received(connection),
    })
}

fn source(section: &Section) -> Option<SourceStats> {
    let track = section.track.as_ref()?;
    let settings = track.settings();
    let is_audio = section.kind == Kind::Audio;
    Some(SourceStats {
        kind: section.kind,
        track: track.id(),
        size: settings.width.zip(settings.height),
        frame_rate: settings.frame_rate,
        audio_level: is_audio.then(|| f64::from(track.level())),
    })
}

/// One for each encoding; frames of an encoded track are those of the first that is active.
fn outbound(section: &Section, bitrate: Option<u64>) -> Vec<OutboundStats> {
    let is_known = section.is_sending() || section.sent.count > 0;
    let used = section
        .encodings
        .iter()
        .position(|it| it.active)
        .unwrap_or(0);
    let encodings = section.encodings.iter().enumerate().filter(|_| is_known);
    let stats = encodings.map(|(place, encoding)| {
        let sent = match place == used {
            true => section.sent,
            false => Default::default(),
        };
        let most = encoding.max_bitrate.map(u64::from);
        OutboundStats {
            kind: section.kind,
            mid: section.mid.clone(),
            rid: encoding.rid.clone(),
            codec: section.codecs().first().map(|it| it.mime_type.clone()),
            packets: sent.count,
            bytes: sent.bytes,
            retransmitted_bytes: 0,
            target_bitrate: most.into_iter().chain(bitrate).min(),
            frames: (section.kind == Kind::Video).then_some(sent.count),
            key_frames: None,
            size: None,
            frame_rate: None,
            nacks: 0,
            plis: sent.plis,
            remote_loss: None,
            remote_jitter: None,
            round_trip: None,
        }
    });
    stats.collect()
}

fn inbound(section: &Section) -> Option<InboundStats> {
    let received = section.received;
    let is_known = section.is_receiving() || received.count > 0;
    is_known.then(|| InboundStats {
        kind: section.kind,
        mid: section.mid.clone(),
        codec: section.codecs().first().map(|it| it.mime_type.clone()),
        packets: received.count,
        bytes: received.bytes,
        packets_lost: received.lost,
        jitter: Some(Duration::ZERO),
        frames: (section.kind == Kind::Video).then_some(received.count),
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
        nacks: 0,
        plis: received.plis,
    })
}
