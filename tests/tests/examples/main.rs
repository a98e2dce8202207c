//! The engine's examples, run as a stranger would run them.

mod program;

use std::fs;

use parlor_tests::{SOON, play};
use tempfile::TempDir;

use crate::program::Program;

#[tokio::test]
async fn echo_says_again_what_it_heard() {
    let mut echo = Program::start("echo", &[]);
    assert_eq!(echo.line().await, "hello");
    assert_eq!(echo.line().await, "こんにちは");
    echo.ends_well().await;
}

#[tokio::test]
async fn both_sides_of_the_game_see_the_other_move() {
    let mut game = Program::start("game_loop", &[]);
    let line = game.line().await;
    let counts: Vec<u32> = line
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [one, other, ticks] = counts[..] else {
        panic!("not two counts and how many there could be: {line}");
    };
    assert!((1..=ticks).contains(&one), "{line}");
    assert!((1..=ticks).contains(&other), "{line}");
    game.ends_well().await;
}

#[tokio::test]
async fn a_file_arrives_as_it_was() {
    let folder = TempDir::new().expect("a folder");
    let (from, to) = (folder.path().join("sent"), folder.path().join("got"));
    // Several chunks, and a rest.
    let content: Vec<u8> = (0..1_500_001_u32).map(|place| (place / 7) as u8).collect();
    fs::write(&from, &content).expect("the file is written");
    let path = |path: &std::path::Path| path.to_str().expect("a plain path").to_owned();
    let mut sender = Program::start("send_file", &["send", &path(&from)]);
    let mut receiver = Program::start("send_file", &["receive", &path(&to)]);
    receiver.write(&sender.line().await).await;
    sender.write(&receiver.line().await).await;
    sender.ends_well().await;
    receiver.ends_well().await;
    assert!(
        fs::read(&to).expect("a file") == content,
        "it arrived otherwise"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named_as_the_fault() {
    let complaint = Program::start("send_file", &["send", "no/such/file"])
        .fails()
        .await;
    assert!(complaint.contains("No such file"), "{complaint}");
    let complaint = Program::start("send_file", &[]).fails().await;
    assert!(complaint.contains("send FILE"), "{complaint}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_at_the_terminal_chats_with_who_is_at_a_browser() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.enter().await;
        let (_, rest) = link.split_once('#').expect("the key is in the fragment");
        let key = rest.split('/').next().expect("a part before the slash");
        let mut ben = Program::start("room_chat", &[&stage.socket(), key, "Ben"]);
        ada.wait_for(
            "people-item[data-peer=\"Ben\"][data-link=\"connected\"]",
            SOON,
        )
        .await;
        ada.say("Hello, terminal").await;
        assert_eq!(ben.line().await, "Ada: Hello, terminal");
        ben.write("Hello, ブラウザ").await;
        assert_eq!(ben.line().await, "Ben: Hello, ブラウザ");
        ada.reads("chat-log", "Hello, ブラウザ", SOON).await;
        ben.close_input();
        ben.ends_well().await;
        ada.wait_gone(
            "people-item[data-peer=\"Ben\"][data-link=\"connected\"]",
            SOON,
        )
        .await;
    })
    .await;
}
