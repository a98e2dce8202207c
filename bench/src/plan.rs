use std::time::Duration;

use parlor_engine::SEND_HIGH_WATER;

use crate::report::Goal;

/// The message sizes in bytes: one that fits a packet, one that was slow in older stacks, the size
/// of a file's pieces, and the largest that every browser accepts without negotiation.
pub const SIZES: [usize; 4] = [1_200, 16 * 1024, 32 * 1024, 64 * 1024];

/// The number of rounds. It is odd, so that the median is one of the measurements.
pub const ROUNDS: usize = 9;
/// The number of rounds in a page, where one stream in four stalls for seconds, whichever side
/// sends it.
pub const WEB_ROUNDS: usize = 33;

/// The number of connections of each kind. Single ones vary more than streams do.
pub const SET_UPS: usize = 31;
/// The number of connections in a page, where one takes a hundredth of the time and varies more.
/// Chromium allows a page 500 connections, including closed ones that were not collected yet.
pub const WEB_SET_UPS: usize = 101;

/// The pause before each connection.
pub const PAUSE: Duration = Duration::from_millis(20);

/// The time until congestion control has found its rate.
pub const WARM_UP: Duration = Duration::from_millis(500);

/// The time for which messages are counted after the warm-up.
pub const MEASURED: Duration = Duration::from_secs(1);

/// The buffered bytes at which a sender pauses, as in the engine.
pub const HIGH_WATER: u64 = SEND_HIGH_WATER;

/// The buffered bytes at which a sender resumes, as in the engine.
pub const LOW_WATER: u64 = HIGH_WATER / 2;

/// The goal for the throughput.
pub const THROUGHPUT_GOAL: Goal = Goal::AtLeast(0.95);

/// The goal for the time of a set-up.
pub const SET_UP_GOAL: Goal = Goal::AtMost(1.1);
