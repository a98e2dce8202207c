//! Messages count as seen only if they were in sight.

use std::time::Duration;

use parlor_tests::{BRIEF, SOON, play};

const PHONE: (u32, u32) = (360, 800);

#[tokio::test(flavor = "multi_thread")]
async fn messages_in_a_hidden_window_are_unread_until_it_is_shown() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair().await;
        ben.say("seen").await;
        ada.has_messages(&["seen"]).await;
        let nothing_new = "!document.title.startsWith('(')";
        ada.stays("nothing unread", nothing_new, Duration::from_secs(1))
            .await;
        ada.hide().await;
        let is_hidden = "document.visibilityState === 'hidden'";
        ada.wait_until("a hidden page", is_hidden, BRIEF).await;
        for text in ["one", "two", "three"] {
            ben.say(text).await;
        }
        ada.has_messages(&["seen", "one", "two", "three"]).await;
        let counted = "document.title.startsWith('(3) ') && document.title.endsWith('Parlor')";
        ada.wait_until("three in the title", counted, BRIEF).await;
        ada.show().await;
        ada.wait_until(
            "a page in sight",
            "document.visibilityState === 'visible'",
            BRIEF,
        )
        .await;
        ada.wait_until("nothing unread", nothing_new, BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_during_a_call_on_a_phone_are_unread_until_the_chat_is_opened() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        ada.resize(PHONE).await;
        let narrow = "innerWidth === 360";
        ada.wait_until("the new width", narrow, SOON).await;
        ben.say("psst").await;
        ada.wait_until(
            "a dot at the chat",
            "document.querySelector('.chat-button .unread-dot')",
            SOON,
        )
        .await;
        ada.wait_until(
            "one in the title",
            "document.title.startsWith('(1) ')",
            BRIEF,
        )
        .await;
        ada.click("call-chat").await;
        ada.wait_until("nothing unread", "!document.title.startsWith('(')", BRIEF)
            .await;
        ada.click("call-back").await;
        ada.stays(
            "no dot",
            "!document.querySelector('.unread-dot')",
            Duration::from_secs(1),
        )
        .await;
    })
    .await;
}
