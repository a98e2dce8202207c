//! Browsers that translate pages.

use parlor_tests::{BRIEF, SOON, Setup, play};

#[tokio::test(flavor = "multi_thread")]
async fn a_translated_page_follows_what_happens() {
    play(3, async |stage| {
        let setup = Setup {
            language: "de",
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        ada.translates_pages().await;
        let link = ada.make_room().await;
        ada.reads("lobby-enter", "«Enter»", BRIEF).await;
        ada.enter().await;
        ada.reads("room-people", "«1 person»", BRIEF).await;
        ada.say("is anybody here?").await;
        ada.reads("chat-message", "«Waiting until somebody can get it»", SOON)
            .await;

        let ben = stage.person("Ben").await;
        ben.arrive(&link).await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ada.reads("room-people", "«2 people»", SOON).await;
        ada.reads("chat-message", "«Delivered»", SOON).await;
        ada.follows_the_translation().await;

        let cleo = stage.person("Cleo").await;
        cleo.arrive(&link).await;
        cleo.enter().await;
        ada.meets(&[&ben, &cleo]).await;
        ben.meets(&[&ada, &cleo]).await;

        ada.call().await;
        ada.reads("outgoing-card", "«Calling…»", BRIEF).await;
        ben.accept().await;
        cleo.accept().await;
        ada.sees(&[&ben, &cleo], SOON).await;
        let clock = "document.querySelector('.lasts').textContent";
        let before: String = ada
            .look(&format!("return {clock};"))
            .await
            .expect("a clock");
        ada.wait_until("time to pass", &format!("{clock} !== {before:?}"), BRIEF)
            .await;
        ada.reads("tile", "Ben", BRIEF).await;
        ben.click("call-mic").await;
        ada.reads("tile", "«Microphone off»", SOON).await;
        ada.hang_up().await;
        ada.reads("room-call", "«Join the call»", SOON).await;
        ben.hang_up().await;
        ada.reads("room-call", "«Call»", SOON).await;

        ben.open("about:blank").await;
        ada.reads("room-people", "«2 people»", SOON).await;
        ada.follows_the_translation().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_offer_a_translation_only_to_those_who_need_it() {
    play(2, async |stage| {
        for (name, language, lang, is_offered) in
            [("Ada", "ja", "ja", false), ("Ben", "fr-FR", "en", true)]
        {
            let setup = Setup {
                language,
                ..Setup::default()
            };
            let person = stage.person_with(name, setup).await;
            person.make_room().await;
            person.enter().await;
            let root = format!(
                "document.documentElement.lang === {lang:?} && \
                 document.documentElement.translate === {is_offered}"
            );
            person.wait_until("the page's language", &root, BRIEF).await;
            // Messages are in the languages of people.
            person.say("Guten Abend").await;
            let message = "document.querySelector('.said-text')?.translate";
            person
                .wait_until("a message that may be translated", message, SOON)
                .await;
        }
    })
    .await;
}
