//! Looking at a page until something is so.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::person::Person;

/// What the page does by itself.
pub const BRIEF: Duration = Duration::from_secs(5);
/// What needs others and the network, on a machine that is busy.
pub const SOON: Duration = Duration::from_secs(20);
/// What has a long timeout of its own.
pub const LONG: Duration = Duration::from_secs(75);

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(60);

impl Person {
    /// Runs a script's function body and reads what it returns.
    pub async fn look<T: DeserializeOwned>(&self, script: &str) -> Result<T, String> {
        read(self.browser().run(script).await?)
    }

    /// The same for a script that calls its last argument in the end.
    pub async fn look_async<T: DeserializeOwned>(&self, script: &str) -> Result<T, String> {
        read(self.browser().run_async(script).await?)
    }

    /// Waits until a JavaScript expression is true.
    pub async fn wait_until(&self, what: &str, expression: &str, within: Duration) {
        let script = format!("return !!({expression});");
        self.eventually(what, within, async || match self.look(&script).await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it is not so".to_owned()),
            Err(error) => Err(error),
        })
        .await;
    }

    /// Looks until there is a value; the last reason for none is told when time is over.
    pub async fn eventually<T>(
        &self,
        what: &str,
        within: Duration,
        mut look: impl AsyncFnMut() -> Result<T, String>,
    ) -> T {
        let end = Instant::now() + within;
        loop {
            let reason = match look().await {
                Ok(value) => return value,
                Err(reason) => reason,
            };
            if Instant::now() >= end {
                let picture = self.picture("waiting").await;
                panic!(
                    "{} waited {} s for {what}: {reason} (picture: {picture})",
                    self.name(),
                    within.as_secs(),
                );
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Fails if a JavaScript expression becomes false before the time is over.
    pub async fn stays(&self, what: &str, expression: &str, during: Duration) {
        let script = format!("return !!({expression});");
        let end = Instant::now() + during;
        while Instant::now() < end {
            let is_so: bool = self.look(&script).await.expect("the page answers");
            assert!(is_so, "{}: no longer {what}", self.name());
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits for the element of that test id, and for a little more about it in CSS.
    pub async fn wait_for(&self, selector: &str, within: Duration) {
        let expression = format!("document.querySelector({})", quoted(&css(selector)));
        self.wait_until(selector, &expression, within).await;
    }

    /// Waits until there is no such element.
    pub async fn wait_gone(&self, selector: &str, within: Duration) {
        let expression = format!("!document.querySelector({})", quoted(&css(selector)));
        self.wait_until(&format!("no {selector}"), &expression, within)
            .await;
    }

    /// Whether there is such an element now.
    pub async fn sees_now(&self, selector: &str) -> bool {
        let script = format!(
            "return !!document.querySelector({});",
            quoted(&css(selector))
        );
        self.look(&script).await.expect("the page answers")
    }

    /// Waits for the text of an element to contain some words.
    pub async fn reads(&self, selector: &str, words: &str, within: Duration) {
        let expression = format!(
            "[...document.querySelectorAll({})].some((one) => one.textContent.includes({}))",
            quoted(&css(selector)),
            quoted(words)
        );
        self.wait_until(&format!("{words:?} in {selector}"), &expression, within)
            .await;
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// `tile[data-muted="true"] video` means the element with the test id `tile` that has more.
pub(crate) fn css(selector: &str) -> String {
    let end = selector
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(selector.len());
    let (test, more) = selector.split_at(end);
    format!("[data-test=\"{test}\"]{more}")
}

/// As JavaScript writes it.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
