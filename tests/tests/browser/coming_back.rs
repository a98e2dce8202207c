//! Second windows, reloads, and people who vanish.

use std::time::Duration;

use parlor_tests::{BRIEF, LONG, SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn one_person_in_two_windows_is_reached_in_both() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        let first = ben.window().await;
        let second = ben.open_window().await;
        ben.arrive(&link).await;
        ben.click("lobby-enter").await;
        ben.meets(&[&ada]).await;
        let both = "document.querySelectorAll('[data-test=people-item][data-peer=Ben]\
                    [data-link=connected]').length === 2";
        ada.wait_until("both of Ben's windows", both, SOON).await;
        ada.say("to both").await;
        ben.has_messages(&["to both"]).await;
        ben.say("from the second").await;
        ben.go_to_window(&first).await;
        ben.has_messages(&["to both", "from the second"]).await;
        ben.say("from the first").await;
        ada.has_messages(&["to both", "from the second", "from the first"])
            .await;
        ada.stays("both of Ben's windows", both, Duration::from_secs(2))
            .await;

        // One window goes, the other stays.
        ben.go_to_window(&second).await;
        ben.has_messages(&["to both", "from the second", "from the first"])
            .await;
        ben.open("about:blank").await;
        let one = both.replace("=== 2", "=== 1");
        ada.wait_until("one of Ben's windows", &one, SOON).await;
        ben.go_to_window(&first).await;
        ben.say("still here").await;
        ada.reads("chat-log", "still here", SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reloads_in_a_call_comes_back_to_it_and_to_what_was_said() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.say("first").await;
        ben.has_messages(&["first"]).await;
        ben.say("second").await;
        ada.has_messages(&["first", "second"]).await;
        ben.reload().await;
        ada.wait_for("call-alone", SOON).await;
        ben.wait_for("lobby-enter", SOON).await;
        ben.click("lobby-enter").await;
        // In the first 45 seconds of a call it rings for who comes in.
        let way_in = "document.querySelector('[data-test=call-banner], [data-test=ring-card]')";
        ben.wait_until("a way back in", way_in, SOON).await;
        assert!(ada.sees_now("stage").await, "Ada does not wait in the call");
        ben.click("room-call").await;
        ben.sees(&[&ada], SOON).await;
        ada.sees(&[&ben], SOON).await;
        ada.wait_gone("call-alone", BRIEF).await;
        ada.hears(1, SOON).await;
        ben.hears(1, SOON).await;
        ben.has_messages(&["first", "second"]).await;
        let one_ben = "document.querySelectorAll('[data-test=people-item]').length === 1";
        ada.wait_until("nobody but Ben", one_ben, SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_vanishes_is_shown_so_and_nobody_is_stuck() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ben.vanish();
        let told = "!document.querySelector('[data-test=tile][data-link=connected]')";
        ada.wait_until("trouble with Ben", told, Duration::from_secs(30))
            .await;
        ada.say("are you there?").await;
        ada.wait_gone("people-item[data-link=\"connected\"]", BRIEF)
            .await;
        ada.wait_gone("people-item", 2 * LONG).await;
        ada.has_no_call().await;
        // The next call is as good as the first.
        ada.call().await;
        ada.click("outgoing-cancel").await;
        ada.has_no_call().await;
    })
    .await;
}
