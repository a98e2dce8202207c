//! D1 to D8, IO1 and what no test of the originals covers: data channels.

use std::time::Duration;

use futures_util::future::{Either, join, select, try_join};
use parlor_engine::{
    ChannelEvent, ChannelOptions, ChannelState, Chunked, DataChannel, ErrorKind, MAX_MESSAGE,
    Message, SEND_HIGH_WATER,
};

use crate::stage::{behaviour, ensure, establish, negotiate, refused, same, there};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "D1",
        "text and bytes go both ways, and a close is noticed",
        communicates
    ),
    behaviour!(
        "D2",
        "options are readable at both ends, and contradictions are refused",
        keeps_options
    ),
    behaviour!("D3", "a thousand messages arrive in order", keeps_order),
    behaviour!("D4", "a receive that is given up loses nothing", gives_up),
    behaviour!("D5", "closing ends a receive that waits", ends_waiting),
    behaviour!("D6", "after a close both ends say so", says_closed),
    behaviour!("D7", "closing again changes nothing", closes_again),
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
    behaviour!(
        "N35",
        "how long the other side of a channel sends again is known at both ends",
        tells_reliability
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
        "N6",
        "a negotiated channel carries messages, also with a high id",
        negotiated
    ),
    behaviour!(
        "N7",
        "an unordered channel without retransmissions carries messages",
        unordered
    ),
    behaviour!(
        "N8",
        "a typed receive leaves a message of the other kind where it is",
        typed
    ),
    behaviour!(
        "N9",
        "a channel that the other side opened waits with its messages to be accepted",
        waits_to_be_accepted
    ),
];

async fn communicates(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let options = ChannelOptions {
        protocol: "spoken".into(),
        ..ChannelOptions::default()
    };
    let channel = left.create_channel("label", &options)?;
    same!(channel.state(), ChannelState::Connecting, "state at first");
    let mut events = channel.events();
    establish(&left, &right).await?;
    same!(
        there(events.next().await, "an event")?,
        ChannelEvent::Open,
        "the first event"
    );
    let other = right.accept_channel(1 << 20).await?;
    other.opened().await?;
    same!(other.state(), ChannelState::Open, "state");
    same!(other.label(), "label", "label");
    same!(other.options().protocol, "spoken", "protocol");
    same!(other.options().ordered, true, "ordered");
    same!(other.try_receive(), None, "nothing yet");
    channel.send("hello é 日本").await?;
    same!(other.receive_text().await?, "hello é 日本", "text");
    other.send(vec![0_u8, 255, 1]).await?;
    same!(channel.receive_binary().await?, [0, 255, 1], "bytes");
    let mut theirs = other.events();
    channel.close();
    while there(theirs.next().await, "their close")? != ChannelEvent::Closed {}
    while there(events.next().await, "our close")? != ChannelEvent::Closed {}
    same!(channel.state(), ChannelState::Closed, "our state");
    same!(other.state(), ChannelState::Closed, "their state");
    Ok(())
}

