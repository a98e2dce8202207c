//! Renegotiation and ICE restarts, by either side and by both at once.

use parlor_engine::{Direction, Kind, SignalingState, TrackEvent, TransceiverInit};

use crate::far::{Far, in_time, meet};

const RECEIVE: &str = "far.pc.addTransceiver('video', { direction: 'recvonly' });";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_adds_and_removes_a_track() {
    meet(async |far| {
        let channel = far.echo().await;
        let mut tracks = far.connection.tracks();
        let add = "
            const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
            far.sender = far.pc.addTrack(stream.getTracks()[0], stream);
            return stream.id;";
        let stream: String = far.page(add).await;
        let Some(TrackEvent::Added(added)) = in_time("a track", tracks.next()).await else {
            panic!("not a track that was added");
        };
        assert_eq!(added.track.kind(), Kind::Audio);
        assert_eq!(added.streams, [stream], "the stream keeps its id");

        let _: Option<bool> = far.page("far.pc.removeTrack(far.sender);").await;
        let removed = in_time("its end", tracks.next()).await;
        assert!(
            matches!(removed, Some(TrackEvent::Removed(_))),
            "{removed:?}"
        );
        far.echoes(&channel, "after all that").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_adds_and_removes_a_track() {
    meet(async |far| {
        let channel = far.echo().await;
        let opus = parlor_engine::Codec {
            mime_type: "audio/opus".into(),
            clock_rate: 48_000,
            channels: Some(2),
            sdp_fmtp_line: String::new(),
        };
        let track = far.engine.encoded_track(&opus).expect("a track");
        let sent = far.connection.add_track(&track, &["our-stream"]).await;
        let sent = sent.expect("it is added");
        far.becomes("interop.tracks[0]?.kind === 'audio'").await;
        let streams: Vec<String> = far.page("return far.tracks[0].streams;").await;
        assert_eq!(streams, ["our-stream"], "the stream keeps its id");

        far.connection
            .remove_track(&sent)
            .await
            .expect("it is removed");
        far.becomes(
            "['inactive', 'stopped'].includes(interop.pc.getTransceivers()[0].currentDirection)",
        )
        .await;
        far.echoes(&channel, "after all that").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_that_cross_lose_nothing() {
    meet(async |far| {
        let channel = far.echo().await;
        // Neither hears of the other's before its own offer is out.
        let theirs = far.page::<Option<bool>>(RECEIVE);
        let ours = async {
            far.connection
                .add_transceiver(Kind::Audio, &TransceiverInit::default())
        };
        let (_, ours) = tokio::join!(theirs, ours);
        ours.expect("a section");
        far.becomes(
            "interop.pc.signalingState === 'stable' && interop.pc.getTransceivers().length === 2 &&
             interop.pc.getTransceivers().every((one) => one.mid !== null && one.currentDirection)",
        )
        .await;
        settles(far).await;
        let mut sections = far.connection.transceivers();
        sections.sort_by_key(|section| section.kind() == Kind::Video);
        let kinds: Vec<_> = sections.iter().map(|section| section.kind()).collect();
        assert_eq!(kinds, [Kind::Audio, Kind::Video]);
        assert!(sections.iter().all(|section| section.mid().is_some()));
        far.echoes(&channel, "after all that").await;
    })
    .await;
}

/// Nothing is open, and nothing has to be told.
async fn settles(far: &Far) {
    let mut needed = far.connection.negotiation_needed();
    in_time("an end of negotiation", needed.wait_for(|needed| !needed)).await;
    let mut state = far.connection.signaling_state();
    in_time(
        "a stable state",
        state.wait_for(|state| state == SignalingState::Stable),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_that_only_receives_gets_a_direction_on_both_sides() {
    meet(async |far| {
        let init = TransceiverInit {
            direction: Direction::RecvOnly,
            ..TransceiverInit::default()
        };
        let ours = far
            .connection
            .add_transceiver(Kind::Video, &init)
            .expect("a section");
        far.becomes("interop.pc.getTransceivers()[0]?.currentDirection")
            .await;
        let theirs: String = far
            .page("return far.pc.getTransceivers()[0].currentDirection;")
            .await;
        // The page has nothing to send.
        assert_eq!(theirs, "inactive");
        settles(far).await;
        assert_eq!(ours.current_direction(), Some(Direction::Inactive));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_restarts_ice_and_data_flow_on() {
    meet(async |far| {
        let channel = far.echo().await;
        far.echoes(&channel, "before").await;
        for by_the_page in [true, false] {
            let before: String = far.page("return far.fragment();").await;
            let ours = fragment(far).await;
            if by_the_page {
                let _: Option<bool> = far.page("far.pc.restartIce();").await;
            } else {
                far.connection.restart_ice();
            }
            far.becomes(&format!("interop.fragment() !== '{before}'"))
                .await;
            far.browser
                .eventually(
                    "other credentials",
                    parlor_tests::SOON,
                    async || match fragment(far).await {
                        now if now == ours => Err("they are the old ones".to_owned()),
                        _ => Ok(()),
                    },
                )
                .await;
            far.becomes("['connected', 'completed'].includes(interop.pc.iceConnectionState)")
                .await;
            far.is_connected().await;
            far.echoes(&channel, "after").await;
        }
    })
    .await;
}

/// Which generation of ICE the engine is in.
async fn fragment(far: &Far) -> String {
    let description = far
        .connection
        .local_description()
        .await
        .expect("a description");
    let (_, rest) = description
        .sdp
        .split_once("a=ice-ufrag:")
        .expect("a fragment");
    rest.lines().next().unwrap_or_default().to_owned()
}
