//! D1, D2, D5 to D7, and what no test of the originals covers: channels, from making to closing.

use std::time::Duration;

use futures_util::future::{join, try_join};
use parlor_engine::{ChannelEvent, ChannelOptions, ChannelState, Chunked, DataChannel, ErrorKind};

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
    behaviour!("D5", "closing ends a receive that waits", ends_waiting),
    behaviour!("D6", "after a close both ends say so", says_closed),
    behaviour!("D7", "closing again changes nothing", closes_again),
    behaviour!(
        "N35",
        "how long the other side of a channel sends again is known at both ends",
        tells_reliability
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
        "N9",
        "a channel that the other side opened waits with its messages to be accepted",
        waits_to_be_accepted
    ),
    behaviour!(
        "N38",
        "channels that are made on a connection one after the other all open and carry",
        opens_many
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

async fn opens_many(pair: Pair) -> Outcome {
    const CHANNELS: usize = 20;
    let it = pair.connected().await?;
    for number in 0..CHANNELS {
        let label = number.to_string();
        let channel = it.left.create_channel(&label, &ChannelOptions::default())?;
        channel.opened().await?;
        channel.send(&*label).await?;
        let other = it.right.accept_channel(1 << 20).await?;
        same!(other.label(), label, "label");
        same!(other.receive_text().await?, label, "text");
    }
    Ok(())
}
