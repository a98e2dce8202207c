//! A page in a window of our own, which the app draws from another process or thread than the
//! page's: it can tell the page something at any time, and wait for answers.
//!
//! Not here yet, and honest about it: where a scrolled element stands, whether somebody is typing,
//! the ring, a screen that stays on, a share sheet, and a last word when the window is closed.

mod node;
mod page;

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dioxus::desktop::{DesktopContext, WeakDesktopContext};
use dioxus::document::{self, Eval};
use dioxus::prelude::try_consume_context;
use futures_util::FutureExt as _;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use super::address::{fragment, origin, server, set_fragment};
use super::kept::Kept;
use super::{DateStyle, dates};
pub use node::{Node, is_composing, is_typing};
pub use page::{copy, keys, set_language, set_theme, set_title};

/// The page's end.
pub const SCRIPT: &str = include_str!("bridge.js");

/// A page, as long as its window is open.
#[derive(Clone, Debug)]
struct Page(WeakDesktopContext);

impl Page {
    /// The page that the component, event or task that runs now belongs to.
    fn current() -> Option<Self> {
        let window = try_consume_context::<DesktopContext>()?;
        Some(Self(Rc::downgrade(&window)))
    }

    /// Calls one of the functions of `bridge.js`, without an answer.
    fn call(&self, function: &str, arguments: &[Value]) {
        let Some(window) = self.0.upgrade() else {
            return;
        };
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        let script = format!("parlor.{function}({})", arguments.join(", "));
        if let Err(error) = window.webview.evaluate_script(&script) {
            tracing::warn!(%error, function, "the page was not reached");
        }
    }
}

/// A number that the page knows something by.
fn next_key() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Things that happen in the page, in order.
pub struct Events<T> {
    listener: Option<Listener>,
    items: PhantomData<T>,
}

struct Listener {
    key: u32,
    page: Page,
    eval: Eval,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.page.call("stop", &[json!(self.key)]);
    }
}

impl<T: DeserializeOwned> Events<T> {
    /// What a function of `bridge.js` sends.
    fn of(function: &str) -> Self {
        let Some(page) = Page::current() else {
            return Self::never();
        };
        let key = next_key();
        let eval = document::eval(&format!("return parlor.{function}({key}, dioxus)"));
        Self {
            listener: Some(Listener { key, page, eval }),
            items: PhantomData,
        }
    }

    fn never() -> Self {
        Self {
            listener: None,
            items: PhantomData,
        }
    }

    pub async fn next(&mut self) -> Option<T> {
        match &mut self.listener {
            Some(listener) => listener.eval.recv().await.ok(),
            None => std::future::pending().await,
        }
    }

    /// What has happened already.
    pub fn try_next(&mut self) -> Option<T> {
        self.listener.as_mut()?.eval.recv().now_or_never()?.ok()
    }
}

pub fn fragment_changes() -> Events<()> {
    Events::never()
}

fn kept() -> Option<Kept> {
    Some(Kept::in_folder(dirs::data_dir()?.join("parlor")))
}

pub fn load(key: &str) -> Option<String> {
    kept()?.load(key)
}

pub fn store(key: &str, value: &str) {
    let Some(kept) = kept() else { return };
    if let Err(error) = kept.store(key, value) {
        tracing::warn!(%error, key, "nothing was kept");
    }
}

pub fn languages() -> Vec<String> {
    sys_locale::get_locales().collect()
}

pub fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub fn utc_offset(at: u64) -> i32 {
    dates::utc_offset(&TimeZone::system(), at)
}

pub fn format_time(at: u64, language: &str) -> String {
    dates::time(&TimeZone::system(), at, language)
}

pub fn format_date(at: u64, language: &str, style: DateStyle) -> String {
    dates::date(&TimeZone::system(), at, language, style)
}

pub async fn sleep(milliseconds: u32) {
    tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
}

pub fn can_share() -> bool {
    false
}

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn share(_title: &str, _link: &str) -> bool {
    false
}

#[derive(Debug)]
pub struct Leaving;

pub fn on_leave(_action: impl Fn() + 'static) -> Option<Leaving> {
    None
}

#[derive(Debug)]
pub struct Awake;

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn stay_awake() -> Option<Awake> {
    None
}

#[derive(Debug)]
pub struct Ring;

impl Ring {
    pub fn start() -> Option<Self> {
        None
    }
}

/// A program has one window.
#[derive(Debug)]
pub struct Tabs;

impl Tabs {
    pub fn open() -> Option<Self> {
        None
    }

    pub fn say(&self, _word: &str) {}

    pub fn words(&self) -> Events<String> {
        Events::never()
    }
}

pub fn can_choose_speaker() -> bool {
    false
}
