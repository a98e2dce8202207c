//! The commands of chromedriver beyond the WebDriver standard.

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use url::{ParseError, Url};

#[derive(Debug)]
struct Beyond {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Beyond {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Runs a command of the DevTools protocol and returns its result.
pub(crate) async fn devtools(client: &Client, command: &str, parameters: Value) -> Value {
    let body = json!({ "cmd": command, "params": parameters });
    let path = "goog/cdp/execute";
    let answer = client.issue_cmd(Beyond { path, body }).await;
    answer.unwrap_or_else(|error| panic!("{command}: {error}"))
}

/// A line of a page's console.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ConsoleLine {
    pub(super) level: String,
    pub(super) message: String,
}

/// Returns the lines that pages wrote to the console since the last call, over reloads too.
pub(super) async fn console(client: &Client) -> Vec<ConsoleLine> {
    let body = json!({ "type": "browser" });
    let lines = client
        .issue_cmd(Beyond {
            path: "se/log",
            body,
        })
        .await;
    serde_json::from_value(lines.expect("the driver keeps a log")).expect("lines of a log")
}
