//! The driver of a room: the only place where signaling, calls, chat and the platform meet.
//!
//! One task owns everything. It takes one input at a time (a command, what the server tells, what
//! happens on a connection, the clock), hands it to the sans-IO parts, does what they say, and
//! publishes what the room is like now.

mod link;
mod media;
mod peers;
pub(crate) mod presence;
mod publish;
mod relay;
pub(crate) mod signaling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, pending, select};
use parlor_signaling_protocol::{IceServer, PeerId};
use tokio::sync::{mpsc, watch};

use self::link::{Link, LinkInput};
use self::relay::Relay;
use self::signaling::{Handle, Request, RoomEvent};
use crate::call::{CallId, PeerMessage, Ringing};
use crate::chat::{Draft, Log};
use crate::identity::Identity;
use crate::media::Track;
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
    SetMicrophone(Option<Track>),
    SetMuted(bool),
    SetCamera(Option<Track>),
    SetName(String),
    SetBusy(bool),
    SetBlocked(Vec<PersonId>),
    Leave,
    LeaveForNow,
}

/// Enters a room.
pub(crate) fn start(
    platform: Current,
    signaling: Handle,
    identity: Identity,
    me: PeerId,
    key: &RoomKey,
    name: String,
) -> (Room, Notices) {
    let (commands, commands_inbox) = crate::inbox::unbounded();
    let (events, events_inbox) = crate::inbox::unbounded();
    let (link_inputs, links_inbox) = crate::inbox::unbounded();
    let (notices, notices_inbox) = crate::inbox::unbounded();
    let mut session = Session {
        platform: platform.clone(),
        relay: Relay::new(me, Sealer::new(key), signaling),
        log: Log::new(key.room_id(), me, identity.person()),
        identity,
        name: name.into(),
        links: BTreeMap::new(),
        arrivals: 0,
        link_inputs,
        ice_servers: Vec::new(),
        server: ServerLink::Connecting,
        joined: false,
        compare_at: None,
        ringing: Ringing::default(),
        blocked: BTreeSet::new(),
        microphone: None,
        camera: None,
        muted: false,
        notices,
    };
    let (state, state_reader) = watch::channel(session.state());
    session.join(events);
    let inboxes = Inboxes {
        commands: commands_inbox,
        events: events_inbox,
        links: links_inbox,
    };
    platform.spawn(session.run(inboxes, state));
    (Room::new(commands, state_reader), Notices(notices_inbox))
}

pub(crate) struct Session {
    platform: Current,
    relay: Relay,
    identity: Identity,
    name: Arc<str>,
    links: BTreeMap<PeerId, Link>,
    /// How many links were ever made: each one's place in the order of coming.
    arrivals: u64,
    link_inputs: mpsc::UnboundedSender<LinkInput>,
    ice_servers: Vec<IceServer>,
    server: ServerLink,
    /// The server had us in the room, and has said nothing else since.
    joined: bool,
    /// When to compare with everybody what each has of the chat.
    compare_at: Option<Duration>,
    ringing: Ringing,
    /// For us these people take part in no call.
    blocked: BTreeSet<PersonId>,
    log: Log,
    microphone: Option<Track>,
    camera: Option<Track>,
    muted: bool,
    notices: mpsc::UnboundedSender<Notice>,
}

/// Where inputs come from.
struct Inboxes {
    commands: mpsc::UnboundedReceiver<Command>,
    events: mpsc::UnboundedReceiver<RoomEvent>,
    links: mpsc::UnboundedReceiver<LinkInput>,
}

enum Input {
    Command(Option<Command>),
    Event(Option<RoomEvent>),
    Link(LinkInput),
    NetworkChanged,
    Tick,
}

