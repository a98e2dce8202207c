//! The browsers of the tests, and the actions that all of them share.

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

/// The reason for which a click missed its element.
pub(crate) enum Missed {
    /// Another element covers this one.
    Covered(String),
    /// The element does not exist, or is not visible, yet.
    NotThere(String),
}

/// A running browser, which ends when this value is dropped.
pub(crate) enum Browser {
    Chromium(Chromium),
    Firefox(Firefox),
}

/// Evaluates an expression with either browser.
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

    /// Returns the Chromium. Panics for any other browser.
    pub(crate) fn chromium(&self) -> &Chromium {
        match self {
            Self::Chromium(chromium) => chromium,
            Self::Firefox(_) => panic!("this can be asked of Chromium alone"),
        }
    }

    /// Runs the body of a function and returns its result.
    pub(crate) async fn run(&self, script: &str) -> Result<Value, String> {
        each!(self, it => it.run(script).await)
    }

    /// Runs the body of a function that passes its result to the callback in its last argument.
    pub(crate) async fn run_async(&self, script: &str) -> Result<Value, String> {
        each!(self, it => it.run_async(script).await)
    }

    /// Runs a script in every later page of this window, before the page's own scripts.
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

    /// Opens another window, in front of this one.
    pub(crate) async fn open_window(&self) -> Window {
        Window(each!(self, it => it.open_window().await))
    }

    pub(crate) async fn window(&self) -> Window {
        Window(each!(self, it => it.window().await))
    }

    pub(crate) async fn go_to_window(&self, window: &Window) {
        each!(self, it => it.go_to_window(&window.0).await);
    }

    /// Returns the errors that pages wrote to their consoles since the last call.
    pub(crate) async fn errors(&self) -> Vec<String> {
        each!(self, it => it.errors().await)
    }

    /// Ends the browser as a power cut would.
    pub(crate) fn kill(&self) {
        each!(self, it => it.kill());
    }
}
