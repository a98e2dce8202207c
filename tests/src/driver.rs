//! A chromedriver of our own, and the browser that it starts.

use std::path::PathBuf;
use std::process::{Command as BlockingCommand, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::place;
use crate::setup::Setup;

/// A loaded machine takes its time to start a browser.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

const REMOVALS: usize = 60;
/// After so many looks it does not come back.
const STAYS_ABSENT: usize = 8;
const BETWEEN_REMOVALS: Duration = Duration::from_millis(50);

/// The processes behind a person, ended with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Killed by tokio on drop.
    _process: Child,
    browser: u32,
    is_killed: AtomicBool,
    /// Removed on drop.
    profile: TempDir,
}

impl Driver {
    pub(crate) async fn start(setup: &Setup) -> (Self, Client) {
        let profile = TempDir::with_prefix("parlor-test-").expect("a folder for the profile");
        let path = place::program("PARLOR_CHROMEDRIVER", "chromedriver");
        let (process, port) = timeout(STARTS_WITHIN, launch(&path))
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
        let driver = Self {
            _process: process,
            browser: browser.expect("chromedriver tells the browser's process"),
            is_killed: AtomicBool::new(false),
            profile,
        };
        (driver, client)
    }

    /// Ends the browser as a power cut would: nothing is said to anybody.
    pub(crate) fn kill_browser(&self) {
        // Later its id may be that of another process.
        if self.is_killed.swap(true, Ordering::Relaxed) {
            return;
        }
        // Its pages and services end with it: they lose the pipe to it.
        let killed = BlockingCommand::new("kill")
            .args(["-KILL", &self.browser.to_string()])
            .stderr(Stdio::null())
            .status();
        killed.expect("there is a kill program");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.kill_browser();
        // Processes of the browser write until they notice that it is gone: the folder cannot be
        // removed then, or comes back.
        let mut absent = 0;
        for _ in 0..REMOVALS {
            let _ = std::fs::remove_dir_all(self.profile.path());
            absent = if self.profile.path().exists() {
                0
            } else {
                absent + 1
            };
            if absent == STAYS_ABSENT {
                return;
            }
            std::thread::sleep(BETWEEN_REMOVALS);
        }
    }
}

async fn launch(path: &PathBuf) -> (Child, u16) {
    let mut process = Command::new(path)
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
    let output = process.stdout.take().expect("the output is piped");
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await.expect("the output is text") {
        let port = line.split("started successfully on port ").nth(1);
        if let Some(port) = port.and_then(|rest| rest.trim_end_matches('.').parse().ok()) {
            // What it says later is thrown away, but read, so that it never waits for us.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (process, port);
        }
    }
    panic!("chromedriver ended before it named its port")
}
