//! Microphone and camera, off and on again.

use parlor_tests::{BRIEF, SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_muted_is_shown_so_and_not_heard_until_they_are_back() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.hears(1, SOON).await;
        ben.click("call-mic").await;
        ada.wait_for("tile[data-peer=\"Ben\"][data-muted=\"true\"]", SOON)
            .await;
        ben.wait_for("own-tile[data-muted=\"true\"]", SOON).await;
        ada.receives_silence(SOON).await;
        // The picture goes on, and the other direction too.
        ada.sees(&[&ben], SOON).await;
        ben.hears(1, SOON).await;
        ben.click("call-mic").await;
        ada.wait_for("tile[data-peer=\"Ben\"][data-muted=\"false\"]", SOON)
            .await;
        ada.hears(1, SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_is_off_sends_nothing_until_it_is_on_again() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ben.click("call-camera").await;
        ada.wait_for("tile[data-peer=\"Ben\"][data-camera=\"off\"]", SOON)
            .await;
        ben.wait_for("own-tile[data-camera=\"off\"]", SOON).await;
        ada.receives_no_pictures(SOON).await;
        ada.hears(1, SOON).await;
        ben.sees(&[&ada], SOON).await;
        ben.click("call-camera").await;
        ada.wait_for("tile[data-peer=\"Ben\"][data-camera=\"on\"]", SOON)
            .await;
        ada.sees(&[&ben], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_with_voice_is_heard_and_not_seen() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.call().await;
        ben.wait_for("ring-card", SOON).await;
        ben.click("ring-accept-voice").await;
        ada.wait_for(
            "tile[data-peer=\"Ben\"][data-muted=\"false\"][data-camera=\"off\"]",
            SOON,
        )
        .await;
        ada.hears(1, SOON).await;
        ben.sees(&[&ada], SOON).await;
        ada.receives_no_pictures(SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_device_stays_open_in_the_room_or_after_a_call() {
    const ALL_OFF: &str = "window.__tracks.every((track) => track.readyState === 'ended')";
    const SOME_ON: &str = "window.__tracks.some((track) => track.readyState === 'live')";
    play(2, async |stage| {
        let ada = stage.person("Ada").await;
        let ben = stage.person("Ben").await;
        let link = ada.make_room().await;
        ada.wait_until("the lobby to open devices", SOME_ON, SOON).await;
        ada.enter().await;
        ada.wait_until("all devices off in the room", ALL_OFF, BRIEF).await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.meets(&[&ada]).await;
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], SOON).await;
        ben.click("call-camera").await;
        let camera_off = "window.__tracks.every((track) => track.kind === 'audio' || track.readyState === 'ended')";
        ben.wait_until("the camera off", camera_off, BRIEF).await;
        ada.hang_up().await;
        ada.wait_until("all of Ada's devices off", ALL_OFF, BRIEF).await;
        ben.wait_until("all of Ben's devices off", ALL_OFF, BRIEF).await;
    })
    .await;
}
