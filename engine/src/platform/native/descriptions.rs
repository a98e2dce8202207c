//! Own and remote descriptions: making, setting and reading them.

use rtc::peer_connection::configuration::RTCOfferOptions;
use rtc::peer_connection::sdp::RTCSessionDescription;

use super::chain::Live;
use super::error::{failed, refused};
use super::hidden::without_addresses;
use super::{gathering, message_size, provisional, sections, transceiver};
use crate::error::Result;
use crate::peer::{SdpType, SessionDescription};
use crate::platform::need::Need;

pub(super) async fn offer(live: &Live) -> Result<SessionDescription> {
    transceiver::make_all(live).await;
    let ice_restart = {
        let mut state = live.shared.state();
        state.restarting = state.restart_ice;
        state.restarting
    };
    let options = RTCOfferOptions { ice_restart };
    let offer = live.connection.create_offer(Some(options)).await;
    let offer = offer.map_err(|error| refused("an offer", error))?;
    Ok(shown(live, ours(SdpType::Offer, offer)))
}

pub(super) async fn answer(live: &Live) -> Result<SessionDescription> {
    let answer = live.connection.create_answer(None).await;
    let answer = answer.map_err(|error| refused("an answer", error))?;
    Ok(shown(live, ours(SdpType::Answer, answer)))
}

/// Makes what is due, sets it and gives it.
pub(super) async fn describe(live: &Live) -> Result<SessionDescription> {
    let is_offered = live.connection.pending_remote_description().await.is_some();
    let description = match is_offered {
        true => answer(live).await?,
        false => offer(live).await?,
    };
    set_local(live, &description).await?;
    Ok(local(live).await.unwrap_or(description))
}

pub(super) async fn set_local(live: &Live, description: &SessionDescription) -> Result<()> {
    let kind = description.kind;
    match kind {
        SdpType::PrAnswer => return provisional::answered(live, description).await,
        SdpType::Offer => provisional::refuses_others(live)?,
        SdpType::Answer | SdpType::Rollback => {}
    }
    let made = live.shared.state().shown.made(description);
    let description = parsed(&made)?;
    let gathering = gathering::begin(live, &description.sdp);
    let set = live.connection.set_local_description(description).await;
    if let Err(error) = set {
        gathering.take_back(live);
        return Err(refused("the local description", error));
    }
    match kind {
        SdpType::Offer => {
            let mut state = live.shared.state();
            state.restart_ice &= !state.restarting;
            state.need.offered();
        }
        SdpType::Answer => {
            provisional::end(live);
            message_size::agreed(live).await;
            live.shared.state().setup.answered(&made.sdp);
            live.shared.need(Need::agreed);
        }
        SdpType::PrAnswer | SdpType::Rollback => {}
    }
    transceiver::refresh(live, &[]).await;
    Ok(())
}

pub(super) async fn set_remote(live: &Live, theirs: &SessionDescription) -> Result<()> {
    let kind = theirs.kind;
    match kind {
        SdpType::PrAnswer => return provisional::was_answered(live, theirs).await,
        SdpType::Offer => provisional::refuses_others(live)?,
        SdpType::Answer | SdpType::Rollback => {}
    }
    let given = live.shared.state().rewritten.of(theirs);
    let description = parsed(&given)?;
    let open = live.connection.pending_local_description().await;
    let crosses = open.is_some_and(|open| kind_of(&open) == SdpType::Offer);
    if kind == SdpType::Offer && crosses {
        take_back(live).await?;
    }
    let before = live.connection.pending_remote_description().await;
    // webrtc 0.21.1 takes no second one, and before the first answer not after a rollback either.
    let is_agreed = live.connection.current_remote_description().await.is_some();
    let replaces = kind == SdpType::Offer && before.is_some() && is_agreed;
    if replaces {
        forget_theirs(live).await?;
    }
    transceiver::make_all(live).await;
    let sections = sections::read(&theirs.sdp);
    let set = live.connection.set_remote_description(description).await;
    if let Err(error) = set {
        // webrtc 0.21.1 may find a fault in an offer only after it took it.
        let is_open = live.connection.pending_remote_description().await.is_some();
        if is_open && (replaces || before.is_none()) {
            take_back(live).await?;
        }
        if let Some(before) = before.filter(|_| replaces) {
            let again = live.connection.set_remote_description(before).await;
            again.map_err(|error| failed("the offer that was open", error))?;
        }
        return Err(refused("the remote description", error));
    }
    match kind {
        SdpType::Offer => live.shared.state().need.was_offered(),
        SdpType::Answer => {
            provisional::end(live);
            message_size::agreed(live).await;
            live.shared.state().setup.was_answered(&theirs.sdp);
            live.shared.need(Need::agreed);
        }
        SdpType::PrAnswer | SdpType::Rollback => {}
    }
    transceiver::refresh(live, &sections).await;
    transceiver::described(live, &sections);
    Ok(())
}

