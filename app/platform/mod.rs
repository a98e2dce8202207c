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
/// Asks the person before the page is closed or left, as long as the listener is kept.
pub use current::ask_before_leaving;
/// Whether loudspeakers can be chosen.
pub use current::can_choose_speaker;
/// A text file of the site; `None` if it did not arrive.
pub use current::fetch_text;
/// A text without case and width (Unicode's NFKC where the platform has it), for comparing.
pub use current::folded;
/// Tells if the window is narrower than so many pixels.
pub use current::is_narrower_than;
/// Keys that are pressed while no text is being written.
pub use current::keys;
/// The part of the address before the path, for links.
pub use current::origin;
/// The address of the signaling server that belongs to this page.
pub use current::server;
/// Waits.
pub use current::sleep;
/// Keeps the screen on as long as the result lives, whenever the page is shown.
pub use current::stay_awake;
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
/// The state of the history's entry, a new entry at the same address, and steps back. Steps come to
/// an end later, and are told as changes of the fragment are.
pub use current::{go_back, history_entry, push_history_entry};
/// Whether the keyboard's focus is where text is written, and whether a key belongs to an input
/// method that composes characters.
pub use current::{is_composing, is_typing};
/// The page's visibility, and word of changes.
pub use current::{is_visible, visibility_changes};
/// The languages that the person reads, best first, the page's own, and whether the browser may
/// offer to translate it.
pub use current::{languages, set_language, set_translatable};
/// What is kept on this device. A device that keeps nothing loses it at the end of the visit.
/// [`stored_changes`] are those of other windows: the key, or `None` for all keys.
pub use current::{load, remove_stored, store, stored_changes, stored_keys};
/// Calls a function when the page goes away, as long as the listener is kept; and word of the page
/// coming back as it was, from the browser's cache, where it heard of nothing.
pub use current::{on_leave, returns};
/// The title of the window, and `dark` or `light` against the system's choice.
pub use current::{set_theme, set_title};

/// A key that was pressed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    /// The character that it writes, or its name.
    pub text: String,
    /// Where it is on the keyboard, by what an English one has there, such as `KeyM`.
    pub code: String,
}

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
