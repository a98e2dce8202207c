//! Sans-IO: when a connection between two peers needs repair, and what to say of it.

use std::time::Duration;

use crate::peer::ConnectionState;
use crate::room::LinkState;

/// `disconnected` often heals by itself within a moment (a lost packet or two).
const HEALS_WITHIN: Duration = Duration::from_secs(2);
/// The side that does not start leaves the other this much time, so that restarts rarely cross.
const SECOND_SIDE: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_secs(4);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// After so long without a connection people are told that there is no way.
const HOPELESS_AFTER: Duration = Duration::from_secs(20);

/// What to do about a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Repair {
    RestartIce,
}

#[derive(Debug)]
pub(crate) struct Health {
    starts: bool,
    was_connected: bool,
    state: ConnectionState,
    /// Since when there is no connection.
    down_since: Option<Duration>,
    repair_at: Option<Duration>,
    pause: Duration,
}

impl Health {
    /// `starts`: this side repairs first.
    pub(crate) fn new(starts: bool, now: Duration) -> Self {
        Self {
            starts,
            was_connected: false,
            state: ConnectionState::New,
            down_since: Some(now),
            repair_at: None,
            pause: FIRST_PAUSE,
        }
    }

    pub(crate) fn state(&mut self, state: ConnectionState, now: Duration) {
        self.state = state;
        match state {
            ConnectionState::Connected => {
                self.was_connected = true;
                self.down_since = None;
                self.repair_at = None;
                self.pause = FIRST_PAUSE;
            }
            ConnectionState::Disconnected => self.plan(now, HEALS_WITHIN),
            ConnectionState::Failed => self.plan(now, Duration::ZERO),
            ConnectionState::New | ConnectionState::Connecting | ConnectionState::Closed => {}
        }
    }

    fn plan(&mut self, now: Duration, wait: Duration) {
        self.down_since.get_or_insert(now);
        let wait = if self.starts {
            wait
        } else {
            wait + SECOND_SIDE
        };
        let at = now + wait;
        self.repair_at = Some(self.repair_at.map_or(at, |planned| planned.min(at)));
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        let hopeless = self.down_since.map(|since| since + HOPELESS_AFTER);
        // Once a repair is planned, it comes again and again, and notices hopelessness too.
        self.repair_at.or(hopeless)
    }

    /// Called at the deadline or later. A deadline that has passed must change something, or it
    /// would come again at once.
    pub(crate) fn tick(&mut self, now: Duration) -> Option<Repair> {
        if self.repair_at.is_none() && self.is_hopeless(now) {
            // Never came up, and never failed either: nobody answers.
            self.repair_at = Some(now);
        }
        if self.repair_at.is_none_or(|at| now < at) {
            return None;
        }
        // What still works is repaired once; should that break it, its state will tell.
        self.repair_at = self.down_since.map(|_| now + self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Some(Repair::RestartIce)
    }

    /// The network here changed: what looks connected may be dead.
    pub(crate) fn network_changed(&mut self, now: Duration) {
        self.pause = FIRST_PAUSE;
        self.repair_at = Some(now);
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.down_since.is_none()
    }

    fn is_hopeless(&self, now: Duration) -> bool {
        self.down_since
            .is_some_and(|since| now >= since + HOPELESS_AFTER)
    }

    pub(crate) fn link(&self, now: Duration) -> LinkState {
        match self.down_since {
            None => LinkState::Connected,
            Some(_) if self.is_hopeless(now) => LinkState::Failed,
            Some(_) if self.was_connected => LinkState::Repairing,
            Some(_) => LinkState::Connecting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_short_disturbance_is_left_alone() {
        let mut health = Health::new(true, s(0));
        health.state(ConnectionState::Connected, s(1));
        health.state(ConnectionState::Disconnected, s(10));
        assert_eq!(health.link(s(10)), LinkState::Repairing);
        health.state(ConnectionState::Connected, s(11));
        assert_eq!(health.tick(s(60)), None);
        assert_eq!(health.link(s(60)), LinkState::Connected);
    }

    #[test]
    fn repairs_ever_more_rarely_until_it_heals() {
        let mut health = Health::new(true, s(0));
        health.state(ConnectionState::Connected, s(1));
        health.state(ConnectionState::Failed, s(10));
        let mut repairs = Vec::new();
        for second in 10..120 {
            if health.tick(s(second)).is_some() {
                repairs.push(second);
            }
        }
        assert_eq!(repairs, [10, 14, 22, 38, 68, 98]);
        assert_eq!(health.link(s(120)), LinkState::Failed);
        health.state(ConnectionState::Connected, s(121));
        assert_eq!(health.deadline(), None);
    }

    #[test]
    fn a_changed_network_is_repaired_at_once_and_once() {
        let mut health = Health::new(false, s(0));
        health.state(ConnectionState::Connected, s(1));
        health.network_changed(s(10));
        assert_eq!(health.tick(s(10)), Some(Repair::RestartIce));
        assert_eq!(health.deadline(), None);
    }

    #[test]
    fn the_second_side_lets_the_first_go_first() {
        let (mut first, mut second) = (Health::new(true, s(0)), Health::new(false, s(0)));
        first.state(ConnectionState::Failed, s(10));
        second.state(ConnectionState::Failed, s(10));
        assert!(first.deadline() < second.deadline());
    }

    #[test]
    fn a_passed_deadline_never_comes_again_at_once() {
        for state in [
            ConnectionState::New,
            ConnectionState::Disconnected,
            ConnectionState::Failed,
        ] {
            let mut health = Health::new(false, s(0));
            health.state(state, s(1));
            let mut now = s(1);
            for _ in 0..50 {
                let Some(deadline) = health.deadline() else {
                    return;
                };
                now = now.max(deadline);
                health.tick(now);
                assert!(
                    health.deadline().is_none_or(|next| next > now),
                    "{state:?} at {now:?}"
                );
            }
        }
    }
}
