//! The building blocks of the screens. Each folder holds one component, with a style sheet if it
//! needs one.

pub mod banner;
pub mod button;
pub mod choice;
pub mod device_switch;
pub mod dialog;
pub mod face;
pub mod field;
pub mod icon;
pub mod level;
pub mod menu;
pub mod qr;
pub mod tile;
pub mod toast;
