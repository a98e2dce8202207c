//! The steps of negotiation, as calls of the platform.

use crate::call::Op;
use crate::error::Result;
use crate::peer::SessionDescription;
use crate::platform::{CurrentPeer, Peer as _};

/// Carries out one step; gives what it made.
pub(super) async fn run(connection: &CurrentPeer, op: Op) -> Result<Option<SessionDescription>> {
    match op {
        Op::Offer { restart_ice } => offer(connection, restart_ice).await.map(Some),
        Op::Answer => answer(connection).await.map(Some),
        Op::Rollback => connection.rollback().await.map(|()| None),
        Op::SetRemote(remote) => connection.set_remote(&remote).await.map(|()| None),
        Op::AddCandidate(candidate) => {
            let added = connection.add_candidate(candidate.as_ref()).await;
            added.map(|()| None)
        }
    }
}

async fn offer(connection: &CurrentPeer, restart_ice: bool) -> Result<SessionDescription> {
    let offer = connection.create_offer(restart_ice).await?;
    set_local(connection, offer).await
}

async fn answer(connection: &CurrentPeer) -> Result<SessionDescription> {
    let answer = connection.create_answer().await?;
    set_local(connection, answer).await
}

async fn set_local(
    connection: &CurrentPeer,
    description: SessionDescription,
) -> Result<SessionDescription> {
    connection.set_local(&description).await?;
    Ok(connection.local_description().await.unwrap_or(description))
}
