//! Sound and pictures, both ways: the engine sends back what the browser's encoders made, and the
//! browser decodes it again.

use parlor_engine::{
    Codec, Direction, InboundStats, Kind, RemoteTrack, SourceRequest, StatsReport, Track,
    TrackEvent,
};
use parlor_tests::SOON;
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::far::{Far, in_time, meet};

/// What the page decoded.
#[derive(Debug, Deserialize)]
struct Decoded {
    frames: u64,
    width: u32,
    energy: f64,
}

#[tokio::test(flavor = "multi_thread")]
async fn h264_and_opus_go_both_ways() {
    echoes_media("video/H264").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vp8_and_opus_go_both_ways() {
    echoes_media("video/VP8").await;
}

async fn echoes_media(video: &str) {
    meet(async |far| {
        let stream: String = far.page(&format!("return far.open('{video}');")).await;
        let mut tracks = far.connection.tracks();
        let mut echoes = JoinSet::new();
        for _ in [Kind::Audio, Kind::Video] {
            let added = match in_time("a track", tracks.next()).await {
                Some(TrackEvent::Added(added)) => added,
                other => panic!("not a track that was added: {other:?}"),
            };
            assert_eq!(
                added.streams,
                std::slice::from_ref(&stream),
                "the stream keeps its id"
            );
            let codec = match added.track.kind() {
                Kind::Audio => "audio/opus",
                Kind::Video => video,
            };
            let source = send_back(far, &added, codec).await;
            echoes.spawn(echo(added.track, source));
        }
        far.browser
            .eventually("moving pictures and sound", SOON, async || {
                let it: Decoded = far.page("return far.inbound();").await;
                match it.frames >= 20 && it.width >= 320 && it.energy > 1e-5 {
                    true => Ok(()),
                    false => Err(format!("{it:?}")),
                }
            })
            .await;
        measured(far, video).await;
    })
    .await;
}

/// Answers in the section that the track came in.
async fn send_back(far: &Far, added: &RemoteTrack, codec: &str) -> Track {
    let codec = Codec {
        mime_type: codec.to_owned(),
        clock_rate: 0,
        channels: None,
        sdp_fmtp_line: String::new(),
    };
    let source = far.engine.encoded_track(&codec).expect("a track");
    let replaced = added.transceiver.replace_track(Some(&source)).await;
    replaced.expect("the section takes it");
    added.transceiver.set_direction(Direction::SendRecv);
    // Pictures that nobody can be sent yet would be the ones that all later ones need.
    far.becomes(&format!(
        "interop.pc.getTransceivers().some((one) => one.mid === '{}' && one.currentDirection === 'sendrecv')",
        added.mid
    ))
    .await;
    source
}

async fn echo(from: Track, to: Track) {
    while let Ok(frame) = from.read().await {
        if to.write(frame).await.is_err() {
            return;
        }
    }
}

/// The statistics tell of it all, in the fields that a call needs.
async fn measured(far: &Far, video: &str) {
    let report = far
        .browser
        .eventually("statistics of both ways", SOON, async || {
            let report = far
                .connection
                .stats()
                .await
                .map_err(|error| error.to_string())?;
            // The browser's reports come every now and then.
            match report.outbound.iter().all(|sent| sent.round_trip.is_some()) {
                true if report.outbound.len() == 2 => Ok(report),
                _ => Err(format!("{report:?}")),
            }
        })
        .await;
    let pictures = inbound(&report, Kind::Video);
    assert_eq!(pictures.codec.as_deref(), Some(video));
    assert!(
        pictures.frames.is_some_and(|frames| frames > 0),
        "{pictures:?}"
    );
    let sound = inbound(&report, Kind::Audio);
    assert_eq!(sound.codec.as_deref(), Some("audio/opus"));
    assert!(sound.packets > 0 && sound.bytes > 0, "{sound:?}");
    assert!(sound.jitter.is_some(), "{sound:?}");
    for sent in &report.outbound {
        assert!(sent.packets > 0 && sent.bytes > 0, "{sent:?}");
        assert!(sent.remote_loss.is_some_and(|loss| loss < 0.5), "{sent:?}");
    }
    let pair = report.candidate_pair.expect("a pair in use");
    assert!(pair.round_trip.is_some(), "{pair:?}");
}

fn inbound(report: &StatsReport, kind: Kind) -> &InboundStats {
    let found = report.inbound.iter().find(|stream| stream.kind == kind);
    found.unwrap_or_else(|| panic!("nothing of {kind:?} in {report:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_cannot_go_on_asks_the_engine_for_a_key_frame() {
    meet(async |far| {
        let _: String = far.page("return far.open('video/VP8');").await;
        let mut tracks = far.connection.tracks();
        let added = loop {
            match in_time("a track", tracks.next()).await {
                Some(TrackEvent::Added(added)) if added.track.kind() == Kind::Video => break added,
                Some(_) => {}
                None => panic!("the connection ended"),
            }
        };
        let source = send_back(far, &added, "video/VP8").await;
        // For whoever comes; the next one is the browser's.
        let first = in_time("a first request", source.requested()).await;
        assert_eq!(first.expect("a request"), SourceRequest::KeyFrame);
        let broken = async {
            // Everything but the key frames, which the others need (RFC 6386, section 9.1).
            while let Ok(frame) = added.track.read().await {
                if frame.data[0] & 1 == 1 {
                    source.write(frame).await.expect("it is sent");
                }
            }
        };
        let asked = async {
            loop {
                if source.requested().await.expect("a request") == SourceRequest::KeyFrame {
                    return;
                }
            }
        };
        in_time("a key frame's request", async {
            tokio::select! {
                () = broken => panic!("the track ended"),
                () = asked => {}
            }
        })
        .await;
    })
    .await;
}
