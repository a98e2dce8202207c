//! Bounds how much of one kind is logged.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::actor::now;

/// How many lines are logged in [`LOG_PERIOD`]. Enough to find a mistake in the set-up; anybody can
/// cause them, and nobody is to fill the disk with them.
const LOG_LINES: u32 = 20;
const LOG_PERIOD: Duration = Duration::from_secs(60);

/// A count of lines.
#[derive(Debug, Default)]
pub(crate) struct LogLimit(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    since: Option<Instant>,
    logged: u32,
    unlogged: u64,
}

impl LogLimit {
    /// `None` if there were enough lines lately; else how many were left out before this one.
    pub(crate) fn next(&self) -> Option<u64> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.next(now())
    }
}

impl Lines {
    fn next(&mut self, now: Instant) -> Option<u64> {
        let is_over = |since| now.saturating_duration_since(since) >= LOG_PERIOD;
        if self.since.is_none_or(is_over) {
            self.since = Some(now);
            self.logged = 0;
        }
        if self.logged >= LOG_LINES {
            self.unlogged += 1;
            return None;
        }
        self.logged += 1;
        Some(std::mem::take(&mut self.unlogged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flood_of_refusals_does_not_fill_the_log() {
        let mut log = Lines::default();
        let start = now();
        for _ in 0..LOG_LINES {
            assert_eq!(log.next(start), Some(0));
        }
        assert_eq!(log.next(start), None);
        assert_eq!(log.next(start + LOG_PERIOD / 2), None);
        assert_eq!(log.next(start + LOG_PERIOD), Some(2));
        assert_eq!(log.next(start + LOG_PERIOD), Some(0));
    }
}
