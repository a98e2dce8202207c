//! Several encodings of one track, which the application makes: a peer that takes them all is sent
//! all, each under its name.
#![cfg(not(target_arch = "wasm32"))]

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use parlor_engine::{
    Codec, Config, Configuration, Direction, EncodedFrame, Encoding, Engine, Kind, Negotiator,
    OutboundStats, PeerConnection, Track, TrackEvent, TransceiverInit,
};
use tokio::time::timeout;

const DEADLINE: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(33);

/// A key frame of VP8, as far as anybody between the coders looks (RFC 6386, section 9.1).
fn frame(number: u32, rid: &str) -> EncodedFrame {
    let mut data = vec![0x10, 0, 0, 0x9d, 0x01, 0x2a];
    data.extend_from_slice(rid.as_bytes());
    EncodedFrame {
        data,
        timestamp: STEP * number,
        duration: STEP,
        rid: Some(rid.to_owned()),
        ..EncodedFrame::default()
    }
}

fn connect(engine: &Engine) -> PeerConnection {
    let configuration = Configuration {
        local_addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        ..Configuration::default()
    };
    engine.connect(&configuration).expect("a connection")
}

async fn carry(from: Negotiator, to: Negotiator) {
    while let Some(signal) = from.next().await {
        if to.take(signal.expect("a signal")).await.is_err() {
            return;
        }
    }
}

/// Gives pictures until nobody wants any more.
async fn film(source: Track) {
    for number in 0.. {
        for rid in ["high", "low"] {
            let written = source.write(frame(number, rid)).await;
            written.expect("it is written");
        }
        tokio::time::sleep(STEP).await;
    }
}

/// Waits until both encodings have gone out.
async fn sent(from: &PeerConnection) -> Vec<OutboundStats> {
    loop {
        let sent = from.stats().await.expect("statistics").outbound;
        if sent.len() == 2 && sent.iter().all(|stream| stream.packets > 0) {
            return sent;
        }
        tokio::time::sleep(STEP).await;
    }
}

#[tokio::test]
async fn each_encoding_goes_out_under_its_name() {
    let engine = Engine::new(Config::alone()).unwrap();
    let (from, to) = (connect(&engine), connect(&engine));
    let codec = Codec {
        mime_type: "video/VP8".into(),
        clock_rate: 90_000,
        channels: None,
        sdp_fmtp_line: String::new(),
    };
    let source = engine.encoded_track(&codec).unwrap();
    let encoding = |rid: &str| Encoding {
        rid: Some(rid.to_owned()),
        ..Encoding::default()
    };
    let init = TransceiverInit {
        direction: Direction::SendOnly,
        send_encodings: vec![encoding("high"), encoding("low")],
        ..TransceiverInit::default()
    };
    let section = from.add_transceiver(Kind::Video, &init).unwrap();
    section.replace_track(Some(&source)).await.unwrap();
    let mut tracks = to.tracks();
    let one = Negotiator::new(from.clone(), false);
    let other = Negotiator::new(to.clone(), true);
    tokio::spawn(carry(one.clone(), other.clone()));
    tokio::spawn(carry(other, one));

    let film = tokio::spawn(film(source.clone()));
    let sent = timeout(DEADLINE, sent(&from));
    let received = timeout(DEADLINE, async {
        let Some(TrackEvent::Added(added)) = tracks.next().await else {
            panic!("no track");
        };
        let read = async || added.track.read().await.expect("a frame");
        (read().await, read().await)
    });
    let (sent, received) = tokio::join!(sent, received);
    film.abort();
    let mut sent = sent.expect("both go out");
    sent.sort_by_key(|stream| stream.rid.clone());
    let rids: Vec<_> = sent.iter().map(|stream| stream.rid.as_deref()).collect();
    assert_eq!(rids, [Some("high"), Some("low")]);
    assert!(
        sent.iter()
            .all(|stream| stream.frames.is_some_and(|frames| frames > 0))
    );
    // Whoever receives reads one of them, and not a mixture.
    let (first, second) = received.expect("frames arrive");
    assert_eq!(first.data, second.data);
    engine.close();
}
