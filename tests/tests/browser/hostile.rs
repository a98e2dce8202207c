//! Somebody in the room who keeps to no rule.

use std::time::Duration;

use parlor_engine::RoomKey;
use parlor_signaling_protocol::{ClientMessage, RoomId, Sealed, limits};
use parlor_tests::{Honesty, Person, SOON, Setup, Stage, Wire, play};

/// What the server passes on although nobody can have said it.
fn garbage() -> Vec<String> {
    let letters = |count| "A".repeat(count);
    vec![
        letters(1),
        letters(22),
        letters(64),
        letters(1_000),
        "_".repeat(4_096),
        letters(limits::MAX_SEALED_CHARS),
    ]
}

/// The room of an invitation link, as the server knows it.
fn room_of(link: &str) -> RoomId {
    let fragment = link.split_once('#').expect("a fragment").1;
    let key = fragment.split('/').next().unwrap_or_default();
    key.parse::<RoomKey>().expect("a key").room_id()
}

/// Nobody but the two is shown as somebody to talk to.
async fn only_the_two_are_there(ada: &Person, ben: &Person) {
    let one = "document.querySelectorAll('[data-test=people-item][data-link=connected]').length === 1 \
               && document.querySelectorAll('[data-test=tile]').length === 1";
    ada.wait_until("Ben alone", one, SOON).await;
    ben.wait_until("Ada alone", one, SOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_from_a_member_disturbs_neither_call_nor_chat() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        let room = room_of(&link);
        let mut mallory = Wire::connect(&stage.socket(), 1).await;
        let members = mallory.join(room, "AAAA").await;
        assert_eq!(members.len(), 2, "the server has the two in that room");
        for payload in garbage() {
            for (to, _) in &members {
                mallory.relay(room, *to, Sealed(payload.clone())).await;
            }
        }
        // What others sealed for themselves, said again by somebody else.
        for (to, _) in &members {
            for (_, card) in &members {
                mallory.relay(room, *to, card.clone()).await;
            }
        }
        for (_, card) in &members {
            mallory
                .say(&ClientMessage::Card {
                    room,
                    card: card.clone(),
                })
                .await;
        }
        only_the_two_are_there(&ada, &ben).await;
        ada.pictures_keep_coming(Duration::from_secs(2)).await;
        ben.pictures_keep_coming(Duration::from_secs(2)).await;
        ada.say("who was that?").await;
        ben.has_messages(&["who was that?"]).await;
        ben.say("nobody").await;
        ada.has_messages(&["who was that?", "nobody"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_and_a_hundred_comings_and_goings_disturb_neither_call_nor_chat() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        let room = room_of(&link);
        let mut mallory = Wire::connect(&stage.socket(), 2).await;
        let members = mallory.join(room, "AAAA").await;
        for number in 0..200 {
            let payload = Sealed(format!("{number:0>400}"));
            let to = members[number % members.len()].0;
            mallory.relay(room, to, payload).await;
        }
        let mut another = Wire::connect(&stage.socket(), 3).await;
        // As often as the server lets each of them: a join counts as eight of 600 messages.
        for (wire, times) in [(&mut mallory, 40), (&mut another, 60)] {
            for _ in 0..times {
                wire.say(&ClientMessage::Leave { room }).await;
                wire.say_join(room, members[0].1.clone()).await;
            }
        }
        mallory.say_raw("{\"type\":\"nonsense\"}").await;
        mallory.say_raw("not even JSON").await;
        drop((mallory, another));
        ada.pictures_keep_coming(Duration::from_secs(3)).await;
        ben.pictures_keep_coming(Duration::from_secs(3)).await;
        ada.say("still there?").await;
        ben.has_messages(&["still there?"]).await;
        ben.say("yes").await;
        ada.has_messages(&["still there?", "yes"]).await;
        only_the_two_are_there(&ada, &ben).await;
        // Somebody honest gets in as before: Ben himself, once more.
        ben.reload().await;
        ben.click("lobby-enter").await;
        ben.meets(&[&ada]).await;
        ben.has_messages(&["still there?", "yes"]).await;
    })
    .await;
}

const LIAR: &str = "people-item[data-peer=\"Mallory\"]";

/// Somebody who has the room's key and whose page tells nonsense.
async fn liar(stage: &mut Stage, honesty: Honesty) -> Person {
    let setup = Setup {
        honesty,
        ..Setup::default()
    };
    stage.person_with("Mallory", setup).await
}

/// They are told that Mallory makes no sense.
async fn is_told_of_nonsense(person: &Person) {
    let words = "Messages from Mallory cannot be read";
    person.reads("toast", words, SOON).await;
}

/// Mallory is in the call as far as that goes, the two honest people go on, and once Mallory's page
/// tells the truth everything is well.
async fn all_goes_on(ada: &Person, ben: &Person, mallory: &Person) {
    mallory.click("room-call").await;
    for person in [ada, ben] {
        person
            .wait_for(&format!("{LIAR}[data-in-call=\"true\"]"), SOON)
            .await;
        person.pictures_keep_coming(Duration::from_secs(2)).await;
    }
    ada.say("who is that?").await;
    ben.has_messages(&["who is that?"]).await;
    ben.say("nobody").await;
    ada.has_messages(&["who is that?", "nobody"]).await;

    mallory.tell_the_truth().await;
    mallory.reload().await;
    mallory.click("lobby-enter").await;
    ada.meets(&[mallory]).await;
    ben.meets(&[mallory]).await;
    mallory.has_messages(&["who is that?", "nobody"]).await;
    mallory.click("room-call").await;
    mallory.sees(&[ada, ben], 2 * SOON).await;
    ada.sees(&[ben, mallory], SOON).await;
    ben.sees(&[ada, mallory], SOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_offers_from_who_has_the_key_disturb_nobody() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        // Who comes in makes the offers.
        let mallory = liar(stage, Honesty::NonsenseDescriptions).await;
        mallory.arrive(&link).await;
        mallory.enter().await;
        tokio::join!(is_told_of_nonsense(&ada), is_told_of_nonsense(&ben));
        for person in [&ada, &ben] {
            person
                .wait_for(&format!("{LIAR}[data-link=\"failed\"]"), 2 * SOON)
                .await;
        }
        all_goes_on(&ada, &ben, &mallory).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_answers_from_who_has_the_key_disturb_nobody() {
    play(3, async |stage| {
        let mallory = liar(stage, Honesty::NonsenseDescriptions).await;
        let link = mallory.make_room().await;
        mallory.enter().await;
        let (ada, ben) = (stage.person("Ada").await, stage.person("Ben").await);
        for person in [&ada, &ben] {
            person.arrive(&link).await;
            person.enter().await;
            is_told_of_nonsense(person).await;
        }
        ada.meets(&[&ben]).await;
        for person in [&ada, &ben] {
            person
                .wait_for(&format!("{LIAR}[data-link=\"failed\"]"), 2 * SOON)
                .await;
        }
        ada.call().await;
        ben.accept().await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
        all_goes_on(&ada, &ben, &mallory).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_candidates_from_who_has_the_key_disturb_nobody() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        let mallory = liar(stage, Honesty::NonsenseCandidates).await;
        mallory.arrive(&link).await;
        mallory.enter().await;
        // They may still be reached, by a way that the others found.
        for person in [&ada, &ben] {
            person.wait_for(LIAR, SOON).await;
        }
        all_goes_on(&ada, &ben, &mallory).await;
    })
    .await;
}
