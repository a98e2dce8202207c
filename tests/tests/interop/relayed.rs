//! Both sides allow relays alone: everything goes through a real coturn.

use parlor_engine::{CandidateKind, Configuration, IceServer, IceTransportPolicy};
use parlor_tests::Turn;
use serde_json::json;

use crate::far::{configuration, meet_with};

#[tokio::test(flavor = "multi_thread")]
async fn over_udp() {
    let turn = Turn::start().await;
    meet_through(&turn, turn.over_udp(), "udp").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp() {
    let turn = Turn::start().await;
    meet_through(&turn, turn.over_tcp(), "tcp").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls() {
    let turn = Turn::start().await;
    meet_through(&turn, turn.over_tls(), "tls").await;
}

/// The engine reaches the relay in this way; the page does so over TCP, which no test of ours
/// speaks for it.
async fn meet_through(turn: &Turn, ours: IceServer, protocol: &str) {
    let ours = Configuration {
        ice_servers: vec![ours],
        ice_transport_policy: IceTransportPolicy::Relay,
        extra_roots: vec![turn.certificate()],
        ..configuration()
    };
    let theirs = turn.over_tcp();
    let theirs = json!({
        "iceTransportPolicy": "relay",
        "iceServers": [{
            "urls": theirs.urls,
            "username": theirs.username,
            "credential": theirs.credential,
        }],
    });
    meet_with(&ours, &theirs.to_string(), async |far| {
        let channel = far.echo().await;
        far.echoes(&channel, &"through the relay ".repeat(4_000))
            .await;
        let report = far.connection.stats().await.expect("statistics");
        let pair = report.candidate_pair.expect("a pair in use");
        assert_eq!(pair.local, Some(CandidateKind::Relay), "{pair:?}");
        assert_eq!(pair.protocol.as_deref(), Some(protocol), "{pair:?}");
        let kinds: Vec<String> = far
            .page(
                "const kinds = [];
                 const stats = await far.pc.getStats();
                 for (const entry of stats.values()) {
                   if (entry.type === 'candidate-pair' && entry.nominated) {
                     kinds.push(stats.get(entry.localCandidateId).candidateType);
                   }
                 }
                 return kinds;",
            )
            .await;
        assert!(
            !kinds.is_empty() && kinds.iter().all(|kind| kind == "relay"),
            "{kinds:?}"
        );
    })
    .await;
}
