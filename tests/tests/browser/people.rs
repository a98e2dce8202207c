//! Who somebody is, and what one can do about them for oneself.

use std::time::Duration;

use parlor_engine::{Fingerprint, PersonId};
use parlor_tests::{BRIEF, Person, SOON, play};

/// Opens the card of somebody who is in the list.
async fn open_card(person: &Person, of: &str) {
    let options = format!("people-item[data-peer=\"{of}\"] [data-test=\"person-options\"]");
    person.click(&options).await;
    person.wait_for("person-close", BRIEF).await;
}

/// Opens the comparison with somebody.
async fn open_comparison(person: &Person, of: &str) {
    open_card(person, of).await;
    person.click("person-verify").await;
    person.wait_for("verify-yours", BRIEF).await;
}

async fn close_card(person: &Person) {
    person.click("person-close").await;
    person.wait_gone("person-close", BRIEF).await;
}

/// The words and numbers of a line, as they are read.
async fn groups(person: &Person, line: &str) -> Vec<String> {
    let script = format!(
        "return [...document.querySelectorAll('[data-test=\"{line}\"] li')].map((one) => one.innerText)"
    );
    person.look(&script).await.expect("the page answers")
}

/// The key of somebody whom this person's device met last.
async fn key_of(person: &Person, name: &str) -> PersonId {
    let script = "return localStorage.getItem('parlor.people') ?? '';";
    let name = format!("\t{name}");
    person
        .eventually("somebody to be remembered", SOON, async || {
            let stored: String = person.look(script).await?;
            let line = stored.lines().find(|line| line.ends_with(&name));
            let key = line.and_then(|line| line.split('\t').next()?.parse().ok());
            key.ok_or_else(|| format!("there is {stored:?}"))
        })
        .await
}

