//! How what is sent on a channel gets to the other end: through a line of a certain rate, in order
//! or not, again when it was lost or not.

use std::collections::BTreeMap;
use std::time::Duration;

use super::channel::{End, Entry};
use super::network::{LATENCY, RESEND, Way};
use super::world::{State, World};
use crate::peer::{ChannelOptions, Message};

/// Something on its way.
struct Parcel {
    way: Way,
    from: End,
    to: Option<End>,
    number: u64,
    item: Item,
    tries: Tries,
}

enum Item {
    Message(Message),
    /// The channel closes behind what was sent before.
    Close,
}

impl Item {
    fn len(&self) -> u64 {
        match self {
            Self::Message(message) => message.len() as u64,
            Self::Close => 0,
        }
    }
}

/// How often something lost is sent again.
#[derive(Clone, Copy)]
enum Tries {
    Forever,
    Times(u16),
    Until(Duration),
}

impl Tries {
    fn new(options: &ChannelOptions, now: Duration) -> Self {
        match (options.max_retransmits, options.max_packet_life_time) {
            (Some(times), _) => Self::Times(times),
            (None, Some(time)) => Self::Until(now + time),
            (None, None) => Self::Forever,
        }
    }

    /// What is left once this one was lost.
    fn again(self, now: Duration) -> Option<Self> {
        match self {
            Self::Forever => Some(self),
            Self::Times(times) => times.checked_sub(1).map(Self::Times),
            // What is sent again now was on its way back and forth meanwhile.
            Self::Until(end) => (now - LATENCY + RESEND <= end).then_some(self),
        }
    }
}

/// Puts what arrives in the order in which it was sent, if there has to be one.
#[derive(Default)]
pub(super) struct Incoming {
    next: u64,
    /// What came before its turn; nothing in it if it was given up, or is there already.
    early: BTreeMap<u64, Option<Item>>,
}

impl Incoming {
    /// The other end has sent so many before this one listened.
    pub(super) fn begin_at(&mut self, number: u64) {
        self.next = number;
    }

    /// Takes what arrived, or that it never will; gives what is there now.
    fn take(&mut self, number: u64, item: Option<Item>, is_ordered: bool) -> Vec<Item> {
        let mut there = Vec::new();
        let kept = match item {
            Some(message @ Item::Message(_)) if !is_ordered => {
                there.push(message);
                None
            }
            item => item,
        };
        self.early.insert(number, kept);
        while let Some(item) = self.early.remove(&self.next) {
            self.next += 1;
            there.extend(item);
        }
        there
    }
}

/// Gives a message of an open channel to the line.
pub(super) fn send(world: &World, from: End, message: Message) {
    hand_over(world, from, Item::Message(message));
}

/// Closes a channel once what was sent before has gone out.
pub(super) fn close(world: &World, id: End) {
    {
        let mut state = world.lock();
        let entry = state.channels.get_mut(&id);
        if !entry.is_some_and(Entry::begin_to_close) {
            return;
        }
    }
    if !hand_over(world, id, Item::Close) {
        // It never opened.
        if let Some(entry) = world.lock().channels.get_mut(&id) {
            entry.close();
        }
    }
}

/// `false` where there is no other side.
fn hand_over(world: &World, from: End, item: Item) -> bool {
    let (wait, parcel) = {
        let mut state = world.lock();
        let bytes = item.len();
        let (now, time) = (state.clock.now(), state.network.time_for(bytes));
        let Some(entry) = state.channels.get_mut(&from) else {
            return false;
        };
        let (connection, to, number) = (entry.connection, entry.other, entry.outgoing);
        entry.outgoing += 1;
        let tries = match item {
            Item::Message(_) => Tries::new(&entry.options, now),
            Item::Close => Tries::Forever,
        };
        let Some(way) = state.way(connection) else {
            return false;
        };
        let Some(connection) = state.connections.get_mut(&connection) else {
            return false;
        };
        connection.bytes_sent += bytes;
        connection.line_free_at = connection.line_free_at.max(now) + time;
        let parcel = Parcel {
            way,
            from,
            to,
            number,
            item,
            tries,
        };
        (connection.line_free_at - now, parcel)
    };
    world.after(wait, move |world| leave(world, parcel));
    true
}

/// Leaves this side, or waits for a way if it has time.
fn leave(world: &World, parcel: Parcel) {
    {
        let mut state = world.lock();
        let is_reliable = matches!(parcel.tries, Tries::Forever);
        let is_open = state.is_open(&parcel.way);
        if let Some(entry) = state.channels.get_mut(&parcel.from) {
            if is_reliable && !is_open && !entry.is_closed() {
                drop(state);
                return world.wait_for_way(move |world| leave(world, parcel));
            }
            entry.drain(parcel.item.len());
            if matches!(parcel.item, Item::Close) {
                entry.close();
            }
        }
    }
    world.later(move |world| arrive(world, parcel));
}

fn arrive(world: &World, mut parcel: Parcel) {
    let mut state = world.lock();
    let (is_open, now) = (state.is_open(&parcel.way), state.clock.now());
    if is_open && !state.network.loses() {
        return deliver(&mut state, parcel, true);
    }
    if state.is_dead(&parcel.way) {
        return;
    }
    let again = parcel.tries.again(now);
    let Some(tries) = again else {
        return deliver(&mut state, parcel, false);
    };
    drop(state);
    parcel.tries = tries;
    match tries {
        Tries::Forever if !is_open => world.wait_for_way(move |world| {
            world.later(move |world| arrive(world, parcel));
        }),
        _ => world.after(RESEND, move |world| arrive(world, parcel)),
    }
}

fn deliver(state: &mut State, parcel: Parcel, is_there: bool) {
    let entry = parcel.to.and_then(|to| state.channels.get_mut(&to));
    let Some(entry) = entry.filter(|entry| !entry.is_closed()) else {
        return;
    };
    let item = is_there.then_some(parcel.item);
    let there = entry
        .incoming
        .take(parcel.number, item, entry.options.ordered);
    let mut bytes = 0;
    for item in there {
        bytes += item.len();
        match item {
            Item::Message(message) => entry.receive(message),
            Item::Close => {
                entry.begin_to_close();
                entry.close();
            }
        }
    }
    if let Some(connection) = state.connections.get_mut(&parcel.way.to) {
        connection.bytes_received += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: Vec<Item>) -> Vec<String> {
        let text = |item| match item {
            Item::Message(Message::Text(text)) => text,
            Item::Message(Message::Binary(_)) => "bytes".into(),
            Item::Close => "close".into(),
        };
        items.into_iter().map(text).collect()
    }

    fn message(text: &str) -> Option<Item> {
        Some(Item::Message(text.into()))
    }

    #[test]
    fn order_is_kept_over_what_is_given_up() {
        let mut incoming = Incoming::default();
        assert!(incoming.take(2, message("c"), true).is_empty());
        assert!(incoming.take(3, Some(Item::Close), true).is_empty());
        assert_eq!(texts(incoming.take(0, message("a"), true)), ["a"]);
        assert_eq!(texts(incoming.take(1, None, true)), ["c", "close"]);
    }

    #[test]
    fn without_order_only_the_close_waits_for_the_rest() {
        let mut incoming = Incoming::default();
        assert_eq!(texts(incoming.take(1, message("b"), false)), ["b"]);
        assert!(incoming.take(2, Some(Item::Close), false).is_empty());
        assert_eq!(texts(incoming.take(0, message("a"), false)), ["a", "close"]);
    }
}
