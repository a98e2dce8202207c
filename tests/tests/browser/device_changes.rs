//! Devices that are chosen, taken away, muted, unplugged or blocked, and what else belongs to a call.

use std::time::Duration;

use parlor_tests::{BRIEF, Devices, Person, SOON, Setup, Stage, play};

/// The one between them gives depths, which are no pictures to send.
const THIRD_CAMERA: &str = "fake_device_2";
const FIRST_HEADSET: &str = "Fake Audio Input 1";
const SECOND_HEADSET: &str = "Fake Audio Input 2";

fn several() -> Setup {
    Setup {
        devices: Devices::Several,
        ..Setup::default()
    }
}

/// Two people in a call; the first has several devices.
async fn call_with_several(stage: &mut Stage) -> (Person, Person) {
    let (ada, ben, _) = stage.pair_with(several(), Setup::default()).await;
    ada.call().await;
    ben.accept().await;
    ben.sees(&[&ada], SOON).await;
    (ada, ben)
}

/// Waits until the devices of a kind that are open are exactly this one.
async fn uses(person: &Person, kind: &str, label: &str) {
    let is_so = format!("window.__live({kind:?}) === {label:?}");
    person
        .wait_until(&format!("{label} alone"), &is_so, SOON)
        .await;
}

async fn run(person: &Person, script: &str) {
    let script = format!("{script}; return null;");
    let _: Option<bool> = person.look(&script).await.expect("the page answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_devices_are_used_in_the_lobby_and_in_the_call() {
    play(2, async |stage| {
        let ada = stage.person_with("Ada", several()).await;
        let ben = stage.person("Ben").await;
        let link = ada.make_room().await;
        ada.wait_for("lobby-preview video", SOON).await;
        ada.choose("device-camera", THIRD_CAMERA).await;
        ada.choose("device-microphone", SECOND_HEADSET).await;
        uses(&ada, "video", THIRD_CAMERA).await;
        uses(&ada, "audio", SECOND_HEADSET).await;
        ada.enter().await;
        ben.arrive(&link).await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ada.call().await;
        ben.accept().await;
        uses(&ada, "video", THIRD_CAMERA).await;
        uses(&ada, "audio", SECOND_HEADSET).await;
        ben.sees(&[&ada], SOON).await;

        // In the middle of the call too.
        ada.choose("device-camera", "fake_device_0").await;
        ada.choose("device-microphone", FIRST_HEADSET).await;
        uses(&ada, "video", "fake_device_0").await;
        uses(&ada, "audio", FIRST_HEADSET).await;
        ben.sees(&[&ada], SOON).await;
        ben.hears(1, SOON).await;
        assert!(!ada.sees_now("toast").await, "nothing to say");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_device_is_used_where_the_chosen_one_is_missing_and_said() {
    play(1, async |stage| {
        let ada = stage.person_with("Ada", several()).await;
        ada.make_room().await;
        ada.wait_for("lobby-preview video", SOON).await;
        ada.choose("device-microphone", SECOND_HEADSET).await;
        uses(&ada, "audio", SECOND_HEADSET).await;
        ada.click("lobby-mic").await;
        uses(&ada, "audio", "").await;
        run(&ada, &format!("window.__unplug({SECOND_HEADSET:?})")).await;
        ada.click("lobby-mic").await;
        uses(&ada, "audio", "Fake Default Audio Input").await;
        ada.reads("toast", "The microphone you chose is not connected", SOON)
            .await;
        ada.reads("toast", "Fake Default Audio Input", SOON).await;
        // Both together: the other one stays the chosen one.
        ada.choose("device-camera", THIRD_CAMERA).await;
        uses(&ada, "video", THIRD_CAMERA).await;
        ada.enter().await;
        ada.call().await;
        uses(&ada, "video", THIRD_CAMERA).await;
        uses(&ada, "audio", "Fake Default Audio Input").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_whose_permission_is_taken_away_costs_nobody_the_microphone() {
    play(2, async |stage| {
        let (ada, ben) = call_with_several(stage).await;
        ben.hears(1, SOON).await;
        ada.permit("camera", false).await;
        ada.reads(
            "stage",
            "Permission for your camera was taken away. Allow it again",
            SOON,
        )
        .await;
        ada.wait_for("own-tile[data-camera=\"off\"][data-muted=\"false\"]", SOON)
            .await;
        ben.wait_for(
            "tile[data-peer=\"Ada\"][data-camera=\"off\"][data-muted=\"false\"]",
            SOON,
        )
        .await;
        ben.hears(1, SOON).await;
        ada.sees(&[&ben], SOON).await;
        ada.permit("camera", true).await;
        ada.click("call-camera").await;
        ada.wait_gone("call-trouble-close", SOON).await;
        ben.sees(&[&ada], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_mutes_is_told_on_both_sides_until_it_is_back() {
    play(2, async |stage| {
        let (ada, ben) = call_with_several(stage).await;
        run(&ada, "window.__mute('video', true)").await;
        ada.reads("stage", "Your system has paused your camera", SOON)
            .await;
        ada.wait_for("own-tile[data-camera=\"off\"]", SOON).await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-camera=\"off\"]", SOON)
            .await;
        run(&ada, "window.__mute('video', false)").await;
        ada.wait_for("own-tile[data-camera=\"on\"]", SOON).await;
        ada.wait_gone("call-trouble-close", SOON).await;
        ben.sees(&[&ada], SOON).await;

        run(&ada, "window.__mute('audio', true)").await;
        ada.reads("stage", "Your system has muted your microphone", SOON)
            .await;
        ada.wait_for("own-tile[data-muted=\"true\"]", SOON).await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-muted=\"true\"]", SOON)
            .await;
        // Words that were read go; the marks stay.
        ada.click("call-trouble-close").await;
        ada.wait_gone("call-trouble-close", BRIEF).await;
        ada.wait_for("own-tile[data-muted=\"true\"]", BRIEF).await;
        run(&ada, "window.__mute('audio', false)").await;
        ada.wait_for("own-tile[data-muted=\"false\"]", SOON).await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-muted=\"false\"]", SOON)
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headset_that_dies_falls_back_and_none_that_is_plugged_in_goes_live() {
    play(2, async |stage| {
        let (ada, ben) = call_with_several(stage).await;
        ada.choose("device-microphone", FIRST_HEADSET).await;
        uses(&ada, "audio", FIRST_HEADSET).await;
        run(&ada, &format!("window.__unplug({FIRST_HEADSET:?})")).await;
        uses(&ada, "audio", SECOND_HEADSET).await;
        ada.reads("toast", "Parlor uses Fake Audio Input 2 now", SOON)
            .await;
        ben.hears(1, SOON).await;
        run(&ada, &format!("window.__plug({FIRST_HEADSET:?})")).await;
        let listed = "[...document.querySelector('[data-test=device-microphone]').options]\
                      .some((one) => one.label === 'Fake Audio Input 1')";
        ada.wait_until("the device in the menu", listed, SOON).await;
        let same = "window.__live('audio') === 'Fake Audio Input 2'";
        ada.stays("the same microphone", same, Duration::from_secs(1))
            .await;
        // The last one that there was: the words, and no other one.
        run(&ada, &format!("window.__unplug({FIRST_HEADSET:?})")).await;
        run(&ada, &format!("window.__unplug({SECOND_HEADSET:?})")).await;
        ada.reads("stage", "Your microphone stopped or was unplugged", SOON)
            .await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-muted=\"true\"]", SOON)
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_is_asked_once_and_a_blocked_camera_still_gives_the_microphone() {
    play(2, async |stage| {
        let setup = Setup {
            devices: Devices::Refused,
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        ada.make_room().await;
        let words = "Parlor may not use your camera and microphone";
        ada.reads("lobby-trouble", words, SOON).await;
        let once = "window.__requests === 1";
        ada.stays("asked once", once, Duration::from_secs(1)).await;

        let ben = stage.person_with("Ben", several()).await;
        ben.permit("camera", false).await;
        ben.make_room().await;
        ben.reads("lobby-trouble", "Parlor may not use your camera.", SOON)
            .await;
        uses(&ben, "audio", "Fake Default Audio Input").await;
        ben.wait_for("lobby-mic[aria-pressed=\"true\"]", BRIEF)
            .await;
        ben.stays("asked once", once, Duration::from_secs(1)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_stays_on_again_after_the_page_was_hidden() {
    const AWAKE: &str = "window.__locks.filter((lock) => !lock.released).length === 1";
    const ASLEEP: &str = "window.__locks.every((lock) => lock.released)";
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        ada.enter().await;
        ada.call().await;
        ada.wait_until("a wake lock", AWAKE, SOON).await;
        ada.hide().await;
        let lost = "document.hidden && window.__locks[0].released";
        ada.wait_until("the first wake lock lost", lost, SOON).await;
        ada.show().await;
        ada.wait_until("a shown page", "!document.hidden", SOON)
            .await;
        ada.wait_until("a wake lock again", AWAKE, SOON).await;
        ada.click("outgoing-cancel").await;
        ada.wait_until("no wake lock", ASLEEP, SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_work_on_keyboards_of_every_script() {
    // Russian, full-width letters, and an input method that takes the key.
    const KEYS: [(&str, &str); 3] = [
        ("\u{44c}", "\u{43c}"),
        ("\u{ff4d}", "\u{ff56}"),
        ("Process", "Process"),
    ];
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        ada.enter().await;
        ada.call().await;
        ada.wait_for("own-tile[data-camera=\"on\"][data-muted=\"false\"]", SOON)
            .await;
        run(&ada, "document.activeElement?.blur()").await;
        for (m, v) in KEYS {
            for (muted, camera) in [(true, "off"), (false, "on")] {
                ada.press_on_keyboard(m, "KeyM").await;
                ada.press_on_keyboard(v, "KeyV").await;
                let tile = format!("own-tile[data-camera=\"{camera}\"][data-muted=\"{muted}\"]");
                ada.wait_for(&tile, SOON).await;
            }
        }
    })
    .await;
}
