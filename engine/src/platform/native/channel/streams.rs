//! The streams that webrtc chooses for own channels.
//!
//! webrtc 0.21.1 gives the stream of a closed channel to the next one at once. What the other side
//! still says of the last one, which is up to two resets, is then the end of the new one, or it
//! never opens. So there is a pause between the two.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::peer::ChannelState;
use crate::platform::native::chain::Live;
use crate::platform::native::stats;

/// How long a channel that is being closed is waited for: longer only where the line is bad.
const CLOSING: Duration = Duration::from_secs(1);
/// The pause, in times that a packet and its answer take, and at least.
const ANSWERS: u32 = 3;
const SHORTEST: Duration = Duration::from_millis(100);
/// Where it is not known how long those take.
const UNKNOWN: Duration = Duration::from_millis(100);

/// Waits until nothing more is said of channels that were closed.
pub(super) async fn settled(live: &Live) {
    let channels = live.shared.state().channels.clone();
    let ours = channels.iter().filter(|channel| channel.state().is_ours);
    let limit = Instant::now() + CLOSING;
    let mut last = None;
    for channel in ours {
        if channel.state().channel == ChannelState::Closing {
            let _ = timeout_at(limit, channel.ended()).await;
        }
        last = last.max(channel.state().closed_at);
    }
    let Some(last) = last.filter(|last| last.elapsed() < SHORTEST + ANSWERS * CLOSING) else {
        return;
    };
    let pair = stats::report(live).await.candidate_pair;
    let answer = pair.and_then(|pair| pair.round_trip).unwrap_or(UNKNOWN);
    sleep_until(last + SHORTEST.max(ANSWERS * answer.min(CLOSING))).await;
}
