use std::fmt;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};

use super::constraints::TrackSettings;
use super::encoded::{EncodedFrame, SourceRequest};
use crate::error::Result;
use crate::platform::{CurrentTrack, Track as _};

/// What a track carries.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// Sound or pictures, from a device of ours or from another peer
/// ([`MediaStreamTrack`](https://www.w3.org/TR/mediacapture-streams/#mediastreamtrack)).
///
/// A cheap handle. A device is released when the last handle of its track is dropped, or at
/// [`stop`](Self::stop).
#[derive(Clone)]
pub struct Track(Arc<CurrentTrack>);

impl Track {
    pub(crate) fn new(track: CurrentTrack) -> Self {
        Self::of(Arc::new(track))
    }

    pub(crate) fn of(track: Arc<CurrentTrack>) -> Self {
        Self(track)
    }

    pub(crate) fn shared(&self) -> &Arc<CurrentTrack> {
        &self.0
    }

    pub(crate) fn platform(&self) -> &CurrentTrack {
        &self.0
    }

    /// Identifies the track on this device.
    pub fn id(&self) -> String {
        self.0.id()
    }

    /// What it carries.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// The name of the device that it comes from, for people. Empty for another peer's track.
    pub fn label(&self) -> String {
        self.0.label()
    }

    /// The [`Device::id`](super::Device::id) that it comes from, where the platform tells.
    pub fn device(&self) -> Option<String> {
        self.0.device()
    }

    /// What its source gives now, as far as the platform tells. With
    /// [`AudioConstraints::unmet`](super::AudioConstraints::unmet) and
    /// [`VideoConstraints::unmet`](super::VideoConstraints::unmet) it says which wishes were not
    /// fulfilled.
    pub fn settings(&self) -> TrackSettings {
        self.0.settings()
    }

    /// Whether it carries what its source gives. While it is not enabled it carries silence or
    /// black, and the device stays open.
    pub fn is_enabled(&self) -> bool {
        self.0.is_enabled()
    }

    /// Enables or silences it, at once.
    pub fn set_enabled(&self, enabled: bool) {
        self.0.set_enabled(enabled);
    }

    /// Whether its source gives nothing for now, which is not ours to change: another program took
    /// the microphone, or the other side's media do not arrive.
    pub fn is_muted(&self) -> bool {
        self.0.is_muted()
    }

    /// Waits until [`is_muted`](Self::is_muted) or [`is_ended`](Self::is_ended) changes.
    pub async fn changed(&self) {
        self.0.changed().await;
    }

    /// The same counted from this call on, also where it is awaited later.
    pub(crate) fn changed_from_now(&self) -> impl Future<Output = ()> + use<> {
        let track = self.clone();
        let state = |track: &Self| (track.is_muted(), track.is_ended());
        let before = state(&track);
        async move {
            // Listens first and looks then, so that nothing is missed in between.
            let changed = pin!(track.changed());
            if let Either::Right(((), changed)) = select(changed, ready(())).await
                && state(&track) == before
            {
                changed.await;
            }
        }
    }

    /// Whether its source has ended for good: stopped, unplugged, or permission taken away.
    pub fn is_ended(&self) -> bool {
        self.0.is_ended()
    }

    /// Waits until [`is_ended`](Self::is_ended).
    pub async fn ended(&self) {
        self.0.ended().await;
    }

    /// How loud it is now, from 0 to 1, on a scale that looks even to the eye (0 is -60 dBFS and
    /// less). Always 0 for video. Cheap enough for every frame of a screen.
    pub fn level(&self) -> f32 {
        self.0.level()
    }

    /// Sends a frame, on a track of [`Engine::encoded_track`](crate::Engine::encoded_track): to
    /// everybody whom the track is sent to at the moment, and to nobody otherwise. Waits while too
    /// much is under way.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for any other track;
    /// [`Invalid`](crate::ErrorKind::Invalid) for an empty frame;
    /// [`Closed`](crate::ErrorKind::Closed) after [`stop`](Self::stop).
    pub async fn write(&self, frame: EncodedFrame) -> Result<()> {
        self.0.write(frame).await
    }

    /// Waits for what the receivers of such a track ask of its source. Errors as for
    /// [`write`](Self::write).
    pub async fn requested(&self) -> Result<SourceRequest> {
        self.0.requested().await
    }

    /// Waits for the next frame of another peer's track, as it was encoded. Frames that nobody
    /// reads for two seconds are left out, oldest first.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for an own track, or without
    /// [`Capabilities::encoded_frames`](crate::Capabilities::encoded_frames);
    /// [`Closed`](crate::ErrorKind::Closed) when there are no more.
    pub async fn read(&self) -> Result<EncodedFrame> {
        self.0.read().await
    }

    /// Releases the device. What was sent from it goes silent or black.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}
