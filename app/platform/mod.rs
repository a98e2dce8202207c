//! What the app needs of the thing that it runs in, with one implementation in a browser and one
//! that is honest about having nothing, for tests and for screens that are not there yet.
//!
//! Both have the same names; what they mean is written here, where they are given on.

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
mod native;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod web;

#[cfg(not(all(target_arch = "wasm32", feature = "web")))]
use native as current;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use web as current;

/// An element of the page.
pub use current::Node;
/// Sounds as long as it lives.
pub use current::Ring;
/// A word between all windows of this app on this device.
pub use current::Tabs;
/// Whether loudspeakers can be chosen.
pub use current::can_choose_speaker;
/// A text without case and width (Unicode's NFKC where the platform has it), for comparing.
pub use current::folded;
/// Keys that are pressed while no text is being written.
pub use current::keys;
/// Calls a function when the page goes away, as long as the listener is kept.
pub use current::on_leave;
/// The part of the address before the path, for links.
pub use current::origin;
/// The address of the signaling server that belongs to this page.
pub use current::server;
/// Waits.
pub use current::sleep;
/// Keeps the screen on as long as the result lives.
pub use current::stay_awake;
/// Word that another window of this app stored something.
pub use current::stores_elsewhere;
/// Whether codes can be read with a camera, and the text of the code that a video inside an element
/// shows now.
pub use current::{can_read_codes, read_code};
/// Puts a text on the clipboard, or hands a link to the system's share sheet. `false`: it did not
/// work, or the person turned back.
pub use current::{can_share, copy, share};
/// The clock on the wall, in milliseconds since 1970, and how the person writes it.
pub use current::{format_date, format_time, now, utc_offset};
/// The fragment of the address, changing it with a step back to what it was, and word of changes.
pub use current::{fragment, fragment_changes, set_fragment};
/// Whether the keyboard's focus is where text is written, and whether a key belongs to an input
/// method that composes characters.
pub use current::{is_composing, is_typing};
/// The languages that the person reads, best first, and the page's own.
pub use current::{languages, set_language};
/// What is kept on this device. A device that keeps nothing loses it at the end of the visit.
pub use current::{load, store};
/// The title of the window, and `dark` or `light` against the system's choice.
pub use current::{set_theme, set_title};

/// How a date is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DateStyle {
    /// Day and month.
    Short,
    /// With the day of the week.
    Long,
    /// With the year.
    Year,
}

/// Where a scrolled element stands, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    pub top: f64,
    pub height: f64,
    pub visible: f64,
}

impl Scroll {
    /// Whether the end is in sight, or nearly.
    pub fn is_at_end(self) -> bool {
        self.height - self.top - self.visible < 48.0
    }
}
