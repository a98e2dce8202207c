//! The driver of a room: the only place where signaling, calls, chat and the platform meet.
//!
//! One task owns everything. It takes one input at a time (a command, what the server tells, what
//! happens on a connection, the clock), hands it to the sans-IO parts, does what they say, and
//! publishes what the room is like now.

mod chat;
mod conduct;
mod histories;
mod ice;
mod media;
mod peers;
pub(crate) mod presence;
mod publish;
mod relay;
mod remote_peer;
mod send_limits;
pub(crate) mod signaling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use parlor_signaling_protocol::{IceServer, Member, PeerId};
use tokio::sync::{mpsc, watch};

use self::conduct::Conduct;
pub(crate) use self::histories::Histories;
use self::relay::Relay;
use self::remote_peer::{PeerInput, RemotePeer};
use self::signaling::{Handle, RoomEvent, sleep_or_never};
use crate::budget::Budget;
use crate::call::{CallId, PeerMessage, Ringing};
use crate::chat::Log;
use crate::credentials::Credentials;
use crate::identity::Identity;
use crate::media::{BySource, Track, TrackSource};
use crate::notice::{Notice, Notices};
use crate::platform::{Current, Platform as _};
use crate::room::{Room, RoomState, ServerLink};
use crate::seal::Sealer;
use crate::{PersonId, RoomKey, random};

/// How long connections stay open after we left, so that our last words get through.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What the application wants.
#[derive(Debug)]
pub(crate) enum Command {
    Post(String),
    StartCall,
    AcceptCall,
    DeclineCall,
    HangUp,
    Publish(TrackSource, Option<Track>),
    SetMuted(bool),
    SetName(String),
    SetBusy(bool),
    ConnectAgain,
    SetBlocked(Vec<PersonId>),
    Leave,
    LeaveForNow,
    Suspend,
}

/// Enters a room.
pub(crate) fn start(
    platform: Current,
    signaling: Handle,
    identity: &Identity,
    histories: Histories,
    key: &RoomKey,
    name: String,
) -> (Room, Notices) {
    let (commands, commands_inbox) = crate::inbox::unbounded();
    let (events, events_inbox) = crate::inbox::unbounded();
    let (peer_inputs, peers_inbox) = crate::inbox::unbounded();
    let (notices, notices_inbox) = crate::inbox::unbounded();
    let (room, credentials) = (key.room_id(), Credentials::issue(identity, key.room_id()));
    let me = credentials.peer();
    let log = match histories.take(room) {
        Some(log) => log.resume(me),
        None => Log::new(room, me, identity.person()),
    };
    let mut session = Session {
        platform: platform.clone(),
        relay: Relay::new(credentials, Sealer::new(key), signaling),
        log,
        histories,
        name: name.into(),
        peers: BTreeMap::new(),
        conduct: BTreeMap::new(),
        waiting: Vec::new(),
        may_connect: conduct::arrivals(),
        may_answer: conduct::answers(),
        arrivals: 0,
        peer_inputs,
        ice_servers: Vec::new(),
        told_of_ice_servers: false,
        server: ServerLink::Connecting,
        joined: false,
        compare_at: None,
        ringing: Ringing::default(),
        blocked: BTreeSet::new(),
        tracks: BySource::default(),
        muted: false,
        notices,
    };
    let (state, state_reader) = watch::channel(session.state());
    session.relay.join(&session.name, events);
    let inboxes = Inboxes {
        commands: commands_inbox,
        events: events_inbox,
        peers: peers_inbox,
    };
    platform.spawn(session.run(inboxes, state));
    (Room::new(commands, state_reader), Notices(notices_inbox))
}

pub(crate) struct Session {
    platform: Current,
    relay: Relay,
    histories: Histories,
    name: Arc<str>,
    peers: BTreeMap<PeerId, RemotePeer>,
    /// How much the peers may still make us do. Kept while a peer is in the room.
    conduct: BTreeMap<PeerId, Conduct>,
    /// Members that are connected to when so many at once are over.
    waiting: Vec<Member>,
    may_connect: Budget,
    may_answer: Budget,
    /// How many links were ever made: each one's place in the order of coming.
    arrivals: u64,
    peer_inputs: mpsc::UnboundedSender<PeerInput>,
    ice_servers: Vec<IceServer>,
    /// The person was told that some of the server's cannot be used.
    told_of_ice_servers: bool,
    server: ServerLink,
    /// The server had us in the room, and has said nothing else since.
    joined: bool,
    /// When to compare with everybody what each has of the chat.
    compare_at: Option<Duration>,
    ringing: Ringing,
    /// For us these people take part in no call.
    blocked: BTreeSet<PersonId>,
    log: Log,
    /// What we publish.
    tracks: BySource<Option<Track>>,
    muted: bool,
    notices: mpsc::UnboundedSender<Notice>,
}

/// Where inputs come from.
struct Inboxes {
    commands: mpsc::UnboundedReceiver<Command>,
    events: mpsc::UnboundedReceiver<RoomEvent>,
    peers: mpsc::UnboundedReceiver<PeerInput>,
}

enum Input {
    Command(Option<Command>),
    Event(Option<RoomEvent>),
    Peer(PeerInput),
    NetworkChanged,
    /// A track of ours was muted or unmuted by the system, or ended.
    TrackChanged,
    Tick,
}

