use std::time::Duration;

/// The first pause. The very first try after a loss comes without one: most losses are a moment.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause: a server that comes back is found again within this.
const LONGEST: Duration = Duration::from_secs(15);

/// How long to wait before the next try: doubling, and anywhere between half and all of that, so
/// that a thousand clients of a restarted server do not come back in the same moment.
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
    random: u64,
}

impl Backoff {
    /// `seed` should differ from client to client.
    pub(crate) fn new(seed: u64) -> Self {
        // The generator below stays at zero for ever if it starts there.
        Self {
            failures: 0,
            random: seed | 1,
        }
    }

    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    pub(crate) fn next(&mut self) -> Duration {
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        if failures == 0 {
            return self.jitter(FIRST) / 2;
        }
        let doubled = FIRST.saturating_mul(1 << failures.min(16));
        self.jitter(doubled.min(LONGEST))
    }

    fn jitter(&mut self, pause: Duration) -> Duration {
        // xorshift64: only has to differ between clients.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let half = pause / 2;
        half + half * (self.random % 1024) as u32 / 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_its_bound_and_starts_again() {
        let mut backoff = Backoff::new(42);
        assert!(backoff.next() < FIRST);
        let pauses: Vec<_> = (0..20).map(|_| backoff.next()).collect();
        assert!(pauses.iter().all(|pause| *pause <= LONGEST));
        assert!(pauses[10] >= LONGEST / 2);
        backoff.reset();
        assert!(backoff.next() < FIRST);
    }

    #[test]
    fn two_clients_do_not_keep_step() {
        let (mut one, mut two) = (Backoff::new(1), Backoff::new(2));
        assert!((0..5).any(|_| one.next() != two.next()));
    }
}
