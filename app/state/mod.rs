//! The app's state and actions, independent of their presentation. No other code of the app talks
//! to the engine.

pub mod call;
pub mod chat;
pub mod colours;
pub mod device;
pub mod discovery;
pub mod drafts;
pub mod engine;
pub mod media;
pub mod navigation;
pub mod page;
pub mod people;
pub mod returning;
pub mod rooms;
pub mod screen;
pub mod session;
pub mod settings;
pub mod toasts;
pub mod verification;
pub mod when;
