use std::time::Instant;

/// A token bucket: lets a burst through, then a steady rate.
#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled_at: Instant,
    per_second: f64,
    burst: f64,
}

impl Bucket {
    pub(crate) fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        Self {
            tokens: f64::from(burst),
            filled_at: now,
            per_second: f64::from(per_second),
            burst: f64::from(burst),
        }
    }

    /// A bucket that holds `most` and is full again after as long as another one of this rate.
    pub(crate) fn of_window(most: u32, per_second: u32, burst: u32, now: Instant) -> Self {
        let window = f64::from(burst) / f64::from(per_second);
        Self {
            per_second: f64::from(most) / window,
            ..Self::new(0, most, now)
        }
    }

    /// Takes that many tokens, or as many as there can be at all. False if there are not so many.
    pub(crate) fn take(&mut self, tokens: u32, now: Instant) -> bool {
        let tokens = f64::from(tokens).min(self.burst);
        self.fill(now);
        if self.tokens < tokens {
            return false;
        }
        self.tokens -= tokens;
        true
    }

    /// Whether it is as it was at the beginning.
    pub(crate) fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens >= self.burst
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled_at);
        self.tokens = (self.tokens + passed.as_secs_f64() * self.per_second).min(self.burst);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn burst_then_rate() {
        let start = tokio::time::Instant::now().into_std();
        let mut bucket = Bucket::new(10, 3, start);
        assert_eq!((0..5).filter(|_| bucket.take(1, start)).count(), 3);
        assert!(!bucket.take(1, start + Duration::from_millis(99)));
        assert!(bucket.take(1, start + Duration::from_millis(200)));
    }

    #[test]
    fn rest_does_not_save_more_than_a_burst() {
        let start = tokio::time::Instant::now().into_std();
        let mut bucket = Bucket::new(10, 3, start);
        let later = start + Duration::from_secs(3600);
        assert_eq!((0..5).filter(|_| bucket.take(1, later)).count(), 3);
    }

    #[test]
    fn bucket_of_a_window_is_full_again_after_it() {
        let start = tokio::time::Instant::now().into_std();
        let mut bucket = Bucket::of_window(20, 100, 600, start);
        let mut taken = |now| (0..50).filter(|_| bucket.take(1, now)).count();
        assert_eq!(taken(start), 20);
        assert_eq!(taken(start + Duration::from_secs(3)), 10);
        assert_eq!(taken(start + Duration::from_secs(9)), 20);
    }

    #[test]
    fn what_costs_more_takes_more() {
        let start = tokio::time::Instant::now().into_std();
        let mut bucket = Bucket::new(10, 20, start);
        assert_eq!((0..5).filter(|_| bucket.take(8, start)).count(), 2);
        assert!(bucket.take(4, start), "what was refused took nothing");
        // More than a burst has to be possible after a rest.
        let later = start + Duration::from_secs(2);
        assert!(!bucket.take(21, later - Duration::from_millis(1)));
        assert!(bucket.take(21, later));
    }
}
