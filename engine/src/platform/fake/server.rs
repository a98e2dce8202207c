//! A signaling server in memory: enough of `signaling-protocol/PROTOCOL.md` to meet. Sessions are
//! never resumed, which is the harder case for a client; the real server has its own tests.

use std::collections::BTreeMap;

use parlor_signaling_protocol::{
    Challenge, ClientMessage, IceServer, LeaveReason, Member, Origin, PeerId, ResumeToken, RoomId,
    Sealed, ServerMessage, VERSION, decode_client, encode, join_claim,
};
use tokio::sync::mpsc;

use super::world::World;
use crate::platform::{Socket, SocketEvent};

#[derive(Default)]
pub(super) struct Server {
    down: bool,
    ice_servers: Vec<IceServer>,
    origins: Vec<Origin>,
    clients: BTreeMap<u64, Client>,
    rooms: BTreeMap<RoomId, Vec<(u64, Member)>>,
    watchers: BTreeMap<RoomId, Vec<u64>>,
    silent: Vec<Client>,
    /// Everything that was relayed, for tests that look at it or say it again.
    relayed: Vec<(PeerId, PeerId, RoomId, Sealed)>,
}

struct Client {
    events: mpsc::UnboundedSender<SocketEvent>,
}

/// What every session signs: the fake has no replayed proofs, only wrong ones.
const CHALLENGE: Challenge = Challenge::from_bytes([5; 16]);

impl Server {
    pub(super) fn sockets(&self) -> usize {
        self.clients.len()
    }

    fn tell(&self, client: u64, message: &ServerMessage) {
        if let Some(client) = self.clients.get(&client) {
            let _ = client.events.send(SocketEvent::Text(encode(message)));
        }
    }

    fn tell_room(&self, room: RoomId, but: u64, message: &ServerMessage) {
        let members = self
            .rooms
            .get(&room)
            .into_iter()
            .flatten()
            .map(|(client, _)| client);
        let watchers = self.watchers.get(&room).into_iter().flatten();
        for client in members.chain(watchers).filter(|client| **client != but) {
            self.tell(*client, message);
        }
    }

    fn members(&self, room: RoomId, but: u64) -> Vec<Member> {
        let members = self.rooms.get(&room).into_iter().flatten();
        members
            .filter(|(client, _)| *client != but)
            .map(|(_, member)| member.clone())
            .collect()
    }

    fn peer_in(&self, client: u64, room: RoomId) -> Option<PeerId> {
        let mut members = self.rooms.get(&room)?.iter();
        members.find_map(|(it, member)| (*it == client).then_some(member.peer))
    }

    fn client_of(&self, peer: PeerId) -> Option<u64> {
        let mut members = self.rooms.values().flatten();
        members.find_map(|(client, member)| (member.peer == peer).then_some(*client))
    }

    fn handle(&mut self, from: u64, message: ClientMessage) {
        if !self.clients.contains_key(&from) {
            return;
        }
        match message {
            ClientMessage::Hello { .. } => {
                let resume = ResumeToken::from_bytes([0; 16]);
                let (version, resumed, received) = (VERSION, false, 0);
                let ice_servers = self.ice_servers.clone();
                let origins = self.origins.clone();
                let welcome = ServerMessage::Welcome {
                    version,
                    resume,
                    resumed,
                    received,
                    challenge: CHALLENGE,
                    ice_servers,
                    origins,
                };
                self.tell(from, &welcome);
            }
            // Nothing is resumed, so nothing has to be confirmed.
            ClientMessage::Ping { .. } => self.tell(from, &ServerMessage::Pong { received: 0 }),
            ClientMessage::Join {
                room,
                key,
                proof,
                card,
            } => {
                if !key.has_signed(&join_claim(room, CHALLENGE), &proof) {
                    return;
                }
                // Another visit of the same client takes the place of the one before.
                self.leave(from, room, LeaveReason::Left);
                let peer = key.peer_id();
                let member = Member { peer, card };
                let joined = ServerMessage::Joined {
                    room,
                    members: self.members(room, from),
                };
                self.tell(from, &joined);
                let news = ServerMessage::PeerJoined {
                    room,
                    member: member.clone(),
                };
                self.tell_room(room, from, &news);
                self.rooms.entry(room).or_default().push((from, member));
            }
            ClientMessage::Card { room, card } => {
                let Some(peer) = self.peer_in(from, room) else {
                    return;
                };
                let member = Member { peer, card };
                self.tell_room(room, from, &ServerMessage::PeerCard { room, member });
            }
            ClientMessage::Leave { room } => self.leave(from, room, LeaveReason::Left),
            ClientMessage::Watch { room } => {
                self.watchers.entry(room).or_default().push(from);
                let members = self.members(room, from);
                self.tell(from, &ServerMessage::Watching { room, members });
            }
            ClientMessage::Unwatch { room } => {
                self.watchers
                    .entry(room)
                    .or_default()
                    .retain(|client| *client != from);
            }
            ClientMessage::Relay { room, to, payload } => self.relay(from, room, to, payload),
        }
    }

