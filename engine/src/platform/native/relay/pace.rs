//! How fast datagrams go into a stream.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Bytes that go out at once. A relay keeps little of what it passes from UDP on to a stream (coturn
/// 32 KiB) and loses the rest of a burst. SCTP takes a second and more to get over each such loss.
pub(super) const BURST: usize = 16 * 1024;
/// How long that has to do: 131 Mbit/s, more than media and most lines need.
pub(super) const PERIOD: Duration = Duration::from_millis(1);

pub(super) struct Pace {
    began: Instant,
    left: usize,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            left: BURST,
        }
    }

    /// Waits until something may go out.
    pub(super) async fn ready(&mut self) {
        let next = self.began + PERIOD;
        if Instant::now() < next {
            if self.left > 0 {
                return;
            }
            sleep_until(next).await;
        }
        *self = Self::new();
    }

    pub(super) fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}
