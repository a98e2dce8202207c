//! Whole calls.

use parlor_tests::{Person, Program, SOON, Setup, Stage, play};

const CHROMIUM: Setup = Setup::DEFAULT;
const FIREFOX: Setup = Setup {
    program: Program::Firefox,
    ..Setup::DEFAULT
};

pub(crate) async fn two_firefoxes() {
    play(2, async |stage| {
        meet_and_enter_again(stage, FIREFOX, FIREFOX).await
    })
    .await;
}

pub(crate) async fn firefox_calls_chromium() {
    play(2, async |stage| {
        meet_and_enter_again(stage, FIREFOX, CHROMIUM).await
    })
    .await;
}

pub(crate) async fn chromium_calls_firefox() {
    play(2, async |stage| {
        meet_and_enter_again(stage, CHROMIUM, FIREFOX).await
    })
    .await;
}

async fn see_and_hear_each_other(ada: &Person, ben: &Person) {
    for (one, other) in [(ada, ben), (ben, ada)] {
        one.sees(&[other], SOON).await;
        one.hears(1, SOON).await;
    }
}

async fn meet_and_enter_again(stage: &mut Stage, first: Setup, second: Setup) {
    let (ada, ben, link) = stage.pair_with(first, second).await;
    ada.say("before the call").await;
    ben.has_messages(&["before the call"]).await;
    ada.call().await;
    ben.accept().await;
    see_and_hear_each_other(&ada, &ben).await;
    ben.say("日本語 in the call").await;
    let both = ["before the call", "日本語 in the call"];
    ada.has_messages(&both).await;

    // Who reloads is asked into the call again.
    ben.reload().await;
    ada.wait_for("call-alone", SOON).await;
    ben.wait_for("lobby-enter", SOON).await;
    ben.click("lobby-enter").await;
    ben.meets(&[&ada]).await;
    ben.click("room-call").await;
    see_and_hear_each_other(&ada, &ben).await;
    ben.has_messages(&both).await;
    ben.hang_up().await;
    ada.has_no_call().await;

    // And who left and comes again finds everything.
    ada.open("/").await;
    ben.wait_gone("people-item", SOON).await;
    ben.say("while you are away").await;
    ada.arrive(&link).await;
    ada.enter().await;
    ada.meets(&[&ben]).await;
    let all = [both[0], both[1], "while you are away"];
    ada.has_messages(&all).await;
    ben.call().await;
    ada.accept().await;
    see_and_hear_each_other(&ada, &ben).await;
    ada.hang_up().await;
    ben.has_no_call().await;
}
