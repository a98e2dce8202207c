use std::collections::BTreeMap;

use parlor_signaling_protocol::{Member, PeerId, Sealed};

use super::session::SessionId;

/// Who is in a room.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) members: BTreeMap<PeerId, Membership>,
}

/// A peer in a room, and the session that proved to be that peer.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) session: SessionId,
    pub(crate) card: Sealed,
}

impl Room {
    /// The members without that of `session` itself.
    pub(crate) fn others(&self, session: SessionId) -> Vec<Member> {
        let others = self
            .members
            .iter()
            .filter(|(_, member)| member.session != session);
        others
            .map(|(peer, member)| Member {
                peer: *peer,
                card: member.card.clone(),
            })
            .collect()
    }

    /// The sessions of the members.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.members.values().map(|member| member.session)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}
