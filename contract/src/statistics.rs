//! E8, E11, E12: statistics.

use std::time::Duration;

use futures_util::future::{Either, select};
use parlor_engine::{ConnectionState, Kind};

use crate::stage::{behaviour, ensure, establish, same, there, track};
use crate::{Behaviour, Outcome, Pair};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "E8",
        "statistics come after one period and know the connection and what is sent",
        comes
    ),
    behaviour!(
        "E11",
        "a failure to measure reaches who asked, in its turn",
        fails_aloud
    ),
    behaviour!(
        "E12",
        "nothing is measured before somebody asks",
        waits_to_be_asked
    ),
    behaviour!(
        "N1",
        "one schema: bytes, pair, round trip and channels of both ends agree",
        agrees
    ),
];

const PERIOD: Duration = Duration::from_millis(100);

async fn comes(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let mut every = left.stats_every(PERIOD);
    let asked = pair.left.now();
    let audio = track(&pair.left, Kind::Audio).await?;
    left.add_track(&audio, &[]).await?;
    establish(&left, &right).await?;
    let report = there(every.next().await, "a report")??;
    ensure!(
        report.taken_at >= asked + PERIOD,
        "a report before its time"
    );
    same!(report.sources.len(), 1, "sources");
    same!(report.sources[0].kind, Kind::Audio, "the source");
    let next = there(every.next().await, "another report")??;
    ensure!(next.taken_at > report.taken_at, "time does not go on");
    Ok(())
}

async fn fails_aloud(pair: Pair) -> Outcome {
    let (left, _right) = pair.connections()?;
    let mut every = left.stats_every(PERIOD);
    left.close();
    // A closed connection is the end, and asking once more says so in words.
    ensure!(
        every.next().await.is_none(),
        "a report of a closed connection"
    );
    let error = crate::stage::refused(left.stats().await, "measuring")?;
    same!(error.kind(), parlor_engine::ErrorKind::Closed, "kind");
    Ok(())
}

async fn waits_to_be_asked(pair: Pair) -> Outcome {
    let (left, _right) = pair.connections()?;
    let mut every = left.stats_every(Duration::from_secs(3_600));
    let mut state = left.connection_state();
    let closing = async {
        left.close();
        state
            .wait_for(|state| state == ConnectionState::Closed)
            .await
    };
    let next = std::pin::pin!(every.next());
    match select(next, std::pin::pin!(closing)).await {
        Either::Left((report, _)) => {
            ensure!(report.is_none(), "a report an hour too early");
        }
        Either::Right((_, next)) => ensure!(next.await.is_none(), "a report after closing"),
    }
    Ok(())
}

async fn agrees(pair: Pair) -> Outcome {
    let connected = pair.connected().await?;
    for _ in 0..10 {
        connected.channel.send(vec![7_u8; 10_000]).await?;
        connected.other.receive().await?;
    }
    let ours = connected.left.stats().await?;
    let theirs = connected.right.stats().await?;
    let sent = there(ours.channels.first(), "our channel")?;
    let received = there(theirs.channels.first(), "their channel")?;
    same!(sent.label, "contract", "label");
    same!((sent.messages_sent, sent.bytes_sent), (10, 100_000), "sent");
    same!(
        (received.messages_received, received.bytes_received),
        (10, 100_000),
        "received"
    );
    let pair = there(ours.candidate_pair, "the pair")?;
    ensure!(
        pair.local.is_some() && pair.remote.is_some(),
        "kinds of candidates: {pair:?}"
    );
    ensure!(
        pair.bytes_sent >= 100_000,
        "bytes over the pair: {}",
        pair.bytes_sent
    );
    ensure!(
        ours.connection.bytes_sent >= 100_000,
        "bytes: {:?}",
        ours.connection
    );
    same!(ours.connection.channels_opened, 1, "channels");
    Ok(())
}
