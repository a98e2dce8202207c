use std::time::Duration;

use futures_util::Stream;

use super::connection::PeerConnection;
use crate::error::{ErrorKind, Result};
use crate::peer::StatsReport;

/// Reports at a steady pace, made by [`PeerConnection::stats_every`].
///
/// It measures when it is asked to, in no task of its own: nothing runs on when it is dropped, and
/// who is slow gets fewer reports rather than old ones.
#[derive(Debug)]
pub struct StatsEvery {
    connection: PeerConnection,
    period: Duration,
    next: Duration,
}

impl StatsEvery {
    pub(super) fn new(connection: PeerConnection, period: Duration) -> Self {
        let next = connection.now() + period;
        Self {
            connection,
            period,
            next,
        }
    }

    /// Waits for the next report; the first comes after one period. `None` once the connection is
    /// closed. A failure to measure is given and is not the end.
    pub async fn next(&mut self) -> Option<Result<StatsReport>> {
        self.connection.sleep_until(self.next).await?;
        self.next = (self.next + self.period).max(self.connection.now());
        match self.connection.stats().await {
            Err(error) if error.kind() == ErrorKind::Closed => None,
            report => Some(report),
        }
    }

    /// The same as a stream.
    pub fn stream(self) -> impl Stream<Item = Result<StatsReport>> {
        futures_util::stream::unfold(self, |mut every| async move {
            let report = every.next().await?;
            Some((report, every))
        })
    }
}
