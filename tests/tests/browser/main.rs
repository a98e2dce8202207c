//! Parlor in real browsers.

mod coming_back;
mod contract;
mod devices;
mod harness;
mod hidden_addresses;
mod history;
mod hostile;
mod leaks;
mod links;
mod meeting;
mod page_cache;
mod ringing;
mod screens;
mod server;
mod switches;
mod unread;
