use std::time::Duration;

use crate::plan::{MEASURED, WARM_UP};

/// Counts the bytes that arrive, after a warm-up and for a fixed time.
#[derive(Debug)]
pub struct Meter {
    began: Duration,
    counting_since: Option<Duration>,
    bytes: usize,
}

impl Meter {
    /// Starts the warm-up.
    pub fn new(now: Duration) -> Self {
        Self {
            began: now,
            counting_since: None,
            bytes: 0,
        }
    }

    /// Counts a message. Returns the throughput in Mbit/s once the time is over.
    pub fn count(&mut self, bytes: usize, now: Duration) -> Option<f64> {
        let Some(since) = self.counting_since else {
            if now.saturating_sub(self.began) >= WARM_UP {
                self.counting_since = Some(now);
            }
            return None;
        };
        self.bytes += bytes;
        let time = now.saturating_sub(since);
        (time >= MEASURED).then(|| self.bytes as f64 * 8.0 / time.as_secs_f64() / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_does_not_count() {
        let mut meter = Meter::new(Duration::from_secs(7));
        let start = Duration::from_secs(7) + WARM_UP;
        assert_eq!(meter.count(1_000_000, Duration::from_secs(7)), None);
        assert_eq!(meter.count(1_000_000, start), None);
        assert_eq!(meter.count(1_000, start + MEASURED / 2), None);
        let rate = meter.count(249_000, start + MEASURED * 2);
        assert_eq!(rate, Some(1.0 / MEASURED.as_secs_f64()));
    }
}
