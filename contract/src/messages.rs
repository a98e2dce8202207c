//! D3, D4, D8, IO1, and what no test of the originals covers: messages on their way.

use futures_util::future::{Either, join, select, try_join};
use parlor_engine::{
    ChannelEvent, ChannelOptions, Chunked, ErrorKind, MAX_MESSAGE, Message, SEND_HIGH_WATER,
    SessionDescription,
};

use crate::stage::{behaviour, ensure, establish, find_ways, refused, same, there};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!("D3", "a thousand messages arrive in order", keeps_order),
    behaviour!("D4", "a receive that is given up loses nothing", gives_up),
    behaviour!("D8", "a low buffer is told once for each fall", tells_low),
    behaviour!(
        "IO1",
        "messages flow as long as the channel lives, without anybody listening to events",
        keeps_flowing
    ),
    behaviour!(
        "N2",
        "messages of up to 256 KiB go whole, empty ones too, larger ones are refused",
        sizes
    ),
    behaviour!("N3", "larger messages go in chunks", chunks),
    behaviour!(
        "N4",
        "sending waits for room, and goes on before the line runs dry",
        waits_for_room
    ),
    behaviour!(
        "N5",
        "a full receive buffer is told and ends the channel",
        overflows
    ),
    behaviour!(
        "N8",
        "a typed receive leaves a message of the other kind where it is",
        typed
    ),
    behaviour!(
        "N42",
        "a message larger than the other side takes is refused, and received the other way",
        respects_limits
    ),
];

async fn keeps_order(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    for number in 0..1_000 {
        it.channel.send(format!("{number}")).await?;
    }
    for number in 0..1_000 {
        let expected = Message::Text(format!("{number}"));
        same!(it.other.receive().await?, expected, "message");
    }
    Ok(())
}

async fn gives_up(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    {
        let receive = std::pin::pin!(it.other.receive());
        let given_up = select(receive, std::future::ready(())).await;
        ensure!(
            matches!(given_up, Either::Right(_)),
            "a message out of nothing"
        );
    }
    it.channel.send("kept").await?;
    same!(it.other.receive_text().await?, "kept", "text");
    Ok(())
}

async fn tells_low(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    it.channel.set_buffered_amount_low_threshold(1_000);
    same!(
        it.channel.buffered_amount_low_threshold(),
        1_000,
        "threshold"
    );
    let mut events = it.channel.events();
    same!(
        events.try_next(),
        Some(ChannelEvent::Open),
        "what is current"
    );
    it.channel.send(vec![1_u8; 1_111]).await?;
    same!(
        there(events.next().await, "low")?,
        ChannelEvent::BufferedAmountLow,
        "event"
    );
    ensure!(
        it.channel.buffered_amount() <= 1_000,
        "buffered {}",
        it.channel.buffered_amount()
    );
    it.other.receive().await?;
    // A small one never was above the threshold; the next large one is told again, once.
    it.channel.send(vec![2_u8; 10]).await?;
    it.other.receive().await?;
    same!(events.try_next(), None, "a small drain");
    it.channel.send(vec![3_u8; 5_000]).await?;
    it.other.receive().await?;
    same!(
        there(events.next().await, "low again")?,
        ChannelEvent::BufferedAmountLow,
        "event"
    );
    it.channel.close();
    loop {
        match there(events.next().await, "the end")? {
            ChannelEvent::Closed => return Ok(()),
            event => ensure!(event == ChannelEvent::Closing, "told {event:?}"),
        }
    }
}

async fn keeps_flowing(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    for round in 0..9 {
        let text = format!("round {round}");
        it.channel.send(text.as_str()).await?;
        same!(it.other.receive_text().await?, text, "there");
        it.other.send(text.as_str()).await?;
        same!(it.channel.receive_text().await?, text, "and back");
    }
    Ok(())
}

