//! Offer and answer, and the candidates that belong to them.

use super::PeerConnection;
use crate::error::Result;
use crate::peer::{IceCandidate, SdpType, SessionDescription};
use crate::platform::{CurrentPeer, Peer as _, Platform as _};
use crate::rtc::shared::Side;

impl PeerConnection {
    /// Makes an offer. Nothing changes until it is set.
    ///
    /// # Errors
    ///
    /// [`Closed`](crate::ErrorKind::Closed) after closing, as for all that follows;
    /// [`Invalid`](crate::ErrorKind::Invalid) while an offer of the other side's is open.
    pub async fn create_offer(&self) -> Result<SessionDescription> {
        self.open_peer()?.create_offer().await
    }

    /// Makes an answer to the other side's offer. Nothing changes until it is set.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) without an offer.
    pub async fn create_answer(&self) -> Result<SessionDescription> {
        self.open_peer()?.create_answer().await
    }

    /// Sets an own description; with [`SdpType::Rollback`], takes the open offer back.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for nonsense, or at the wrong time: nothing has
    /// changed then.
    pub async fn set_local_description(&self, description: &SessionDescription) -> Result<()> {
        let peer = self.open_peer()?;
        match description.kind {
            SdpType::Rollback => peer.rollback().await?,
            _ => peer.set_local(description).await?,
        }
        self.described(description.kind);
        Ok(())
    }

    /// Makes the offer or answer that is due, sets it and gives it: JavaScript's
    /// `setLocalDescription()` without an argument.
    pub async fn describe(&self) -> Result<SessionDescription> {
        let description = self.open_peer()?.describe().await?;
        self.described(description.kind);
        Ok(description)
    }

    /// An own description was set.
    fn described(&self, kind: SdpType) {
        let shared = &self.0.shared;
        shared.described(Side::Local, kind);
        shared.settle_tracks();
    }

    /// Sets the other side's description. An offer that meets our own open one takes that back; one
    /// that meets another of theirs replaces it, natively only after the first answer.
    ///
    /// # Errors
    ///
    /// As for [`set_local_description`](Self::set_local_description).
    pub async fn set_remote_description(&self, description: &SessionDescription) -> Result<()> {
        let (peer, shared) = (self.open_peer()?, &self.0.shared);
        if description.kind == SdpType::Rollback {
            peer.rollback().await?;
            shared.described(Side::Remote, description.kind);
            return Ok(());
        }
        peer.set_remote(description).await?;
        shared.described(Side::Remote, description.kind);
        self.add_held(peer, description).await;
        shared.settle_tracks();
        Ok(())
    }

    /// The other side's description was set: adds the candidates that waited for it, unless the
    /// platform itself waits for the answer.
    async fn add_held(&self, peer: &CurrentPeer, description: &SessionDescription) {
        let held = &self.0.shared.held;
        let is_provisional = description.kind == SdpType::PrAnswer;
        if is_provisional && !self.0.platform.capabilities().early_media {
            held.wait_for_answer();
            return;
        }
        for candidate in held.described(description) {
            // It was valid when it was given; what no longer fits costs one way, not the call.
            if let Err(error) = peer.add_candidate(Some(&candidate)).await {
                tracing::debug!(%error, "a candidate that waited does not fit");
            }
        }
    }

    /// The own description that is open, or else the one in force, with the candidates found so
    /// far.
    pub async fn local_description(&self) -> Option<SessionDescription> {
        self.0.peer.local_description().await
    }

    /// The other side's description that is open, or else the one in force.
    pub async fn remote_description(&self) -> Option<SessionDescription> {
        self.0.peer.remote_description().await
    }

    /// Adds a candidate of the other side's, or says that there are no more, as an empty candidate
    /// does too. One that comes before its description waits for it, so that nobody has to hold it
    /// back.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for nonsense;
    /// [`Overloaded`](crate::ErrorKind::Overloaded) when more wait than any host has.
    pub async fn add_ice_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        let (peer, held) = (self.open_peer()?, &self.0.shared.held);
        match candidate {
            Some(candidate) if candidate.is_end() => match held.is_current(candidate) {
                true => peer.add_candidate(None).await,
                // Of candidates that are looked for no more, or not yet.
                false => Ok(()),
            },
            Some(candidate) if !held.admits(candidate)? => Ok(()),
            None if !held.has_remote() => Ok(()),
            candidate => peer.add_candidate(candidate).await,
        }
    }
}
