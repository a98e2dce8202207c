//! What a native side offers.
#![cfg(not(target_arch = "wasm32"))]

use parlor_engine::{Codec, Config, Configuration, Engine};

fn h264() -> Codec {
    Codec {
        mime_type: "video/H264".to_owned(),
        clock_rate: 90_000,
        channels: None,
        sdp_fmtp_line: "packetization-mode=1;profile-level-id=42e01f".to_owned(),
    }
}

/// webrtc alone would offer the track's own codec and no other.
#[tokio::test]
async fn a_section_that_sends_one_codec_offers_the_others_too() {
    let engine = Engine::new(Config::alone()).expect("an engine");
    let connection = engine.connect(&Configuration::default());
    let connection = connection.expect("a connection");
    let track = engine.encoded_track(&h264()).expect("a track");
    let added = connection.add_track(&track, &[]).await;
    added.expect("a section");
    let offer = connection.create_offer().await.expect("an offer");
    for codec in ["H264/90000", "VP8/90000"] {
        assert!(offer.sdp.contains(codec), "{codec} is not offered");
    }
}