impl Session {
    async fn run(mut self, mut inboxes: Inboxes, state: watch::Sender<Arc<RoomState>>) {
        let platform = self.platform.clone();
        let mut network = Box::pin(platform.network_changed());
        loop {
            match self.next(&mut inboxes, &mut network).await {
                Input::Command(Some(Command::Leave) | None) => {
                    self.ringing.hang_up();
                    self.settle();
                    break;
                }
                Input::Command(Some(Command::LeaveForNow)) => break,
                Input::Command(Some(command)) => self.command(command),
                Input::Event(Some(event)) => self.event(event),
                Input::Event(None) => break,
                Input::Link(input) => self.link(input),
                Input::NetworkChanged => {
                    network = Box::pin(platform.network_changed());
                    self.network_changed();
                }
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
    ) -> Input {
        let now = self.platform.now();
        let wait = self.deadline().map(|at| at.saturating_sub(now));
        let tick = std::pin::pin!(async {
            match wait {
                Some(wait) => self.platform.sleep(wait).await,
                None => pending().await,
            }
        });
        let Inboxes {
            commands,
            events,
            links,
        } = inboxes;
        let command = std::pin::pin!(commands.recv());
        let event = std::pin::pin!(events.recv());
        let link = std::pin::pin!(links.recv());
        let outside = select(command, event);
        let inside = select(link, select(network, tick));
        match select(outside, inside).await {
            Either::Left((Either::Left((command, _)), _)) => Input::Command(command),
            Either::Left((Either::Right((event, _)), _)) => Input::Event(event),
            Either::Right((Either::Left((Some(input), _)), _)) => Input::Link(input),
            // The session holds a sender itself, so its end is not seen here.
            Either::Right((Either::Left((None, _)), _)) => Input::Tick,
            Either::Right((Either::Right((Either::Left(_), _)), _)) => Input::NetworkChanged,
            Either::Right((Either::Right((Either::Right(_), _)), _)) => Input::Tick,
        }
    }

    fn deadline(&self) -> Option<Duration> {
        let links = self.links.values().filter_map(Link::deadline);
        links
            .chain(self.ringing.deadline())
            .chain(self.compare_at)
            .min()
    }

    fn join(&mut self, events: mpsc::UnboundedSender<RoomEvent>) {
        let card = self.relay.seal_card(&self.identity, &self.name);
        self.relay.request(Request::Join {
            room: self.relay.room,
            card,
            events,
        });
    }

    fn command(&mut self, command: Command) {
        let now = self.platform.now();
        match command {
            Command::Post(text) => self.post(text),
            Command::StartCall => {
                self.ringing.start(CallId::from_bytes(random::bytes()), now);
            }
            Command::AcceptCall => self.ringing.accept(now),
            Command::DeclineCall => self.ringing.decline(),
            Command::HangUp => self.ringing.hang_up(),
            Command::SetMicrophone(track) => {
                self.microphone = track;
                self.apply_mute();
            }
            Command::SetMuted(muted) => {
                self.muted = muted;
                self.apply_mute();
            }
            Command::SetCamera(track) => self.camera = track,
            Command::SetName(name) => {
                self.name = name.into();
                let card = self.relay.seal_card(&self.identity, &self.name);
                self.relay.request(Request::Card {
                    room: self.relay.room,
                    card,
                });
            }
            Command::SetBusy(busy) => self.ringing.set_busy(busy, now),
            Command::SetBlocked(people) => self.set_blocked(people),
            // The loop ends before it comes here.
            Command::Leave | Command::LeaveForNow => {}
        }
    }

    fn post(&mut self, text: String) {
        let draft = Draft {
            name: self.name.to_string(),
            text,
            sent_at: self.platform.wall_clock(),
        };
        let post = self.log.say(&self.identity, draft);
        for link in self.links.values().filter(|link| link.is_synced()) {
            link.say_on_channel(&PeerMessage::Posts {
                posts: vec![post.clone()],
            });
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
        for (peer, link) in &mut self.links {
            link.tick(now);
            if link.is_given_up(now) {
                gone.push(*peer);
            }
        }
        for peer in gone {
            self.remove(peer);
        }
    }

    fn network_changed(&mut self) {
        let now = self.platform.now();
        for link in self.links.values_mut() {
            link.network_changed(now);
        }
    }

    /// Does what the parts ask for since the last input, and tells the others what changed.
    fn settle(&mut self) {
        while let Some(notice) = self.ringing.poll_notice() {
            // Nobody listening is as good.
            let _ = self.notices.send(notice);
        }
        self.settle_media();
        self.settle_links();
    }

    fn leave(mut self) {
        for link in self.links.values() {
            link.say(PeerMessage::Bye, &mut self.relay);
        }
        self.relay.request(Request::Leave {
            room: self.relay.room,
        });
        let (links, platform) = (std::mem::take(&mut self.links), self.platform.clone());
        self.platform.spawn(async move {
            platform.sleep(LAST_WORDS).await;
            drop(links);
        });
    }
}

#[cfg(test)]
mod tests;
