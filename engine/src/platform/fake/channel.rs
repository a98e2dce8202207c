//! Data channels in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::line::{self, Incoming};
use super::teller::Teller;
use super::world::{HostId, State, World};
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, ChannelStats, Message};
use crate::platform::{Channel, ChannelEvent, ChannelEvents, emitter};

pub(super) type Channels = BTreeMap<u64, Entry>;

/// One end of a channel, by its id in the world.
pub(super) type End = u64;

pub(super) struct Entry {
    pub(super) connection: u64,
    pub(super) label: String,
    pub(super) options: ChannelOptions,
    /// Its stream id, once it has one.
    pub(super) stream: Option<u16>,
    pub(super) state: ChannelState,
    pub(super) other: Option<End>,
    events: Teller<ChannelEvent>,
    buffered: u64,
    low_threshold: u64,
    /// How many messages were sent, a close included.
    pub(super) outgoing: u64,
    pub(super) incoming: Incoming,
    pub(super) was_open: bool,
    stats: ChannelStats,
}

impl Entry {
    pub(super) fn emit(&self, event: ChannelEvent) {
        self.events.emit(event);
    }

    pub(super) fn drain(&mut self, bytes: u64) {
        let before = self.buffered;
        self.buffered = before.saturating_sub(bytes);
        if before > self.low_threshold && self.buffered <= self.low_threshold {
            self.emit(ChannelEvent::BufferedAmountLow);
        }
    }

    pub(super) fn receive(&mut self, message: Message) {
        self.stats.messages_received += 1;
        self.stats.bytes_received += message.len() as u64;
        self.emit(ChannelEvent::Message(message));
    }

    pub(super) fn open(&mut self) {
        self.state = ChannelState::Open;
        self.was_open = true;
        self.emit(ChannelEvent::Open);
    }

    /// `false` if it is closing or closed already.
    pub(super) fn begin_to_close(&mut self) -> bool {
        if !matches!(self.state, ChannelState::Connecting | ChannelState::Open) {
            return false;
        }
        self.state = ChannelState::Closing;
        self.emit(ChannelEvent::Closing);
        true
    }

    pub(super) fn close(&mut self) {
        if !self.is_closed() {
            self.state = ChannelState::Closed;
            self.buffered = 0;
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
            ..self.stats.clone()
        }
    }
}

#[derive(Clone)]
pub(crate) struct FakeChannel(Arc<Handle>);

struct Handle {
    world: World,
    id: End,
    label: String,
    options: ChannelOptions,
}

impl Drop for Handle {
    fn drop(&mut self) {
        line::close(&self.world, self.id);
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
    let id = state.clock.next_id();
    let (events, emitted) = emitter();
    let entry = Entry {
        connection,
        label: label.to_owned(),
        options: options.clone(),
        stream: options.id.filter(|_| options.negotiated),
        state: ChannelState::Connecting,
        other: None,
        events: world.teller(events),
        buffered: 0,
        low_threshold: 0,
        outgoing: 0,
        incoming: Incoming::default(),
        was_open: false,
        stats: ChannelStats::default(),
    };
    state.channels.insert(id, entry);
    if let Some(connection) = state.connections.get_mut(&connection) {
        connection.channels.push(id);
    }
    let handle = Handle {
        world: world.clone(),
        id,
        label: label.to_owned(),
        options: options.clone(),
    };
    (FakeChannel(Arc::new(handle)), emitted)
}

/// Closes all of a connection at once.
pub(super) fn close_all(state: &mut State, connection: u64) {
    let ends = state
        .connections
        .get(&connection)
        .map(|it| it.channels.clone());
    for end in ends.into_iter().flatten() {
        if let Some(entry) = state.channels.get_mut(&end) {
            entry.close();
        }
    }
}

impl World {
    /// Closes every data channel of a host, as if SCTP had given up, while its connections live.
    pub fn close_channels(&self, host: HostId) {
        let ends: Vec<End> = {
            let state = self.lock();
            let connections = state.connections.values();
            let of_host = connections.filter(|connection| connection.host == host);
            of_host.flat_map(|it| it.channels.iter().copied()).collect()
        };
        for end in ends {
            line::close(self, end);
        }
    }
}

impl FakeChannel {
    pub(super) fn end(&self) -> End {
        self.0.id
    }

    /// The largest message that the other side takes.
    fn send_limit(&self) -> usize {
        let state = self.0.world.lock();
        let entry = state.channels.get(&self.0.id);
        let connection = entry.and_then(|entry| state.connections.get(&entry.connection));
        let theirs = connection.and_then(|it| it.remote.current.as_ref());
        theirs.map_or(0, |(_, sdp)| sdp.max_message_size)
    }

    fn with<T>(&self, otherwise: T, act: impl FnOnce(&mut Entry) -> T) -> T {
        let mut state = self.0.world.lock();
        state.channels.get_mut(&self.0.id).map_or(otherwise, act)
    }
}

impl Channel for FakeChannel {
    fn label(&self) -> String {
        self.0.label.clone()
    }

    fn options(&self) -> ChannelOptions {
        self.0.options.clone()
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

    fn send(&self, message: Message) -> Result<()> {
        let limit = self.send_limit();
        self.with(Err(Error::closed("data channel")), |entry| {
            if entry.state != ChannelState::Open {
                return Err(Error::closed("data channel"));
            }
            if message.len() > limit {
                let text = "the message is larger than the other side takes";
                return Err(Error::new(ErrorKind::Invalid, text));
            }
            let bytes = message.len() as u64;
            entry.buffered += bytes;
            entry.stats.messages_sent += 1;
            entry.stats.bytes_sent += bytes;
            Ok(())
        })?;
        line::send(&self.0.world, self.0.id, message);
        Ok(())
    }

    fn close(&self) {
        line::close(&self.0.world, self.0.id);
    }
}
