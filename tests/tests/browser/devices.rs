//! Who may not or cannot be seen is still part of it.

use parlor_tests::{BRIEF, Devices, Person, SOON, Setup, Stage, play};

/// Two people: Ada in a new room, and Ben in its lobby, with these devices.
async fn lobby_with(stage: &mut Stage, devices: Devices) -> (Person, Person) {
    let ada = stage.person("Ada").await;
    let setup = Setup {
        devices,
        ..Setup::default()
    };
    let ben = stage.person_with("Ben", setup).await;
    let link = ada.make_room().await;
    ada.enter().await;
    ben.arrive(&link).await;
    (ada, ben)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_to_camera_and_microphone_still_writes_sees_and_hears() {
    play(2, async |stage| {
        let (ada, ben) = lobby_with(stage, Devices::Denied).await;
        ben.reads(
            "lobby-trouble",
            "may not use your camera and microphone",
            SOON,
        )
        .await;
        ben.reads("lobby-trouble", "You can enter without it", SOON)
            .await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ben.meets(&[&ada]).await;
        ada.say("hello").await;
        ben.has_messages(&["hello"]).await;
        ben.say("hello too").await;
        ada.has_messages(&["hello", "hello too"]).await;

        ada.call().await;
        ben.accept().await;
        ben.sees(&[&ada], SOON).await;
        ben.hears(1, SOON).await;
        ada.wait_for(
            "tile[data-peer=\"Ben\"][data-muted=\"true\"][data-camera=\"off\"]",
            SOON,
        )
        .await;
        ben.wait_until(
            "words about the devices in the call",
            "document.querySelector('[data-test=stage]').innerText.includes('may not use')",
            SOON,
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_camera_is_heard() {
    play(2, async |stage| {
        let (ada, ben) = lobby_with(stage, Devices::NoCamera).await;
        ben.reads("lobby-trouble", "No camera was found", SOON)
            .await;
        ben.enter().await;
        ben.meets(&[&ada]).await;
        ben.call().await;
        ada.accept().await;
        ben.sees(&[&ada], SOON).await;
        ada.hears(1, SOON).await;
        ada.wait_for(
            "tile[data-peer=\"Ben\"][data-muted=\"false\"][data-camera=\"off\"]",
            SOON,
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_devices_at_all_writes_sees_and_hears() {
    play(2, async |stage| {
        let (ada, ben) = lobby_with(stage, Devices::None).await;
        ben.reads("lobby-trouble", "No camera and no microphone", SOON)
            .await;
        ben.reads("lobby-trouble", "You can enter without it", SOON)
            .await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ben.say("hello").await;
        ada.has_messages(&["hello"]).await;
        ben.call().await;
        ada.accept().await;
        ben.sees(&[&ada], SOON).await;
        ben.hears(1, SOON).await;
        ada.wait_for(
            "tile[data-peer=\"Ben\"][data-muted=\"true\"][data-camera=\"off\"]",
            SOON,
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_another_program_has_are_tried_again_when_they_are_free() {
    play(2, async |stage| {
        let (ada, ben) = lobby_with(stage, Devices::Busy).await;
        let busy = "Another program is using your camera and microphone";
        ben.reads("lobby-trouble", busy, SOON).await;
        ben.reads("lobby-trouble", "Close that program", SOON).await;
        ben.enter().await;
        ben.meets(&[&ada]).await;
        ada.call().await;
        ben.accept().await;
        ben.sees(&[&ada], SOON).await;
        ben.wait_until(
            "words about the devices in the call",
            "document.querySelector('[data-test=stage]').innerText.includes('Another program')",
            SOON,
        )
        .await;
        // Words that were read do not lie over the call for the rest of it.
        ben.click("call-trouble-close").await;
        ben.wait_gone("call-trouble-close", BRIEF).await;
        ben.click("call-camera").await;
        ben.wait_for("call-trouble-close", BRIEF).await;
        // The other program lets go of them.
        ben.free_devices().await;
        ben.click("call-mic").await;
        ben.click("call-camera").await;
        ada.sees(&[&ben], SOON).await;
        ada.hears(1, SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_are_free_again_are_opened_from_the_lobby() {
    play(1, async |stage| {
        let setup = Setup {
            devices: Devices::Busy,
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        ada.make_room().await;
        let busy = "Another program is using your camera and microphone";
        ada.reads("lobby-trouble", busy, SOON).await;
        // Too early.
        ada.click("lobby-camera").await;
        ada.reads("lobby-trouble", busy, SOON).await;
        ada.free_devices().await;
        ada.click("lobby-camera").await;
        ada.wait_for("lobby-preview video", SOON).await;
        ada.reads("lobby-trouble", "is using your microphone", SOON)
            .await;
        ada.click("lobby-mic").await;
        ada.wait_gone("lobby-trouble", SOON).await;
        ada.wait_for("lobby-mic[aria-pressed=\"true\"]", BRIEF)
            .await;
    })
    .await;
}
