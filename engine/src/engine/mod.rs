//! What an application begins with.

mod config;
mod devices;
mod open;
mod presence;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select;

pub use config::Config;
pub use presence::{Presence, Watch};

use self::open::Open;
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;
use crate::notice::Notices;
use crate::peer::Configuration;
#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
use crate::platform::fake;
use crate::platform::{Current, Platform as _};
use crate::room::{Profile, Room};
use crate::rtc::PeerConnection;
use crate::session::{self, Histories, signaling};
use crate::{Origin, PersonId, RoomKey};

/// A line that is dead takes no goodbye.
const GOODBYES: Duration = Duration::from_secs(2);

/// Under this name the device keeps who the person is.
const IDENTITY: &str = "identity";

/// One device of one person. Cheap to clone; the last handle's drop closes the connection to the
/// server, once the rooms entered through it are left too.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    platform: Current,
    identity: Identity,
    histories: Histories,
    signaling: Option<(signaling::Handle, signaling::Origins)>,
    open: Open,
}

impl Engine {
    /// Makes one and starts to connect to the server. An unreachable server is no error here: it
    /// is tried again until it answers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] where the platform has no WebRTC.
    pub fn new(config: Config) -> Result<Self> {
        Self::on(Current::new()?, config)
    }

    /// Makes one on a host of a made-up world, for tests.
    ///
    /// # Errors
    ///
    /// None so far.
    #[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
    pub fn on_fake(world: &fake::World, host: fake::HostId, config: Config) -> Result<Self> {
        Self::on(Current::Fake(fake::Fake::on(world, host)), config)
    }

    pub(crate) fn on(platform: Current, config: Config) -> Result<Self> {
        let identity = stored_identity(&platform);
        let signaling = config
            .server
            .map(|server| signaling::start(platform.clone(), server));
        Ok(Self(Arc::new(Inner {
            platform,
            identity,
            histories: Histories::default(),
            signaling,
            open: Open::default(),
        })))
    }

    /// Who this person is: the same on every visit from this device.
    pub fn person(&self) -> PersonId {
        self.0.identity.person()
    }

    /// The time since some fixed moment before the engine started.
    pub fn now(&self) -> Duration {
        self.0.platform.now()
    }

    /// What this platform can do.
    pub fn capabilities(&self) -> Capabilities {
        self.0.platform.capabilities()
    }

    /// Makes a peer connection, for signaling of the application's.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a wrong configuration, whose field is named;
    /// [`Closed`](ErrorKind::Closed) after [`close`](Self::close).
    pub fn connect(&self, config: &Configuration) -> Result<PeerConnection> {
        self.0.open.check()?;
        let connection = PeerConnection::open(&self.0.platform, config)?;
        self.0.open.connection(&connection);
        Ok(connection)
    }

    /// Enters a room. The state starts with what this engine read there on an earlier visit, and
    /// fills while the connections are made.
    ///
    /// Each entry is a peer of its own, with another [`RoomState::me`](crate::RoomState::me): nothing
    /// that was said on an earlier visit can be repeated in this one. Entering a room that this
    /// engine is in already ends the earlier visit.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) without a [server](Config::server);
    /// [`Closed`](ErrorKind::Closed) after [`close`](Self::close).
    pub fn enter(&self, key: &RoomKey, profile: Profile) -> Result<(Room, Notices)> {
        let (room, notices) = session::start(
            self.0.platform.clone(),
            self.signaling()?.clone(),
            &self.0.identity,
            self.0.histories.clone(),
            key,
            profile.checked_name(),
        );
        self.0.open.room(room.downgrade());
        Ok((room, notices))
    }

    /// Looks who is in a room without entering it, until the [`Watch`] is dropped. Errors as for
    /// [`enter`](Self::enter).
    pub fn watch(&self, key: &RoomKey) -> Result<Watch> {
        let signaling = self.signaling()?;
        Ok(session::presence::watch(&self.0.platform, signaling, key))
    }

    /// The origins at which other devices reach the server's web app, the best first. Empty until
    /// the server was reached for the first time, and where it does not know them. An application
    /// on the server's own computer makes its invitations with one of them.
    pub fn server_origins(&self) -> Arc<[Origin]> {
        let origins = self.0.signaling.as_ref();
        origins.map_or_else(Arc::default, |(_, origins)| origins.borrow().clone())
    }

    fn signaling(&self) -> Result<&signaling::Handle> {
        self.0.open.check()?;
        let missing = || {
            Error::new(
                ErrorKind::Invalid,
                "rooms need a server, and none was named",
            )
        };
        let handle = self.0.signaling.as_ref().map(|(handle, _)| handle);
        handle.ok_or_else(missing)
    }

    /// Prepares for the end of the page, which may be kept to be shown again: for a listener of
    /// [`pagehide`](https://html.spec.whatwg.org/multipage/indices.html#event-pagehide). Browsers keep no
    /// page with an open connection.
    ///
    /// Leaves every room at once, without hanging up: the others see us go, and keep a call that we were
    /// in for 30 s. Closes the connections of those rooms and the one to the server, to which the engine
    /// connects again a moment later; that moment passes when the page comes back. An application that
    /// comes back [enters](Self::enter) its rooms again. Peer connections of its own are left alone.
    pub fn suspend(&self) {
        // A room suspends the connection to the server after its last words.
        if self.0.open.suspend_rooms() {
            return;
        }
        if let Some((handle, _)) = &self.0.signaling {
            // Nobody listens once the engine is closed.
            let _ = handle.send(signaling::Request::Suspend);
        }
    }

    /// Closes everything that was opened with this engine: leaves its rooms, closes its
    /// connections, releases its devices. What is asked of it afterwards is refused.
    ///
    /// The other sides are told in the background. A program that ends right away uses
    /// [`shut_down`](Self::shut_down).
    pub fn close(&self) {
        self.0.open.close();
    }

    /// Closes everything, and waits until the other sides were told, two seconds at most. Otherwise
    /// they would take a program that ends for one that lost its line, and wait for it.
    pub async fn shut_down(&self) {
        self.close();
        let (told, late) = (self.0.platform.settled(), self.0.platform.sleep(GOODBYES));
        select(pin!(told), pin!(late)).await;
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("person", &self.person())
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
