use super::Engine;
use crate::error::Result;
use crate::media::{
    AudioConstraints, Device, Kind, PermissionState, ScreenConstraints, Track, VideoConstraints,
};
use crate::peer::Codec;
use crate::platform::Platform as _;

/// Devices, the screen, and tracks of the application's own making.
impl Engine {
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

    /// Whether the person allows microphones or cameras, without asking them: opening one asks.
    pub async fn permission(&self, kind: Kind) -> PermissionState {
        self.0.platform.permission(kind).await
    }

    /// Opens a microphone; asks the person where needed.
    ///
    /// # Errors
    ///
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied),
    /// [`DeviceMissing`](crate::ErrorKind::DeviceMissing) (also when none meets the constraints),
    /// [`DeviceBusy`](crate::ErrorKind::DeviceBusy), or
    /// [`Unsupported`](crate::ErrorKind::Unsupported) (on the web: a page without https; see
    /// [`Capabilities::capture`](crate::Capabilities::capture)).
    pub async fn open_microphone(&self, wish: &AudioConstraints) -> Result<Track> {
        self.0.open.check()?;
        let track = self.0.platform.open_microphone(wish).await?;
        Ok(self.0.open.track(track))
    }

    /// Opens a camera; asks the person where needed. Errors as for
    /// [`open_microphone`](Self::open_microphone).
    pub async fn open_camera(&self, wish: &VideoConstraints) -> Result<Track> {
        self.0.open.check()?;
        let track = self.0.platform.open_camera(wish).await?;
        Ok(self.0.open.track(track))
    }

    /// Opens both and asks the person once for both. Where that fails, each is tried alone, so
    /// that a missing camera costs nobody the microphone.
    pub async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> (Result<Track>, Result<Track>) {
        let both = match self.0.open.check() {
            Ok(()) => self.0.platform.open_both(audio, video).await,
            Err(error) => Err(error),
        };
        match both {
            Ok((microphone, camera)) => (
                Ok(self.0.open.track(microphone)),
                Ok(self.0.open.track(camera)),
            ),
            Err(_) => (
                self.open_microphone(audio).await,
                self.open_camera(video).await,
            ),
        }
    }

    /// Opens what the person chooses of their screen: its picture, and its sound if they wish and
    /// the system can. The track [ends](Track::ended) when they stop sharing.
    ///
    /// # Errors
    ///
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) when they choose nothing, and those
    /// of [`open_microphone`](Self::open_microphone). On the web it has to be called from a click.
    pub async fn open_screen(&self, wish: &ScreenConstraints) -> Result<(Track, Option<Track>)> {
        self.0.open.check()?;
        let (picture, sound) = self.0.platform.open_screen(wish).await?;
        let sound = sound.map(|sound| self.0.open.track(sound));
        Ok((self.0.open.track(picture), sound))
    }

    /// Makes a track that the application feeds with frames that it encoded itself, by
    /// [`Track::write`].
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) without
    /// [`Capabilities::encoded_frames`](crate::Capabilities::encoded_frames), or for a codec that
    /// the platform cannot send.
    pub fn encoded_track(&self, codec: &Codec) -> Result<Track> {
        self.0.open.check()?;
        Ok(self.0.open.track(self.0.platform.encoded_track(codec)?))
    }
}