async fn keeps_options(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let options = ChannelOptions {
        ordered: false,
        max_retransmits: Some(3),
        protocol: "p".into(),
        id: Some(42),
        ..ChannelOptions::default()
    };
    let channel = left.create_channel("announced", &options)?;
    same!(channel.id(), None, "an id that is not negotiated");
    same!(
        (channel.options().ordered, channel.options().max_retransmits),
        (false, Some(3)),
        "ours"
    );
    let timed = ChannelOptions {
        max_packet_life_time: Some(Duration::from_millis(150)),
        ..ChannelOptions::default()
    };
    let timed = left.create_channel("timed", &timed)?;
    let negotiated = ChannelOptions {
        negotiated: true,
        id: Some(42),
        ..ChannelOptions::default()
    };
    let negotiated = left.create_channel("negotiated", &negotiated)?;
    same!(negotiated.id(), Some(42), "a negotiated id");
    establish(&left, &right).await?;
    try_join(channel.opened(), timed.opened()).await?;
    ensure!(
        channel.id().is_some() && channel.id() != Some(42),
        "id {:?}",
        channel.id()
    );
    for _ in 0..2 {
        let other = right.accept_channel(1 << 20).await?;
        other.opened().await?;
        let theirs = other.options();
        if other.label() == "announced" {
            same!(other.id(), channel.id(), "id at both ends");
            same!(theirs.ordered, false, "theirs");
            same!(
                (theirs.protocol.as_str(), theirs.negotiated),
                ("p", false),
                "theirs too"
            );
        } else {
            same!(other.label(), "timed", "label");
        }
    }
    let both = ChannelOptions {
        max_retransmits: Some(1),
        max_packet_life_time: Some(Duration::from_millis(1)),
        ..ChannelOptions::default()
    };
    let without_id = ChannelOptions {
        negotiated: true,
        ..ChannelOptions::default()
    };
    let out_of_range = ChannelOptions {
        negotiated: true,
        id: Some(65_535),
        ..ChannelOptions::default()
    };
    let too_long = ChannelOptions {
        max_packet_life_time: Some(Duration::from_secs(66)),
        ..ChannelOptions::default()
    };
    for wrong in [both, without_id, out_of_range, too_long] {
        let error = refused(left.create_channel("wrong", &wrong), "a wrong option")?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    Ok(())
}

async fn tells_reliability(pair: Pair) -> Outcome {
    let (times, life_time) = (Some(3), Some(Duration::from_millis(150)));
    let retransmitted = ChannelOptions {
        max_retransmits: times,
        ..ChannelOptions::default()
    };
    let timed = ChannelOptions {
        max_packet_life_time: life_time,
        ..ChannelOptions::default()
    };
    let one = pair.connected_with(&retransmitted).await?;
    let other = pair.connected_with(&timed).await?;
    same!(one.channel.options().max_retransmits, times, "ours");
    same!(
        other.channel.options().max_packet_life_time,
        life_time,
        "ours"
    );
    if !pair.right.capabilities().announced_reliability {
        return Err(Reason::NotPossible(
            "the `rtc` crate drops it (`Capabilities::announced_reliability`)",
        ));
    }
    same!(one.other.options().max_retransmits, times, "theirs");
    same!(
        other.other.options().max_packet_life_time,
        life_time,
        "theirs"
    );
    Ok(())
}

async fn keeps_order(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    for number in 0..1_000 {
        it.channel.send(format!("{number}")).await?;
    }
    for number in 0..1_000 {
        same!(it.other.receive_text().await?, format!("{number}"), "order");
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

async fn ends_waiting(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let closing = async { it.channel.close() };
    let (received, ()) = join(it.channel.receive(), closing).await;
    same!(
        refused(received, "a message")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    Ok(())
}

async fn says_closed(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let (mut ours, mut theirs) = (it.channel.events(), it.other.events());
    it.channel.close();
    for events in [&mut ours, &mut theirs] {
        while there(events.next().await, "a close")? != ChannelEvent::Closed {}
        ensure!(events.next().await.is_none(), "an event after the last");
    }
    for channel in [&it.channel, &it.other] {
        let result = channel.send("late").await;
        same!(refused(result, "a send")?.kind(), ErrorKind::Closed, "send");
        same!(
            refused(channel.try_send("late"), "a try")?.kind(),
            ErrorKind::Closed,
            "try"
        );
        let result = channel.receive().await;
        same!(
            refused(result, "a receive")?.kind(),
            ErrorKind::Closed,
            "receive"
        );
        same!(channel.try_receive(), None, "nothing left");
        let mut late = channel.events();
        same!(late.next().await, Some(ChannelEvent::Closed), "told late");
    }
    Ok(())
}

async fn closes_again(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let mut events = [it.channel.events(), it.other.events()];
    for _ in 0..3 {
        it.channel.close();
        it.other.close();
    }
    for events in &mut events {
        while there(events.next().await, "a close")? != ChannelEvent::Closed {}
    }
    it.channel.close();
    it.other.close();
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

async fn negotiated(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let make = |id| {
        let options = ChannelOptions {
            negotiated: true,
            id: Some(id),
            ..ChannelOptions::default()
        };
        let ours = left.create_channel("ours", &options)?;
        Ok::<_, parlor_engine::Error>((ours, right.create_channel("theirs", &options)?))
    };
    // Chromium keeps 1,024 streams, so this is the highest that every platform has.
    let pairs = [make(0)?, make(1_022)?];
    establish(&left, &right).await?;
    for (ours, theirs) in &pairs {
        try_join(ours.opened(), theirs.opened()).await?;
        same!(ours.id(), theirs.id(), "id");
        ours.send("across").await?;
        same!(theirs.receive_text().await?, "across", "text");
    }
    Ok(())
}

async fn unordered(pair: Pair) -> Outcome {
    let options = ChannelOptions {
        ordered: false,
        max_retransmits: Some(0),
        ..ChannelOptions::default()
    };
    let it = pair.connected_with(&options).await?;
    // On a line without loss all come, in whichever order.
    let mut missing: Vec<u8> = (0..50).collect();
    for number in 0..50_u8 {
        it.channel.send(vec![number]).await?;
    }
    while !missing.is_empty() {
        let message = it.other.receive_binary().await?;
        missing.retain(|number| Some(number) != message.first());
    }
    let error = refused(Chunked::new(it.channel, 1), "chunks without order")?;
    same!(error.kind(), ErrorKind::Invalid, "kind");
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

async fn waits_to_be_accepted(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let mut channels: Vec<DataChannel> = Vec::new();
    for number in 0..5 {
        let channel = it
            .left
            .create_channel(&format!("{number}"), &ChannelOptions::default())?;
        channel.opened().await?;
        channel.send(format!("on {number}")).await?;
        channels.push(channel);
    }
    for number in 0..5 {
        let other = it.right.accept_channel(1 << 20).await?;
        same!(other.label(), format!("{number}"), "label");
        same!(other.receive_text().await?, format!("on {number}"), "text");
    }
    // None of this needed another negotiation; one does no harm.
    negotiate(&it.right, &it.left).await?;
    it.other.send("after").await?;
    same!(it.channel.receive_text().await?, "after", "text");
    Ok(())
}
