//! Two windows of one person, who uses both.

use parlor_tests::{BRIEF, Person, SOON, play};

/// Chooses an option of the menu by its words.
async fn chooses(person: &Person, words: &str) {
    person.click("menu").await;
    let choose = format!(
        "[...document.querySelectorAll('#menu label')].find((one) => one.innerText === {words:?})\
         .click(); return null;"
    );
    let _: Option<()> = person.look(&choose).await.expect("the option is there");
}

fn lists(rooms: usize) -> String {
    format!("document.querySelectorAll('[data-test=room-list] .known-room').length === {rooms}")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_lose_nothing_of_each_other() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.open("/").await;
        ada.wait_for("start-new", SOON).await;
        let first = ada.window().await;
        let second = ada.open_window().await;
        ada.open("/").await;
        ada.wait_for("start-new", SOON).await;

        // Each makes a room, on a page that was loaded before the other did.
        ada.click("start-new").await;
        ada.enter().await;
        ada.go_to_window(&first).await;
        ada.wait_until("the room of the other window", &lists(1), BRIEF)
            .await;
        ada.click("start-new").await;
        ada.enter().await;
        let third = ada.open_window().await;
        ada.open("/").await;
        ada.wait_until("both rooms", &lists(2), SOON).await;

        // One chooses a language, and another a name.
        ada.go_to_window(&second).await;
        chooses(&ada, "日本語").await;
        ada.go_to_window(&first).await;
        let japanese = "document.documentElement.lang === 'ja'";
        ada.wait_until("the language of the other window", japanese, BRIEF)
            .await;
        let rename = "const field = document.querySelector('#own-name'); \
                      field.value = 'Ada Lovelace'; \
                      field.dispatchEvent(new Event('input', { bubbles: true })); \
                      field.dispatchEvent(new Event('change', { bubbles: true })); return null;";
        ada.click("menu").await;
        let _: Option<()> = ada.look(rename).await.expect("the field is there");

        ada.go_to_window(&third).await;
        ada.reload().await;
        ada.wait_until("both rooms", &lists(2), SOON).await;
        ada.wait_until("the language", japanese, BRIEF).await;
        ada.click("start-new").await;
        let named = "document.querySelector('[data-test=lobby-name]')?.value === 'Ada Lovelace'";
        ada.wait_until("the name", named, SOON).await;
    })
    .await;
}
