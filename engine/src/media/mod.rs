//! Microphones, cameras and what comes from them.

mod constraint;
mod constraints;
mod device;
mod encoded;
mod permission;
mod source;
mod track;

pub use constraint::{Constraint, Property};
pub use constraints::{
    AudioConstraints, DisplaySurface, FacingMode, ResizeMode, ScreenConstraints, TrackSettings,
    VideoConstraints,
};
pub use device::{Device, DeviceKind};
pub use encoded::{EncodedFrame, SourceRequest};
pub use permission::PermissionState;
pub use source::{BySource, TrackSource};
pub use track::{Kind, Track};
