use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::error::Result;
use crate::identity::Identity;
use crate::media::{AudioConstraints, Device, Track, VideoConstraints};
use crate::notice::Notices;
use crate::platform::{Current, Platform as _};
use crate::room::{Profile, Room};
use crate::session::{self, presence, signaling};
use crate::{PeerId, PersonId, RoomKey};

/// Under this name the device keeps who the person is.
const IDENTITY: &str = "identity";

/// What an [`Engine`] needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address of the signaling server, `wss://…/ws` (`ws://` for this machine alone).
    pub server: String,
}

impl Config {
    /// A configuration for this server, with everything else as usual.
    pub fn new(server: impl Into<String>) -> Self {
        Self {
            server: server.into(),
        }
    }
}

/// One device of one person. Cheap to clone; the last handle's drop closes the connection to the
/// server, once the rooms entered through it are left too.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    platform: Current,
    identity: Identity,
    me: PeerId,
    signaling: signaling::Handle,
}

impl Engine {
    /// Makes one and starts to connect to the server. An unreachable server is no error here: it
    /// is tried again until it answers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) where the platform has no WebRTC.
    pub fn new(config: Config) -> Result<Self> {
        Self::on(Current::new()?, config)
    }

    pub(crate) fn on(platform: Current, config: Config) -> Result<Self> {
        let identity = stored_identity(&platform);
        let me = PeerId::from_bytes(crate::random::bytes());
        let signaling = signaling::start(platform.clone(), config.server, me);
        Ok(Self(Arc::new(Inner {
            platform,
            identity,
            me,
            signaling,
        })))
    }

    /// Who this person is: the same on every visit from this device.
    pub fn person(&self) -> PersonId {
        self.0.identity.person()
    }

    /// The id of this engine, new on every start.
    pub fn peer(&self) -> PeerId {
        self.0.me
    }

    /// The time since some fixed moment before the engine started.
    pub fn now(&self) -> Duration {
        self.0.platform.now()
    }

    /// Enters a room. The state starts empty and fills while the connections are made.
    pub fn enter(&self, key: &RoomKey, profile: Profile) -> (Room, Notices) {
        session::start(
            self.0.platform.clone(),
            self.0.signaling.clone(),
            self.0.identity.clone(),
            self.0.me,
            key,
            profile.checked_name(),
        )
    }

    /// Looks who is in a room without entering it, until the [`Watch`] is dropped.
    pub fn watch(&self, key: &RoomKey) -> Watch {
        presence::watch(&self.0.platform, &self.0.signaling, key)
    }

    /// The microphones, cameras and loudspeakers that the system knows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) where devices cannot be listed;
    /// on the web that is a page without https.
    pub async fn devices(&self) -> Result<Vec<Device>> {
        self.0.platform.devices().await
    }

    /// Waits until a device was plugged in or out.
    pub async fn devices_changed(&self) {
        self.0.platform.devices_changed().await;
    }

    /// Opens a microphone; asks the person where needed.
    ///
    /// # Errors
    ///
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied),
    /// [`DeviceMissing`](crate::ErrorKind::DeviceMissing),
    /// [`DeviceBusy`](crate::ErrorKind::DeviceBusy), or
    /// [`Unsupported`](crate::ErrorKind::Unsupported) (on the web: a page without https).
    pub async fn open_microphone(&self, wish: &AudioConstraints) -> Result<Track> {
        self.0.platform.open_microphone(wish).await.map(Track::new)
    }

    /// Opens a camera; asks the person where needed. Errors as for
    /// [`open_microphone`](Self::open_microphone).
    pub async fn open_camera(&self, wish: &VideoConstraints) -> Result<Track> {
        self.0.platform.open_camera(wish).await.map(Track::new)
    }

    /// Opens both and asks the person once for both. Where that fails, each is tried alone, so
    /// that a missing camera costs nobody the microphone.
    pub async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> (Result<Track>, Result<Track>) {
        match self.0.platform.open_both(audio, video).await {
            Ok((microphone, camera)) => (Ok(Track::new(microphone)), Ok(Track::new(camera))),
            Err(_) => (
                self.open_microphone(audio).await,
                self.open_camera(video).await,
            ),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("me", &self.0.me)
            .finish_non_exhaustive()
    }
}

fn stored_identity(platform: &Current) -> Identity {
    if let Some(identity) = platform
        .load(IDENTITY)
        .as_deref()
        .and_then(Identity::from_stored)
    {
        return identity;
    }
    let identity = Identity::generate();
    platform.store(IDENTITY, &identity.to_stored());
    identity
}

/// Somebody who is in a watched room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Presence {
    /// Their id on this visit.
    pub peer: PeerId,
    /// Who they say they are.
    pub person: PersonId,
    /// Their name; may be empty.
    pub name: Arc<str>,
}

/// Who is in a room, watched from outside.
#[derive(Debug)]
pub struct Watch {
    pub(crate) people: watch::Receiver<Option<Arc<Vec<Presence>>>>,
}

impl Watch {
    /// Who is there; `None` while the server has not told.
    pub fn people(&self) -> Option<Arc<Vec<Presence>>> {
        self.people.borrow().clone()
    }

    /// Waits until [`people`](Self::people) gives something new. `false` when the engine closed.
    pub async fn changed(&mut self) -> bool {
        self.people.changed().await.is_ok()
    }
}
