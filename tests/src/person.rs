//! A person at a browser.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use fantoccini::Client;
use serde_json::{Value, json};

use crate::artifacts;
use crate::browser::{Browser, Window, devtools};
use crate::setup::{Devices, Setup, Theme};

/// A person at a browser of their own. Clones are the same person.
#[derive(Clone)]
pub struct Person(Arc<Inner>);

struct Inner {
    name: String,
    browser: Browser,
    origin: String,
    setup: Setup,
    /// Parts of the console errors that a test provokes.
    expected: Mutex<Vec<&'static str>>,
    is_dead: Mutex<bool>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Person").field(&self.0.name).finish()
    }
}

impl Person {
    pub(crate) async fn new(name: &str, origin: String, setup: Setup) -> Self {
        let browser = Browser::start(&setup).await;
        let person = Self(Arc::new(Inner {
            name: name.to_owned(),
            browser,
            origin,
            setup,
            expected: Mutex::default(),
            is_dead: Mutex::new(false),
        }));
        person.prepare_window().await;
        let permission = match setup.devices {
            Devices::Several => Some("granted"),
            // Without a screen there is nobody to ask, and Chromium would take that for a no.
            Devices::Asked => Some("prompt"),
            _ => None,
        };
        for device in ["camera", "microphone"] {
            if let Some(permission) = permission {
                person.set_permission(device, permission).await;
            }
        }
        person
    }

    /// Returns the name under which the others know this person.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn browser(&self) -> &Browser {
        &self.0.browser
    }

    /// Returns the client of Chromium's driver.
    pub(crate) fn client(&self) -> &Client {
        self.browser().chromium().client()
    }

    /// Returns the site's origin.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    async fn prepare_window(&self) {
        let before = self.0.setup.before();
        self.browser().run_before_pages(&before).await;
        self.resize(self.0.setup.size).await;
        self.set_theme(self.0.setup.theme).await;
    }

    /// Runs a command of the DevTools protocol, in Chromium alone.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        devtools(self.client(), command, parameters).await
    }

    /// Makes connections honest from the next page on, whatever the setup was.
    pub async fn tell_the_truth(&self) {
        self.browser()
            .run_before_pages("window.__honest = true;")
            .await;
    }

    /// Runs a script before the page's own, from the next page on.
    pub async fn runs_before_pages(&self, script: &str) {
        self.browser().run_before_pages(script).await;
    }

    /// Sets the wall clock ahead by these milliseconds, from the next page on.
    pub async fn set_clock(&self, ahead: i64) {
        let source = format!(
            "window.Date = class extends Date {{
                constructor(...parts) {{
                    super(...(parts.length ? parts : [new.target.now()]));
                }}
                static now() {{ return super.now() + ({ahead}); }}
            }};"
        );
        self.runs_before_pages(&source).await;
    }

    /// Turns JavaScript off, from the next page on.
    pub async fn turns_scripts_off(&self) {
        let off = json!({ "value": true });
        self.devtools("Emulation.setScriptExecutionDisabled", off)
            .await;
    }

    /// Makes the program that occupied this person's devices release them.
    pub async fn free_devices(&self) {
        let free = "window.__devices = undefined; return null;";
        let _: Option<bool> = self.look(free).await.expect("the page answers");
    }

    /// Allows the site `camera` or `microphone` in the browser's settings, or blocks it.
    pub async fn permit(&self, device: &str, is_allowed: bool) {
        let setting = if is_allowed { "granted" } else { "denied" };
        self.set_permission(device, setting).await;
    }

    async fn set_permission(&self, device: &str, setting: &str) {
        let permission = json!({
            "permission": { "name": device },
            "setting": setting,
            "origin": self.0.origin,
        });
        self.devtools("Browser.setPermission", permission).await;
    }

    /// Resizes the page, in pixels.
    pub async fn resize(&self, size: (u32, u32)) {
        self.browser().resize(size).await;
    }

    /// Changes the system's color scheme.
    pub async fn set_theme(&self, theme: Theme) {
        self.browser().set_theme(theme).await;
    }

    /// Minimizes the window, in Chromium alone. Its page is hidden until it is [shown](Self::show).
    pub async fn hide(&self) {
        self.browser().chromium().minimize().await;
    }

    /// Restores the window.
    pub async fn show(&self) {
        self.browser().chromium().restore().await;
    }

    /// Opens an address: a whole one, or a path of the site.
    pub async fn open(&self, address: &str) {
        let whole = if address.starts_with('/') {
            format!("{}{address}", self.0.origin)
        } else {
            address.to_owned()
        };
        let opened = self.browser().open(&whole).await;
        opened.unwrap_or_else(|error| panic!("{} cannot open {whole}: {error}", self.name()));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.browser().reload().await.expect("the page loads again");
    }

    /// Opens another window of the same browser and goes there.
    pub async fn open_window(&self) -> Window {
        let window = self.browser().open_window().await;
        self.prepare_window().await;
        window
    }

    /// Returns the window that this person looks at.
    pub async fn window(&self) -> Window {
        self.browser().window().await
    }

    /// Switches to another window.
    pub async fn go_to_window(&self, window: &Window) {
        self.browser().go_to_window(window).await;
    }

    /// Writes a screenshot of the page to a file.
    pub async fn screenshot(&self, path: &Path) {
        let picture = self.browser().picture().await;
        let picture = picture.expect("a picture of the page");
        std::fs::write(path, picture).expect("the picture can be written");
    }

    /// Writes a screenshot for the message of a failed test. Returns its path.
    pub(crate) async fn picture(&self, why: &str) -> String {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("test").replace("::", "-");
        let path = artifacts().join(format!("{test}-{}-{why}.png", self.name()));
        match self.browser().picture().await {
            Ok(picture) if std::fs::write(&path, &picture).is_ok() => path.display().to_string(),
            _ => "none".to_owned(),
        }
    }

    /// Allows console errors with these words, because the test provokes them.
    pub fn expect_errors(&self, words: &'static str) {
        self.0
            .expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(words);
    }

    /// Returns the unexpected errors on this person's pages.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        if *self
            .0
            .is_dead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            return Vec::new();
        }
        let errors = self.browser().errors().await;
        let expected = self
            .0
            .expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let unexpected = errors
            .into_iter()
            .filter(|message| !expected.iter().any(|words| message.contains(words)));
        unexpected
            .map(|message| format!("{}: {message}", self.name()))
            .collect()
    }

    /// Kills the browser, whatever it is doing.
    pub fn vanish(&self) {
        *self
            .0
            .is_dead
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.browser().kill();
    }
}
