//! The driver of the signaling [`Client`]: holds the socket, the timer and the rooms that listen.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parlor_signaling_protocol::{
    ErrorCode, IceServer, LeaveReason, Member, Origin, PeerId, RoomId, Sealed,
};
use std::future::pending;
use tokio::sync::{mpsc, watch};

use crate::credentials::Credentials;
use crate::platform::{Current, Platform, Socket as _, SocketEvent};
use crate::signaling::{Client, Event, Output, SleepWatch};

/// Closes a socket without ending the session (`signaling-protocol/PROTOCOL.md`, Sessions).
const GIVEN_UP: u16 = 3000;
/// Closes a socket and ends the session: the others see us leave at once.
const DONE: u16 = 1000;

/// How often the clocks are compared, so that a sleep is noticed soon after it.
const HEARTBEAT: Duration = Duration::from_secs(1);

type Socket = <Current as Platform>::Socket;

/// Speaks to the actor. The last one's drop closes the connection.
pub(crate) type Handle = mpsc::UnboundedSender<Request>;

/// What rooms and watches want. Unbounded, because nobody waits for a socket that may be gone for
/// minutes; the client bounds what it keeps.
#[derive(Debug)]
pub(crate) enum Request {
    Join {
        credentials: Credentials,
        card: Sealed,
        events: mpsc::UnboundedSender<RoomEvent>,
    },
    /// Of a member: nothing happens if another visit has taken its place in the meantime.
    Member {
        room: RoomId,
        peer: PeerId,
        what: MemberRequest,
    },
    Watch {
        room: RoomId,
        events: mpsc::UnboundedSender<RoomEvent>,
    },
    /// The watcher's channel is closed by now; others may still watch.
    Unwatch { room: RoomId },
    /// Ends the session and closes the socket for a moment.
    Suspend,
}

/// What a member of a room wants.
#[derive(Debug)]
pub(crate) enum MemberRequest {
    Card { card: Sealed },
    Leave,
    Relay { to: PeerId, payload: Sealed },
}

/// What a room is told.
#[derive(Clone, Debug)]
pub(crate) enum RoomEvent {
    /// The device slept, or its page is seen again after it was not.
    Resumed,
    Online {
        ice_servers: Vec<IceServer>,
    },
    Offline,
    Joined {
        members: Vec<Member>,
    },
    Watching {
        members: Vec<Member>,
    },
    PeerJoined {
        member: Member,
    },
    PeerCard {
        member: Member,
    },
    PeerLeft {
        peer: PeerId,
        reason: LeaveReason,
    },
    Relayed {
        from: PeerId,
        payload: Sealed,
    },
    Refused {
        code: ErrorCode,
    },
}

/// The origins at which other devices reach the server's web app, as it last told them.
pub(crate) type Origins = watch::Receiver<Arc<[Origin]>>;

/// Starts the actor.
pub(crate) fn start(platform: Current, url: String) -> (Handle, Origins) {
    let (handle, requests) = crate::inbox::unbounded();
    let (origins, origins_reader) = watch::channel(Arc::default());
    let actor = Actor {
        platform: platform.clone(),
        url,
        client: Client::new(u64::from_le_bytes(crate::random::bytes())),
        connection: None,
        last_online: None,
        origins,
        rooms: BTreeMap::new(),
        sleep: SleepWatch::new(platform.now(), platform.wall_clock()),
    };
    platform.spawn(actor.run(requests));
    (handle, origins_reader)
}

/// Who listens to a room.
#[derive(Debug, Default)]
struct Listeners {
    member: Option<mpsc::UnboundedSender<RoomEvent>>,
    watchers: Vec<mpsc::UnboundedSender<RoomEvent>>,
}

struct Actor {
    platform: Current,
    url: String,
    client: Client,
    connection: Option<(Socket, mpsc::UnboundedReceiver<SocketEvent>)>,
    /// The ICE servers of the connection that is up.
    last_online: Option<Vec<IceServer>>,
    origins: watch::Sender<Arc<[Origin]>>,
    rooms: BTreeMap<RoomId, Listeners>,
    sleep: SleepWatch,
}

