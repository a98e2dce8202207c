//! Compares the speed of the engine with that of its foundation: the `webrtc` crate, or the
//! browser's own `RTCPeerConnection`. Both are measured in the same run, in turns, so that a busy
//! machine slows both; the result is their ratio.
//!
//! `cargo xtask bench` runs it; the results are in `docs/performance.md`.

mod engine;
mod meter;
#[cfg(target_arch = "wasm32")]
mod page;
mod plan;
mod report;

pub use engine::{Pair, receive, send};
pub use meter::Meter;
pub use plan::{
    HIGH_WATER, LOW_WATER, MEASURED, PAUSE, ROUNDS, SET_UP_GOAL, SET_UPS, SIZES, THROUGHPUT_GOAL,
    WARM_UP, WEB_ROUNDS, WEB_SET_UPS,
};
pub use report::{Comparison, Goal, table};
