//! Two native engines over a line that can be cut.

mod cable;
mod call;

use std::time::Duration;

use parlor_engine::{ChannelEvent, ConnectionState, ErrorKind};

use crate::call::{Call, soon};

/// What is sent while nothing goes waits, and comes.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_the_line_is_cut_comes_later() {
    let call = Call::connected().await;
    call.cable.cut();
    for number in 0..100_u8 {
        let sent = call.from.send(vec![number; 1_000]).await;
        sent.expect("there is room");
    }
    let mut left = call.left.connection_state();
    let is_missed = left.wait_for(|state| state == ConnectionState::Disconnected);
    soon("the loss to be noticed", is_missed).await;
    call.cable.mend();
    for number in 0..100_u8 {
        let came = soon("a message", call.to.receive_binary()).await;
        assert_eq!(came.expect("a message"), vec![number; 1_000]);
    }
}

/// Nobody answers a goodbye on a dead line, so nobody waits for that.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_can_end_while_the_line_is_cut() {
    let call = Call::connected().await;
    call.cable.cut();
    let ended = call.engine.shut_down();
    let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
    ended.expect("it does not wait for an answer");
}

/// After a minute SCTP has given up, and only a new connection helps: nobody waits in vain.
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_ends_where_the_line_is_cut_for_too_long() {
    let call = Call::connected().await;
    call.cable.cut();
    let sent = call.from.send("unheard").await;
    sent.expect("there is room");
    let mut events = call.from.events();
    let end = async {
        let mut reasons = Vec::new();
        while let Some(event) = events.next().await {
            if let ChannelEvent::Error(reason) = event {
                reasons.push(reason);
            }
        }
        reasons
    };
    let reasons = tokio::time::timeout(Duration::from_secs(120), end).await;
    let reasons = reasons.expect("it ends");
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].contains("make a new connection"), "{reasons:?}");
    let late = call.from.send("late").await;
    assert_eq!(late.expect_err("closed").kind(), ErrorKind::Closed);
}
