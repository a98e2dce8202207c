use std::collections::{BTreeMap, BTreeSet};

use parlor_signaling_protocol::{Member, PeerId, Sealed};

/// Who is in a room, and who looks at it from outside.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) members: BTreeMap<PeerId, Sealed>,
    pub(crate) watchers: BTreeSet<PeerId>,
}

impl Room {
    /// The members without `peer` itself.
    pub(crate) fn others(&self, peer: PeerId) -> Vec<Member> {
        let others = self.members.iter().filter(|(id, _)| **id != peer);
        others
            .map(|(id, card)| Member {
                peer: *id,
                card: card.clone(),
            })
            .collect()
    }

    /// Who is told about a change that `peer` made: members and watchers, each once.
    pub(crate) fn audience(&self, peer: PeerId) -> BTreeSet<PeerId> {
        let all = self.members.keys().chain(&self.watchers);
        all.copied().filter(|id| *id != peer).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.watchers.is_empty()
    }
}
