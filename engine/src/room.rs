//! A room as an application sees it: a handle to act with, and its state as a value.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::chat::{self, ChatMessage};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{BySource, Track, TrackSource};
use crate::session::Command;
use crate::text::{MAX_NAME, single_line};
use crate::{ErrorCode, PeerId, PersonId};

/// A room that we are in. Dropping the last handle leaves it.
#[derive(Clone)]
pub struct Room {
    commands: mpsc::UnboundedSender<Command>,
    state: watch::Receiver<Arc<RoomState>>,
}

impl Room {
    pub(crate) fn new(
        commands: mpsc::UnboundedSender<Command>,
        state: watch::Receiver<Arc<RoomState>>,
    ) -> Self {
        Self { commands, state }
    }

    /// What the room is like now.
    pub fn state(&self) -> Arc<RoomState> {
        self.state.borrow().clone()
    }

    /// Waits until [`state`](Self::state) gives something new since this handle last waited.
    /// `false` once the room was left.
    pub async fn changed(&mut self) -> bool {
        self.state.changed().await.is_ok()
    }

    /// Says something to everybody in the room, now and later: who is away for a moment gets it
    /// on coming back. It shows in [`RoomState::messages`] at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for nothing but white space, or more than
    /// [`MAX_TEXT`](crate::MAX_TEXT); [`ErrorKind::Closed`] after leaving.
    pub fn post(&self, text: &str) -> Result<()> {
        let text = chat::checked_text(text)?;
        self.command(Command::Post(text))
    }

    /// Starts a call and rings everybody who is here, or joins the one that is going on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Closed`] after leaving, as for all that follows here.
    pub fn start_call(&self) -> Result<()> {
        self.command(Command::StartCall)
    }

    /// Joins the call that rings or is going on. Does nothing if it ended in the meantime.
    pub fn accept_call(&self) -> Result<()> {
        self.command(Command::AcceptCall)
    }

    /// Says no to the call that rings.
    pub fn decline_call(&self) -> Result<()> {
        self.command(Command::DeclineCall)
    }

    /// Leaves the call, or gives up calling.
    pub fn hang_up(&self) -> Result<()> {
        self.command(Command::HangUp)
    }

    /// Publishes a track to those who are in the call with us, in this call and those to come, in
    /// place of the one that was published for this source. `None` ends it. The others are told when
    /// the track ends or is muted by the system.
    ///
    /// Each source has a media section of its own in each connection. Those of microphone and camera
    /// are negotiated as a call begins, that of a screen when it is shared for the first time; from then
    /// on another track takes effect without negotiation
    /// ([`replaceTrack`](https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack)).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for sound where the source has pictures, or the
    /// other way round.
    pub fn publish(&self, source: TrackSource, track: Option<Track>) -> Result<()> {
        if track
            .as_ref()
            .is_some_and(|track| track.kind() != source.kind())
        {
            let text = "the track's kind is not that of its source";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.command(Command::Publish(source, track))
    }

    /// Whether the others hear us. The microphone stays open, so that turning it on is at once.
    pub fn set_muted(&self, muted: bool) -> Result<()> {
        self.command(Command::SetMuted(muted))
    }

    /// Changes our name, for everybody at once.
    pub fn set_name(&self, name: &str) -> Result<()> {
        self.command(Command::SetName(
            Profile {
                name: name.to_owned(),
            }
            .checked_name(),
        ))
    }

    /// Whether to answer calls with "busy" instead of ringing, because this person is in a call
    /// that the engine does not know of.
    pub fn set_busy(&self, busy: bool) -> Result<()> {
        self.command(Command::SetBusy(busy))
    }

    /// Makes the connections that are not up anew, instead of repairing them. For an application
    /// that knows that something changed which only a new connection notices: browsers let a
    /// connection show the addresses of the device if a microphone or a camera was allowed before
    /// it was made.
    pub fn connect_again(&self) -> Result<()> {
        self.command(Command::ConnectAgain)
    }

    /// Blocks these people, and nobody else, for ourselves: their calls do not ring here, they share
    /// no call with us and are sent no sound and no picture. They are not told. What they write
    /// still arrives, because everybody keeps the same messages; the application does not show it.
    pub fn set_blocked(&self, people: Vec<PersonId>) -> Result<()> {
        self.command(Command::SetBlocked(people))
    }

    /// Leaves: tells the others, closes every connection, releases nothing that the application
    /// still holds a track of.
    pub fn leave(&self) {
        // Already left is as good.
        let _ = self.commands.send(Command::Leave);
    }

    /// Leaves without hanging up, as a step back by mistake does. The others see us go at once, and
    /// keep a call that we were in for 30 s, in case we come back.
    pub fn leave_for_now(&self) {
        let _ = self.commands.send(Command::LeaveForNow);
    }

    pub(crate) fn downgrade(&self) -> WeakRoom {
        WeakRoom(self.commands.downgrade())
    }

    fn command(&self, command: Command) -> Result<()> {
        self.commands
            .send(command)
            .map_err(|_| Error::closed("room"))
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").finish_non_exhaustive()
    }
}

/// A room for the engine, which must not keep anybody in it.
pub(crate) struct WeakRoom(mpsc::WeakUnboundedSender<Command>);

impl WeakRoom {
    pub(crate) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(crate) fn leave(&self) {
        if let Some(commands) = self.0.upgrade() {
            // Already left is as good.
            let _ = commands.send(Command::Leave);
        }
    }

