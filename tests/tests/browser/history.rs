//! Steps back and forward, wanted and not.

use std::time::Duration;

use parlor_tests::{BRIEF, Person, SOON, play};

const PHONE: (u32, u32) = (360, 800);
const DESK: (u32, u32) = (1280, 800);

/// A slip costs no more than this, with a margin for a machine that is busy.
const BACK_WITHIN: Duration = Duration::from_secs(10);

/// One step back leads to the start page: no entry of a closed view is left.
async fn is_one_step_from_the_start(person: &Person) {
    person.step_back().await;
    person.wait_for("start-new", BRIEF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_back_in_a_call_asks_and_the_call_goes_on() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.step_back().await;
        ada.wait_for("leave-question", BRIEF).await;
        ben.pictures_keep_coming(Duration::from_secs(2)).await;
        assert!(!ben.sees_now("call-alone").await, "Ada is gone");
        ada.click("leave-stay").await;
        ada.wait_gone("leave-question", BRIEF).await;
        ada.sees(&[&ben], SOON).await;
        // It asks as often as it happens, and the arrow above the room asks too.
        ada.click("room-leave").await;
        ada.wait_for("leave-question", BRIEF).await;
        ada.click("leave-stay").await;
        ada.wait_gone("leave-question", BRIEF).await;
        ada.step_back().await;
        ada.click("leave-anyway").await;
        ada.has_no_call().await;
        ben.has_no_call().await;
        // Only the call was left.
        ben.meets(&[&ada]).await;
        is_one_step_from_the_start(&ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_forward_or_a_click_leads_back_into_the_call() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.say("first").await;
        ben.has_messages(&["first"]).await;
        ada.write("chat-input", "half a").await;
        for way in ["a step forward", "a click"] {
            ada.step_back().await;
            ada.wait_for("leave-question", BRIEF).await;
            ada.step_back().await;
            ada.wait_for("start-new", BRIEF).await;
            ben.wait_for("call-alone", SOON).await;
            ada.reads("toast", "You left the call", BRIEF).await;
            if way == "a click" {
                ada.click("toast-undo").await;
            } else {
                ada.step_forward().await;
            }
            ada.wait_for("stage", BACK_WITHIN).await;
            ada.sees(&[&ben], BACK_WITHIN).await;
            ben.sees(&[&ada], BACK_WITHIN).await;
            ada.wait_gone("toast-undo", BRIEF).await;
            ada.has_messages(&["first"]).await;
            assert_eq!(ada.draft().await, "half a", "after {way}");
        }
        ada.hang_up().await;
        ben.has_no_call().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_back_closes_what_is_open_over_the_room() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.resize(PHONE).await;
        ada.click("call-chat").await;
        ada.wait_for("call-back", BRIEF).await;
        ada.click("room-people").await;
        ada.click("person-options").await;
        ada.wait_for("person-close", BRIEF).await;
        ada.step_back().await;
        ada.wait_gone("person-close", BRIEF).await;
        ada.click("people-close").await;
        ada.click("room-invite").await;
        ada.wait_for("invite-link", BRIEF).await;
        ada.step_back().await;
        ada.wait_gone("invite-link", BRIEF).await;
        assert!(ada.sees_now("call-back").await, "the chat is gone too");
        ada.step_back().await;
        ada.wait_gone("call-back", BRIEF).await;
        assert!(
            !ada.sees_now("leave-question").await,
            "it asks about the chat"
        );
        ada.sees(&[&ben], SOON).await;
        // Forward again, and back by the button.
        ada.step_forward().await;
        ada.wait_for("call-back", BRIEF).await;
        ada.click("call-back").await;
        ada.wait_gone("call-back", BRIEF).await;
        ada.resize(DESK).await;
        ada.hang_up().await;
        is_one_step_from_the_start(&ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_loaded_again_has_no_entries_of_closed_views() {
    play(2, async |stage| {
        let (ada, _, _) = stage.pair_in_call().await;
        ada.resize(PHONE).await;
        ada.click("call-chat").await;
        ada.wait_for("call-back", BRIEF).await;
        ada.reload().await;
        ada.wait_for("lobby-enter", SOON).await;
        let is_base = "(history.state ?? '') === ''";
        ada.wait_until("the room's own entry", is_base, BRIEF).await;
        is_one_step_from_the_start(&ada).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_page_asks_in_a_call_alone() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        assert!(!ada.is_asked_before_closing().await, "outside of a call");
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], SOON).await;
        assert!(ada.is_asked_before_closing().await, "in a call");
        ada.hang_up().await;
        ada.has_no_call().await;
        assert!(!ada.is_asked_before_closing().await, "after a call");
    })
    .await;
}
