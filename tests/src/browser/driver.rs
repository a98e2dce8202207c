//! A chromedriver for one Chromium, and that Chromium.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::process::{self, Process};
use crate::place;
use crate::setup::Setup;

/// The time within which a browser must start, which a loaded machine does slowly.
pub(super) const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// How often chromedriver is started. Ports of one IP version are seldom taken by the other.
const TRIES: u32 = 5;

/// The processes of a Chromium and its driver, which end with this value.
#[derive(Debug)]
pub(super) struct Driver {
    /// Killed by tokio on drop.
    _process: Child,
    pub(super) browser: Process,
}

impl Driver {
    pub(super) async fn start(setup: &Setup) -> (Self, Client) {
        let profile = process::profile();
        let path = place::program("PARLOR_CHROMEDRIVER", "chromedriver");
        let (driver, port) = timeout(STARTS_WITHIN, launch(&path))
            .await
            .expect("chromedriver says in time on which port it is");
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(setup.capabilities(profile.path()));
        let client = timeout(STARTS_WITHIN, builder.connect(&address))
            .await
            .expect("Chromium starts in time")
            .expect("Chromium starts");
        let browser = client
            .capabilities()
            .and_then(|given| given.get("goog:processID"));
        let browser = browser.and_then(serde_json::Value::as_u64);
        let browser = browser.and_then(|id| id.try_into().ok());
        let browser = browser.expect("chromedriver tells the browser's process");
        let driver = Self {
            _process: driver,
            browser: Process::new(browser, profile),
        };
        (driver, client)
    }
}

/// Starts chromedriver. It listens at one port of both IP versions, chosen by the system for one of
/// them, and ends where the other's is taken: so it is started again.
async fn launch(path: &Path) -> (Child, u16) {
    for _ in 0..TRIES {
        if let Some(launched) = try_launch(path).await {
            return launched;
        }
    }
    panic!("chromedriver ended before it named its port, {TRIES} times");
}

async fn try_launch(path: &Path) -> Option<(Child, u16)> {
    let mut driver = Command::new(path)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}): name it in PARLOR_CHROMEDRIVER",
                path.display()
            )
        });
    let output = driver.stdout.take().expect("the output is piped");
    let port = process::first_line(output, |line| {
        let port = line.split("started successfully on port ").nth(1)?;
        port.trim_end_matches('.').parse().ok()
    });
    Some((driver, port.await?))
}
