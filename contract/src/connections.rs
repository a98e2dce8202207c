//! E1 to E7, E9, E10, IO2 and what belongs to them: making, connecting and closing connections.

use futures_util::future::{join, try_join};
use parlor_engine::{
    CandidateEvent, ChannelOptions, ConnectionState, ErrorKind, IceCandidate, IceConnectionState,
    IceGatheringState, Kind, SdpType, SessionDescription, SignalingState,
};

use crate::stage::{behaviour, ensure, establish, negotiate, refused, same, there, track};
use crate::{Behaviour, Outcome, Pair};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!("E1", "a peer connection can be made", makes),
    behaviour!("E2", "an offer has its type and SDP", offers),
    behaviour!(
        "E3",
        "an answer has its type, and both sides keep the descriptions",
        answers
    ),
    behaviour!(
        "E4",
        "candidates are found after the offer is set",
        finds_candidates
    ),
    behaviour!(
        "E5",
        "two sides connect, and each change needs one negotiation",
        connects
    ),
    behaviour!("E6", "a nonsense candidate is refused", refuses_candidates),
    behaviour!(
        "E7",
        "a nonsense description is refused and changes nothing",
        refuses_descriptions
    ),
    behaviour!(
        "E9",
        "a closed engine gives no more statistics and no more connections",
        closes_engine
    ),
    behaviour!(
        "E10",
        "closing one connection leaves another as it is",
        closes_one
    ),
    behaviour!(
        "IO2",
        "state changes reach who asked for them before negotiation",
        tells_early_listeners
    ),
];

async fn makes(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    for connection in [&left, &right] {
        same!(
            connection.connection_state().get(),
            ConnectionState::New,
            "state"
        );
        same!(
            connection.ice_connection_state().get(),
            IceConnectionState::New,
            "ICE"
        );
        same!(
            connection.ice_gathering_state().get(),
            IceGatheringState::New,
            "gathering"
        );
        same!(
            connection.signaling_state().get(),
            SignalingState::Stable,
            "signaling"
        );
    }
    Ok(())
}

async fn offers(pair: Pair) -> Outcome {
    let (left, _right) = pair.connections()?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    let offer = left.create_offer().await?;
    same!(offer.kind, SdpType::Offer, "type");
    ensure!(offer.sdp.contains("v=0"), "no SDP in the offer");
    same!(
        left.signaling_state().get(),
        SignalingState::Stable,
        "making an offer sets nothing"
    );
    let json = SessionDescription::from_json(&offer.to_json())?;
    same!(json, offer, "the offer as JSON");
    Ok(())
}

async fn answers(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    let offer = left.create_offer().await?;
    left.set_local_description(&offer).await?;
    same!(
        left.signaling_state().get(),
        SignalingState::HaveLocalOffer,
        "left"
    );
    right.set_remote_description(&offer).await?;
    same!(
        right.signaling_state().get(),
        SignalingState::HaveRemoteOffer,
        "right"
    );
    let answer = right.create_answer().await?;
    same!(answer.kind, SdpType::Answer, "type");
    let local = there(left.local_description().await, "left's description")?;
    let remote = there(right.remote_description().await, "right's description")?;
    same!(local.kind, SdpType::Offer, "left's description");
    same!(
        without_ways(&local.sdp),
        without_ways(&offer.sdp),
        "left's SDP"
    );
    same!(
        without_ways(&remote.sdp),
        without_ways(&offer.sdp),
        "right's SDP"
    );
    right.set_local_description(&answer).await?;
    left.set_remote_description(&answer).await?;
    same!(
        left.signaling_state().get(),
        SignalingState::Stable,
        "left at the end"
    );
    same!(
        right.signaling_state().get(),
        SignalingState::Stable,
        "right at the end"
    );
    Ok(())
}

/// Candidates come into a description as they are found, and with them their default address.
fn without_ways(sdp: &str) -> Vec<&str> {
    let ways = [
        "a=candidate",
        "a=ice-",
        "a=end-of-candidates",
        "c=",
        "m=",
        "a=rtcp:",
    ];
    let lines = sdp.lines().map(str::trim_end);
    lines
        .filter(|line| !ways.iter().any(|way| line.starts_with(way)))
        .collect()
}

async fn finds_candidates(pair: Pair) -> Outcome {
    let (left, _right) = pair.connections()?;
    let audio = track(&pair.left, Kind::Audio).await?;
    left.add_track(&audio, &[]).await?;
    let mut candidates = left.candidates();
    left.describe().await?;
    let mut found = Vec::new();
    loop {
        match there(candidates.next().await, "the end of candidates")? {
            CandidateEvent::Found(candidate) => found.push(candidate),
            CandidateEvent::Complete => break,
            CandidateEvent::Error(_) => {}
        }
    }
    ensure!(!found.is_empty(), "no candidate");
    for candidate in &found {
        let has_section = candidate.sdp_mid.is_some() || candidate.sdp_m_line_index.is_some();
        ensure!(has_section, "a candidate of no section");
        same!(
            IceCandidate::from_json(&candidate.to_json())?,
            *candidate,
            "as JSON"
        );
    }
    // Who asks late is told the same.
    let mut late = left.candidates();
    for candidate in found {
        same!(
            late.try_next(),
            Some(CandidateEvent::Found(candidate)),
            "told late"
        );
    }
    same!(
        late.try_next(),
        Some(CandidateEvent::Complete),
        "the end told late"
    );
    Ok(())
}

