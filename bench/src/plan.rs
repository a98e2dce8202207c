use std::time::Duration;

use parlor_engine::SEND_HIGH_WATER;

use crate::report::Goal;

/// Bytes of a message: what fits a packet, what was slow in older stacks, what files are cut into,
/// and the largest that every browser takes without being asked.
pub const SIZES: [usize; 4] = [1_200, 16 * 1024, 32 * 1024, 64 * 1024];

/// How often everything is measured. Odd, so that the median is one of them.
pub const ROUNDS: usize = 9;
/// The same in a page: there one stream in four stands still for seconds, whoever sends it.
pub const WEB_ROUNDS: usize = 33;

/// How many connections are made of each kind: single ones vary more than streams do.
pub const SET_UPS: usize = 31;
/// The same in a page, where one takes a hundredth of the time and varies more. Chromium allows a
/// page 500 connections, closed ones too, as long as it has not looked for garbage.
pub const WEB_SET_UPS: usize = 101;

/// Before each of those.
pub const PAUSE: Duration = Duration::from_millis(20);

/// Until congestion control has found its pace.
pub const WARM_UP: Duration = Duration::from_millis(500);

/// How long messages are counted then.
pub const MEASURED: Duration = Duration::from_secs(1);

/// Where a sender pauses, in bytes that wait: what the engine does by itself.
pub const HIGH_WATER: u64 = SEND_HIGH_WATER;

/// Where it goes on, as the engine does.
pub const LOW_WATER: u64 = HIGH_WATER / 2;

/// What the engine may cost of the throughput.
pub const THROUGHPUT_GOAL: Goal = Goal::AtLeast(0.95);

/// What it may add to the time of a set-up.
pub const SET_UP_GOAL: Goal = Goal::AtMost(1.1);