async fn sizes(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    for size in [
        0,
        1,
        1_200,
        16_384,
        65_535,
        65_536,
        MAX_MESSAGE - 1,
        MAX_MESSAGE,
    ] {
        let bytes: Vec<u8> = (0..size).map(|place| (place % 251) as u8).collect();
        it.channel.send(bytes.clone()).await?;
        let received = it.other.receive_binary().await?;
        ensure!(received == bytes, "{size} bytes came as {}", received.len());
        it.other.send("x".repeat(size)).await?;
        same!(it.channel.receive_text().await?.len(), size, "text");
    }
    let result = it.channel.send(vec![0_u8; MAX_MESSAGE + 1]).await;
    same!(
        refused(result, "too large a message")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    it.channel.send("still open").await?;
    same!(it.other.receive_text().await?, "still open", "text");
    Ok(())
}

async fn chunks(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let mut sender = Chunked::new(it.channel, 16)?;
    let mut receiver = Chunked::new(it.other, 4 << 20)?;
    let file: Vec<u8> = (0..3_000_000_u32)
        .map(|place| (place % 253) as u8)
        .collect();
    for size in [0, 1, 32_768, 32_769, file.len()] {
        let message = &file[..size];
        let (sent, received) = join(sender.send(message), receiver.receive()).await;
        sent?;
        ensure!(received? == message, "{size} bytes");
    }
    // More than the receiver allows.
    let (sent, received) = join(receiver.send(&file[..17]), sender.receive()).await;
    sent?;
    same!(
        refused(received, "too large a message")?.kind(),
        ErrorKind::Protocol,
        "kind"
    );
    Ok(())
}

async fn waits_for_room(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let (count, chunk) = (96_u32, vec![9_u8; 65_536]);
    let sending = async {
        let mut most = 0;
        for _ in 0..count {
            it.channel.send(chunk.clone()).await?;
            most = most.max(it.channel.buffered_amount());
        }
        Ok::<_, parlor_engine::Error>(most)
    };
    let receiving = async {
        for _ in 0..count {
            it.other.receive().await?;
        }
        Ok(())
    };
    let (most, ()) = try_join(sending, receiving).await?;
    let bound = SEND_HIGH_WATER + chunk.len() as u64;
    ensure!(most <= bound, "{most} bytes waited, more than {bound}");
    Ok(())
}

async fn overflows(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("full", &ChannelOptions::default())?;
    establish(&left, &right).await?;
    let other = right.accept_channel(100_000).await?;
    channel.opened().await?;
    let mut events = other.events();
    for _ in 0..20 {
        if channel.send(vec![0_u8; 10_000]).await.is_err() {
            break;
        }
    }
    loop {
        match there(events.next().await, "word of the overflow")? {
            ChannelEvent::Error(text) => {
                ensure!(text.contains("buffer is full"), "told {text}");
                break;
            }
            event => ensure!(event == ChannelEvent::Open, "told {event:?} first"),
        }
    }
    let mut kept = 0;
    while other.receive().await.is_ok() {
        kept += 1;
    }
    ensure!((1..10).contains(&kept), "{kept} messages were kept");
    let mut ours = channel.events();
    while there(ours.next().await, "the sender's close")? != ChannelEvent::Closed {}
    Ok(())
}

async fn typed(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    it.channel.send(vec![1_u8]).await?;
    it.channel.send("text").await?;
    let result = it.other.receive_text().await;
    same!(
        refused(result, "bytes as text")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    same!(it.other.try_receive_text(), None, "bytes as text");
    same!(it.other.try_receive_binary(), Some(vec![1]), "bytes");
    let result = it.other.receive_binary().await;
    same!(
        refused(result, "text as bytes")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    same!(it.other.receive().await?, Message::from("text"), "text");
    Ok(())
}

async fn respects_limits(pair: Pair) -> Outcome {
    const LIMIT: usize = 1_000;
    let (left, right) = pair.connections()?;
    let channel = left.create_channel("limited", &ChannelOptions::default())?;
    let offer = limited(left.describe().await?, LIMIT)?;
    right.set_remote_description(&offer).await?;
    let shown = there(right.remote_description().await, "their offer")?;
    ensure!(
        shown.sdp.contains(&format!("{LIMIT_LINE}{LIMIT}\r\n")),
        "the description is not as it came"
    );
    let answer = right.describe().await?;
    // Chromium answers with the smaller of the two limits.
    let largest = limit_of(&answer)?.min(MAX_MESSAGE);
    left.set_remote_description(&answer).await?;
    find_ways(&left, &right).await?;
    let other = right.accept_channel(1 << 20).await?;
    try_join(channel.opened(), other.opened()).await?;
    other.send(vec![1_u8; LIMIT]).await?;
    same!(channel.receive_binary().await?.len(), LIMIT, "bytes");
    for result in [
        other.send(vec![1_u8; LIMIT + 1]).await,
        other.try_send("x".repeat(LIMIT + 1)),
    ] {
        let error = refused(result, "too large a message")?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    // What the other side takes does not limit what it may send.
    channel.send(vec![2_u8; largest]).await?;
    same!(other.receive_binary().await?.len(), largest, "bytes");
    other.send("still open").await?;
    same!(channel.receive_text().await?, "still open", "text");
    Ok(())
}

const LIMIT_LINE: &str = "a=max-message-size:";

/// The largest message that the maker of a description takes.
fn limit_of(description: &SessionDescription) -> Result<usize, Reason> {
    let mut lines = description.sdp.lines();
    let limit = there(
        lines.find_map(|line| line.strip_prefix(LIMIT_LINE)),
        "a limit",
    )?;
    there(limit.trim().parse().ok(), "a number")
}

/// A description of somebody who takes no more than this.
fn limited(description: SessionDescription, limit: usize) -> Result<SessionDescription, Reason> {
    let mut lines = description.sdp.split_inclusive('\n');
    let line = there(lines.find(|line| line.starts_with(LIMIT_LINE)), "a limit")?;
    let sdp = description
        .sdp
        .replace(line, &format!("{LIMIT_LINE}{limit}\r\n"));
    Ok(SessionDescription { sdp, ..description })
}