pub(super) async fn local(live: &Live) -> Option<SessionDescription> {
    if let Some(description) = provisional::ours(live) {
        return Some(description);
    }
    let description = live.connection.local_description().await?;
    let mut description = ours(kind_of(&description), description);
    description.sdp = dressed(live, &description);
    Some(description)
}

pub(super) async fn remote(live: &Live) -> Option<SessionDescription> {
    if let Some(description) = provisional::theirs(live) {
        return Some(description);
    }
    let description = live.connection.remote_description().await?;
    let mut description = ours(kind_of(&description), description);
    description.sdp = live.shared.state().rewritten.original(description.sdp);
    Some(description)
}

/// Makes room for another offer of the other side's.
async fn forget_theirs(live: &Live) -> Result<()> {
    let taken = live.connection.set_remote_description(rollback()).await;
    taken.map_err(|error| failed("a rollback", error))?;
    transceiver::refresh(live, &[]).await;
    Ok(())
}

pub(super) async fn roll_back(live: &Live) -> Result<()> {
    provisional::refuses_others(live)?;
    take_back(live).await
}

/// Takes back whichever offer is open.
async fn take_back(live: &Live) -> Result<()> {
    let connection = &live.connection;
    if connection.pending_local_description().await.is_some() {
        let taken = connection.set_local_description(rollback()).await;
        taken.map_err(|error| failed("a rollback", error))?;
        transceiver::refresh(live, &[]).await;
    } else if connection.pending_remote_description().await.is_some() {
        forget_theirs(live).await?;
    } else {
        return Ok(());
    }
    live.shared.need(Need::rolled_back);
    Ok(())
}

/// One reading of a description is webrtc's own.
pub(super) fn parsed(description: &SessionDescription) -> Result<RTCSessionDescription> {
    let sdp = description.sdp.clone();
    match description.kind {
        SdpType::Offer => RTCSessionDescription::offer(sdp),
        SdpType::PrAnswer => RTCSessionDescription::pranswer(sdp),
        SdpType::Answer => RTCSessionDescription::answer(sdp),
        SdpType::Rollback => Ok(rollback()),
    }
    .map_err(|error| refused("not a session description", error))
}

fn rollback() -> RTCSessionDescription {
    let mut description = RTCSessionDescription::default();
    description.sdp_type = rtc::peer_connection::sdp::RTCSdpType::Rollback;
    description
}

fn ours(kind: SdpType, description: RTCSessionDescription) -> SessionDescription {
    SessionDescription {
        kind,
        sdp: description.sdp,
    }
}

/// As the application may see it, and pass it on.
fn shown(live: &Live, made: SessionDescription) -> SessionDescription {
    let sdp = dressed(live, &made);
    live.shared.state().shown.keep(made, sdp)
}

/// What webrtc made, as the other side has to see it and may.
fn dressed(live: &Live, made: &SessionDescription) -> String {
    let sdp = match made.kind {
        SdpType::Answer => live.shared.state().setup.corrected(&made.sdp),
        _ => made.sdp.clone(),
    };
    match live.shared.relays.hides() {
        true => without_addresses(&sdp),
        false => sdp,
    }
}

fn kind_of(description: &RTCSessionDescription) -> SdpType {
    use rtc::peer_connection::sdp::RTCSdpType;

    match description.sdp_type {
        RTCSdpType::Offer => SdpType::Offer,
        RTCSdpType::Pranswer => SdpType::PrAnswer,
        RTCSdpType::Rollback => SdpType::Rollback,
        _ => SdpType::Answer,
    }
}
