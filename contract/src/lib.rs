//! What the engine promises, as behaviours that run the same on every platform.
//!
//! Each behaviour uses two engines and nothing but the public API. The ids `E`, `D`, `I`, `M`, `W`,
//! `IO` and `R` stand for what one of the tests of Ktor's WebRTC client pins; `N` are what no test
//! of theirs covers. [`all`] lists them, [`Behaviour::run`] runs one; what runs them gives the
//! deadline. `docs/conformance.md` is written from such runs.

#![allow(
    clippy::unused_async,
    reason = "every behaviour is asynchronous, also one that waits for nothing"
)]

mod channels;
mod connections;
mod faults;
mod iterating;
mod messages;
mod negotiating;
mod samples;
mod sections;
mod stage;
mod statistics;
mod tracks;
mod ways;
#[cfg(target_arch = "wasm32")]
mod web;

pub use stage::{Outcome, Pair, Reason};

use stage::Run;

/// Something that the engine promises.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// Names it in the table.
    pub id: &'static str,
    /// What is promised, in one sentence.
    pub title: &'static str,
    run: Run,
}

impl Behaviour {
    const fn new(id: &'static str, title: &'static str, run: Run) -> Self {
        Self { id, title, run }
    }

    /// Tries it with two engines of its own. May never come to an end: set a deadline.
    pub async fn run(&self, pair: Pair) -> Outcome {
        (self.run)(pair).await
    }
}

impl std::fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Behaviour").field(&self.id).finish()
    }
}

/// All of them, in the order of the table.
pub fn all() -> Vec<Behaviour> {
    let groups: [&[Behaviour]; 11] = [
        connections::BEHAVIOURS,
        statistics::BEHAVIOURS,
        channels::BEHAVIOURS,
        messages::BEHAVIOURS,
        iterating::BEHAVIOURS,
        tracks::BEHAVIOURS,
        sections::BEHAVIOURS,
        samples::BEHAVIOURS,
        negotiating::BEHAVIOURS,
        ways::BEHAVIOURS,
        faults::BEHAVIOURS,
    ];
    groups.into_iter().flatten().copied().collect()
}