async fn connects(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let (mut left_needs, mut right_needs) = (left.negotiation_needed(), right.negotiation_needed());
    let (one, other) = join(
        track(&pair.left, Kind::Audio),
        track(&pair.right, Kind::Audio),
    )
    .await;
    left.add_track(&one?, &["a"]).await?;
    there(
        left_needs.wait_for(|is_needed| is_needed).await,
        "left's need",
    )?;
    establish(&left, &right).await?;
    for connection in [&left, &right] {
        let mut ice = connection.ice_connection_state();
        there(
            ice.wait_for(IceConnectionState::is_connected).await,
            "a way",
        )?;
        same!(
            connection.signaling_state().get(),
            SignalingState::Stable,
            "signaling"
        );
        let mut gathering = connection.ice_gathering_state();
        let complete = |state| state == IceGatheringState::Complete;
        there(gathering.wait_for(complete).await, "the end of gathering")?;
        same!(
            connection.negotiation_needed().get(),
            false,
            "nothing more is needed"
        );
    }
    // The one that was called changes something of its own.
    right.add_track(&other?, &["b"]).await?;
    there(
        right_needs.wait_for(|is_needed| is_needed).await,
        "right's need",
    )?;
    negotiate(&right, &left).await?;
    same!(
        right.negotiation_needed().get(),
        false,
        "nothing more is needed at the right"
    );
    left.restart_ice();
    there(
        left_needs.wait_for(|is_needed| is_needed).await,
        "the need after a restart",
    )?;
    Ok(())
}

async fn refuses_candidates(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    let garbage = |text: &str| IceCandidate {
        candidate: text.to_owned(),
        sdp_mid: Some("0".into()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    let texts = ["garbage", "candidate:", "candidate:1 1 udp x y z typ host"];
    for text in &texts[..2] {
        let result = right.add_ice_candidate(Some(&garbage(text))).await;
        same!(
            refused(result, "garbage")?.kind(),
            ErrorKind::Invalid,
            "before a description"
        );
    }
    negotiate(&left, &right).await?;
    for text in texts {
        let result = right.add_ice_candidate(Some(&garbage(text))).await;
        same!(
            refused(result, text)?.kind(),
            ErrorKind::Invalid,
            "after a description"
        );
    }
    crate::stage::find_ways(&left, &right).await
}

async fn refuses_descriptions(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let garbage = |kind| SessionDescription {
        kind,
        sdp: "garbage".into(),
    };
    let result = left.set_remote_description(&garbage(SdpType::Offer)).await;
    same!(
        refused(result, "a garbage offer")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    let result = left.set_local_description(&garbage(SdpType::Answer)).await;
    same!(
        refused(result, "a garbage answer")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    same!(left.local_description().await, None, "local");
    same!(left.remote_description().await, None, "remote");
    same!(
        left.signaling_state().get(),
        SignalingState::Stable,
        "signaling"
    );
    // At the wrong time, and then the connection still works.
    let result = left.create_answer().await;
    same!(
        refused(result, "an answer to nothing")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    establish(&left, &right).await
}

async fn closes_engine(pair: Pair) -> Outcome {
    let connected = pair.connected().await?;
    let mut every = connected
        .left
        .stats_every(std::time::Duration::from_millis(10));
    there(every.next().await, "a report")??;
    pair.left.close();
    ensure!(every.next().await.is_none(), "statistics after the end");
    same!(
        connected.left.connection_state().get(),
        ConnectionState::Closed,
        "state"
    );
    let result = pair.left.connect(&pair.configuration);
    same!(
        refused(result, "a connection")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    let result = connected.channel.send("late").await;
    same!(
        refused(result, "a message")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    // The other side notices.
    let result = connected.other.receive().await;
    same!(
        refused(result, "a message")?.kind(),
        ErrorKind::Closed,
        "kind at the other side"
    );
    Ok(())
}

async fn closes_one(pair: Pair) -> Outcome {
    let (one, two) = try_join(pair.connected(), pair.connected()).await?;
    let period = std::time::Duration::from_millis(10);
    let (mut gone, mut here) = (one.left.stats_every(period), two.left.stats_every(period));
    there(gone.next().await, "a report of one")??;
    one.left.close();
    ensure!(
        gone.next().await.is_none(),
        "statistics of a closed connection"
    );
    there(here.next().await, "a report of the other")??;
    two.channel.send("still here").await?;
    same!(two.other.receive_text().await?, "still here", "text");
    one.left.close();
    for result in [
        one.left.create_offer().await,
        one.left.create_answer().await,
    ] {
        same!(
            refused(result, "a description")?.kind(),
            ErrorKind::Closed,
            "kind"
        );
    }
    let result = one.left.create_channel("late", &ChannelOptions::default());
    same!(
        refused(result, "a channel")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    Ok(())
}

async fn tells_early_listeners(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let mut state = right.connection_state();
    let _channel = left.create_channel("x", &ChannelOptions::default())?;
    establish(&left, &right).await?;
    let connected = |state| state == ConnectionState::Connected;
    there(state.wait_for(connected).await, "connected")?;
    Ok(())
}
