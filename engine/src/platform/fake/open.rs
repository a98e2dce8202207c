//! How channels open and are announced ([RFC 8832](https://www.rfc-editor.org/rfc/rfc8832)).

use super::channel::{self, End};
use super::world::{State, World};
use crate::error::{Error, ErrorKind};
use crate::peer::{ChannelState, ConnectionState};
use crate::platform::{ChannelEvent, PeerEvent};

/// Opens what waits between two connections that are up and agreed on data channels.
pub(super) fn open(world: &World, state: &mut State, a: u64, b: u64) {
    let is_ready = |id| {
        let connection = state.connections.get(id);
        connection.is_some_and(|it| it.state == ConnectionState::Connected && it.data.is_agreed)
    };
    if !is_ready(&a) || !is_ready(&b) {
        return;
    }
    for (ours, theirs) in [(a, b), (b, a)] {
        for id in ends(state, ours, |_, state| state == ChannelState::Connecting) {
            match state.channels[&id].options.negotiated {
                true => open_negotiated(state, id, theirs),
                false => announce(world, state, id, theirs),
            }
        }
    }
}

/// The channels of a connection that are so, by whether they were negotiated and their state.
fn ends(state: &State, connection: u64, is_so: impl Fn(bool, ChannelState) -> bool) -> Vec<End> {
    let all = state.connections[&connection].channels.iter().copied();
    let is_so = |id: &End| {
        let entry = &state.channels[id];
        is_so(entry.options.negotiated, entry.state)
    };
    all.filter(is_so).collect()
}

/// It opens whether or not the other side has made its end; what is sent before that is lost.
fn open_negotiated(state: &mut State, id: End, theirs: u64) {
    let stream = state.channels[&id].stream;
    let ends = ends(state, theirs, |negotiated, state| {
        negotiated && state == ChannelState::Open
    });
    let other = ends.into_iter().find(|other| {
        let other = &state.channels[other];
        other.stream == stream && other.other.is_none()
    });
    if let Some(other) = other {
        pair(state, id, other);
    }
    if let Some(entry) = state.channels.get_mut(&id) {
        entry.open();
    }
}

fn pair(state: &mut State, a: End, b: End) {
    for (ours, theirs) in [(a, b), (b, a)] {
        let sent = state.channels[&theirs].outgoing;
        if let Some(entry) = state.channels.get_mut(&ours) {
            entry.other = Some(theirs);
            entry.incoming.begin_at(sent);
        }
    }
}

fn announce(world: &World, state: &mut State, id: End, theirs: u64) {
    let (connection, label, options) = {
        let entry = &state.channels[&id];
        (entry.connection, entry.label.clone(), entry.options.clone())
    };
    let Some(stream) = free_stream(state, connection, theirs) else {
        if let Some(entry) = state.channels.get_mut(&id) {
            let text = "there is no free stream for the channel";
            entry.emit(ChannelEvent::Error(Error::new(ErrorKind::Platform, text)));
            entry.close();
        }
        return;
    };
    let (handle, events) = channel::create(world, state, theirs, &label, &options);
    let other = handle.end();
    pair(state, id, other);
    for end in [id, other] {
        if let Some(entry) = state.channels.get_mut(&end) {
            entry.stream = Some(stream);
            entry.open();
        }
    }
    let event = PeerEvent::Channel(handle, events);
    state.connections[&theirs].emit(event);
}

/// Even for the DTLS client, odd for the server (RFC 8832, section 6).
fn free_stream(state: &State, ours: u64, theirs: u64) -> Option<u16> {
    let first = u16::from(!state.connections[&ours].data.is_client);
    let both = [ours, theirs].map(|id| &state.connections[&id].channels);
    let open = both.into_iter().flatten().map(|id| &state.channels[id]);
    let used: Vec<u16> = open
        .filter(|it| !it.is_closed())
        .filter_map(|it| it.stream)
        .collect();
    let mut streams = (first..u16::MAX).step_by(2);
    streams.find(|stream| !used.contains(stream))
}