    fn relay(&mut self, from: u64, room: RoomId, to: PeerId, payload: Sealed) {
        let Some(peer) = self.peer_in(from, room) else {
            return;
        };
        self.relayed.push((peer, to, room, payload.clone()));
        let recipient = self.rooms.get(&room).and_then(|members| {
            members
                .iter()
                .find(|(_, member)| member.peer == to)
                .map(|(client, _)| *client)
        });
        if let Some(recipient) = recipient {
            self.tell(
                recipient,
                &ServerMessage::Relayed {
                    room,
                    from: peer,
                    payload,
                },
            );
        }
    }

    fn leave(&mut self, client: u64, room: RoomId, reason: LeaveReason) {
        let Some(members) = self.rooms.get_mut(&room) else {
            return;
        };
        let Some(place) = members.iter().position(|(member, _)| *member == client) else {
            return;
        };
        let (_, member) = members.remove(place);
        self.tell_room(
            room,
            client,
            &ServerMessage::PeerLeft {
                room,
                peer: member.peer,
                reason,
            },
        );
    }

    fn drop_client(&mut self, client: u64, reason: LeaveReason) -> Option<Client> {
        let rooms: Vec<_> = self.rooms.keys().copied().collect();
        rooms
            .into_iter()
            .for_each(|room| self.leave(client, room, reason));
        self.watchers
            .values_mut()
            .for_each(|watchers| watchers.retain(|it| *it != client));
        self.clients.remove(&client)
    }
}

impl World {
    /// Stops the server, which forgets everything, or starts it again.
    pub fn set_server_down(&self, down: bool) {
        let mut state = self.lock();
        let server = &mut state.server;
        server.down = down;
        if down {
            for client in std::mem::take(&mut server.clients).into_values() {
                let _ = client.events.send(SocketEvent::Closed { code: None });
            }
            server.rooms.clear();
            server.watchers.clear();
        }
    }

    /// Chooses the STUN and TURN servers that clients are told of, from their next connection on.
    pub fn set_ice_servers(&self, ice_servers: Vec<IceServer>) {
        self.lock().server.ice_servers = ice_servers;
    }

    /// Chooses the origins that clients are told of, from their next connection on.
    pub fn set_origins(&self, origins: Vec<Origin>) {
        self.lock().server.origins = origins;
    }

    /// Ends a peer's session as if it had vanished and its grace were over.
    pub fn lose_session(&self, peer: PeerId) {
        let mut state = self.lock();
        if let Some(client) = state.server.client_of(peer) {
            let lost = state.server.drop_client(client, LeaveReason::Lost);
            // Its socket stays open and silent, as after a cable was pulled.
            state.server.silent.extend(lost);
        }
    }

    /// A hostile server: hands a peer something as another's.
    pub fn inject(&self, to: PeerId, message: &ServerMessage) {
        let state = self.lock();
        if let Some(client) = state.server.client_of(to) {
            state.server.tell(client, message);
        }
    }

    /// What was relayed so far: sender, recipient, room, payload.
    pub fn relayed(&self) -> Vec<(PeerId, PeerId, RoomId, Sealed)> {
        self.lock().server.relayed.clone()
    }
}

pub(crate) struct FakeSocket {
    world: World,
    id: u64,
}

/// A channel whose messages take as long as any from one host to another.
fn forwarded(
    world: &World,
) -> (
    mpsc::UnboundedSender<SocketEvent>,
    mpsc::UnboundedReceiver<SocketEvent>,
) {
    let (sender, mut sent) = crate::inbox::unbounded();
    let (arrived, inbox) = crate::inbox::unbounded();
    let forwarding = world.clone();
    world.spawn(async move {
        while let Some(event) = sent.recv().await {
            let arrived = arrived.clone();
            // Who no longer listens has closed the socket.
            forwarding.later(move |_| drop(arrived.send(event)));
        }
    });
    (sender, inbox)
}

impl FakeSocket {
    pub(super) fn connect(world: &World) -> (Self, mpsc::UnboundedReceiver<SocketEvent>) {
        let (events, inbox) = forwarded(world);
        let id = world.lock().clock.next_id();
        world.later(move |world| {
            let mut state = world.lock();
            if state.server.down {
                let _ = events.send(SocketEvent::Closed { code: None });
            } else {
                let _ = events.send(SocketEvent::Open);
                state.server.clients.insert(id, Client { events });
            }
        });
        (
            Self {
                world: world.clone(),
                id,
            },
            inbox,
        )
    }
}

impl Socket for FakeSocket {
    fn close(&self, _code: u16) {
        let id = self.id;
        // Only `leave` is a farewell.
        self.world
            .later(move |world| drop(world.lock().server.drop_client(id, LeaveReason::Lost)));
    }

    fn send(&self, text: &str) {
        let (id, text) = (self.id, text.to_owned());
        self.world.later(move |world| {
            if let Ok(message) = decode_client(&text) {
                world.lock().server.handle(id, message);
            }
        });
    }
}

impl Drop for FakeSocket {
    fn drop(&mut self) {
        self.close(1000);
    }
}
