//! I1 to I3: messages as a stream.

use futures_util::StreamExt as _;
use parlor_engine::{ChannelEvent, Message};

use crate::stage::{behaviour, same, there};
use crate::{Behaviour, Outcome, Pair};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "I1",
        "what arrived before a close is still given, and then the stream ends",
        drains
    ),
    behaviour!(
        "I2",
        "a closed channel without messages gives none",
        is_empty
    ),
    behaviour!("I3", "order and kind are kept", keeps_order_and_kind),
];

async fn drains(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let mut events = it.other.events();
    for text in ["one", "two", "three"] {
        it.channel.send(text).await?;
    }
    it.channel.close();
    while there(events.next().await, "the close")? != ChannelEvent::Closed {}
    let messages: Vec<Message> = it.other.messages().collect().await;
    same!(
        messages,
        ["one", "two", "three"].map(Message::from),
        "messages"
    );
    Ok(())
}

async fn is_empty(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    it.channel.close();
    same!(it.channel.messages().count().await, 0, "ours");
    same!(it.other.messages().count().await, 0, "theirs");
    Ok(())
}

async fn keeps_order_and_kind(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let sent = [
        Message::from("text"),
        Message::from(vec![1_u8, 2]),
        Message::from(""),
        Message::from(Vec::<u8>::new()),
        Message::from("last"),
    ];
    for message in sent.clone() {
        it.channel.send(message).await?;
    }
    let received: Vec<Message> = it.other.messages().take(sent.len()).collect().await;
    same!(received, sent, "messages");
    Ok(())
}