    /// Leaves because the page goes. `false` if the room was left before.
    pub(crate) fn suspend(&self) -> bool {
        let commands = self.0.upgrade();
        commands.is_some_and(|commands| commands.send(Command::Suspend).is_ok())
    }
}

/// What the others are told about us.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// Our name; shown as [`single_line`] makes it with [`MAX_NAME`].
    pub name: String,
}

impl Profile {
    pub(crate) fn checked_name(&self) -> String {
        clean_name(&self.name)
    }
}

/// A name as it may be shown: one line, not too long, whoever made it.
pub(crate) fn clean_name(name: &str) -> String {
    single_line(name, MAX_NAME)
}

/// A room at one moment.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Our id in it.
    pub me: PeerId,
    /// Who we are.
    pub person: PersonId,
    /// Our name.
    pub name: Arc<str>,
    /// How we stand with the server. Calls and chat between those who are connected go on
    /// without it.
    pub server: ServerLink,
    /// The others, in the order of their coming.
    pub people: Vec<Participant>,
    /// The room's call, as it concerns us.
    pub call: Call,
    /// Whether the others cannot hear us.
    pub muted: bool,
    /// Our published tracks.
    pub tracks: BySource<Option<Track>>,
    /// What was said, in the order that everybody sees.
    pub messages: Arc<Vec<ChatMessage>>,
}

impl RoomState {
    /// The participant with this id.
    pub fn participant(&self, peer: PeerId) -> Option<&Participant> {
        self.people
            .iter()
            .find(|participant| participant.peer == peer)
    }

    /// How many are in the call, ourselves included.
    pub fn in_call(&self) -> usize {
        let others = self
            .people
            .iter()
            .filter(|participant| participant.in_call)
            .count();
        others + usize::from(self.call.includes_us())
    }
}

/// How we stand with the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServerLink {
    /// The first connection is being made.
    Connecting,
    /// In the room.
    Online,
    /// Lost; the next try follows by itself.
    Offline,
    /// The server will not have us here, and trying again will not change it.
    Refused(ErrorCode),
}

/// Somebody else in the room: one device of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Their id on this visit.
    pub peer: PeerId,
    /// Who they are.
    pub person: PersonId,
    /// Their name; may be empty.
    pub name: Arc<str>,
    /// How we stand with them.
    pub link: LinkState,
    /// Whether they are in the room's call.
    pub in_call: bool,
    /// Their publications.
    pub publications: BySource<Publication>,
}

impl Participant {
    /// The state of a source, as they tell it.
    pub fn state(&self, source: TrackSource) -> MediaState {
        self.publications[source].state
    }

    /// The track of a source, while both are in the call.
    pub fn track(&self, source: TrackSource) -> Option<&Track> {
        self.publications[source].track.as_ref()
    }
}

/// Somebody's publication of one source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publication {
    /// Its state, as they tell it.
    pub state: MediaState,
    /// The track, while both are in the call.
    pub track: Option<Track>,
}

/// How we stand with another peer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkState {
    /// The first connection is being made.
    Connecting,
    /// Connected.
    Connected,
    /// The connection is disturbed and is being repaired.
    Repairing,
    /// No way to them was found so far. It is still tried, ever more rarely.
    Failed,
}

/// What somebody lets the others see or hear.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// They have none, or gave no permission.
    #[default]
    None,
    /// Off for now.
    Off,
    /// On.
    On,
}

/// The room's call, as it concerns us.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Call {
    /// There is none.
    #[default]
    None,
    /// We started it and wait for the first to come.
    Outgoing {
        /// What became of each whom it rang.
        answers: Vec<(PeerId, Answer)>,
    },
    /// It rings here.
    Incoming {
        /// Who called.
        from: PeerId,
    },
    /// It goes on without us; we may join.
    Ongoing,
    /// We are in it.
    Active {
        /// When the first two met in it, on the engine's clock ([`Engine::now`](crate::Engine::now)).
        since: Duration,
    },
}

impl Call {
    /// Whether we are in it, alone or not.
    pub fn includes_us(&self) -> bool {
        matches!(self, Self::Outgoing { .. } | Self::Active { .. })
    }
}

/// What became of somebody whom our call rang.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// It rings there.
    Ringing,
    /// They will not come.
    Declined(crate::DeclineReason),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(clean_name("  Ann\n\u{202E}a \u{7}"), "Anna");
        assert_eq!(clean_name(&"e\u{301}".repeat(100)), "e\u{301}".repeat(40));
    }

    #[test]
    fn invalid_text_is_refused_with_its_kind() {
        let error = chat::checked_text(" \n ").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