enum Input {
    Request(Option<Request>),
    Socket(Option<SocketEvent>),
    NetworkChanged,
    Resumed,
    Tick,
}

impl Actor {
    async fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        let platform = self.platform.clone();
        let mut network = Box::pin(platform.network_changed());
        let mut resumption = Box::pin(platform.resumed());
        loop {
            if self.sleep.has_slept(platform.now(), platform.wall_clock()) {
                self.resumed();
            }
            self.drain();
            match self
                .next(&mut requests, &mut network, &mut resumption)
                .await
            {
                Input::Request(Some(request)) => self.request(request),
                Input::Request(None) => break,
                Input::Socket(event) => self.socket(event),
                Input::NetworkChanged => {
                    network = Box::pin(platform.network_changed());
                    self.client.network_changed(self.platform.now());
                }
                Input::Resumed => {
                    resumption = Box::pin(platform.resumed());
                    self.resumed();
                }
                Input::Tick => self.client.tick(self.platform.now()),
            }
        }
        if let Some((socket, _)) = self.connection.take() {
            socket.close(DONE);
        }
    }

    async fn next(
        &mut self,
        requests: &mut mpsc::UnboundedReceiver<Request>,
        network: &mut (impl Future<Output = ()> + Unpin),
        resumption: &mut (impl Future<Output = ()> + Unpin),
    ) -> Input {
        let now = self.platform.now();
        let heartbeat = (!self.rooms.is_empty()).then_some(now + HEARTBEAT);
        let at = self.client.deadline().into_iter().chain(heartbeat).min();
        let wait = at.map(|at| at.saturating_sub(now));
        let connection = &mut self.connection;
        let socket = async {
            match connection {
                Some((_, events)) => events.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            request = requests.recv() => Input::Request(request),
            event = socket => Input::Socket(event),
            () = network => Input::NetworkChanged,
            () = resumption => Input::Resumed,
            () = sleep_or_never(&self.platform, wait) => Input::Tick,
        }
    }

    fn resumed(&mut self) {
        self.client.network_changed(self.platform.now());
        self.tell_all(&RoomEvent::Resumed);
    }

    fn socket(&mut self, event: Option<SocketEvent>) {
        let now = self.platform.now();
        match event {
            Some(SocketEvent::Open) => self.client.opened(),
            Some(SocketEvent::Text(frame)) => self.client.text(now, &frame),
            Some(SocketEvent::Binary) => self.client.garbage(now),
            Some(SocketEvent::Closed { code }) => {
                tracing::debug!(?code, "the server's socket closed");
                self.connection = None;
                self.client.closed(now);
            }
            None => {
                self.connection = None;
                self.client.closed(now);
            }
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Join {
                credentials,
                card,
                events,
            } => {
                self.greet(&events);
                self.rooms.entry(credentials.room()).or_default().member = Some(events);
                self.client.join(credentials, card);
            }
            Request::Member { room, peer, what } => {
                if self.client.peer_in(room) == Some(peer) {
                    self.member_request(room, what);
                }
            }
            Request::Watch { room, events } => {
                self.greet(&events);
                self.rooms.entry(room).or_default().watchers.push(events);
                self.client.watch(room);
            }
            Request::Unwatch { room } => {
                let Some(listeners) = self.rooms.get_mut(&room) else {
                    return;
                };
                listeners.watchers.retain(|watcher| !watcher.is_closed());
                if listeners.watchers.is_empty() {
                    self.client.unwatch(room);
                }
            }
            Request::Suspend => self.suspend(),
        }
        self.rooms
            .retain(|_, room| room.member.is_some() || !room.watchers.is_empty());
    }

    fn member_request(&mut self, room: RoomId, what: MemberRequest) {
        match what {
            MemberRequest::Card { card } => self.client.set_card(room, card),
            MemberRequest::Leave => {
                if let Some(listeners) = self.rooms.get_mut(&room) {
                    listeners.member = None;
                }
                self.client.leave(room);
            }
            MemberRequest::Relay { to, payload } => self.client.relay(room, to, payload),
        }
    }

    /// A listener that comes while the connection is up learns so.
    fn greet(&self, events: &mpsc::UnboundedSender<RoomEvent>) {
        if let Some(ice_servers) = self.last_online.clone() {
            let _ = events.send(RoomEvent::Online { ice_servers });
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.client.poll() {
            match output {
                Output::Connect => self.connect(),
                // Harmless when the client gave up by itself, needed when it ran over.
                Output::GiveUp => self.give_up(),
                Output::Send(frame) => {
                    if let Some((socket, _)) = &self.connection {
                        socket.send(&frame);
                    }
                }
                Output::Event(event) => self.event(event),
            }
        }
    }

    /// Some browsers closed the socket already when the page hears that it goes; then what it says last
    /// goes nowhere, and a beacon does.
    fn suspend(&mut self) {
        // What was said just before this.
        self.drain();
        if let Some(token) = self.client.resume_token() {
            self.platform
                .send_beacon(&leave_url(&self.url), &token.to_text());
        }
        self.give_up();
    }

    fn give_up(&mut self) {
        if let Some((socket, _)) = self.connection.take() {
            socket.close(GIVEN_UP);
        }
        self.client.closed(self.platform.now());
    }

    fn connect(&mut self) {
        match self.platform.connect(&self.url) {
            Ok(connection) => self.connection = Some(connection),
            Err(error) => {
                tracing::debug!(%error, "the server's address cannot be opened");
                self.client.closed(self.platform.now());
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Online {
                ice_servers,
                origins,
            } => {
                // Before the rooms hear of it, so that their listeners find the new value.
                self.origins.send_replace(origins.into());
                self.last_online = Some(ice_servers.clone());
                self.tell_all(&RoomEvent::Online { ice_servers });
            }
            Event::Offline => {
                self.last_online = None;
                self.tell_all(&RoomEvent::Offline);
            }
            Event::Refused { room: None, code } => self.tell_all(&RoomEvent::Refused { code }),
            Event::Refused {
                room: Some(room),
                code,
            } => {
                self.tell(room, &RoomEvent::Refused { code });
            }
            Event::Joined { room, members } => self.tell(room, &RoomEvent::Joined { members }),
            Event::Watching { room, members } => {
                self.tell(room, &RoomEvent::Watching { members });
            }
            Event::PeerJoined { room, member } => {
                self.tell(room, &RoomEvent::PeerJoined { member });
            }
            Event::PeerCard { room, member } => self.tell(room, &RoomEvent::PeerCard { member }),
            Event::PeerLeft { room, peer, reason } => {
                self.tell(room, &RoomEvent::PeerLeft { peer, reason });
            }
            Event::Relayed {
                room,
                from,
                payload,
            } => {
                self.tell(room, &RoomEvent::Relayed { from, payload });
            }
        }
    }

    fn tell(&self, room: RoomId, event: &RoomEvent) {
        let Some(listeners) = self.rooms.get(&room) else {
            return;
        };
        // A listener that is gone says so with `Leave` or `Unwatch`.
        for listener in listeners.member.iter().chain(&listeners.watchers) {
            let _ = listener.send(event.clone());
        }
    }

    fn tell_all(&self, event: &RoomEvent) {
        self.rooms.keys().for_each(|room| self.tell(*room, event));
    }
}

/// The address at which a request ends a session, beside that of the WebSocket.
fn leave_url(socket: &str) -> String {
    // `ws` becomes `http`, and `wss` becomes `https`.
    format!("http{}/leave", socket.strip_prefix("ws").unwrap_or(socket))
}

/// Sleeps as long as that, or for ever if there is nothing to wait for.
pub(super) async fn sleep_or_never(platform: &Current, wait: Option<Duration>) {
    match wait {
        Some(wait) => platform.sleep(wait).await,
        None => pending().await,
    }
}
