//! Whatever a server says and whenever sockets come and go: the client answers within bounds, opens
//! no second socket, and is online again as soon as a server behaves.

use parlor_signaling_protocol::{ErrorCode, Member, PeerId, Sealed, ServerMessage};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::credentials::Credentials;
use crate::identity::Identity;

/// What one step may say at most: all that a session keeps, all wishes, and a few words besides.
const MAX_OUTPUTS: usize = limits::MAX_UNCONFIRMED + 16;

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    NetworkChanged,
    SocketOpened,
    SocketClosed,
    Binary,
    Heard(ServerMessage),
    HeardText(String),
    Join(u8),
    Card(u8),
    Leave(u8),
    Watch(u8),
    Unwatch(u8),
    Relay(u8, u16),
}

fn room(number: u8) -> RoomId {
    RoomId::from_bytes([number; 16])
}

fn credentials(number: u8) -> Credentials {
    Credentials::issue(&Identity::generate(), room(number))
}

fn sealed() -> Sealed {
    Sealed("sealed".into())
}

fn messages() -> impl Strategy<Value = ServerMessage> {
    let member = || Member {
        peer: PeerId::from_bytes([2; 16]),
        card: sealed(),
    };
    let counts = || prop_oneof![4 => 0..8_u64, 1 => any::<u64>()];
    let codes = prop::sample::select(vec![
        ErrorCode::BadProof,
        ErrorCode::RoomFull,
        ErrorCode::ServerFull,
        ErrorCode::TooManyRooms,
        ErrorCode::UnsupportedVersion,
    ]);
    prop_oneof![
        4 => (any::<bool>(), counts()).prop_map(|(resumed, received)| ServerMessage::Welcome {
            version: protocol::VERSION,
            resume: ResumeToken::from_bytes([7; 16]),
            resumed,
            received,
            challenge: Challenge::from_bytes([5; 16]),
            ice_servers: vec![],
            origins: vec![],
        }),
        2 => counts().prop_map(|received| ServerMessage::Pong { received }),
        1 => (0..3_u8).prop_map(move |number| ServerMessage::Joined {
            room: room(number),
            members: vec![member()],
        }),
        1 => (0..3_u8).prop_map(move |number| ServerMessage::PeerJoined {
            room: room(number),
            member: member(),
        }),
        1 => (0..3_u8).prop_map(|number| ServerMessage::Relayed {
            room: room(number),
            from: PeerId::from_bytes([2; 16]),
            payload: sealed(),
        }),
        1 => (codes, proptest::option::of(0..3_u8)).prop_map(|(code, number)| {
            ServerMessage::Error { code, message: "no".into(), room: number.map(room) }
        }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let rooms = || 0..3_u8;
    prop_oneof![
        3 => (0..60_000_u64).prop_map(Step::Wait),
        1 => Just(Step::NetworkChanged),
        3 => Just(Step::SocketOpened),
        1 => Just(Step::SocketClosed),
        1 => Just(Step::Binary),
        6 => messages().prop_map(Step::Heard),
        1 => any::<String>().prop_map(Step::HeardText),
        2 => rooms().prop_map(Step::Join),
        1 => rooms().prop_map(Step::Card),
        1 => rooms().prop_map(Step::Leave),
        1 => rooms().prop_map(Step::Watch),
        1 => rooms().prop_map(Step::Unwatch),
        // Sometimes more than a session keeps.
        1 => (rooms(), prop_oneof![4 => 1..4_u16, 1 => 1..700_u16])
            .prop_map(|(room, times)| Step::Relay(room, times)),
    ]
}

/// The driver, without a network.
struct Drive {
    client: Client,
    now: Duration,
    has_socket: bool,
    is_over: bool,
}

impl Drive {
    fn new() -> Self {
        Self {
            client: Client::new(1),
            now: Duration::ZERO,
            has_socket: false,
            is_over: false,
        }
    }

    fn take(&mut self, step: &Step) {
        let now = self.now;
        match step {
            Step::Wait(milliseconds) => {
                self.now += Duration::from_millis(*milliseconds);
                self.client.tick(self.now);
            }
            Step::NetworkChanged => self.client.network_changed(now),
            // Without a socket there is nobody to hear.
            Step::SocketOpened if self.has_socket => self.client.opened(),
            Step::SocketClosed if self.has_socket => {
                self.has_socket = false;
                self.client.closed(now);
            }
            Step::Binary if self.has_socket => self.client.garbage(now),
            Step::Heard(message) if self.has_socket => {
                self.client.text(now, &protocol::encode(message));
            }
            Step::HeardText(text) if self.has_socket => self.client.text(now, text),
            Step::Join(number) => self.client.join(credentials(*number), sealed()),
            Step::Card(number) => self.client.set_card(room(*number), sealed()),
            Step::Leave(number) => self.client.leave(room(*number)),
            Step::Watch(number) => self.client.watch(room(*number)),
            Step::Unwatch(number) => self.client.unwatch(room(*number)),
            Step::Relay(number, times) => {
                for _ in 0..*times {
                    let to = PeerId::from_bytes([2; 16]);
                    self.client.relay(room(*number), to, sealed());
                }
            }
            _ => {}
        }
    }

    fn drain(&mut self) -> Result<Vec<Output>, TestCaseError> {
        let mut outputs = Vec::new();
        while let Some(output) = self.client.poll() {
            match &output {
                Output::Connect => {
                    prop_assert!(!self.has_socket, "a second socket");
                    prop_assert!(!self.is_over, "a socket after the end");
                    self.has_socket = true;
                }
                Output::GiveUp => {
                    self.has_socket = false;
                    self.client.closed(self.now);
                }
                Output::Send(frame) => {
                    prop_assert!(protocol::decode_client(frame).is_ok(), "it said {}", frame);
                }
                Output::Event(Event::Refused { room: None, .. }) => self.is_over = true,
                Output::Event(_) => {}
            }
            outputs.push(output);
        }
        Ok(outputs)
    }

    /// A server that behaves, after whatever there was.
    fn recover(&mut self) -> Result<(), TestCaseError> {
        if self.has_socket {
            self.take(&Step::SocketClosed);
        }
        self.drain()?;
        let Some(at) = self.client.deadline() else {
            return Err(TestCaseError::fail("it waits for nothing"));
        };
        self.now = self.now.max(at);
        self.client.tick(self.now);
        prop_assert!(self.drain()?.contains(&Output::Connect));
        self.client.opened();
        self.take(&Step::Heard(ServerMessage::Welcome {
            version: protocol::VERSION,
            resume: ResumeToken::from_bytes([8; 16]),
            resumed: false,
            received: 0,
            challenge: Challenge::from_bytes([6; 16]),
            ice_servers: vec![],
            origins: vec![],
        }));
        self.take(&Step::Join(5));
        let outputs = self.drain()?;
        let online = Output::Event(Event::Online {
            ice_servers: vec![],
            origins: vec![],
        });
        prop_assert!(outputs.contains(&online));
        let joins = |output: &Output| match output {
            Output::Send(frame) => matches!(
                protocol::decode_client(frame),
                Ok(ClientMessage::Join { room: joined, .. }) if joined == room(5)
            ),
            _ => false,
        };
        prop_assert!(outputs.iter().any(joins));
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_client_endures_its_server(steps in vec(steps(), 0..60)) {
        let mut drive = Drive::new();
        for step in &steps {
            drive.take(step);
            let said = match step {
                Step::Relay(_, times) => usize::from(*times),
                _ => 0,
            };
            prop_assert!(drive.drain()?.len() <= MAX_OUTPUTS + said);
            let kept = drive.client.session.as_ref().map_or(0, |session| session.kept.len());
            prop_assert!(kept <= limits::MAX_UNCONFIRMED);
        }
        if drive.is_over {
            prop_assert_eq!(drive.client.deadline(), None);
        } else {
            drive.recover()?;
        }
    }
}
