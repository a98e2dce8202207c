//! Pages that were left and are shown again as they were.

use std::time::Duration;

use parlor_tests::{BRIEF, Person, SOON, Setup, play};

/// Half a sentence, as somebody leaves it.
const DRAFT: &str = "I wanted to say";

async fn writes_a_draft(person: &Person) {
    person.write("chat-input", DRAFT).await;
}

/// The two are in one room, with the messages and the draft of before.
async fn are_together_again(ada: &Person, ben: &Person) {
    ada.meets(&[ben]).await;
    ben.meets(&[ada]).await;
    let one_ada = "document.querySelectorAll('[data-test=people-item]').length === 1";
    ben.wait_until("nobody but Ada", one_ada, SOON).await;
    ada.has_messages(&["before", "me too"]).await;
    assert_eq!(ada.draft().await, DRAFT);
    ada.say("and after").await;
    ben.has_messages(&["before", "me too", "and after"]).await;
    ben.say("welcome back").await;
    ada.has_messages(&["before", "me too", "and after", "welcome back"])
        .await;
    let delivered = "!document.querySelector('[data-delivery=waiting]')";
    ada.wait_until("all of it delivered", delivered, SOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_is_in_its_room_with_its_draft() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.say("before").await;
        ben.say("me too").await;
        ada.has_messages(&["before", "me too"]).await;
        writes_a_draft(&ada).await;
        ada.page_goes().await;
        ben.wait_gone("people-item", SOON).await;
        ada.page_comes_back().await;
        are_together_again(&ada, &ben).await;
    })
    .await;
}

/// Chromium keeps pages whose connections are closed, and not all of those: then the step back loads
/// the page again. The person is not to notice more of that than the lobby.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_back_from_another_site_leads_into_a_room_that_is_alive() {
    play(2, async |stage| {
        let setup = Setup {
            keeps_pages: true,
            ..Setup::default()
        };
        let (ada, ben, _) = stage.pair_with(setup, Setup::default()).await;
        ada.say("before").await;
        ben.say("me too").await;
        ada.has_messages(&["before", "me too"]).await;
        writes_a_draft(&ada).await;
        // Chromium keeps a page if another site follows.
        let elsewhere = ada.origin().replace("127.0.0.1", "localhost");
        assert_ne!(elsewhere, ada.origin(), "another site");
        ada.open(&elsewhere).await;
        ben.wait_gone("people-item", SOON).await;
        ada.step_back().await;
        let is_shown = "document.querySelector('[data-test=lobby-enter], [data-test=chat-input]')";
        ada.wait_until("the room or its lobby", is_shown, SOON)
            .await;
        let is_lobby = "return !!document.querySelector('[data-test=lobby-enter]')";
        if ada.look(is_lobby).await.expect("the page answers") {
            ada.click("lobby-enter").await;
        }
        are_together_again(&ada, &ben).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_went_in_a_call_is_back_in_it_with_one_click() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        // Devices are on afterwards as they were before.
        ada.click("call-mic").await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-muted=\"true\"]", SOON)
            .await;
        ada.page_goes().await;
        ben.wait_for("call-alone", SOON).await;
        // Nothing films or listens meanwhile.
        let is_off = "window.__tracks.every((track) => track.readyState === 'ended')";
        ada.wait_until("devices that are off", is_off, BRIEF).await;
        ada.page_comes_back().await;
        let way_in = "document.querySelector('[data-test=call-banner], [data-test=ring-card]')";
        ada.wait_until("a way back in", way_in, SOON).await;
        ada.click("room-call").await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
        ben.wait_for("tile[data-peer=\"Ada\"][data-muted=\"true\"]", BRIEF)
            .await;
        ada.hears(1, SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_sent_stays_in_the_field_with_a_word() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.page_goes().await;
        ben.wait_gone("people-item", SOON).await;
        ada.say("are you there?").await;
        ada.reads("toast", "was not sent", BRIEF).await;
        assert_eq!(ada.draft().await, "are you there?");
        ada.stays(
            "the message in the field",
            "document.querySelector('[data-test=chat-input]').value === 'are you there?'",
            Duration::from_secs(1),
        )
        .await;
        // That it was tried brought the page back.
        ada.meets(&[&ben]).await;
        ada.click("chat-send").await;
        ben.has_messages(&["are you there?"]).await;
    })
    .await;
}
