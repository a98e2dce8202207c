//! What a TURN server carries, and what happens when it stops.

use std::time::Duration;

use parlor_engine::{CandidateEvent, ConnectionState, IceServer};
use parlor_tests::Turn;
use tokio::time::Instant;

use crate::call::{Call, LOOK_AGAIN, configuration, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_goes_over_a_relay_by_udp() {
    let turn = Turn::start().await;
    let call = Call::connected(&configuration(turn.over_udp())).await;
    call.goes_over("udp").await;
    call.carries_much().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_goes_over_a_relay_by_tcp() {
    let turn = Turn::start().await;
    let call = Call::connected(&configuration(turn.over_tcp())).await;
    call.goes_over("tcp").await;
    call.carries_much().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_goes_over_a_relay_by_tls() {
    let turn = Turn::start().await;
    let mut configuration = configuration(turn.over_tls());
    configuration.extra_roots = vec![turn.certificate()];
    let call = Call::connected(&configuration).await;
    call.goes_over("tls").await;
    call.carries_much().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_reaches_the_relay_in_its_own_way() {
    let turn = Turn::start().await;
    let (left, right) = (
        configuration(turn.over_tcp()),
        configuration(turn.over_udp()),
    );
    let call = Call::begin(&left, &right);
    soon("the channel", call.channel.opened())
        .await
        .expect("open");
    call.echoes().await;
    let protocol = async |side: &parlor_engine::PeerConnection| {
        let stats = side.stats().await.expect("statistics");
        stats.candidate_pair.and_then(|pair| pair.protocol)
    };
    assert_eq!(protocol(&call.left).await.as_deref(), Some("tcp"));
    assert_eq!(protocol(&call.right).await.as_deref(), Some("udp"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_relay_is_used_from_the_next_restart_on() {
    let turn = Turn::start().await;
    let call = Call::connected(&configuration(turn.over_tcp())).await;
    call.goes_over("tcp").await;
    let mut other = configuration(turn.over_tls());
    other.extra_roots = vec![turn.certificate()];
    for side in [&call.left, &call.right] {
        side.set_configuration(&other).await.expect("taken");
    }
    // Until then everything stays as it is.
    call.echoes().await;
    call.goes_over("tcp").await;
    call.left.restart_ice();
    call.goes_over("tls").await;
    call.echoes().await;
}

/// Checks a call whose nonce expires after a second. An ICE restart with the same servers refreshes
/// the allocation, as a timer does otherwise. The server refuses the first such request.
async fn outlives_its_nonce(server: impl FnOnce(&Turn) -> IceServer) {
    const NONCE: Duration = Duration::from_secs(1);
    let turn = Turn::start_with(&["--stale-nonce=1", "--verbose"]).await;
    let configuration = configuration(server(&turn));
    let call = Call::connected(&configuration).await;
    // The server expires a nonce by its clock and reports nothing, so the test waits out its life.
    let end = Instant::now() + 2 * NONCE;
    while Instant::now() < end {
        call.echoes().await;
    }
    let set = call.left.set_configuration(&configuration).await;
    set.expect("the same configuration is taken");
    call.left.restart_ice();
    let refreshed = async {
        loop {
            let log = turn.log();
            let after = log.split_once("error 438").map(|(_, after)| after);
            if after.is_some_and(|after| after.contains("REFRESH processed, success")) {
                return;
            }
            // The interval of a poll: the server tells of its requests in its log alone. `soon` has
            // the deadline.
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    soon("a refusal, and the same request once more", refreshed).await;
    call.echoes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlives_the_nonce_of_its_relay_over_udp() {
    outlives_its_nonce(Turn::over_udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlives_the_nonce_of_its_relay_over_tcp() {
    outlives_its_nonce(Turn::over_tcp).await;
}

async fn is_missed_when_it_dies(server: impl FnOnce(&Turn) -> IceServer) {
    let mut turn = Turn::start().await;
    let call = Call::connected(&configuration(server(&turn))).await;
    call.echoes().await;
    turn.kill();
    for side in [&call.left, &call.right] {
        let mut state = side.connection_state();
        let is_missing = |state| {
            matches!(
                state,
                ConnectionState::Disconnected | ConnectionState::Failed
            )
        };
        let state = soon("a lost connection", state.wait_for(is_missing)).await;
        assert!(state.is_some(), "it closed by itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_is_missed_over_udp() {
    is_missed_when_it_dies(Turn::over_udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_is_missed_over_tcp() {
    is_missed_when_it_dies(Turn::over_tcp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_allows_relays_alone_shows_no_address_of_its_own() {
    let turn = Turn::start().await;
    let call = Call::connected(&configuration(turn.over_tcp())).await;
    let is_hidden = |sdp: &str| {
        let related: Vec<_> = sdp.split(" raddr ").skip(1).collect();
        assert!(!related.is_empty(), "no relayed candidate");
        related.iter().all(|it| it.starts_with("0.0.0.0 rport 9"))
    };
    let mut candidates = call.left.candidates();
    while let Some(CandidateEvent::Found(candidate)) = candidates.next().await {
        assert!(is_hidden(&candidate.candidate));
    }
    let description = call.left.local_description().await.expect("it is set");
    assert!(is_hidden(&description.sdp));
    // What a later offer repeats of them, too; and it can be set.
    let offer = call.left.describe().await.expect("an offer");
    assert!(is_hidden(&offer.sdp));
}
