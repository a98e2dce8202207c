//! Provisional answers. webrtc 0.21.1 takes one, and then not the answer that follows, so it is
//! given none: they are kept, with the candidates that come after them, until the answer is there.

use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::RTCIceCandidateInit;

use super::chain::Live;
use super::error::refused;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::SessionDescription;

/// More candidates than any host has.
const MAX_CANDIDATES: usize = 256;

/// The one that is in force.
pub(super) enum Provisional {
    Ours(SessionDescription),
    Theirs(SessionDescription, Vec<RTCIceCandidateInit>),
}

/// Takes one of ours.
pub(super) async fn answered(live: &Live, description: &SessionDescription) -> Result<()> {
    check(description)?;
    if live.connection.pending_remote_description().await.is_none() {
        return Err(untimely());
    }
    live.shared.state().provisional = Some(Provisional::Ours(description.clone()));
    Ok(())
}

/// Takes one of the other side's.
pub(super) async fn was_answered(live: &Live, description: &SessionDescription) -> Result<()> {
    check(description)?;
    if live.connection.pending_local_description().await.is_none() {
        return Err(untimely());
    }
    let mut state = live.shared.state();
    let candidates = match state.provisional.take() {
        Some(Provisional::Theirs(_, candidates)) => candidates,
        _ => Vec::new(),
    };
    state.provisional = Some(Provisional::Theirs(description.clone(), candidates));
    Ok(())
}

/// Keeps a candidate that waits for the answer too; gives it back otherwise.
pub(super) fn keep(
    live: &Live,
    candidate: RTCIceCandidateInit,
) -> Result<Option<RTCIceCandidateInit>> {
    match &mut live.shared.state().provisional {
        Some(Provisional::Theirs(_, candidates)) if candidates.len() < MAX_CANDIDATES => {
            candidates.push(candidate);
            Ok(None)
        }
        Some(Provisional::Theirs(..)) => {
            let text = "more candidates wait for the answer than any host has";
            Err(Error::new(ErrorKind::Overloaded, text))
        }
        _ => Ok(Some(candidate)),
    }
}

/// The answer was set: gives the candidates that waited.
pub(super) fn end(live: &Live) -> Vec<RTCIceCandidateInit> {
    match live.shared.state().provisional.take() {
        Some(Provisional::Theirs(_, candidates)) => candidates,
        _ => Vec::new(),
    }
}

/// With one in force no offer can be made or taken
/// ([JSEP](https://www.rfc-editor.org/rfc/rfc9429#section-4.1.10)).
pub(super) fn forbids_offers(live: &Live) -> Result<()> {
    match live.shared.state().provisional {
        Some(_) => Err(untimely()),
        None => Ok(()),
    }
}

pub(super) fn ours(live: &Live) -> Option<SessionDescription> {
    match &live.shared.state().provisional {
        Some(Provisional::Ours(description)) => Some(description.clone()),
        _ => None,
    }
}

pub(super) fn theirs(live: &Live) -> Option<SessionDescription> {
    match &live.shared.state().provisional {
        Some(Provisional::Theirs(description, _)) => Some(description.clone()),
        _ => None,
    }
}

/// webrtc reads it, at least.
fn check(description: &SessionDescription) -> Result<()> {
    let read = RTCSessionDescription::pranswer(description.sdp.clone());
    read.map(drop)
        .map_err(|error| refused("not a session description", error))
}

fn untimely() -> Error {
    let text = "a provisional answer follows an offer, and only the answer follows it";
    Error::new(ErrorKind::Invalid, text)
}
