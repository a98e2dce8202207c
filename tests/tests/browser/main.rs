//! Parlor in real browsers.

mod coming_back;
mod contract;
mod devices;
mod harness;
mod hostile;
mod leaks;
mod links;
mod meeting;
mod people;
mod ringing;
mod screens;
mod server;
mod switches;
