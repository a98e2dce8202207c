//! Texts arrive whole or are refused in words, and show nothing that is not so.

use fantoccini::key::Key;
use parlor_tests::{BRIEF, Person, SOON, play};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const FAMILY: &str = "👨‍👩‍👧‍👦";

async fn has_in_field(person: &Person, field: &str, graphemes: usize) {
    let count = format!(
        "[...new Intl.Segmenter().segment(document.querySelector('[data-test={field}]').value)].length \
         === {graphemes}"
    );
    person
        .wait_until(&format!("{graphemes} characters in {field}"), &count, BRIEF)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_long_stays_and_says_so_and_others_arrive_whole() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ada.paste("chat-input", &"x".repeat(5_003)).await;
        ada.reads("message-length", "Shorten it by 1003 characters", BRIEF)
            .await;
        has_in_field(&ada, "chat-input", 5_003).await;
        ada.press(Key::Enter).await;
        has_in_field(&ada, "chat-input", 5_003).await;
        assert!(ada.messages().await.expect("a chat").is_empty());

        ada.paste("chat-input", &"x".repeat(3_990)).await;
        ada.reads("message-length", "10 characters left", BRIEF)
            .await;
        for text in ["🌻".repeat(2_500), "語".repeat(4_000), FAMILY.repeat(1_000)] {
            ada.paste("chat-input", &text).await;
            ada.press(Key::Enter).await;
            ben.reads("chat-message", &text, SOON).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_too_long_is_kept_and_said_and_never_cut_inside_a_character() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        for (name, length, words) in [
            ("x".repeat(45), 45, "Shorten it by 5 characters"),
            (FAMILY.repeat(17), 17, "Shorten it by 1 character"),
        ] {
            ada.paste("lobby-name", &name).await;
            let says =
                format!("document.querySelector('#name-trouble').innerText.includes({words:?})");
            ada.wait_until(words, &says, BRIEF).await;
            ada.click("lobby-enter").await;
            has_in_field(&ada, "lobby-name", length).await;
        }
        assert!(!ada.sees_now("chat-input").await);
        ada.paste("lobby-name", &format!("🇯🇵 {FAMILY}")).await;
        ada.click("lobby-enter").await;
        ada.wait_for("chat-input", SOON).await;
        ada.say("こんにちは").await;
        ada.wait_until(
            "the flag as initials",
            "document.querySelector('.group .face').dataset.letters === '🇯🇵'",
            SOON,
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_found_behind_1200_letters() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.open("/").await;
        let text = format!("{}「{link}」に来てください。", "x".repeat(1_200));
        ada.paste("start-link", &text).await;
        ada.click("start-join").await;
        ada.wait_for("lobby-name", SOON).await;
        let there: String = ada.look("return location.href").await.expect("a page");
        assert_eq!(there, link);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direction_override_disguises_no_link() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        ada.enter().await;
        ada.paste("chat-input", "Https://example.com/\u{202E}gpj.exe")
            .await;
        ada.press(Key::Enter).await;
        ada.wait_for("chat-message a[dir=\"ltr\"]", SOON).await;
        let shown: (String, String) = ada
            .look(
                "const text = document.querySelector('.said-text');
                 return [text.querySelector('a').getAttribute('href'), text.textContent];",
            )
            .await
            .expect("a message");
        assert_eq!(shown.0, "Https://example.com/");
        assert_eq!(shown.1, "Https://example.com/gpj.exe");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_a_day_off_adds_no_date_lines() {
    play(2, async |stage| {
        let (ada, ben) = (stage.person("Ada").await, stage.person("Ben").await);
        ben.set_clock(-DAY).await;
        ada.make_room_with(&ben).await;
        let mut said = Vec::new();
        for number in 0..10 {
            let speaker = if number % 2 == 0 { &ada } else { &ben };
            said.push(number.to_string());
            let texts: Vec<&str> = said.iter().map(String::as_str).collect();
            speaker.say(texts[number]).await;
            ada.has_messages(&texts).await;
            ben.has_messages(&texts).await;
        }
        for person in [&ada, &ben] {
            let days = "[...document.querySelectorAll('.day')].map((day) => day.innerText).join()";
            person
                .wait_until("one date line", &format!("{days} === 'Today'"), BRIEF)
                .await;
            let own = "document.querySelectorAll('[data-test=sender-clock]').length === 5";
            person
                .wait_until("whose clock each time is of", own, BRIEF)
                .await;
        }
    })
    .await;
}
