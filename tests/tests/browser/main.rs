//! Parlor in real browsers.

mod booting;
mod coming_back;
mod contract;
mod defaults;
mod device_changes;
mod devices;
mod harness;
mod hidden_addresses;
mod history;
mod hostile;
mod leaks;
mod links;
mod meeting;
mod page_cache;
mod people;
mod ringing;
mod screens;
mod server;
mod sharing;
mod switches;
mod text;
mod translating;
mod unread;
mod windows;
