//! What people see of it, in real browsers.

use std::time::Duration;

use parlor_tests::{BRIEF, Person, SOON, Stage, play};
use serde_json::json;

use crate::keys::text;
use crate::member::{Line, Member, state};

/// Pages compare what they have ten seconds after something new.
const COMPARED: Duration = Duration::from_secs(40);

/// The key in an invitation.
fn key_of(link: &str) -> &str {
    let (_, fragment) = link.split_once('#').expect("a fragment");
    fragment.split('/').next().expect("a key before the slash")
}

/// A hostile member comes in.
async fn mallory(stage: &Stage, link: &str, seed: u8) -> Member {
    Member::enter(&stage.socket(), key_of(link), seed).await
}

/// It is connected to a person, who sees it.
async fn connected(mallory: &mut Member, person: &Person) -> Line {
    let line = mallory.connect(mallory.named(person.name())).await;
    let item = "people-item[data-peer=\"Mallory\"][data-link=\"connected\"]";
    person.wait_for(item, SOON).await;
    line
}

const TWO_MARKS: &str = "document.querySelectorAll('[data-test=contradicted]').length === 2";

/// They read both posts, marked, and are told once; a toast does not stay for long.
async fn is_told(person: &Person) {
    person.wait_until("two marks", TWO_MARKS, COMPARED).await;
    let words = "Mallory said different things to different people";
    person.reads("toast", words, BRIEF).await;
    person.reads("chat-log", "yes", BRIEF).await;
    person.reads("chat-log", "no", BRIEF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contradicting_posts_are_marked_and_told_of() {
    play(2, async |stage| {
        let (ada, ben, link) = stage.pair().await;
        let mut mallory = mallory(stage, &link, 1).await;
        let to_ada = connected(&mut mallory, &ada).await;
        let to_ben = connected(&mut mallory, &ben).await;
        to_ada.posts(&mallory.visit.posts([(1, "yes")])).await;
        to_ben.posts(&mallory.visit.posts([(1, "no")])).await;
        tokio::join!(is_told(&ada), is_told(&ben));
        ada.say("which?").await;
        ben.reads("chat-log", "which?", SOON).await;
        ben.wait_until("no mark more", TWO_MARKS, BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_two_declines_nothing_rings() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.enter().await;
        let mut mallory = mallory(stage, &link, 2).await;
        let line = connected(&mut mallory, &ada).await;
        for number in 1..=5_u8 {
            let call = text(&[number; 8]);
            let calling = json!({ "call": call, "rings": true });
            line.say(state(u64::from(number), calling)).await;
            if number <= 2 {
                ada.wait_for("ring-card", SOON).await;
                ada.click("ring-decline").await;
            }
            while line.hear_of("state").await["declined"]["call"] != call.as_str() {}
            ada.wait_gone("ring-card", BRIEF).await;
        }
        // She is told that there is a call, quietly.
        ada.wait_for("call-banner", SOON).await;
        let quiet = "!document.querySelector('[data-test=ring-card]')";
        ada.stays("without a ring", quiet, Duration::from_secs(2))
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_reads_a_history_whose_clock_was_pushed() {
    play(2, async |stage| {
        let (ada, ben) = (stage.person("Ada").await, stage.person("Ben").await);
        let link = ada.make_room().await;
        ada.enter().await;
        ada.say("before").await;
        let mut mallory = mallory(stage, &link, 3).await;
        let line = connected(&mut mallory, &ada).await;
        let far = (1..=259).map(|number| (number * 1_000_000, "far"));
        for some in mallory.visit.posts(far).chunks(40) {
            line.posts(some).await;
        }
        line.say(json!({ "type": "ping" })).await;
        line.hear_of("pong").await;
        ada.say("after").await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.reads("chat-log", "far", SOON).await;
        ben.reads("chat-log", "after", SOON).await;
        ben.say("hello").await;
        ada.reads("chat-log", "hello", SOON).await;
        ben.reads("chat-log", "hello", SOON).await;
        for person in [&ada, &ben] {
            let blame = "!document.body.innerText.includes('cannot be read')";
            person.wait_until("no blame", blame, BRIEF).await;
        }
    })
    .await;
}
