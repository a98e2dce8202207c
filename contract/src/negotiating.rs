//! What no test of the originals covers: rollback, glare, provisional answers, ICE restarts.

use std::time::Duration;

use futures_util::future::{Either, join, select, try_join};
use parlor_engine::{
    ChannelOptions, Error, ErrorKind, IceCandidate, IceTransportPolicy, Kind, Negotiator,
    PeerConnection, SdpType, SessionDescription, Signal, SignalingState, Transceiver,
    TransceiverInit,
};

use crate::stage::{
    behaviour, ensure, establish, find_ways, negotiate, refused, same, there, track, trickle,
};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "N19",
        "an offer is taken back, and the other side's is taken",
        rolls_back
    ),
    behaviour!(
        "N20",
        "a remote offer takes the open own one back by itself",
        yields
    ),
    behaviour!(
        "N36",
        "how a section sends is kept where its offer is taken back, and nothing waits for it",
        keeps_parameters
    ),
    behaviour!("N21", "a provisional answer is one for now", provisional),
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
        "N25",
        "negotiators connect two sides that both begin, and either side changes things",
        glare
    ),
    behaviour!(
        "N26",
        "need of negotiation is not missed by who asks late",
        late_need
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
];

async fn rolls_back(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let ours = it.left.create_offer().await?;
    it.left.set_local_description(&ours).await?;
    same!(
        it.left.signaling_state().get(),
        SignalingState::HaveLocalOffer,
        "before"
    );
    it.left
        .set_local_description(&SessionDescription::rollback())
        .await?;
    same!(
        it.left.signaling_state().get(),
        SignalingState::Stable,
        "after"
    );
    let theirs = it.right.describe().await?;
    it.left.set_remote_description(&theirs).await?;
    it.left
        .set_remote_description(&SessionDescription::rollback())
        .await?;
    same!(
        it.left.signaling_state().get(),
        SignalingState::Stable,
        "after theirs"
    );
    it.left.set_remote_description(&theirs).await?;
    let answer = it.left.describe().await?;
    it.right.set_remote_description(&answer).await?;
    it.left
        .set_local_description(&SessionDescription::rollback())
        .await?;
    it.channel.send("still").await?;
    same!(it.other.receive_text().await?, "still", "text");
    negotiate(&it.left, &it.right).await
}

async fn yields(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    it.left.describe().await?;
    let theirs = it.right.describe().await?;
    it.left.set_remote_description(&theirs).await?;
    same!(
        it.left.signaling_state().get(),
        SignalingState::HaveRemoteOffer,
        "left"
    );
    let answer = it.left.describe().await?;
    it.right.set_remote_description(&answer).await?;
    negotiate(&it.left, &it.right).await
}

async fn keeps_parameters(pair: Pair) -> Outcome {
    const BITRATE: u32 = 40_000;
    if !pair.left.capabilities().encoder_control {
        return Err(Reason::NotPossible(
            "the application encodes by itself (`Capabilities::encoder_control`)",
        ));
    }
    let it = pair.connected().await?;
    let audio = track(&pair.left, Kind::Audio).await?;
    let (before, after) = (
        it.left.add_track(&audio, &[]).await?,
        it.left.add_track(&audio, &[]).await?,
    );
    bound(&before, BITRATE).await?;
    it.left.describe().await?;
    it.right
        .add_transceiver(Kind::Audio, &TransceiverInit::default())?;
    let offer = it.right.describe().await?;
    it.left.set_remote_description(&offer).await?;
    // Chromium answers this only once the section is offered again.
    let told = bound(&after, BITRATE);
    let negotiated = async {
        let answer = it.left.describe().await?;
        it.right.set_remote_description(&answer).await?;
        negotiate(&it.left, &it.right).await
    };
    try_join(told, negotiated).await?;
    for section in [&before, &after] {
        // What it forgot is told again, which takes a moment.
        while section.parameters().encodings[0].max_bitrate != Some(BITRATE) {
            it.left.stats().await?;
        }
    }
    Ok(())
}

