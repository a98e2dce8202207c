use std::time::Duration;

/// How far the two clocks may part, or time may jump, before that is a sleep: more than any busy
/// moment, and a time in which connections stay alive.
const TOLERANCE: Duration = Duration::from_secs(5);

/// Notices that the device slept. Timers and the monotonic clock stand still then on some systems,
/// and jump on others; the clock on the wall goes on.
#[derive(Debug)]
pub(crate) struct SleepWatch {
    now: Duration,
    /// Milliseconds since 1970.
    wall: u64,
}

impl SleepWatch {
    pub(crate) fn new(now: Duration, wall: u64) -> Self {
        Self { now, wall }
    }

    /// Takes both clocks, at least once in a second; `true` after a sleep. A clock on the wall that
    /// somebody sets forward looks the same, and costs one round trip.
    pub(crate) fn has_slept(&mut self, now: Duration, wall: u64) -> bool {
        let passed = now.saturating_sub(self.now);
        let on_the_wall = Duration::from_millis(wall.saturating_sub(self.wall));
        (self.now, self.wall) = (now, wall);
        passed.max(on_the_wall) > passed.min(TOLERANCE) + TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_sleep_is_noticed_with_either_kind_of_clock() {
        let mut watch = SleepWatch::new(s(10), 1_000_000);
        assert!(!watch.has_slept(s(11), 1_001_000));
        assert!(watch.has_slept(s(12), 1_122_000), "time stood still");
        assert!(!watch.has_slept(s(13), 1_123_000));
        assert!(watch.has_slept(s(133), 1_243_000), "time jumped");
        assert!(!watch.has_slept(s(134), 1_000), "the clock was set back");
        assert!(!watch.has_slept(s(135), 2_000));
    }
}
