//! Calls before they are calls.

use std::time::{Duration, SystemTime};

use parlor_tests::{BRIEF, LONG, SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_is_told_of_a_no() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.call().await;
        ben.wait_for("ring-card", SOON).await;
        ben.click("ring-decline").await;
        ben.wait_gone("ring-card", BRIEF).await;
        ada.reads("toast", "Ben declined", BRIEF).await;
        ada.has_no_call().await;
        ben.has_no_call().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_stops_ringing_and_was_missed() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.call().await;
        ben.wait_for("ring-card", SOON).await;
        ada.click("outgoing-cancel").await;
        ben.wait_gone("ring-card", BRIEF).await;
        ben.reads("toast", "missed a call from Ada", BRIEF).await;
        ada.has_no_call().await;
        ben.has_no_call().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_for_45_seconds() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        let start = SystemTime::now();
        ada.call().await;
        ben.wait_for("ring-card", SOON).await;
        ada.reads("toast", "Nobody answered", LONG).await;
        let rang = start.elapsed().expect("a clock that goes forward");
        let expected = Duration::from_secs(43)..Duration::from_secs(55);
        assert!(expected.contains(&rang), "it rang for {rang:?}");
        ben.reads("toast", "You did not answer", BRIEF).await;
        ada.has_no_call().await;
        ben.has_no_call().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_told_of_the_call_and_joins_it() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        let cleo = stage.person("Cleo").await;
        cleo.arrive(&link).await;
        cleo.enter().await;
        cleo.wait_for("call-banner", SOON).await;
        cleo.reads("call-banner", "Ada", SOON).await;
        cleo.reads("call-banner", "Ben", SOON).await;
        assert!(
            !cleo.sees_now("ring-card").await,
            "a call that goes on does not ring"
        );
        cleo.click("call-banner-join").await;
        cleo.sees(&[&ada, &ben], 2 * SOON).await;
        ada.sees(&[&ben, &cleo], SOON).await;
        ben.sees(&[&ada, &cleo], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_call_at_the_same_moment_are_in_one_call() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        tokio::join!(ada.click("room-call"), ben.click("room-call"));
        for person in [&ada, &ben] {
            person.wait_for("stage", SOON).await;
            person.wait_gone("outgoing-card", SOON).await;
            person.wait_gone("ring-card", SOON).await;
            person.wait_gone("call-banner", SOON).await;
        }
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_call_in_another_window_is_busy() {
    play(3, async |stage| {
        let (_, ben, _) = stage.pair_in_call().await;
        let in_call = ben.window().await;
        let cleo = stage.person("Cleo").await;
        let link = cleo.make_room().await;
        cleo.enter().await;
        let other = ben.open_window().await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.meets(&[&cleo]).await;
        cleo.meets(&[&ben]).await;
        ben.reads("elsewhere-line", "in another window", SOON).await;
        // The answer may come before the call is seen.
        cleo.click("room-call").await;
        cleo.reads("toast", "in another call", SOON).await;
        cleo.has_no_call().await;
        assert!(
            !ben.sees_now("ring-card").await,
            "it rings in spite of the call"
        );
        ben.go_to_window(&in_call).await;
        ben.wait_for("stage", BRIEF).await;
        ben.go_to_window(&other).await;
        ben.has_no_call().await;
        // Free again, here too.
        ben.go_to_window(&in_call).await;
        ben.hang_up().await;
        ben.go_to_window(&other).await;
        ben.wait_gone("elsewhere-line", SOON).await;
        cleo.click("room-call").await;
        ben.wait_for("ring-card", SOON).await;
    })
    .await;
}
