//! Sharing a screen in a call.

use parlor_tests::{BRIEF, Person, SOON, play};

/// Shares the screen that the browser makes up.
async fn share(person: &Person) {
    person.click("call-screen").await;
    person.wait_for("sharing-banner", SOON).await;
}

/// A script's expression for the video of somebody's screen.
fn video_of(sharer: &Person) -> String {
    let name = sharer.name();
    format!("document.querySelector('[data-test=share][data-peer=\"{name}\"] video')")
}

/// Waits until a moving picture of the screen is shown.
async fn sees_screen(person: &Person, sharer: &Person) {
    let video = video_of(sharer);
    let frames = format!("({video}?.getVideoPlaybackQuality().totalVideoFrames ?? 0)");
    let before = person.look::<u64>(&format!("return {frames}")).await;
    let moves = format!("{frames} > {} + 8", before.expect("a count"));
    person.wait_until("a screen that moves", &moves, SOON).await;
}

async fn sees_no_screen(person: &Person, sharer: &Person) {
    let share = format!("share[data-peer=\"{}\"]", sharer.name());
    person.wait_gone(&share, BRIEF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_screen_is_as_large_as_captured_and_beside_the_cameras() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        share(&ada).await;
        ada.reads("sharing-banner", "Ben", BRIEF).await;
        sees_screen(&ben, &ada).await;
        let size = "const { width, height } = window.__screens.find((track) => track.kind === 'video').getSettings(); return [width, height]";
        let (width, height): (u32, u32) = ada.look(size).await.expect("a size");
        let video = video_of(&ada);
        let is_whole = format!("{video}.videoWidth === {width} && {video}.videoHeight === {height}");
        ben.wait_until("the size as captured", &is_whole, SOON).await;
        // The faces are still there, and the screen is the largest picture.
        ben.sees(&[&ada], SOON).await;
        ada.sees(&[&ben], SOON).await;
        let area = |selector: &str| {
            format!("((box) => box.width * box.height)(document.querySelector('{selector}').getBoundingClientRect())")
        };
        let is_large = format!("{} > 3 * {}", area("[data-test=share]"), area("[data-test=tile]"));
        ben.wait_until("a screen that is large", &is_large, BRIEF).await;
        // Nobody watches their own.
        assert!(!ada.sees_now("share").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sharing_ends_everywhere_from_each_of_its_four_ends() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        for end in ["button", "banner", "browser", "call"] {
            share(&ada).await;
            sees_screen(&ben, &ada).await;
            match end {
                "button" => ada.click("call-screen").await,
                "banner" => ada.click("sharing-stop").await,
                "browser" => {
                    let stop = "window.__stopScreen(); return null";
                    ada.look::<Option<()>>(stop).await.expect("a page");
                }
                _ => ada.hang_up().await,
            }
            sees_no_screen(&ben, &ada).await;
            ada.wait_gone("sharing-banner", BRIEF).await;
            let is_off = "window.__screens.every((track) => track.readyState === 'ended')";
            ada.wait_until("a capture that ended", is_off, BRIEF).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_share_at_once_and_who_joins_later_sees_both() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        share(&ada).await;
        share(&ben).await;
        sees_screen(&ben, &ada).await;
        sees_screen(&ada, &ben).await;
        let cleo = stage.person("Cleo").await;
        cleo.arrive(&link).await;
        cleo.enter().await;
        cleo.click("call-banner-join").await;
        sees_screen(&cleo, &ada).await;
        sees_screen(&cleo, &ben).await;
        ada.reads("sharing-banner", "Cleo", SOON).await;
        cleo.sees(&[&ada, &ben], SOON).await;
        ada.click("sharing-stop").await;
        sees_no_screen(&cleo, &ada).await;
        sees_screen(&cleo, &ben).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_is_magnified_and_fills_the_whole_display() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        share(&ada).await;
        sees_screen(&ben, &ada).await;
        ben.click("share-zoom-in").await;
        ben.wait_for("share[data-zoom=\"150\"]", BRIEF).await;
        let overflows = "((view) => view.scrollWidth > view.clientWidth)(document.querySelector('.share-view'))";
        ben.wait_until("a picture that can be moved", overflows, BRIEF)
            .await;
        ben.click("share-zoom-out").await;
        ben.wait_for("share[data-zoom=\"100\"]", BRIEF).await;
        for is_full in [true, false] {
            ben.click("share-full").await;
            let is_so = format!("!!document.fullscreenElement === {is_full}");
            ben.wait_until("the whole display", &is_so, BRIEF).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_chooses_nothing_shares_nothing_and_can_try_again() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        let refuse = "const devices = navigator.mediaDevices, show = devices.getDisplayMedia; \
                      devices.getDisplayMedia = async () => { \
                        devices.getDisplayMedia = show; window.__refused = true; \
                        throw new DOMException('no', 'NotAllowedError'); }; return null";
        ada.look::<Option<()>>(refuse).await.expect("a page");
        ada.click("call-screen").await;
        ada.wait_until("the refusal", "window.__refused", BRIEF)
            .await;
        ada.stays(
            "no banner",
            "!document.querySelector('[data-test=sharing-banner]')",
            std::time::Duration::from_millis(500),
        )
        .await;
        share(&ada).await;
        sees_screen(&ben, &ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_that_cannot_share_offer_no_button() {
    play(2, async |stage| {
        let ada = stage.person("Ada").await;
        let ben = stage.person("Ben").await;
        ada.runs_before_pages("delete navigator.mediaDevices.getDisplayMedia; delete MediaDevices.prototype.getDisplayMedia")
            .await;
        ada.make_room_with(&ben).await;
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], SOON).await;
        assert!(!ada.sees_now("call-screen").await);
        assert!(ben.sees_now("call-screen").await);
        share(&ben).await;
        sees_screen(&ada, &ben).await;
    })
    .await;
}
