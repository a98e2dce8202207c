//! Microphones, cameras and what comes from them.

mod constraints;
mod device;
mod track;

pub use constraints::{AudioConstraints, VideoConstraints};
pub use device::{Device, DeviceKind};
pub use track::{Kind, Track};
