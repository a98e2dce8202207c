//! What no test of the originals covers: how ways are found, and found anew.

use std::time::Duration;

use futures_util::future::{Either, join, select};
use parlor_engine::{
    ChannelOptions, ErrorKind, IceCandidate, IceTransportPolicy, PeerConnection, SessionDescription,
};

use crate::stage::{behaviour, ensure, establish, negotiate, refused, same, there, trickle};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!("N22", "ICE restarts, and what flows goes on", restarts),
    behaviour!(
        "N23",
        "candidates that come before their description wait for it",
        early_candidates
    ),
    behaviour!(
        "N24",
        "waiting for all candidates ends in time, at a close and after a restart",
        gathers
    ),
    behaviour!(
        "N27",
        "the configuration can be changed where the platform can",
        reconfigures
    ),
    behaviour!(
        "N28",
        "descriptions without trickle connect too",
        without_trickle
    ),
    behaviour!(
        "N41",
        "an empty candidate says that there are no more",
        takes_empty_candidates
    ),
];

async fn restarts(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let before = there(it.left.local_description().await, "the description")?;
    it.left.restart_ice();
    let mut needed = it.left.negotiation_needed();
    there(needed.wait_for(|is_needed| is_needed).await, "the need")?;
    negotiate(&it.left, &it.right).await?;
    let after = there(it.left.local_description().await, "the description")?;
    ensure!(
        ufrag(&before) != ufrag(&after),
        "the generation is the same"
    );
    let (one, other) = join(trickle(&it.left, &it.right), trickle(&it.right, &it.left)).await;
    one.and(other)?;
    for round in 0..3 {
        it.channel.send(format!("{round}")).await?;
        same!(
            it.other.receive_text().await?,
            format!("{round}"),
            "after the restart"
        );
    }
    crate::stage::is_connected(&it.left).await
}

fn ufrag(description: &SessionDescription) -> Option<&str> {
    let mut lines = description.sdp.lines();
    lines.find_map(|line| line.strip_prefix("a=ice-ufrag:"))
}

async fn early_candidates(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    let offer = left.describe().await?;
    // Everything of the left's is at the right before the offer is.
    trickle(&left, &right).await?;
    right.set_remote_description(&offer).await?;
    let answer = right.describe().await?;
    trickle(&right, &left).await?;
    left.set_remote_description(&answer).await?;
    channel.opened().await?;
    Ok(())
}

async fn gathers(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    let error = refused(
        left.gathered(Duration::from_millis(50)).await,
        "nothing gathered",
    )?;
    same!(error.kind(), ErrorKind::Unreachable, "kind");
    establish(&left, &right).await?;
    let limit = Duration::from_secs(10);
    left.gathered(limit).await?;
    left.restart_ice();
    {
        // What was gathered before does not count.
        let waiting = std::pin::pin!(left.gathered(limit));
        let soon = select(waiting, std::future::ready(())).await;
        ensure!(matches!(soon, Either::Right(_)), "old candidates count");
    }
    negotiate(&left, &right).await?;
    left.gathered(limit).await?;
    left.restart_ice();
    let (waited, ()) = join(left.gathered(limit), async { left.close() }).await;
    same!(
        refused(waited, "a closed connection")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    Ok(())
}

async fn reconfigures(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let mut wrong = pair.configuration.clone();
    wrong.ice_transport_policy = IceTransportPolicy::Relay;
    let error = refused(
        left.set_configuration(&wrong).await,
        "relay without a relay",
    )?;
    same!(error.kind(), ErrorKind::Invalid, "kind");
    ensure!(
        error.message().contains("ice_transport_policy"),
        "names no field: {error}"
    );
    let changed = left.set_configuration(&pair.configuration).await;
    if !pair.left.capabilities().reconfiguration {
        same!(
            refused(changed, "a change")?.kind(),
            ErrorKind::Unsupported,
            "kind"
        );
        return Err(Reason::NotPossible("`Capabilities::reconfiguration`"));
    }
    changed?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    establish(&left, &right).await
}

async fn without_trickle(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    let whole = |connection: PeerConnection| async move {
        connection.describe().await?;
        connection.gathered(Duration::from_secs(10)).await?;
        there(connection.local_description().await, "the description")
    };
    let offer = whole(left.clone()).await?;
    ensure!(
        offer.sdp.contains("candidate"),
        "no candidates in the offer"
    );
    right.set_remote_description(&offer).await?;
    let answer = whole(right.clone()).await?;
    left.set_remote_description(&answer).await?;
    channel.opened().await?;
    // A candidate that is told again does no harm.
    let again = IceCandidate {
        candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host".into(),
        sdp_mid: Some("0".into()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    left.add_ice_candidate(Some(&again)).await?;
    channel.send("alive").await?;
    Ok(())
}

async fn takes_empty_candidates(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    let end = |ufrag: Option<&str>| IceCandidate {
        candidate: String::new(),
        sdp_mid: ufrag.map(|_| "0".to_owned()),
        sdp_m_line_index: ufrag.map(|_| 0),
        username_fragment: ufrag.map(str::to_owned),
    };
    let offer = left.describe().await?;
    // Without a description, of this generation, and of one that nobody knows.
    for ufrag in [None, ufrag(&offer), Some("unknown")] {
        right.add_ice_candidate(Some(&end(ufrag))).await?;
    }
    right.set_remote_description(&offer).await?;
    left.set_remote_description(&right.describe().await?)
        .await?;
    let (one, other) = join(trickle(&left, &right), trickle(&right, &left)).await;
    one.and(other)?;
    for ufrag in [None, ufrag(&offer), Some("unknown")] {
        right.add_ice_candidate(Some(&end(ufrag))).await?;
    }
    channel.opened().await?;
    Ok(())
}
