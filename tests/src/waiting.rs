//! Waits until a condition holds on a page.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::person::Person;

/// The deadline for effects of the page alone.
pub const BRIEF: Duration = Duration::from_secs(5);
/// The deadline for effects that need other people and the network, on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);
/// The deadline for effects behind a long timeout.
pub const LONG: Duration = Duration::from_secs(75);

/// The interval between two looks at a page. WebDriver reports no changes, so a wait has to poll.
const LOOK_AGAIN: Duration = Duration::from_millis(60);

impl Person {
    /// Runs the body of a function on the page and returns its result.
    pub async fn look<T: DeserializeOwned>(&self, script: &str) -> Result<T, String> {
        read(self.browser().run(script).await?)
    }

    /// Runs the body of a function that passes its result to the callback in its last argument.
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

    /// Calls `look` until it returns a value. Panics with its last error after the deadline.
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

    /// Fails if a JavaScript expression becomes false within this time.
    pub async fn stays(&self, what: &str, expression: &str, during: Duration) {
        let script = format!("return !!({expression});");
        let end = Instant::now() + during;
        while Instant::now() < end {
            let is_so: bool = self.look(&script).await.expect("the page answers");
            assert!(is_so, "{}: no longer {what}", self.name());
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits for an element by its test id, which more CSS may follow.
    pub async fn wait_for(&self, selector: &str, within: Duration) {
        let expression = format!("document.querySelector({})", quoted(&css(selector)));
        self.wait_until(selector, &expression, within).await;
    }

    /// Waits until no such element exists.
    pub async fn wait_gone(&self, selector: &str, within: Duration) {
        let expression = format!("!document.querySelector({})", quoted(&css(selector)));
        self.wait_until(&format!("no {selector}"), &expression, within)
            .await;
    }

    /// Returns `true` if there is such an element now.
    pub async fn sees_now(&self, selector: &str) -> bool {
        let script = format!(
            "return !!document.querySelector({});",
            quoted(&css(selector))
        );
        self.look(&script).await.expect("the page answers")
    }

    /// Waits until the text of an element contains some words.
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

/// Turns a test id, which more CSS may follow, into a selector: in `tile[data-muted="true"] video`,
/// `tile` is the test id.
pub(crate) fn css(selector: &str) -> String {
    let end = selector
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(selector.len());
    let (test, more) = selector.split_at(end);
    format!("[data-test=\"{test}\"]{more}")
}

/// Returns a text as a JavaScript literal.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
