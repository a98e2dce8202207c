//! The browsers that people sit at, and what hands and eyes do with any of them.

mod bidi;
mod chromium;
mod command;
mod driver;
mod firefox;
mod process;

use fantoccini::key::Key;
use serde_json::Value;

use self::chromium::Chromium;
pub(crate) use self::command::devtools;
use self::firefox::Firefox;
use crate::setup::{Program, Setup, Theme};

/// A window of a browser.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Window(String);

/// Why a click did not hit.
pub(crate) enum Missed {
    /// Something lies over the element.
    Covered(String),
    /// It is not there, or not to be seen, so far.
    NotThere(String),
}

/// A running browser. Dropping it ends it.
pub(crate) enum Browser {
    Chromium(Chromium),
    Firefox(Firefox),
}

/// Does the same with whichever browser it is.
macro_rules! each {
    ($browser:expr, $it:ident => $act:expr) => {
        match $browser {
            Browser::Chromium($it) => $act,
            Browser::Firefox($it) => $act,
        }
    };
}

impl Browser {
    pub(crate) async fn start(setup: &Setup) -> Self {
        match setup.program {
            Program::Chromium | Program::PlainChromium => {
                Self::Chromium(Chromium::start(setup).await)
            }
            Program::Firefox => Self::Firefox(Firefox::start(setup).await),
        }
    }

    /// For what can be asked of Chromium alone.
    pub(crate) fn chromium(&self) -> &Chromium {
        match self {
            Self::Chromium(chromium) => chromium,
            Self::Firefox(_) => panic!("this can be asked of Chromium alone"),
        }
    }

    /// Runs a function's body and gives what it returns.
    pub(crate) async fn run(&self, script: &str) -> Result<Value, String> {
        each!(self, it => it.run(script).await)
    }

    /// The same for a script that calls its last argument in the end.
    pub(crate) async fn run_async(&self, script: &str) -> Result<Value, String> {
        each!(self, it => it.run_async(script).await)
    }

    /// Runs a script before every page of this window.
    pub(crate) async fn run_before_pages(&self, script: &str) {
        each!(self, it => it.run_before_pages(script).await);
    }

    pub(crate) async fn open(&self, address: &str) -> Result<(), String> {
        each!(self, it => it.open(address).await)
    }

    pub(crate) async fn reload(&self) -> Result<(), String> {
        each!(self, it => it.reload().await)
    }

    pub(crate) async fn address(&self) -> Result<String, String> {
        each!(self, it => it.address().await)
    }

    pub(crate) async fn picture(&self) -> Result<Vec<u8>, String> {
        each!(self, it => it.picture().await)
    }

    /// Clicks as a pointer does.
    pub(crate) async fn click(&self, selector: &str) -> Result<(), Missed> {
        each!(self, it => it.click(selector).await)
    }

    /// Writes into a field after emptying it.
    pub(crate) async fn write(&self, selector: &str, text: &str) -> Result<(), String> {
        each!(self, it => it.write(selector, text).await)
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, key: Key) -> Result<(), String> {
        each!(self, it => it.press(key).await)
    }

    pub(crate) async fn resize(&self, size: (u32, u32)) {
        each!(self, it => it.resize(size).await);
    }

    pub(crate) async fn set_theme(&self, theme: Theme) {
        each!(self, it => it.set_theme(theme).await);
    }

    /// Another window, in front of this one.
    pub(crate) async fn open_window(&self) -> Window {
        Window(each!(self, it => it.open_window().await))
    }

    pub(crate) async fn window(&self) -> Window {
        Window(each!(self, it => it.window().await))
    }

    pub(crate) async fn go_to_window(&self, window: &Window) {
        each!(self, it => it.go_to_window(&window.0).await);
    }

    /// The errors that pages wrote to their consoles since this was last asked.
    pub(crate) async fn errors(&self) -> Vec<String> {
        each!(self, it => it.errors().await)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&self) {
        each!(self, it => it.kill());
    }
}
