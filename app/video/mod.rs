//! Playback of video and audio tracks, with one implementation in a browser and one without
//! function, for platforms that have no screens yet.

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
mod native;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
use native as current;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use web as current;

/// `Video { track, mirrored, fit }` plays a video track, without sound.
pub use current::Video;
/// `Sound { track, speaker }` plays an audio track. [`blocked`] returns `true` if the browser waits
/// for a user gesture, whose handler must call [`allow`].
pub use current::{Sound, allow, blocked};

/// The way in which a video fills its element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fit {
    /// The video covers the whole element, and its edges are cut.
    Cover,
    /// The whole video is shown.
    Contain,
}

impl Fit {
    fn class(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Contain => "contain",
        }
    }
}
