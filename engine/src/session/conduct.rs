//! How much one peer may make us do, whatever it says.

use std::time::Duration;

use crate::budget::Budget;

/// Budgets of one peer. Each is far above what an honest peer needs, so that going over one is
/// nonsense like any other: it is dropped, and said once.
#[derive(Debug)]
pub(super) struct Conduct {
    /// Messages of any kind. A room's whole history comes in fewer than 200; 32 peers that all
    /// connect anew send each other some thousand candidates.
    pub(super) messages: Budget,
    /// New posts. A room's history has 5,000.
    pub(super) posts: Budget,
    /// Bytes that we send because the peer says what it has. A room's history has 8 MiB; a peer asks
    /// for it once on each connection.
    pub(super) answers: Budget,
    /// Connections that are made anew.
    pub(super) remakes: Budget,
    /// Cards: names that change.
    pub(super) cards: Budget,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            messages: Budget::new(4_000.0, 100.0),
            posts: Budget::new(6_000.0, 20.0),
            answers: Budget::new((24 << 20) as f64, 65_536.0),
            remakes: Budget::new(5.0, 0.1),
            cards: Budget::new(10.0, 0.5),
        }
    }
}

/// Connections to peers that we did not know: a room holds 32, and everybody may reload.
pub(super) const fn arrivals() -> Budget {
    Budget::new(96.0, 2.0)
}

/// Bytes that we send because any peer says what it has: a whole room that comes at once gets
/// everything. Each entry is a peer of its own, whose own budget is full.
pub(super) const fn answers() -> Budget {
    Budget::new((256 << 20) as f64, (1 << 20) as f64)
}

/// How many peers that may not be connected to yet are remembered.
pub(super) const MAX_WAITING: usize = 64;

/// How long a link may be without a channel before it is made anew.
pub(super) const CHANNEL_WITHIN: Duration = Duration::from_secs(10);
