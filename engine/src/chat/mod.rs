//! Sans-IO: what was said in a room, the same for everybody who hears it.

mod log;
mod post;

pub(crate) use log::Log;
pub use post::{ChatMessage, Delivery, MessageId};
pub(crate) use post::{Draft, Post, checked_text};
