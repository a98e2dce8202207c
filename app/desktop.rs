//! The window of the desktop app.

use dioxus::LaunchBuilder;
use dioxus::desktop::{Config, LogicalSize, WindowBuilder, icon_from_memory};

use crate::app::App;
use crate::platform;

/// The smallest phone that the styles are made for.
const LEAST: LogicalSize<f64> = LogicalSize::new(320.0, 480.0);
const FIRST: LogicalSize<f64> = LogicalSize::new(1_080.0, 760.0);

const ICON: &[u8] = include_bytes!("../assets/icon-192.png");
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/main.css"));

/// Opens the window and stays until it is closed.
pub fn launch() {
    let mut window = WindowBuilder::new()
        .with_title("Parlor")
        .with_inner_size(FIRST)
        .with_min_inner_size(LEAST);
    match icon_from_memory(ICON) {
        Ok(icon) => window = window.with_window_icon(Some(icon)),
        Err(error) => tracing::warn!(%error, "the window has no icon"),
    }
    let mut config = Config::new()
        .with_window(window)
        .with_custom_index(page())
        .with_disable_context_menu(false);
    // On macOS, copy and paste work only with the entries of a menu.
    if !cfg!(target_os = "macos") {
        config = config.with_menu(None);
    }
    LaunchBuilder::desktop().with_cfg(config).launch(App);
}

/// What `app/index.html` is in a browser. Dioxus adds what loads the app.
fn page() -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parlor</title>
<meta name="color-scheme" content="light dark">
<style>{STYLES}</style>
<script>{script}</script>
</head>
<body>
<div id="main"></div>
</body>
</html>
"#,
        script = platform::SCRIPT
    )
}
