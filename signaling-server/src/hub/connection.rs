use std::time::Instant;

use super::session::SessionId;
use crate::Limits;
use crate::rate::Bucket;

/// How many messages a socket may send at once that was not greeted. One is enough; each further one
/// causes an answer, and a client that does not read these would make the server keep them.
const UNGREETED_BURST: u32 = 16;

/// One socket, as the hub knows it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The session that it was greeted with.
    pub(crate) session: Option<SessionId>,
    pub(crate) hello_by: Instant,
    pub(crate) bucket: Bucket,
    /// How many more messages are refused because of the rate before the socket is closed.
    pub(crate) refusals: Bucket,
}

impl Connection {
    pub(crate) fn new(limits: &Limits, now: Instant) -> Self {
        let rate = limits.messages_per_second;
        let burst = limits.message_burst;
        Self {
            session: None,
            hello_by: now + limits.hello_timeout,
            bucket: Bucket::new(rate, burst.min(UNGREETED_BURST), now),
            refusals: Bucket::of_window(limits.max_rate_refusals, rate, burst, now),
        }
    }

    /// Makes it that of a session, with all that a session may send.
    pub(crate) fn greet(&mut self, session: SessionId, limits: &Limits, now: Instant) {
        self.session = Some(session);
        self.bucket = Bucket::new(limits.messages_per_second, limits.message_burst, now);
    }
}
