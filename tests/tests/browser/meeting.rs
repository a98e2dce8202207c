//! People who come together, see and hear each other, and write.

use parlor_tests::{SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_meet_by_the_link_call_chat_and_hang_up() {
    play(2, async |stage| {
        let (ada, ben) = (stage.person("Ada").await, stage.person("Ben").await);
        let link = ada.make_room().await;
        ada.enter().await;
        ben.arrive(&link).await;
        // The lobby says who is there before anybody enters.
        let ada_is_there = "document.body.innerText.includes('There now: Ada')";
        ben.wait_until("Ada's name in the lobby", ada_is_there, SOON)
            .await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ben.meets(&[&ada]).await;

        ada.call().await;
        ada.wait_for("outgoing-card", SOON).await;
        ben.wait_for("ring-card", SOON).await;
        ben.reads("ring-card", "Ada", SOON).await;
        ben.accept().await;
        ada.wait_gone("outgoing-card", SOON).await;
        ben.wait_gone("ring-card", SOON).await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
        ada.hears(1, SOON).await;
        ben.hears(1, SOON).await;

        for (speaker, other, text) in [
            (&ada, &ben, "one"),
            (&ben, &ada, "two"),
            (&ada, &ben, "three"),
            (&ben, &ada, "four"),
        ] {
            speaker.say(text).await;
            other.reads("chat-log", text, SOON).await;
        }
        ada.has_messages(&["one", "two", "three", "four"]).await;
        ben.has_messages(&["one", "two", "three", "four"]).await;

        ben.hang_up().await;
        ada.has_no_call().await;
        ben.has_no_call().await;
        ada.reads("toast", "ended", SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_call_in_the_same_room_is_as_good_as_the_first() {
    play(2, async |stage| {
        let (ada, ben, _) = stage.pair_in_call().await;
        for (caller, other) in [(&ada, &ben), (&ben, &ada)] {
            caller.hang_up().await;
            other.has_no_call().await;
            caller.call().await;
            other.accept().await;
            for (one, seen) in [(&ada, &ben), (&ben, &ada)] {
                one.sees(&[seen], SOON).await;
                one.hears(1, SOON).await;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_people_all_see_and_hear_each_other() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        let cleo = stage.person("Cleo").await;
        cleo.arrive(&link).await;
        cleo.enter().await;
        cleo.meets(&[&ada, &ben]).await;
        ada.meets(&[&cleo]).await;
        ben.meets(&[&cleo]).await;
        ada.call().await;
        ben.accept().await;
        cleo.accept().await;
        let everybody = [
            (&ada, [&ben, &cleo]),
            (&ben, [&ada, &cleo]),
            (&cleo, [&ada, &ben]),
        ];
        for (one, others) in everybody {
            one.sees(&others, 2 * SOON).await;
            one.hears(2, SOON).await;
        }
        // Offers that cross are taken back by one side, which not every browser gets over.
        for (one, _) in everybody {
            let rollbacks: u32 = one
                .look("return window.__rollbacks ?? 0;")
                .await
                .expect("the page answers");
            assert_eq!(rollbacks, 0, "{one:?} took offers back");
        }
        cleo.say("all three").await;
        ada.has_messages(&["all three"]).await;
        ben.has_messages(&["all three"]).await;

        // One leaves: the call goes on for the others.
        ada.hang_up().await;
        ada.wait_for("call-banner", SOON).await;
        ben.sees(&[&cleo], SOON).await;
        cleo.sees(&[&ben], SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_alone_reaches_who_comes_later() {
    play(2, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.enter().await;
        ada.say("is anybody here?").await;
        ada.wait_for("chat-message [data-delivery=\"waiting\"]", SOON)
            .await;
        let ben = stage.person("Ben").await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.has_messages(&["is anybody here?"]).await;
        ada.wait_for("chat-message [data-delivery=\"delivered\"]", SOON)
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_while_somebody_was_away_arrives_when_they_are_back() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        ada.say("before").await;
        ben.has_messages(&["before"]).await;
        ben.say("I go").await;
        ada.has_messages(&["before", "I go"]).await;
        ben.open("/").await;
        ada.wait_gone("people-item", SOON).await;
        ada.say("while you are away").await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.has_messages(&["before", "I go", "while you are away"])
            .await;
    })
    .await;
}
