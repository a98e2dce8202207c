//! Data channels in memory: a line of a certain rate, and the same latency as everything else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::Fake;
use super::world::{LATENCY, State, World};
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, ChannelStats, ConnectionState, Message};
use crate::platform::{Channel, ChannelEvent, ChannelEvents, PeerEvent};
use crate::rtc::MAX_MESSAGE;

/// What the line takes of one byte: 100 Mb/s.
const NANOS_PER_BYTE: u64 = 80;

pub(super) type Channels = BTreeMap<u64, Entry>;

/// A channel of a connection, by its id in the world.
pub(super) type End = u64;

pub(super) struct Entry {
    connection: u64,
    label: String,
    options: ChannelOptions,
    stream: Option<u16>,
    state: ChannelState,
    other: Option<End>,
    events: mpsc::UnboundedSender<ChannelEvent>,
    buffered: u64,
    low_threshold: u64,
    /// When what was given to the line is gone.
    line_free_at: Duration,
    pub(super) was_open: bool,
    sent: (u64, u64),
    received: (u64, u64),
}

impl Entry {
    fn emit(&self, event: ChannelEvent) {
        // Nobody listening means that the channel was given up.
        let _ = self.events.send(event);
    }

    fn drain(&mut self, bytes: u64) {
        let before = self.buffered;
        self.buffered = before.saturating_sub(bytes);
        if before > self.low_threshold && self.buffered <= self.low_threshold {
            self.emit(ChannelEvent::BufferedAmountLow);
        }
    }

    fn open(&mut self, other: End) {
        self.state = ChannelState::Open;
        self.other = Some(other);
        self.was_open = true;
    }

    pub(super) fn close(&mut self) {
        if self.state != ChannelState::Closed {
            self.state = ChannelState::Closed;
            self.emit(ChannelEvent::Closed);
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state == ChannelState::Closed
    }

    pub(super) fn stats(&self) -> ChannelStats {
        ChannelStats {
            label: self.label.clone(),
            id: self.stream,
            messages_sent: self.sent.0,
            bytes_sent: self.sent.1,
            messages_received: self.received.0,
            bytes_received: self.received.1,
        }
    }

    fn is_reliable(&self) -> bool {
        self.options.max_retransmits.is_none() && self.options.max_packet_life_time.is_none()
    }
}

#[derive(Clone)]
pub(crate) struct FakeChannel(Arc<Handle>);

struct Handle {
    world: World,
    id: End,
}

impl Drop for Handle {
    fn drop(&mut self) {
        close(&self.world, self.id);
    }
}

/// Makes a channel that opens once its connection is up.
pub(super) fn create(
    world: &World,
    state: &mut State,
    connection: u64,
    label: &str,
    options: &ChannelOptions,
) -> (FakeChannel, ChannelEvents) {
    let id = state.next_id();
    let (events, inbox) = crate::inbox::unbounded();
    let entry = Entry {
        connection,
        label: label.to_owned(),
        options: options.clone(),
        stream: options.id.filter(|_| options.negotiated),
        state: ChannelState::Connecting,
        other: None,
        events,
        buffered: 0,
        low_threshold: 0,
        line_free_at: Duration::ZERO,
        was_open: false,
        sent: (0, 0),
        received: (0, 0),
    };
    state.channels.insert(id, entry);
    if let Some(connection) = state.connections.get_mut(&connection) {
        connection.channels.push(id);
    }
    let handle = Handle {
        world: world.clone(),
        id,
    };
    (FakeChannel(Arc::new(handle)), inbox)
}

/// What is told once the world is no longer locked: who is not there to hear of a channel drops it,
/// which takes the lock.
pub(super) type Told = Vec<(mpsc::UnboundedSender<PeerEvent<Fake>>, PeerEvent<Fake>)>;

/// Opens what waits between two connections that are up.
#[must_use]
pub(super) fn open(world: &World, state: &mut State, a: u64, b: u64) -> Told {
    let mut told = Told::new();
    for (ours, theirs) in [(a, b), (b, a)] {
        let is_up = |id| {
            let connection = state.connections.get(id);
            connection.is_some_and(|it| it.state == ConnectionState::Connected)
        };
        if !is_up(&ours) || !is_up(&theirs) {
            return told;
        }
        let waiting: Vec<End> = state.connections[&ours]
            .channels
            .iter()
            .copied()
            .filter(|id| state.channels[id].state == ChannelState::Connecting)
            .collect();
        for id in waiting {
            if state.channels[&id].options.negotiated {
                open_negotiated(state, id, theirs);
            } else {
                told.extend(announce(world, state, id, theirs));
            }
        }
    }
    told
}

pub(super) fn tell(told: Told) {
    for (events, event) in told {
        // Nobody listening means that the connection was given up.
        let _ = events.send(event);
    }
}

fn open_negotiated(state: &mut State, id: End, theirs: u64) {
    let stream = state.channels[&id].stream;
    let other = state.connections[&theirs]
        .channels
        .iter()
        .copied()
        .find(|other| {
            let other = &state.channels[other];
            other.options.negotiated
                && other.stream == stream
                && other.state == ChannelState::Connecting
        });
    if let Some(other) = other {
        pair(state, id, other);
    }
}

fn announce(world: &World, state: &mut State, id: End, theirs: u64) -> Told {
    let (connection, label, options) = {
        let entry = &state.channels[&id];
        (entry.connection, entry.label.clone(), entry.options.clone())
    };
    // Even for one side, odd for the other (RFC 8832, section 6).
    let first = u16::from(connection > theirs);
    let used: Vec<u16> = state.connections[&connection]
        .channels
        .iter()
        .chain(&state.connections[&theirs].channels)
        .filter_map(|id| state.channels[id].stream)
        .collect();
    let free = (first..u16::MAX)
        .step_by(2)
        .find(|number| !used.contains(number));
    let (handle, events) = create(world, state, theirs, &label, &options);
    let other = handle.0.id;
    for end in [id, other] {
        if let Some(entry) = state.channels.get_mut(&end) {
            entry.stream = free;
        }
    }
    pair(state, id, other);
    let listener = state.connections.get(&theirs).map(|it| it.events.clone());
    let event = PeerEvent::Channel(handle, events);
    listener
        .map(|listener| (listener, event))
        .into_iter()
        .collect()
}

fn pair(state: &mut State, a: End, b: End) {
    for (ours, theirs) in [(a, b), (b, a)] {
        if let Some(entry) = state.channels.get_mut(&ours) {
            entry.open(theirs);
            entry.emit(ChannelEvent::Open);
        }
    }
}

/// Closes once what was sent before has gone out.
fn close(world: &World, id: End) {
    let mut state = world.lock();
    let now = state.now();
    let Some(entry) = state.channels.get_mut(&id) else {
        return;
    };
    if !matches!(entry.state, ChannelState::Connecting | ChannelState::Open) {
        return;
    }
    entry.state = ChannelState::Closing;
    entry.emit(ChannelEvent::Closing);
    let drained = entry.line_free_at.saturating_sub(now);
    let other = entry.other;
    drop(state);
    world.after(drained, move |world| {
        if let Some(entry) = world.lock().channels.get_mut(&id) {
            entry.close();
        }
    });
    if let Some(other) = other {
        world.after(drained.max(LATENCY), move |world| {
            if let Some(entry) = world.lock().channels.get_mut(&other) {
                entry.close();
            }
        });
    }
}

/// What is sent into a cut waits for its end, as a reliable channel's would, or is lost.
fn deliver(world: &World, from: u64, to: End, message: Message) {
    let hosts = {
        let state = world.lock();
        let host = |id| state.connections.get(&id).map(|connection| connection.host);
        let entry = state.channels.get(&to);
        entry.and_then(|entry| Some((host(from)?, host(entry.connection)?, entry.is_reliable())))
    };
    let Some((a, b, is_reliable)) = hosts else {
        return;
    };
    if world.is_cut(a, b) {
        if is_reliable {
            world.later(move |world| deliver(world, from, to, message));
        }
        return;
    }
    let mut state = world.lock();
    let Some(entry) = state
        .channels
        .get_mut(&to)
        .filter(|entry| !entry.is_closed())
    else {
        return;
    };
    let bytes = message.len() as u64;
    entry.received = (entry.received.0 + 1, entry.received.1 + bytes);
    entry.emit(ChannelEvent::Message(message));
    let connection = entry.connection;
    if let Some(connection) = state.connections.get_mut(&connection) {
        connection.bytes.1 += bytes;
    }
}

impl FakeChannel {
    fn with<T>(&self, otherwise: T, act: impl FnOnce(&mut Entry) -> T) -> T {
        let mut state = self.0.world.lock();
        state.channels.get_mut(&self.0.id).map_or(otherwise, act)
    }
}

impl Channel for FakeChannel {
    fn label(&self) -> String {
        self.with(String::new(), |entry| entry.label.clone())
    }

