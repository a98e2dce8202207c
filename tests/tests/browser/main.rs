//! Parlor in real browsers.

mod coming_back;
mod contract;
mod defaults;
mod devices;
mod harness;
mod hostile;
mod leaks;
mod links;
mod meeting;
mod ringing;
mod screens;
mod server;
mod switches;
