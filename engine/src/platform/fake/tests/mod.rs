//! What the fake does that no behaviour of the contract can look at: the exact order of events, the
//! virtual time at which things happen, and what the world does to them.

mod channels;
mod devices;
mod media;
mod sdp;
mod signaling;
mod ways;

use std::time::Duration;

use futures_util::FutureExt as _;

use super::{Fake, FakeChannel, FakePeer, FakeTrack, FakeTransceiver, HostId, World};
use crate::error::Error;
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, ConnectionState, IceCandidate, IceConnectionState,
    IceGatheringState, Message, SdpType, SessionDescription, TransceiverInit,
};
use crate::platform::{
    Channel as _, ChannelEvent, ChannelEvents, Peer as _, PeerEvent, PeerEvents, Platform as _,
    Transceiver as _,
};
use crate::{ErrorKind, IceServer};

const LEFT: HostId = HostId(1);
const RIGHT: HostId = HostId(2);
/// Long enough for any exchange between two hosts, too short for anything to be given up.
const MOMENT: Duration = Duration::from_secs(1);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The outcome of what the fake does without waiting.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("the fake does not wait here")
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) -> ErrorKind {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.kind(),
    }
}

/// What was heard of a connection, without what comes with it.
#[derive(Clone, Debug, PartialEq)]
enum Heard {
    Need,
    Candidate,
    NoMoreCandidates,
    Gathering(IceGatheringState),
    Ice(IceConnectionState),
    Connection(ConnectionState),
    Track(Option<String>),
    Channel(String),
}

struct Track {
    transceiver: FakeTransceiver,
    track: FakeTrack,
    streams: Vec<String>,
}

struct Side {
    platform: Fake,
    peer: FakePeer,
    events: PeerEvents<Fake>,
    heard: Vec<Heard>,
    candidates: Vec<IceCandidate>,
    tracks: Vec<Track>,
    channels: Vec<(FakeChannel, ChannelEvents)>,
}

impl Side {
    fn new(world: &World, host: HostId) -> Self {
        Self::with(world, host, &Configuration::default())
    }

    fn with(world: &World, host: HostId, configuration: &Configuration) -> Self {
        let platform = Fake::on(world, host);
        let (peer, events) = platform.open_peer(configuration).unwrap();
        Self {
            platform,
            peer,
            events,
            heard: Vec::new(),
            candidates: Vec::new(),
            tracks: Vec::new(),
            channels: Vec::new(),
        }
    }

    /// What was heard since it was last asked.
    fn hear(&mut self) -> Vec<Heard> {
        while let Some(event) = self.events.try_next() {
            let heard = match event {
                PeerEvent::NegotiationNeeded => Heard::Need,
                PeerEvent::Candidate(None) => Heard::NoMoreCandidates,
                PeerEvent::Candidate(Some(candidate)) => {
                    self.candidates.push(candidate);
                    Heard::Candidate
                }
                PeerEvent::CandidateError(error) => panic!("{error:?}"),
                PeerEvent::IceGathering(state) => Heard::Gathering(state),
                PeerEvent::IceConnection(state) => Heard::Ice(state),
                PeerEvent::Connection(state) => Heard::Connection(state),
                PeerEvent::Track {
                    transceiver,
                    track,
                    streams,
                } => {
                    let mid = transceiver.mid();
                    self.tracks.push(Track {
                        transceiver,
                        track,
                        streams,
                    });
                    Heard::Track(mid)
                }
                PeerEvent::Channel(channel, events) => {
                    let label = channel.label();
                    self.channels.push((channel, events));
                    Heard::Channel(label)
                }
            };
            self.heard.push(heard);
        }
        std::mem::take(&mut self.heard)
    }

    fn offer(&self) -> SessionDescription {
        let offer = now(self.peer.create_offer()).unwrap();
        now(self.peer.set_local(&offer)).unwrap();
        offer
    }

    fn answer(&self) -> SessionDescription {
        let answer = now(self.peer.create_answer()).unwrap();
        now(self.peer.set_local(&answer)).unwrap();
        answer
    }

    fn take(&self, description: &SessionDescription) {
        now(self.peer.set_remote(description)).unwrap();
    }

    fn channel(&self, label: &str, options: &ChannelOptions) -> (FakeChannel, ChannelEvents) {
        self.peer.create_channel(label, options).unwrap()
    }

    fn section(&self, kind: Kind) -> FakeTransceiver {
        let init = TransceiverInit::default();
        self.peer.add_transceiver(kind, &init).unwrap()
    }
}

fn negotiate(from: &Side, to: &Side) {
    to.take(&from.offer());
    from.take(&to.answer());
}

/// Tells each side what the other found since the last time.
fn trickle(world: &World, left: &mut Side, right: &mut Side) {
    world.pass(ms(10));
    tell(left, right);
    tell(right, left);
}

fn tell(from: &mut Side, to: &Side) {
    // What was heard is still for who asks.
    from.heard = from.hear();
    for candidate in from.candidates.drain(..) {
        now(to.peer.add_candidate(Some(&candidate))).unwrap();
    }
}

fn establish(world: &World, left: &mut Side, right: &mut Side) {
    negotiate(left, right);
    trickle(world, left, right);
    world.pass(MOMENT);
}

/// Two connected sides with one channel.
fn connected(world: &World, options: &ChannelOptions) -> (Side, Side, Ends) {
    let (mut left, mut right) = (Side::new(world, LEFT), Side::new(world, RIGHT));
    let (ours, our_events) = left.channel("channel", options);
    establish(world, &mut left, &mut right);
    left.hear();
    right.hear();
    let (theirs, their_events) = right.channels.pop().unwrap();
    let ends = Ends {
        ours,
        our_events,
        theirs,
        their_events,
    };
    assert_eq!(names(&ends.our_events), ["Open"]);
    assert_eq!(names(&ends.their_events), ["Open"]);
    (left, right, ends)
}

struct Ends {
    ours: FakeChannel,
    our_events: ChannelEvents,
    theirs: FakeChannel,
    their_events: ChannelEvents,
}

/// What was heard of a channel since it was last asked: texts themselves, the rest by its name.
fn names(events: &ChannelEvents) -> Vec<String> {
    let name = |event| match event {
        ChannelEvent::Message(Message::Text(text)) => text,
        ChannelEvent::Message(Message::Binary(bytes)) => format!("{} bytes", bytes.len()),
        ChannelEvent::Error(error) => format!("{:?}", error.kind()),
        event => format!("{event:?}"),
    };
    std::iter::from_fn(|| events.try_next()).map(name).collect()
}