async fn verify(person: &Person, other: &str) {
    open_comparison(person, other).await;
    person.click("verify-same").await;
    person.reads("verify-done", other, BRIEF).await;
    close_card(person).await;
    person
        .wait_for(
            &format!("people-item[data-peer=\"{other}\"] [data-test=\"verified\"]"),
            BRIEF,
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_compare_the_same_two_lines_and_are_marked_from_then_on() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        open_comparison(&ada, "Ben").await;
        open_comparison(&ben, "Ada").await;
        let (yours, theirs) = (
            groups(&ada, "verify-yours").await,
            groups(&ada, "verify-theirs").await,
        );
        assert_eq!(yours.len(), Fingerprint::GROUPS);
        assert_ne!(yours, theirs);
        assert_eq!(groups(&ben, "verify-theirs").await, yours);
        assert_eq!(groups(&ben, "verify-yours").await, theirs);
        for (person, other) in [(&ada, "Ben"), (&ben, "Ada")] {
            person.click("verify-same").await;
            person.reads("verify-done", other, BRIEF).await;
            close_card(person).await;
        }
        ben.say("hello").await;
        ada.wait_for("chat-log [data-test=\"verified\"]", SOON)
            .await;

        // The device remembers it.
        ada.reload().await;
        ada.click("lobby-enter").await;
        ada.meets(&[&ben]).await;
        ada.wait_for("people-item [data-test=\"verified\"]", SOON)
            .await;
        // It can be taken back.
        open_card(&ada, "Ben").await;
        ada.click("person-unverify").await;
        close_card(&ada).await;
        ada.wait_gone("verified", BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_under_a_verified_name_is_loud_wherever_it_speaks() {
    const IMPOSTOR: &str = "people-item[data-peer=\"Ｂｅｎ\"]";
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        verify(&ada, "Ben").await;
        ben.open("/").await;
        ada.wait_gone("people-item", SOON).await;

        let mallory = stage.person("Mallory").await;
        mallory.arrive(&link).await;
        mallory.enter_as("Ｂｅｎ").await;
        ada.wait_for(&format!("{IMPOSTOR}[data-link=\"connected\"]"), SOON)
            .await;
        let words = "not the Ｂｅｎ whom you verified";
        ada.reads("person-warning", words, SOON).await;
        mallory.say("It is me").await;
        ada.reads("message-warning", "Not the Ｂｅｎ whom you verified", SOON)
            .await;
        mallory.click("room-call").await;
        ada.wait_for("ring-card", SOON).await;
        ada.reads("ring-card", words, SOON).await;
        ada.click("ring-accept-voice").await;
        ada.reads("tile-warning", "Not the Ｂｅｎ whom you verified", SOON)
            .await;
        ada.hang_up().await;
        ada.has_no_call().await;

        ben.arrive(&link).await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ada.wait_for(
            "people-item[data-peer=\"Ben\"] [data-test=\"verified\"]",
            SOON,
        )
        .await;
        assert!(
            !ada.sees_now("people-item[data-peer=\"Ben\"] [data-test=\"person-warning\"]")
                .await
        );
        // Without an alarm where there is none: Ben verified nobody.
        ben.reads("person-note", "Has the same name as you", SOON)
            .await;
        assert!(!ben.sees_now("person-warning").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_person_neither_rings_nor_is_read_until_they_are_unblocked() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ben.say("before").await;
        ada.has_messages(&["before"]).await;
        open_card(&ada, "Ben").await;
        ada.click("person-block").await;
        close_card(&ada).await;
        ada.wait_for(
            "people-item[data-peer=\"Ben\"][data-blocked=\"true\"]",
            BRIEF,
        )
        .await;
        ada.has_messages(&[]).await;

        ben.say("do you hear me?").await;
        ben.call().await;
        ada.reads("message-folded", "2 messages from Ben", SOON)
            .await;
        let quiet = "!document.querySelector('[data-test=ring-card], [data-test=call-banner]') \
                     && !document.title.includes('calling')";
        ada.stays("without a ring", quiet, Duration::from_secs(3))
            .await;
        ada.click("message-show").await;
        ada.has_messages(&["before", "do you hear me?"]).await;

        // Blocked people stay in a list, where they can be unblocked. Ben still calls.
        ada.click("blocked-people summary").await;
        ada.click("unblock").await;
        ada.wait_gone("blocked-people", BRIEF).await;
        ada.wait_for("ring-card", SOON).await;
        ada.click("ring-accept-video").await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_muted_and_hidden_for_oneself_alone() {
    let sounds = |count| format!("document.querySelectorAll('audio').length === {count}");
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.wait_until("a voice", &sounds(1), SOON).await;
        ada.click("tile-options").await;
        ada.click("person-mute").await;
        ada.click("person-hide").await;
        close_card(&ada).await;
        ada.wait_until("no voice", &sounds(0), BRIEF).await;
        ada.wait_for("tile[data-peer=\"Ben\"][data-camera=\"off\"]", BRIEF)
            .await;
        ada.reads("tile", "Muted and hidden for you", BRIEF).await;
        ben.sees(&[&ada], SOON).await;
        ben.wait_until("a voice", &sounds(1), BRIEF).await;

        ada.click("tile-show").await;
        ada.sees(&[&ben], SOON).await;
        ada.click("tile-options").await;
        ada.click("person-mute").await;
        ada.click("person-hide").await;
        close_card(&ada).await;
        ada.wait_until("a voice", &sounds(1), BRIEF).await;
        ada.sees(&[&ben], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_read_with_a_camera_and_fits_only_the_one_who_shows_it() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        let (ada_key, ben_key) = (key_of(&ben, "Ada").await, key_of(&ada, "Ben").await);
        let code = |from, to| {
            let (from, to) = (Fingerprint::of(from), Fingerprint::of(to));
            format!("/#verify/{from}/{to}")
        };
        // Headless Chromium reads no codes: this is the browser's own part, made up.
        let detector = "window.BarcodeDetector = class { \
            async detect(video) { return video.videoWidth && window.__code ? [{ rawValue: window.__code }] : []; } \
        }; return null;";
        let _: Option<bool> = ben.look(detector).await.expect("the page answers");
        let shows = async |text: &str| {
            let script = format!("window.__code = {text:?}; return null;");
            let _: Option<bool> = ben.look(&script).await.expect("the page answers");
        };
        open_comparison(&ben, "Ada").await;
        shows("https://parlor.example/menu").await;
        ben.click("verify-scan").await;
        ben.wait_for("scan video", SOON).await;
        ben.reads("scan-said", "another kind of code", SOON).await;
        // Ada's screen has another key for Ben: somebody stands between them.
        shows(&code(ada_key, ada_key)).await;
        ben.reads("verify-failed", "stand between you", SOON).await;
        ben.wait_gone("scan", BRIEF).await;
        shows(&code(ada_key, ben_key)).await;
        ben.click("verify-scan").await;
        ben.reads("verify-done", "Ada", SOON).await;
        let released = "window.__tracks.every((track) => track.readyState === 'ended')";
        ben.wait_until("the camera released", released, SOON).await;

        // The same codes as links, which a phone's own camera opens.
        for (link, fits) in [
            (code(ada_key, ben_key), true),
            (code(ben_key, ada_key), false),
            (code(ben_key, ben_key), false),
        ] {
            ben.open("about:blank").await;
            ben.open(&link).await;
            ben.wait_for(&format!("verify-page[data-fits=\"{fits}\"]"), SOON).await;
        }
        // A link that somebody sent verifies nobody by itself.
        let link = code(ben_key, ada_key);
        ada.open("about:blank").await;
        ada.open(&link).await;
        ada.reads("verify-page", "the code of Ben", SOON).await;
        let is_verified = "localStorage.getItem('parlor.people').split('\\t')[3] !== '0'";
        ada.wait_until("nobody verified", &format!("!({is_verified})"), BRIEF).await;
        ada.click("verify-confirm").await;
        ada.wait_until("Ben verified", is_verified, BRIEF).await;
        ada.reads("verify-page", "Ben is verified", BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_window_knows_of_people_the_other_knows_at_once() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        let first = ada.window().await;
        let second = ada.open_window().await;
        ada.arrive(&link).await;
        ada.enter().await;
        ada.meets(&[&ben, &ada]).await;
        // Somebody's own other window is not a stranger of the same name.
        ada.meets(&[&ben]).await;
        assert!(!ada.sees_now("person-note").await);
        ada.go_to_window(&first).await;
        open_card(&ada, "Ben").await;
        ada.click("person-block").await;
        close_card(&ada).await;
        ada.go_to_window(&second).await;
        ada.wait_for(
            "people-item[data-peer=\"Ben\"][data-blocked=\"true\"]",
            SOON,
        )
        .await;
        ben.call().await;
        let quiet = "!document.querySelector('[data-test=ring-card]')";
        ada.stays("without a ring", quiet, Duration::from_secs(2))
            .await;
    })
    .await;
}