    fn options(&self) -> ChannelOptions {
        self.with(ChannelOptions::default(), |entry| entry.options.clone())
    }

    fn id(&self) -> Option<u16> {
        self.with(None, |entry| entry.stream)
    }

    fn state(&self) -> ChannelState {
        self.with(ChannelState::Closed, |entry| entry.state)
    }

    fn buffered_amount(&self) -> u64 {
        self.with(0, |entry| entry.buffered)
    }

    fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        self.with((), |entry| {
            let was_above = entry.buffered > entry.low_threshold;
            entry.low_threshold = bytes;
            if was_above && entry.buffered <= bytes {
                entry.emit(ChannelEvent::BufferedAmountLow);
            }
        });
    }

    fn send(&self, message: &Message) -> Result<()> {
        if message.len() > MAX_MESSAGE {
            let text = "the message is larger than the other side takes";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        let bytes = message.len() as u64;
        let mut state = self.0.world.lock();
        let now = state.now();
        let entry = state.channels.get_mut(&self.0.id);
        let entry = entry.filter(|entry| entry.state == ChannelState::Open);
        let entry = entry.ok_or_else(|| Error::closed("data channel"))?;
        let other = entry.other.ok_or_else(|| Error::closed("data channel"))?;
        entry.buffered += bytes;
        entry.sent = (entry.sent.0 + 1, entry.sent.1 + bytes);
        entry.line_free_at =
            entry.line_free_at.max(now) + Duration::from_nanos(bytes * NANOS_PER_BYTE);
        let (gone, connection) = (entry.line_free_at - now, entry.connection);
        if let Some(connection) = state.connections.get_mut(&connection) {
            connection.bytes.0 += bytes;
        }
        drop(state);
        let (id, message) = (self.0.id, message.clone());
        self.0.world.after(gone, move |world| {
            if let Some(entry) = world.lock().channels.get_mut(&id) {
                entry.drain(bytes);
            }
        });
        // The line is faster than the way is long: what fits into it takes no longer for that.
        self.0.world.after(gone.max(LATENCY), move |world| {
            deliver(world, connection, other, message);
        });
        Ok(())
    }

    fn close(&self) {
        close(&self.0.world, self.0.id);
    }
}
