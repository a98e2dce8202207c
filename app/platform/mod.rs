//! The app's interface to its platform, with one implementation in a browser and one without
//! function, for tests and for platforms that have no screens yet.
//!
//! Both export the same names, which are documented here, where they are re-exported.

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
/// The ringtone of a call, which plays until it is dropped.
pub use current::Ring;
/// A channel between all windows of this app on this device.
pub use current::Tabs;
/// Asks the person before the page is closed or left, as long as the listener is kept.
pub use current::ask_before_leaving;
/// Returns `true` if the person can choose a loudspeaker.
pub use current::can_choose_speaker;
/// Fetches a text file of the site. Returns `None` if that fails.
pub use current::fetch_text;
/// Folds the case and the width of a text (with Unicode's NFKC where the platform has it), for
/// comparisons.
pub use current::folded;
/// Returns `true` if the window is narrower than a number of pixels.
pub use current::is_narrower_than;
/// Returns the keys that are pressed outside text fields.
pub use current::keys;
/// Returns the page's origin, for links.
pub use current::origin;
/// Returns the address of the signaling server that belongs to this page.
pub use current::server;
/// Waits for a number of milliseconds.
pub use current::sleep;
/// Keeps the screen on as long as the result lives, whenever the page is shown.
pub use current::stay_awake;
/// `can_read_codes` returns `true` if the platform reads QR codes; `read_code` returns the text of
/// the code that the video inside an element shows now.
pub use current::{can_read_codes, read_code};
/// `copy` puts a text on the clipboard, and `share` hands a link to the system's share sheet. Both
/// return `false` if they fail or the person cancels.
pub use current::{can_share, copy, share};
/// `now` returns the wall-clock time in milliseconds since 1970. `utc_offset` and the formatters
/// turn such a time into local time.
pub use current::{format_date, format_time, now, utc_offset};
/// The fragment of the address: reads it, sets it in a new entry of the history, and reports its
/// changes.
pub use current::{fragment, fragment_changes, set_fragment};
/// `history_entry` returns the state of the current history entry, and `push_history_entry` adds an
/// entry at the same address. `go_back` goes back a number of entries: the browser does so later,
/// and reports it like a change of the fragment.
pub use current::{go_back, history_entry, push_history_entry};
/// `is_typing` returns `true` if a text field has the focus, and `is_composing` if a key belongs to
/// an input method that composes characters.
pub use current::{is_composing, is_typing};
/// The page's visibility, and its changes.
pub use current::{is_visible, visibility_changes};
/// `languages` returns the languages that the person reads, best first. `set_language` sets the
/// page's own, and `set_translatable` allows or forbids the browser to offer a translation.
pub use current::{languages, set_language, set_translatable};
/// The device's persistent store, with values under keys. A device that keeps nothing loses them at
/// the end of the visit. [`stored_changes`] reports the changes by other windows: the key, or
/// `None` for all keys.
pub use current::{load, remove_stored, store, stored_changes, stored_keys};
/// The store of this window, which lives as long as the window and is not shared with others.
pub use current::{load_for_window, store_for_window};
/// `on_leave` calls a function when the page goes away, as long as the listener is kept. `returns`
/// reports that the page came back from the browser's cache, in which it received no events.
pub use current::{on_leave, returns};
/// `set_title` sets the window's title, and `set_theme` sets `dark` or `light` in place of the
/// system's theme.
pub use current::{set_theme, set_title};

/// A key that was pressed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    /// The character that the key writes, or the key's name (`KeyboardEvent.key`).
    pub text: String,
    /// The key's position, named after an English keyboard, such as `KeyM` (`KeyboardEvent.code`).
    pub code: String,
}

/// The form in which a date is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DateStyle {
    /// Day and month.
    Short,
    /// With the day of the week.
    Long,
    /// With the year.
    Year,
}

/// The scroll position of an element, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    pub top: f64,
    pub height: f64,
    pub visible: f64,
}

impl Scroll {
    /// Returns `true` if the end is in sight, or nearly.
    pub fn is_at_end(self) -> bool {
        self.height - self.top - self.visible < 48.0
    }
}