async fn bound(section: &Transceiver, bitrate: u32) -> Outcome {
    let mut parameters = section.parameters();
    for encoding in &mut parameters.encodings {
        encoding.max_bitrate = Some(bitrate);
    }
    section.set_parameters(&parameters).await?;
    Ok(())
}

async fn provisional(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    let offer = left.describe().await?;
    right.set_remote_description(&offer).await?;
    let mut answer = right.create_answer().await?;
    answer.kind = SdpType::PrAnswer;
    let set = right.set_local_description(&answer).await;
    if !pair.left.capabilities().provisional_answers {
        same!(
            refused(set, "a provisional answer")?.kind(),
            ErrorKind::Unsupported,
            "kind"
        );
        return Err(Reason::NotPossible("`Capabilities::provisional_answers`"));
    }
    set?;
    same!(
        right.signaling_state().get(),
        SignalingState::HaveLocalPrAnswer,
        "right"
    );
    left.set_remote_description(&answer).await?;
    same!(
        left.signaling_state().get(),
        SignalingState::HaveRemotePrAnswer,
        "left"
    );
    let answer = right.describe().await?;
    same!(answer.kind, SdpType::Answer, "the answer");
    left.set_remote_description(&answer).await?;
    same!(
        left.signaling_state().get(),
        SignalingState::Stable,
        "left at the end"
    );
    find_ways(&left, &right).await?;
    channel.opened().await?;
    Ok(())
}

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

/// Carries signals from one negotiator to another until the connection is closed.
async fn carry(from: &Negotiator, to: &Negotiator) -> Result<(), Error> {
    while let Some(signal) = from.next().await {
        let signal = Signal::from_json(&signal?.to_json())?;
        match to.take(signal).await {
            Err(error) if error.kind() != ErrorKind::Closed => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

async fn glare(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let (one, other) = (
        Negotiator::new(left.clone(), true),
        Negotiator::new(right.clone(), false),
    );
    let (audio, video) = (
        track(&pair.left, Kind::Audio).await?,
        track(&pair.right, Kind::Video).await?,
    );
    let changes = async {
        let channel = left.create_channel("left", &ChannelOptions::default())?;
        let theirs = right.create_channel("right", &ChannelOptions::default())?;
        try_join(channel.opened(), theirs.opened()).await?;
        // Both change something again at the same moment, many times.
        for _ in 0..3 {
            let (added, theirs) =
                join(left.add_track(&audio, &[]), right.add_track(&video, &[])).await;
            let (added, theirs) = (added?, theirs?);
            settled(&left, &right).await?;
            join_removed(&left, &added, &right, &theirs).await?;
            settled(&left, &right).await?;
        }
        left.close();
        right.close();
        Ok::<_, Reason>(())
    };
    let carrying = async {
        try_join(carry(&one, &other), carry(&other, &one)).await?;
        Ok(())
    };
    try_join(changes, carrying).await?;
    Ok(())
}

async fn join_removed(
    left: &PeerConnection,
    added: &Transceiver,
    right: &PeerConnection,
    theirs: &Transceiver,
) -> Outcome {
    try_join(left.remove_track(added), right.remove_track(theirs)).await?;
    Ok(())
}

/// Waits until neither side has anything to negotiate.
async fn settled(left: &PeerConnection, right: &PeerConnection) -> Outcome {
    loop {
        for connection in [left, right] {
            let mut needed = connection.negotiation_needed();
            there(
                needed.wait_for(|is_needed| !is_needed).await,
                "no more need",
            )?;
            let mut signaling = connection.signaling_state();
            let stable = |state| state == SignalingState::Stable;
            there(signaling.wait_for(stable).await, "stable")?;
        }
        let is_quiet = [left, right].into_iter().all(|connection| {
            !connection.negotiation_needed().get()
                && connection.signaling_state().get() == SignalingState::Stable
        });
        if is_quiet {
            return Ok(());
        }
    }
}

async fn late_need(pair: Pair) -> Outcome {
    let (left, _right) = pair.connections()?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    let mut first = left.negotiation_needed();
    there(first.wait_for(|is_needed| is_needed).await, "the need")?;
    same!(left.negotiation_needed().get(), true, "asked late");
    left.describe().await?;
    same!(left.negotiation_needed().get(), false, "after the offer");
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
