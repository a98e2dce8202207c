//! Firefox, over WebDriver BiDi: it needs no driver.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::key::Key;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::Missed;
use super::bidi::Bidi;
use super::driver::STARTS_WITHIN;
use super::process::{self, Process};
use crate::place;
use crate::setup::{Setup, Theme};
use crate::waiting::quoted;

/// The script for the point at which a pointer hits an element: the middle of its visible part.
const MIDDLE: &str = "
const one = document.querySelector(SELECTOR);
if (!one) return { missing: 'there is no such element' };
one.scrollIntoView({ behavior: 'instant', block: 'nearest', inline: 'nearest' });
const box = one.getBoundingClientRect();
const middle = (from, to, most) => Math.floor((Math.max(from, 0) + Math.min(to, most)) / 2);
const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
const hit = document.elementFromPoint(x, y);
if (!hit || box.width === 0 || box.height === 0) return { missing: 'it is not in sight' };
if (!one.contains(hit)) return { covered: hit.outerHTML.slice(0, 160) };
return { x, y };
";

/// The error that Firefox logs for every page that is left with an open WebSocket.
const LEFT_WITH_SOCKET: &str = "was interrupted while the page was loading";

pub(crate) struct Firefox {
    bidi: Bidi,
    /// The open windows; commands go to the last one.
    windows: Mutex<Vec<String>>,
    process: Process,
    /// Killed by tokio on drop.
    _child: Child,
}

impl Firefox {
    pub(super) async fn start(setup: &Setup) -> Self {
        let profile = process::profile();
        let preferences =
            setup
                .preferences()
                .into_iter()
                .fold(String::new(), |mut text, (name, value)| {
                    // Writing to a text does not fail.
                    let _ = writeln!(text, "user_pref({}, {value});", quoted(name));
                    text
                });
        std::fs::write(profile.path().join("user.js"), preferences).expect("the profile");
        let launched = timeout(STARTS_WITHIN, launch(profile.path())).await;
        let (child, address) = launched.expect("Firefox says in time where it listens");
        let process = Process::new(child.id().expect("Firefox runs"), profile);
        let bidi = Bidi::connect(&format!("{address}/session")).await;
        let tree = bidi.ask("browsingContext.getTree", json!({})).await;
        let tree = tree.expect("the browser's windows");
        let first = tree["contexts"][0]["context"].as_str().expect("a window");
        Self {
            bidi,
            windows: Mutex::new(vec![first.to_owned()]),
            process,
            _child: child,
        }
    }

    fn windows(&self) -> MutexGuard<'_, Vec<String>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the window to which commands go.
    fn current(&self) -> String {
        self.windows().last().expect("there is one").clone()
    }

    /// Sends a command for the current window.
    async fn ask(&self, method: &str, mut parameters: Value) -> Result<Value, String> {
        parameters["context"] = self.current().into();
        self.bidi.ask(method, parameters).await
    }

    /// Calls a JavaScript function that returns a promise, and returns the promise's value.
    async fn call(&self, function: &str) -> Result<Value, String> {
        let answer = self.bidi.ask(
            "script.callFunction",
            json!({
                // What comes back is far simpler as text than as BiDi's own form of values.
                "functionDeclaration":
                    format!("async () => JSON.stringify((await ({function})()) ?? null)"),
                "awaitPromise": true,
                "target": { "context": self.current() },
            }),
        );
        let answer = answer.await?;
        match answer["type"].as_str() {
            Some("success") => {
                let text = answer["result"]["value"].as_str().ok_or("no text")?;
                serde_json::from_str(text).map_err(|error| error.to_string())
            }
            _ => Err(answer["exceptionDetails"]["text"].to_string()),
        }
    }

    pub(super) async fn run(&self, script: &str) -> Result<Value, String> {
        self.call(&format!("function () {{ {script}\n }}")).await
    }

    pub(super) async fn run_async(&self, script: &str) -> Result<Value, String> {
        let function = format!(
            "() => new Promise((done) => (function () {{ {script}\n }}).call(window, done))"
        );
        self.call(&function).await
    }

    pub(super) async fn run_before_pages(&self, script: &str) {
        let function = format!("() => {{ {script}\n }}");
        let parameters = json!({ "functionDeclaration": function, "contexts": [self.current()] });
        let added = self.bidi.ask("script.addPreloadScript", parameters).await;
        added.expect("a script before every page");
    }

    pub(super) async fn open(&self, address: &str) -> Result<(), String> {
        let parameters = json!({ "url": address, "wait": "complete" });
        let opened = self.ask("browsingContext.navigate", parameters).await;
        opened.map(drop)
    }

    pub(super) async fn reload(&self) -> Result<(), String> {
        let parameters = json!({ "wait": "complete" });
        let loaded = self.ask("browsingContext.reload", parameters).await;
        loaded.map(drop)
    }

