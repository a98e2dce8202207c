//! Two native engines over a line that can be cut.

mod cable;
mod call;

use std::time::Duration;

use parlor_engine::ConnectionState;

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
