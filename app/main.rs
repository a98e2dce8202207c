//! The Parlor app: rooms with chat and calls, in a browser now and on other screens later.
//!
//! `state/` holds the app's state and is the only part that talks to the engine; `views/` are the
//! screens and `components/` their building blocks; `platform/` and `video/` are the only parts
//! that know whether this is a browser.
#![cfg_attr(
    not(feature = "web"),
    allow(
        dead_code,
        reason = "without a renderer nothing is shown, but everything is compiled"
    )
)]
#![allow(
    unreachable_pub,
    reason = "in a program, `pub` is what a module gives to its neighbours"
)]
#![allow(unused_qualifications, reason = "`rsx!` writes them for every event")]

mod app;
mod components;
mod i18n;
mod platform;
mod route;
mod state;
mod theme;
mod video;
mod views;

#[cfg(feature = "web")]
fn main() {
    dioxus::launch(app::App);
}

#[cfg(not(feature = "web"))]
#[allow(
    clippy::disallowed_macros,
    reason = "this sentence is for the person at the terminal"
)]
fn main() {
    println!(
        "Parlor runs in a browser: start it with `cargo xtask serve` and open the address that it prints."
    );
}
