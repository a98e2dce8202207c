use super::Engine;
use crate::error::{Error, ErrorKind, Result};
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
    /// [`ErrorKind::Unsupported`] where devices cannot be listed;
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

    /// Opens both and asks the person once for both. A kind that is blocked is left out, so that it
    /// costs nobody the other one. Where both together fail, each is tried alone, so that a missing
    /// camera costs nobody the microphone; a person who refused is not asked again.
    ///
    /// Errors as for [`open_microphone`](Self::open_microphone).
    pub async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> (Result<Track>, Result<Track>) {
        if let Err(error) = self.0.open.check() {
            return (Err(error), Err(Error::closed("engine")));
        }
        let no_microphone = self.permission(Kind::Audio).await == PermissionState::Denied;
        let no_camera = self.permission(Kind::Video).await == PermissionState::Denied;
        match (no_microphone, no_camera) {
            (true, true) => return (Err(refused()), Err(refused())),
            (true, false) => return (Err(refused()), self.open_camera(video).await),
            (false, true) => return (self.open_microphone(audio).await, Err(refused())),
            (false, false) => {}
        }
        match self.0.platform.open_both(audio, video).await {
            Ok((microphone, camera)) => (
                Ok(self.0.open.track(microphone)),
                Ok(self.0.open.track(camera)),
            ),
            Err(error) => self.open_each(audio, video, is_refusal(&error)).await,
        }
    }

    /// Opens each alone after both together failed. After a refusal only what is granted all the
    /// same is tried, for which no platform asks.
    async fn open_each(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
        both_refused: bool,
    ) -> (Result<Track>, Result<Track>) {
        let microphone = if !both_refused || self.is_granted(Kind::Audio).await {
            self.open_microphone(audio).await
        } else {
            Err(refused())
        };
        let was_refused = both_refused || microphone.as_ref().is_err_and(is_refusal);
        // Both were refused and the microphone alone was not, so the refusal was about the camera.
        let is_blocked = both_refused && microphone.is_ok();
        let camera = if !was_refused || (!is_blocked && self.is_granted(Kind::Video).await) {
            self.open_camera(video).await
        } else {
            Err(refused())
        };
        (microphone, camera)
    }

    async fn is_granted(&self, kind: Kind) -> bool {
        self.permission(kind).await == PermissionState::Granted
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

fn refused() -> Error {
    let text = "the person or the system said no";
    Error::new(ErrorKind::PermissionDenied, text)
}

fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::PermissionDenied
}
