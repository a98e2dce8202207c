//! Parlor as people use it: Chromium and Firefox with fake cameras and microphones, the real
//! server, and functions for the actions and observations of a person. Engines without a browser
//! get a real TURN server.
//!
//! ```no_run
//! # async fn example() {
//! use parlor_tests::play;
//!
//! play(2, async |stage| {
//!     let ada = stage.person("Ada").await;
//!     let link = ada.make_room().await;
//!     let ben = stage.person("Ben").await;
//!     ben.arrive(&link).await;
//! })
//! .await;
//! # }
//! ```
//!
//! Every wait is for a condition, with a deadline; one that is missed leaves a screenshot in
//! `<target>/test-artifacts`. A play fails at its end if any page wrote an error to its console or
//! violated its content security policy.

#![allow(
    clippy::missing_panics_doc,
    reason = "a test's tools fail by panicking"
)]

mod access;
mod acting;
mod browser;
mod browsing;
mod calling;
mod faulty;
mod memory;
mod person;
mod place;
mod probe;
mod receiving;
mod server;
mod setup;
mod stage;
mod translating;
mod turn;
mod waiting;
mod wire;

pub use browser::Window;
pub use faulty::{Fault, FaultyWay, Part};
pub use memory::Held;
pub use person::Person;
pub use place::{artifacts, contract_site, has_firefox, node, node_packages, verdicts};
pub use receiving::{Picture, Stream};
pub use server::RunningServer;
pub use setup::{Addresses, Devices, Honesty, Program, Setup, Theme};
pub use stage::{Stage, play, play_on};
pub use turn::Turn;
pub use waiting::{BRIEF, LONG, SOON};
pub use wire::Wire;
