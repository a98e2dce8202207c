//! One visit to a room: the engine's handle, and what the room is like as signals, one for each
//! part, so that a part of the screen changes only with its part of the room.

mod visit;
mod who;

use std::sync::Arc;

use dioxus::prelude::*;
use parlor_engine::{
    Call, CallOutcome, ChatMessage, DeclineReason, ErrorCode, ErrorKind, LinkState, MediaState,
    Notice, Notices, Origin, Participant, PeerId, PersonId, Room, ServerLink, Track, TrackSource,
};

pub use self::visit::use_session;
use self::who::present;
use super::colours::Colours;
use super::{engine, people, rooms, toasts};
use crate::platform;
use crate::route::Invitation;
use crate::t;

/// What was said, compared by its address: the engine makes a new list for every change.
#[derive(Clone, Default)]
pub struct Lines(pub Arc<Vec<ChatMessage>>);

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, Copy, PartialEq)]
pub struct Session {
    room: CopyValue<Room>,
    invitation: CopyValue<Invitation>,
    pub person: CopyValue<PersonId>,
    pub name: Signal<Arc<str>>,
    pub server: Signal<ServerLink>,
    pub people: Signal<Vec<Participant>>,
    /// Who `people` are, for lists that do not care how they are.
    pub peers: Signal<Vec<PeerId>>,
    /// Those of them who are in the call.
    pub others: Signal<Vec<PeerId>>,
    /// Everybody else and what they are called, for what depends on nothing more.
    present: Signal<Vec<(PersonId, String)>>,
    colours: Signal<Colours>,
    /// When we entered, in milliseconds since 1970.
    entered: u64,
    pub call: Signal<Call>,
    pub in_call: Signal<bool>,
    pub muted: Signal<bool>,
    pub lines: Signal<Lines>,
    /// Whether the person is ending the call: nobody has to tell them that it ended.
    pub is_leaving: CopyValue<bool>,
    /// The page went, so the room was left.
    is_away: CopyValue<bool>,
    /// How often the room was entered. Each entry has to be told anew what belongs to us.
    pub entries: Signal<u32>,
}

/// The outcome of an attempt to say something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Posted {
    Sent,
    /// There was nothing to say, or too much.
    Refused,
    /// We were not in the room any more. It is being entered again.
    Away,
}

impl Session {
    fn new(room: &Room, invitation: &Invitation) -> Self {
        let state = room.state();
        Self {
            room: CopyValue::new(room.clone()),
            invitation: CopyValue::new(invitation.clone()),
            person: CopyValue::new(state.person),
            name: Signal::new(state.name.clone()),
            server: Signal::new(state.server),
            people: Signal::new(state.people.clone()),
            peers: Signal::new(peers(&state.people, |_| true)),
            others: Signal::new(peers(&state.people, |one| one.in_call)),
            present: Signal::new(Vec::new()),
            colours: Signal::new(Colours::default()),
            entered: platform::now(),
            call: Signal::new(state.call.clone()),
            in_call: Signal::new(state.call.includes_us()),
            muted: Signal::new(state.muted),
            lines: Signal::new(Lines(state.messages.clone())),
            is_leaving: CopyValue::new(false),
            is_away: CopyValue::new(false),
            entries: Signal::new(1),
        }
    }

    /// The room's key and name.
    pub fn invitation(self) -> Invitation {
        self.invitation.cloned()
    }

    /// The handle to act with.
    pub fn room(self) -> Room {
        self.room.cloned()
    }

    /// Writes what changes in the room to the signals, until it was left.
    async fn follow(mut self, mut room: Room) {
        let key = self.invitation.peek().key.clone();
        loop {
            let state = room.state();
            set(&mut self.name, &state.name);
            set(&mut self.server, &state.server);
            set(&mut self.people, &state.people);
            set(&mut self.peers, &peers(&state.people, |_| true));
            set(&mut self.others, &peers(&state.people, |one| one.in_call));
            set(&mut self.present, &present(&state.people));
            people::meet(&state.people);
            set(&mut self.call, &state.call);
            set(&mut self.in_call, &state.call.includes_us());
            set(&mut self.muted, &state.muted);
            let lines = Lines(state.messages.clone());
            if *self.lines.peek() != lines {
                let last = lines.0.last();
                if let Some(last) =
                    last.filter(|last| !people::restriction(last.person).is_folded())
                {
                    rooms::heard(&key, &last.name, &last.text);
                }
                self.lines.set(lines);
            }
            self.give_colours();
            drop(state);
            if !room.changed().await {
                break;
            }
        }
    }

    /// Puts what happened into words.
    async fn tell(self, mut notices: Notices) {
        while let Some(notice) = notices.next().await {
            if let Some(text) = self.words(&notice) {
                toasts::show(text);
            }
        }
    }

