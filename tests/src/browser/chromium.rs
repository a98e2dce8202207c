//! Chromium, through its driver.

use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::Missed;
use super::command::{console, devtools};
use super::driver::Driver;
use crate::setup::{Setup, Theme};

pub(crate) struct Chromium {
    client: Client,
    driver: Driver,
}

/// Control and A, all keys up (WebDriver, section 15.4.2), Delete.
const SELECT_ALL_AND_DELETE: &str = "\u{e009}a\u{e000}\u{e017}";

impl Chromium {
    pub(super) async fn start(setup: &Setup) -> Self {
        let (driver, client) = Driver::start(setup).await;
        Self { client, driver }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        devtools(&self.client, command, parameters).await
    }

    /// Minimizes the window, which hides its page.
    pub(crate) async fn minimize(&self) {
        let minimized = self.client.minimize_window().await;
        minimized.expect("the window is out of sight");
    }

    /// Restores the window.
    pub(crate) async fn restore(&self) {
        let restored = self.client.set_window_rect(0, 0, 1_280, 900).await;
        restored.expect("the window is in sight");
    }

    pub(super) async fn run(&self, script: &str) -> Result<Value, String> {
        told(self.client.execute(script, Vec::new()).await)
    }

    pub(super) async fn run_async(&self, script: &str) -> Result<Value, String> {
        told(self.client.execute_async(script, Vec::new()).await)
    }

    pub(super) async fn run_before_pages(&self, script: &str) {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
    }

    pub(super) async fn open(&self, address: &str) -> Result<(), String> {
        told(self.client.goto(address).await)
    }

    pub(super) async fn reload(&self) -> Result<(), String> {
        told(self.client.refresh().await)
    }

    pub(super) async fn address(&self) -> Result<String, String> {
        told(self.client.current_url().await).map(Into::into)
    }

    pub(super) async fn picture(&self) -> Result<Vec<u8>, String> {
        told(self.client.screenshot().await)
    }

    pub(super) async fn click(&self, selector: &str) -> Result<(), Missed> {
        self.try_click(selector).await.map_err(|error| match error {
            CmdError::Standard(error) if error.error == ErrorStatus::ElementClickIntercepted => {
                Missed::Covered(error.message.into_owned())
            }
            error => Missed::NotThere(error.to_string()),
        })
    }

    async fn try_click(&self, selector: &str) -> Result<(), CmdError> {
        let element = self.client.find(Locator::Css(selector)).await?;
        let there = PointerAction::MoveToElement {
            element: element.clone(),
            duration: None,
            x: 0.0,
            y: 0.0,
        };
        let mouse = MouseActions::new("mouse".to_owned()).then(there);
        self.client.perform_actions(mouse).await?;
        element.click().await
    }

    pub(super) async fn write(&self, selector: &str, text: &str) -> Result<(), String> {
        let written = async {
            let field = self.client.find(Locator::Css(selector)).await?;
            // As people do it. WebDriver's own way changes the value without an `input` event, so
            // that a page which is drawn anew in that moment puts the old text back.
            field.send_keys(SELECT_ALL_AND_DELETE).await?;
            field.send_keys(text).await
        };
        told(written.await)
    }

    pub(super) async fn press(&self, key: Key) -> Result<(), String> {
        let pressed = async {
            let element = self.client.active_element().await?;
            element.send_keys(&char::from(key).to_string()).await
        };
        told(pressed.await)
    }

    pub(super) async fn resize(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    pub(super) async fn set_theme(&self, theme: Theme) {
        let feature = json!({ "name": "prefers-color-scheme", "value": theme.name() });
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [feature] }),
        )
        .await;
    }

    pub(super) async fn open_window(&self) -> String {
        let window = self.client.new_window(false).await;
        let window = window.expect("another window").handle;
        self.go_to_window(&String::from(window.clone())).await;
        window.into()
    }

    pub(super) async fn window(&self) -> String {
        self.client.window().await.expect("a window").into()
    }

    pub(super) async fn go_to_window(&self, window: &str) {
        let window = WindowHandle::try_from(window.to_owned()).expect("a window's name");
        let there = self.client.switch_to_window(window).await;
        there.expect("the window is there");
    }

    pub(super) async fn errors(&self) -> Vec<String> {
        let lines = console(&self.client).await.into_iter();
        let severe = lines.filter(|line| line.level == "SEVERE");
        severe.map(|line| line.message).collect()
    }

    pub(super) fn kill(&self) {
        self.driver.browser.kill();
    }
}

fn told<T>(result: Result<T, CmdError>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}
