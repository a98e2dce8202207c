//! Provisional answers. webrtc 0.21.1 takes one, and then not the answer that follows, so it is
//! given none: they are kept until the answer is there. The engine holds the candidates that come
//! after them back until then, as for every platform without early media.

use super::chain::Live;
use super::descriptions::parsed;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::SessionDescription;

/// The one that is in force.
pub(super) enum Provisional {
    Ours(SessionDescription),
    Theirs(SessionDescription),
}

/// Takes one of ours.
pub(super) async fn answered(live: &Live, description: &SessionDescription) -> Result<()> {
    parsed(description)?;
    if live.connection.pending_remote_description().await.is_none() {
        return Err(untimely());
    }
    live.shared.state().provisional = Some(Provisional::Ours(description.clone()));
    Ok(())
}

/// Takes one of the other side's.
pub(super) async fn was_answered(live: &Live, description: &SessionDescription) -> Result<()> {
    parsed(description)?;
    if live.connection.pending_local_description().await.is_none() {
        return Err(untimely());
    }
    live.shared.state().provisional = Some(Provisional::Theirs(description.clone()));
    Ok(())
}

/// The answer was set.
pub(super) fn end(live: &Live) {
    live.shared.state().provisional = None;
}

/// With one in force no offer can be made, taken
/// ([JSEP](https://www.rfc-editor.org/rfc/rfc9429#section-4.1.10)) or taken back
/// ([W3C](https://www.w3.org/TR/webrtc/#dfn-set-a-session-description)).
pub(super) fn refuses_others(live: &Live) -> Result<()> {
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
        Some(Provisional::Theirs(description)) => Some(description.clone()),
        _ => None,
    }
}

fn untimely() -> Error {
    let text = "a provisional answer follows an offer, and only the answer follows it";
    Error::new(ErrorKind::Invalid, text)
}
