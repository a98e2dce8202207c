//! Sans-IO: what was said in a room, the same for everybody who hears it.

mod have;
mod log;
mod post;
mod shares;

pub(crate) use have::Have;
pub(crate) use log::{Log, Received, Refused};
pub use post::{ChatMessage, Delivery, MessageId};
pub(crate) use post::{Draft, Post, ShortDigest, checked_text};
#[cfg(test)]
pub(crate) use post::{Place, PostDigest};
