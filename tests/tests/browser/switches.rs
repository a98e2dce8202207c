//! Microphone and camera, off and on again.

use parlor_tests::{SOON, play};

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
