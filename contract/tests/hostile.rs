//! A remote side that breaks the protocol: whatever descriptions and candidates come, each is taken
//! or refused, and the connection lives on.

mod runtime;

use std::net::Ipv4Addr;
use std::time::Duration;

use parlor_engine::{
    ChannelOptions, Config, Configuration, Engine, Error, ErrorKind, IceCandidate, Kind,
    PeerConnection, SdpType, SessionDescription, TransceiverInit, fake,
};
use proptest::prelude::*;
use tokio::time::timeout;

/// For one connection's answers to nonsense.
const DEADLINE: Duration = Duration::from_secs(20);

/// What happens to a line of a description.
#[derive(Clone, Debug)]
enum Harm {
    Gone,
    Twice,
    Cut(usize),
    Instead(String),
    AtTheEnd,
}

fn harms() -> impl Strategy<Value = Harm> {
    prop_oneof![
        Just(Harm::Gone),
        Just(Harm::Twice),
        (0..40_usize).prop_map(Harm::Cut),
        "[am]=[ -~]{0,30}".prop_map(Harm::Instead),
        "a=(mid|setup|fingerprint|ice-ufrag|candidate|rtpmap|fmtp|sctp-port|msid|ssrc|rid|simulcast|extmap):[ -~é]{0,40}"
            .prop_map(Harm::Instead),
        Just(Harm::AtTheEnd),
    ]
}

fn harmed(sdp: &str, harms: &[(prop::sample::Index, Harm)]) -> String {
    let mut lines: Vec<String> = sdp.lines().map(str::to_owned).collect();
    for (at, harm) in harms {
        let at = at
            .index(lines.len().max(1))
            .min(lines.len().saturating_sub(1));
        let Some(line) = lines.get(at).cloned() else {
            break;
        };
        match harm {
            Harm::Gone => drop(lines.remove(at)),
            Harm::Twice => lines.insert(at, line),
            Harm::Cut(length) => lines[at] = line.chars().take(*length).collect(),
            Harm::Instead(other) => lines[at].clone_from(other),
            Harm::AtTheEnd => {
                lines.remove(at);
                lines.push(line);
            }
        }
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// Something of everything.
async fn offer(connection: &PeerConnection) -> SessionDescription {
    let made = async {
        connection.create_channel("x", &ChannelOptions::default())?;
        connection.add_transceiver(Kind::Audio, &TransceiverInit::default())?;
        connection.add_transceiver(Kind::Video, &TransceiverInit::default())?;
        connection.describe().await
    };
    made.await.expect("an offer")
}

/// A refusal says what is wrong; a connection that nobody closed is not closed.
fn is_fair(outcome: Result<(), Error>, what: &str) -> Result<bool, TestCaseError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Closed => Err(TestCaseError::fail(format!(
            "{what} closed the connection: {error}"
        ))),
        Err(_) => Ok(false),
    }
}

async fn endure(
    theirs: PeerConnection,
    ours: PeerConnection,
    harms: &[(prop::sample::Index, Harm)],
    candidate: &str,
) -> Result<(), TestCaseError> {
    let good = offer(&theirs).await;
    let bad = SessionDescription {
        kind: SdpType::Offer,
        sdp: harmed(&good.sdp, harms),
    };
    let taken = is_fair(ours.set_remote_description(&bad).await, "a description")?;
    let candidate = IceCandidate {
        candidate: candidate.to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    is_fair(
        ours.add_ice_candidate(Some(&candidate)).await,
        "a candidate",
    )?;
    if taken {
        is_fair(ours.describe().await.map(drop), "an answer")?;
        return Ok(());
    }
    // What was refused changed nothing.
    let after = ours.set_remote_description(&good).await;
    prop_assert!(
        after.is_ok(),
        "the good one is refused after the bad one: {after:?}"
    );
    let answer = ours.describe().await;
    prop_assert!(
        answer.is_ok(),
        "no answer after a bad description: {answer:?}"
    );
    Ok(())
}

fn harmed_lines() -> impl Strategy<Value = Vec<(prop::sample::Index, Harm)>> {
    proptest::collection::vec((any::<prop::sample::Index>(), harms()), 1..6)
}

fn candidates() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("candidate:1 1 udp 2130706431 127.0.0.1 9 typ host".to_owned()),
        "candidate:[ -~]{0,60}",
        "candidate:[0-9]{1,12} [0-9]{1,3} (udp|tcp|x) [0-9]{1,12} [0-9.:a-f]{1,20} [0-9]{1,6} typ (host|relay|srflx|x)[ -~]{0,20}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn native_endures(harms in harmed_lines(), candidate in candidates()) {
        runtime::run(async {
            let engine = Engine::new(Config::alone()).expect("an engine");
            let configuration = Configuration {
                local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
                ..Configuration::default()
            };
            let connect = || engine.connect(&configuration).expect("a connection");
            let running = endure(connect(), connect(), &harms, &candidate);
            let outcome = timeout(DEADLINE, running).await;
            engine.close();
            outcome.unwrap_or_else(|_| Err(TestCaseError::fail("it hangs")))
        })?;
    }

    #[test]
    fn the_fake_endures(harms in harmed_lines(), candidate in candidates()) {
        let world = fake::World::new();
        let connect = |host| {
            let engine = Engine::on_fake(&world, fake::HostId(host), Config::alone());
            let engine = engine.expect("an engine");
            engine.connect(&Configuration::default()).expect("a connection")
        };
        let (theirs, ours) = (connect(1), connect(2));
        let outcome = world.run_until(DEADLINE, async move {
            endure(theirs, ours, &harms, &candidate).await
        });
        outcome.unwrap_or_else(|| Err(TestCaseError::fail("it hangs")))?;
    }
}

#[tokio::test]
async fn nonsense_after_an_open_offer_leaves_that_open() {
    let engine = Engine::new(Config::alone()).expect("an engine");
    let configuration = Configuration {
        local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
        ..Configuration::default()
    };
    let connect = || engine.connect(&configuration).expect("a connection");
    let (theirs, ours) = (connect(), connect());
    let good = offer(&theirs).await;
    let taken = ours.set_remote_description(&good).await;
    taken.expect("the good one is taken");
    let bad = SessionDescription {
        kind: SdpType::Offer,
        sdp: good
            .sdp
            .replace("a=mid:0", "a=mid:0\r\na=candidate:nonsense"),
    };
    let refused = ours.set_remote_description(&bad).await;
    assert!(refused.is_err(), "the bad one was taken");
    let answer = timeout(DEADLINE, ours.describe()).await.expect("in time");
    assert_eq!(answer.expect("an answer").kind, SdpType::Answer);
    engine.close();
}
