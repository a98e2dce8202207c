//! The search for our own ways: webrtc tells what it finds, but neither that it begins nor, always,
//! that it ends.

use std::sync::Arc;
use std::time::Duration;

use super::chain::{Live, Shared};
use super::runtime::Task;
use super::sections;
use crate::peer::IceGatheringState;
use crate::platform::PeerEvent;

/// Longer than a STUN or TURN server is asked, which is eight seconds.
const GATHERING_LIMIT: Duration = Duration::from_secs(10);

/// What was known of our own ways before a description was set.
pub(super) struct Before {
    mid: Option<String>,
    ufrag: Option<String>,
    gathering: IceGatheringState,
}

/// Candidates come as soon as a description is set, and webrtc tells of their end but not of their
/// beginning.
pub(super) fn begin(live: &Live, sdp: &str) -> Before {
    let mid = sections::read(sdp)
        .into_iter()
        .next()
        .map(|first| first.mid);
    let ufrag = sections::attribute(sdp, "a=ice-ufrag:").map(str::to_owned);
    let (is_new, before) = {
        let mut state = live.shared.state();
        let is_new = state.ufrag != ufrag;
        let before = Before {
            mid: std::mem::replace(&mut state.mid, mid),
            ufrag: std::mem::replace(&mut state.ufrag, ufrag),
            gathering: match is_new {
                true => std::mem::replace(&mut state.gathering, IceGatheringState::Gathering),
                false => state.gathering,
            },
        };
        (is_new, before)
    };
    let now = live.shared.state().gathering;
    if is_new {
        live.shared.relays.gathering();
        limit_gathering(&live.shared);
    }
    if now != before.gathering {
        live.shared.emit(PeerEvent::IceGathering(now));
    }
    before
}

/// webrtc 0.21 waits without an end for a TURN server that does not answer: it knows its first
/// question by the number of the second.
fn limit_gathering(shared: &Arc<Shared>) {
    let gathering = Arc::downgrade(shared);
    let limit = Task::spawn(async move {
        tokio::time::sleep(GATHERING_LIMIT).await;
        if let Some(shared) = gathering.upgrade() {
            shared.gathered();
        }
    });
    // Without a runtime there would be no connection.
    shared.state().gathering_limit = limit.ok();
}

impl Before {
    pub(super) fn take_back(self, live: &Live) {
        let was = {
            let mut state = live.shared.state();
            state.mid = self.mid;
            state.ufrag = self.ufrag;
            if self.gathering != IceGatheringState::Gathering {
                state.gathering_limit = None;
            }
            std::mem::replace(&mut state.gathering, self.gathering)
        };
        if was != self.gathering {
            live.shared.emit(PeerEvent::IceGathering(self.gathering));
        }
    }
}