    fn words(self, notice: &Notice) -> Option<String> {
        match notice {
            Notice::CallEnded { outcome, from } => {
                let mut is_leaving = self.is_leaving;
                let was_leaving = is_leaving.replace(false);
                if from.is_some_and(|peer| self.is_blocked(peer)) {
                    return None;
                }
                let name = || from.map_or_else(|| t!("somebody"), |peer| self.name_of(peer));
                match outcome {
                    CallOutcome::HungUp => (!was_leaving).then(|| t!("notice-ended")),
                    CallOutcome::Missed => Some(t!("notice-missed", name = name())),
                    CallOutcome::NotAnswered => Some(t!("notice-not-answered", name = name())),
                    // Each who declined was told of.
                    CallOutcome::Declined => None,
                    CallOutcome::NoAnswer => Some(t!("notice-no-answer")),
                }
            }
            Notice::Declined { peer, reason } => {
                let name = self.name_of(*peer);
                match reason {
                    DeclineReason::Declined => Some(t!("notice-declined", name = name)),
                    DeclineReason::Busy => Some(t!("notice-busy", name = name)),
                    // The card of the call says it, and the call's end does.
                    DeclineReason::NoAnswer => None,
                }
            }
            Notice::Refused { code } => Some(refusal(*code)),
            Notice::Impersonated { peer } => {
                Some(t!("notice-impersonated", name = self.name_of(*peer)))
            }
            Notice::Contradiction { person } => Some(t!(
                "notice-contradiction",
                name = self.name_of_person(*person)
            )),
            Notice::Garbled { peer } => Some(t!("notice-garbled", name = self.name_of(*peer))),
            Notice::IceServersRefused { urls } => {
                let url = urls.first().map_or("", String::as_str);
                Some(t!("notice-ice-server", url = url))
            }
            _ => None,
        }
    }

    /// The origins at which other devices reach this app, as the server last told them.
    pub fn server_origins(self) -> Arc<[Origin]> {
        // A new connection may tell new ones.
        let _follow = self.server.read();
        engine::get().map_or_else(Arc::default, |engine| engine.server_origins())
    }

    /// Somebody's name, or a word for who has none.
    pub fn name_of(self, peer: PeerId) -> String {
        let people = self.people.peek();
        let participant = people.iter().find(|participant| participant.peer == peer);
        participant.map_or_else(
            || t!("somebody"),
            |participant| shown_name(&participant.name),
        )
    }

    fn name_of_person(self, person: PersonId) -> String {
        let people = self.people.peek();
        let participant = people
            .iter()
            .find(|participant| participant.person == person);
        participant.map_or_else(
            || t!("somebody"),
            |participant| shown_name(&participant.name),
        )
    }

    /// One of the others.
    pub fn participant(self, peer: PeerId) -> Option<Participant> {
        self.people
            .read()
            .iter()
            .find(|participant| participant.peer == peer)
            .cloned()
    }

    /// One of the others, as a value that changes only when they do.
    pub fn use_participant(self, peer: PeerId) -> Memo<Option<Participant>> {
        use_memo(use_reactive!(|peer| {
            self.people
                .read()
                .iter()
                .find(|participant| participant.peer == peer)
                .cloned()
        }))
    }

    /// Changes our name for everybody. `false` after leaving.
    pub fn rename(self, name: &str) -> bool {
        self.room().set_name(name).is_ok()
    }

    /// Says something to everybody.
    pub fn post(self, text: &str) -> Posted {
        match self.room().post(text) {
            Ok(()) => Posted::Sent,
            Err(error) if error.kind() == ErrorKind::Closed => {
                // Some browsers say that a page goes, and then it stays.
                self.enter_again();
                Posted::Away
            }
            Err(_) => Posted::Refused,
        }
    }
}

fn peers(people: &[Participant], is_meant: fn(&Participant) -> bool) -> Vec<PeerId> {
    people
        .iter()
        .filter(|one| is_meant(one))
        .map(|one| one.peer)
        .collect()
}

fn set<T: Clone + PartialEq + 'static>(signal: &mut Signal<T>, value: &T) {
    if *signal.peek() != *value {
        signal.set(value.clone());
    }
}

/// A room's name for people.
pub fn room_name(invitation: &Invitation) -> String {
    if invitation.name.is_empty() {
        t!("unnamed-room")
    } else {
        invitation.name.clone()
    }
}

/// A name as it is shown: nobody is nameless.
pub fn shown_name(name: &str) -> String {
    if name.is_empty() {
        t!("guest")
    } else {
        name.to_owned()
    }
}

/// Why the server will not have us, or did not do something.
pub fn refusal(code: ErrorCode) -> String {
    match code {
        ErrorCode::UnsupportedVersion => t!("refused-version"),
        ErrorCode::RoomFull => t!("refused-room-full"),
        ErrorCode::ServerFull => t!("refused-server-full"),
        ErrorCode::RateLimited => t!("refused-rate"),
        ErrorCode::TooLarge => t!("refused-too-large"),
        _ => t!("refused-other"),
    }
}

/// How we stand with somebody, in words; nothing to say where all is well.
pub fn link_words(link: LinkState) -> Option<String> {
    match link {
        LinkState::Connected => None,
        LinkState::Connecting => Some(t!("link-connecting")),
        LinkState::Repairing => Some(t!("link-repairing")),
        LinkState::Failed => Some(t!("link-failed")),
    }
}

/// The stable word for it, for tests and styles.
pub fn link_state(link: LinkState) -> &'static str {
    match link {
        LinkState::Connected => "connected",
        LinkState::Connecting => "connecting",
        LinkState::Repairing => "repairing",
        LinkState::Failed => "failed",
    }
}

/// A track that we receive, if there is one to show or to hear.
pub fn picture_of(participant: &Participant) -> Option<Track> {
    let is_on = participant.state(TrackSource::Camera) == MediaState::On;
    let track = participant.track(TrackSource::Camera);
    track.filter(|_| is_on).cloned()
}
