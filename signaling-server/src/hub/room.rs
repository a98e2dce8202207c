use std::collections::{BTreeMap, BTreeSet};

use parlor_signaling_protocol::{Member, PeerId, Sealed};

use super::session::SessionId;

/// Who is in a room, and who looks at it from outside.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) members: BTreeMap<PeerId, Membership>,
    pub(crate) watchers: BTreeSet<SessionId>,
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

    /// Who is told about a change that `session` made: members and watchers, each once.
    pub(crate) fn audience(&self, session: SessionId) -> BTreeSet<SessionId> {
        let members = self.members.values().map(|member| member.session);
        let all = members.chain(self.watchers.iter().copied());
        all.filter(|id| *id != session).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.watchers.is_empty()
    }
}
