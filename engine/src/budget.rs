//! How much somebody may do.

use std::time::Duration;

/// A token bucket: so much at once, and so much a second in the long run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    burst: f64,
    per_second: f64,
    left: f64,
    at: Duration,
}

impl Budget {
    /// A full one.
    pub(crate) const fn new(burst: f64, per_second: f64) -> Self {
        Self {
            burst,
            per_second,
            left: burst,
            at: Duration::ZERO,
        }
    }

    /// Takes one. `false`, and nothing is taken, if there is not enough.
    pub(crate) fn take(&mut self, now: Duration) -> bool {
        self.take_many(1, now)
    }

    /// Takes that many. `false`, and nothing is taken, if there is not enough.
    pub(crate) fn take_many(&mut self, count: usize, now: Duration) -> bool {
        let earned = now.saturating_sub(self.at).as_secs_f64() * self.per_second;
        self.left = (self.left + earned).min(self.burst);
        self.at = self.at.max(now);
        let count = count as f64;
        let is_enough = count <= self.left;
        if is_enough {
            self.left -= count;
        }
        is_enough
    }

    /// When one can be taken, if nothing is taken before. Counted from when something was taken last, so
    /// that it comes nearer.
    pub(crate) fn next(&self) -> Duration {
        let missing = (1.0 - self.left).max(0.0);
        self.at + Duration::from_secs_f64(missing / self.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_burst_is_followed_by_the_rate() {
        let mut budget = Budget::new(3.0, 0.5);
        assert!((0..3).all(|_| budget.take(s(1))));
        assert!(!budget.take(s(1)));
        assert_eq!(budget.next(), s(3));
        assert!(budget.take(s(3)));
        assert!(!budget.take(s(4)));
        // A long pause gives no more than a burst.
        assert!((0..3).all(|_| budget.take(s(1_000))));
        assert!(!budget.take(s(1_000)));
    }

    #[test]
    fn more_than_is_left_takes_nothing() {
        let mut budget = Budget::new(10.0, 1.0);
        assert!(!budget.take_many(11, s(0)));
        assert!(budget.take_many(10, s(0)));
    }
}