impl Session {
    async fn run(mut self, mut inboxes: Inboxes, state: watch::Sender<Arc<RoomState>>) {
        let platform = self.platform.clone();
        let mut network = Box::pin(platform.network_changed());
        let mut tracks = Box::pin(self.tracks_changed());
        loop {
            match self.next(&mut inboxes, &mut network, &mut tracks).await {
                Input::Command(Some(Command::Leave) | None) => {
                    self.ringing.hang_up();
                    self.settle();
                    break;
                }
                Input::Command(Some(Command::LeaveForNow)) => break,
                Input::Command(Some(Command::Suspend)) => return self.suspend(),
                Input::Command(Some(command)) => {
                    self.command(command);
                    // It may have been about them.
                    tracks = Box::pin(self.tracks_changed());
                }
                Input::Event(Some(event)) => self.event(event),
                Input::Event(None) => break,
                Input::Peer(input) => self.peer(input),
                Input::NetworkChanged => {
                    network = Box::pin(platform.network_changed());
                    self.network_changed();
                }
                // Settling tells the others.
                Input::TrackChanged => tracks = Box::pin(self.tracks_changed()),
                Input::Tick => self.tick(),
            }
            self.settle();
            state.send_replace(self.state());
        }
        self.leave();
    }

    async fn next(
        &self,
        inboxes: &mut Inboxes,
        network: &mut (impl Future<Output = ()> + Unpin),
        tracks: &mut (impl Future<Output = ()> + Unpin),
    ) -> Input {
        let now = self.platform.now();
        let wait = self.deadline().map(|at| at.saturating_sub(now));
        let Inboxes {
            commands,
            events,
            peers,
        } = inboxes;
        tokio::select! {
            // What the person wants comes first, and the clock last.
            biased;
            command = commands.recv() => Input::Command(command),
            event = events.recv() => Input::Event(event),
            // The session holds a sender itself, so its end is not seen here.
            Some(input) = peers.recv() => Input::Peer(input),
            () = network => Input::NetworkChanged,
            () = tracks => Input::TrackChanged,
            () = sleep_or_never(&self.platform, wait) => Input::Tick,
        }
    }

    fn deadline(&self) -> Option<Duration> {
        let peers = self.peers.values().filter_map(RemotePeer::deadline);
        let next = self.may_connect.next();
        peers
            .chain(self.ringing.deadline())
            .chain(self.compare_at)
            .chain((!self.waiting.is_empty()).then_some(next))
            .min()
    }

    fn command(&mut self, command: Command) {
        let now = self.platform.now();
        match command {
            Command::Post(text) => self.post(text),
            Command::StartCall => {
                self.ringing.start(CallId::from_bytes(random::bytes()), now);
            }
            Command::AcceptCall => self.ringing.accept(now),
            Command::DeclineCall => self.ringing.decline(now),
            Command::HangUp => self.ringing.hang_up(),
            Command::Publish(source, track) => {
                self.tracks[source] = track;
                self.apply_mute();
            }
            Command::SetMuted(muted) => {
                self.muted = muted;
                self.apply_mute();
            }
            Command::SetName(name) => {
                self.name = name.into();
                self.relay.set_card(&self.name);
            }
            Command::SetBusy(busy) => self.ringing.set_busy(busy, now),
            Command::ConnectAgain => self.connect_again(),
            Command::SetBlocked(people) => self.set_blocked(people),
            // The loop ends before it comes here.
            Command::Leave | Command::LeaveForNow | Command::Suspend => {}
        }
    }

    fn tick(&mut self) {
        let now = self.platform.now();
        self.ringing.tick(now);
        if self.compare_at.is_some_and(|at| now >= at) {
            self.compare_at = None;
            self.compare_posts();
        }
        let mut gone = Vec::new();
        for (id, peer) in &mut self.peers {
            peer.tick(now);
            if peer.is_given_up(now) {
                gone.push(*id);
            }
        }
        for peer in gone {
            self.remove(peer);
        }
        self.remake_due(now);
        self.connect_waiting(now);
    }

    fn network_changed(&mut self) {
        let now = self.platform.now();
        for peer in self.peers.values_mut() {
            peer.network_changed(now);
        }
    }

    /// The device slept, or the page is seen again: what looks connected may be dead.
    fn resumed(&mut self) {
        let now = self.platform.now();
        for peer in self.peers.values_mut() {
            peer.probe(now);
        }
    }

    /// Does what the parts ask for since the last input, and tells the others what changed.
    fn settle(&mut self) {
        while let Some(notice) = self.ringing.poll_notice() {
            // Nobody listening is as good.
            let _ = self.notices.send(notice);
        }
        self.settle_media();
        self.settle_peers();
    }

    /// Leaves at once, since nothing runs here any more in a moment. Connections that are closed take
    /// no last words, so those go through the server.
    fn suspend(mut self) {
        for peer in self.peers.values() {
            peer.say_both_ways(PeerMessage::Bye, &mut self.relay);
        }
        self.relay.leave();
        self.relay.suspend();
        self.histories.keep(self.relay.room, self.log);
    }

    fn leave(mut self) {
        for peer in self.peers.values() {
            peer.say(PeerMessage::Bye, &mut self.relay);
        }
        self.relay.leave();
        self.histories.keep(self.relay.room, self.log);
        let (peers, platform) = (std::mem::take(&mut self.peers), self.platform.clone());
        self.platform.spawn(async move {
            platform.sleep(LAST_WORDS).await;
            drop(peers);
        });
    }
}

#[cfg(test)]
mod tests;
