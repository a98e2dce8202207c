//! A server that dies, and one that comes back.

use std::time::Duration;

use parlor_tests::{LONG, SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlives_the_server_and_a_third_comes_in_when_it_is_back() {
    play(3, async |stage| {
        let (ada, ben, link) = stage.pair_in_call().await;
        stage.kill_server().await;
        ada.wait_for("server-line", SOON).await;
        ben.wait_for("server-line", SOON).await;
        ada.pictures_keep_coming(Duration::from_secs(4)).await;
        ben.pictures_keep_coming(Duration::from_secs(4)).await;
        ada.say("the server is gone").await;
        ben.has_messages(&["the server is gone"]).await;
        ben.say("so what").await;
        ada.has_messages(&["the server is gone", "so what"]).await;

        stage.start_server_again().await;
        ada.wait_gone("server-line", LONG).await;
        ben.wait_gone("server-line", LONG).await;
        ada.pictures_keep_coming(Duration::from_secs(2)).await;
        let cleo = stage.person("Cleo").await;
        cleo.arrive(&link).await;
        cleo.enter().await;
        cleo.meets(&[&ada, &ben]).await;
        cleo.has_messages(&["the server is gone", "so what"]).await;
        cleo.say("hello both").await;
        ada.has_messages(&["the server is gone", "so what", "hello both"])
            .await;
        ben.has_messages(&["the server is gone", "so what", "hello both"])
            .await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
    })
    .await;
}
