//! Pictures and sound on the screen, with one implementation in a browser and one for screens that
//! are not there yet.

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
mod native;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
use native as current;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use web as current;

/// `Video { track, mirrored, fit }` shows a picture.
pub use current::Video;
/// `Sound { track, speaker }` plays somebody's voice; [`blocked`] tells whether the browser wants
/// a tap first, and [`allow`] is to be called in that tap.
pub use current::{Sound, allow, blocked};

/// How a picture fills its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fit {
    /// All of the place, with its edges cut.
    Cover,
}

impl Fit {
    fn class(self) -> &'static str {
        match self {
            Self::Cover => "cover",
        }
    }
}