    pub(super) async fn address(&self) -> Result<String, String> {
        let address = self.run("return location.href;").await?;
        Ok(address.as_str().unwrap_or_default().to_owned())
    }

    pub(super) async fn picture(&self) -> Result<Vec<u8>, String> {
        let taken = self
            .ask("browsingContext.captureScreenshot", json!({}))
            .await?;
        let data = taken["data"].as_str().unwrap_or_default();
        STANDARD.decode(data).map_err(|error| error.to_string())
    }

    pub(super) async fn click(&self, selector: &str) -> Result<(), Missed> {
        let there = MIDDLE.replace("SELECTOR", &quoted(selector));
        let there = self.run(&there).await.map_err(Missed::NotThere)?;
        if let Some(cover) = there["covered"].as_str() {
            return Err(Missed::Covered(cover.to_owned()));
        }
        if let Some(reason) = there["missing"].as_str() {
            return Err(Missed::NotThere(reason.to_owned()));
        }
        let actions = json!([
            { "type": "pointerMove", "x": there["x"], "y": there["y"] },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.perform(mouse).await.map_err(Missed::NotThere)
    }

    pub(super) async fn write(&self, selector: &str, text: &str) -> Result<(), String> {
        let selector = quoted(selector);
        self.run(&format!(
            "const field = document.querySelector({selector}); field.focus(); field.select();"
        ))
        .await?;
        let backspace = char::from(Key::Backspace).to_string();
        let keys = std::iter::once(backspace).chain(text.chars().map(String::from));
        self.type_in(keys).await
    }

    pub(super) async fn press(&self, key: Key) -> Result<(), String> {
        self.type_in(std::iter::once(char::from(key).to_string()))
            .await
    }

    async fn type_in(&self, keys: impl Iterator<Item = String>) -> Result<(), String> {
        let strokes = |key: String| {
            ["keyDown", "keyUp"].map(|stroke| json!({ "type": stroke, "value": key }))
        };
        let actions: Vec<Value> = keys.flat_map(strokes).collect();
        self.perform(json!({ "type": "key", "id": "keyboard", "actions": actions }))
            .await
    }

    async fn perform(&self, source: Value) -> Result<(), String> {
        let parameters = json!({ "actions": [source] });
        let performed = self.ask("input.performActions", parameters).await;
        performed.map(drop)
    }

    pub(super) async fn resize(&self, (width, height): (u32, u32)) {
        let parameters =
            json!({ "viewport": { "width": width, "height": height }, "devicePixelRatio": 1 });
        let resized = self.ask("browsingContext.setViewport", parameters).await;
        resized.expect("the page has another size");
    }

    #[allow(clippy::unused_async, reason = "as for Chromium")]
    pub(super) async fn set_theme(&self, _theme: Theme) {
        // It has the theme of its setup: BiDi has no command for that in Firefox 140.
    }

    pub(super) async fn open_window(&self) -> String {
        let opened = self
            .bidi
            .ask("browsingContext.create", json!({ "type": "tab" }));
        let opened = opened.await.expect("another window");
        let window = opened["context"].as_str().expect("its name").to_owned();
        self.windows().push(window.clone());
        window
    }

    #[allow(clippy::unused_async, reason = "as for Chromium")]
    pub(super) async fn window(&self) -> String {
        self.current()
    }

    pub(super) async fn go_to_window(&self, window: &str) {
        {
            let mut windows = self.windows();
            let place = windows.iter().position(|known| known == window);
            let there = windows.remove(place.expect("the window is there"));
            windows.push(there);
        }
        let activated = self.ask("browsingContext.activate", json!({})).await;
        activated.expect("the window is in front");
    }

    #[allow(clippy::unused_async, reason = "as for Chromium")]
    pub(super) async fn errors(&self) -> Vec<String> {
        let windows = self.windows().clone();
        let mut errors = self.bidi.take_errors(&windows);
        errors.retain(|error| !error.contains(LEFT_WITH_SOCKET));
        errors
    }

    pub(super) fn kill(&self) {
        self.process.kill();
    }
}

/// Starts Firefox. Returns the address at which it accepts a session.
async fn launch(profile: &Path) -> (Child, String) {
    let program = place::program("PARLOR_FIREFOX", "firefox-esr");
    let mut child = Command::new(&program)
        .args(["--headless", "--no-remote", "--new-instance"])
        .args(["--remote-debugging-port", "0", "--profile"])
        .arg(profile)
        // Nothing of whoever runs the tests is read or changed.
        .env("HOME", profile)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}): name it in PARLOR_FIREFOX",
                program.display()
            )
        });
    let output = child.stderr.take().expect("the output is piped");
    let address = process::first_line(output, |line| {
        let address = line.strip_prefix("WebDriver BiDi listening on ")?;
        Some(address.trim().to_owned())
    });
    let address = address.await;
    (
        child,
        address.expect("Firefox ended before it said where it listens"),
    )
}
