//! A client in JavaScript, written after `signaling-protocol/PROTOCOL.md` and `PEERS.md` alone
//! (`tests/node-client`), with the real server, the real engine and itself.
//!
//! Where it could not be written from them, they were wrong.

mod client;
mod cutter;
mod engine;
mod meeting;
mod resuming;

use std::process::Stdio;

use parlor_tests::SOON;
use tokio::time::timeout;

use crate::client::start;

#[tokio::test]
async fn another_language_computes_the_examples_of_the_documents() {
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/../signaling-protocol");
    let document = |name: &str| format!("{documents}/{name}");
    let (protocol, peers) = (document("PROTOCOL.md"), document("PEERS.md"));
    let words = [&*protocol, &*peers];
    let mut comparison = start("vectors.js", &words, Stdio::null(), Stdio::inherit());
    let compared = timeout(SOON, comparison.wait()).await;
    let compared = compared.expect("it ends in time").expect("its end is told");
    assert!(compared.success(), "some differ; see above");
}
