//! What no test of the originals covers: rollback, glare, provisional answers.

use futures_util::future::{join, try_join};
use parlor_engine::{
    ChannelOptions, Error, ErrorKind, IceCandidate, Kind, Negotiator, PeerConnection, SdpType,
    SessionDescription, Signal, SignalingState, Transceiver, TransceiverInit,
};

use crate::stage::{behaviour, find_ways, negotiate, refused, same, there, track};
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
    behaviour!(
        "N37",
        "an open offer of either side can be replaced by a newer one",
        replaces
    ),
    behaviour!("N21", "a provisional answer is one for now", provisional),
    behaviour!(
        "N40",
        "a provisional answer needs an offer, and only the answer follows it",
        keeps_provisional
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

async fn replaces(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let sections = |of: &PeerConnection| of.transceivers().len();
    for (from, to, count) in [(&it.left, &it.right, 2), (&it.right, &it.left, 4)] {
        from.add_transceiver(Kind::Audio, &TransceiverInit::default())?;
        let first = from.describe().await?;
        to.set_remote_description(&first).await?;
        from.add_transceiver(Kind::Video, &TransceiverInit::default())?;
        let second = from.describe().await?;
        to.set_remote_description(&second).await?;
        same!(
            (from.signaling_state().get(), to.signaling_state().get()),
            (
                SignalingState::HaveLocalOffer,
                SignalingState::HaveRemoteOffer
            ),
            "states"
        );
        from.set_remote_description(&to.describe().await?).await?;
        same!((sections(from), sections(to)), (count, count), "sections");
    }
    it.channel.send("still").await?;
    same!(it.other.receive_text().await?, "still", "text");
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
    right.set_local_description(&answer).await?;
    same!(
        right.signaling_state().get(),
        SignalingState::HaveLocalPrAnswer,
        "right"
    );
    let ours = right.local_description().await;
    same!(ours.map(|it| it.kind), Some(SdpType::PrAnswer), "right's");
    left.set_remote_description(&answer).await?;
    same!(
        left.signaling_state().get(),
        SignalingState::HaveRemotePrAnswer,
        "left"
    );
    let theirs = left.remote_description().await;
    same!(theirs.map(|it| it.kind), Some(SdpType::PrAnswer), "left's");
    let crossing = left.set_remote_description(&offer).await;
    let error = refused(crossing, "an offer over a provisional answer")?;
    same!(error.kind(), ErrorKind::Invalid, "kind");
    if pair.left.capabilities().early_media {
        find_ways(&left, &right).await?;
    }
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

/// What is no answer before a provisional one and after it.
async fn keeps_provisional(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    let mut early = SessionDescription {
        kind: SdpType::PrAnswer,
        sdp: left.create_offer().await?.sdp,
    };
    let set = left.set_remote_description(&early).await;
    let error = refused(set, "a provisional answer to nothing")?;
    same!(error.kind(), ErrorKind::Invalid, "kind");
    let offer = left.describe().await?;
    right.set_remote_description(&offer).await?;
    early.sdp = right.create_answer().await?.sdp;
    right.set_local_description(&early).await?;
    left.set_remote_description(&early).await?;
    // It belongs to the answer, and nobody listens there.
    let candidate = IceCandidate {
        candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host".into(),
        // An offer that was never set may have taken the first identification tag.
        sdp_mid: None,
        sdp_m_line_index: Some(0),
        username_fragment: None,
    };
    left.add_ice_candidate(Some(&candidate)).await?;
    let rollback = SessionDescription::rollback();
    for connection in [&left, &right] {
        let taken_back = connection.set_local_description(&rollback).await;
        let error = refused(taken_back, "a rollback of a provisional answer")?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    let answer = right.describe().await?;
    left.set_remote_description(&answer).await?;
    find_ways(&left, &right).await?;
    channel.opened().await?;
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
