//! Parlor's signaling server: introduces peers to each other, and serves the web app beside it.
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! use parlor_signaling_server::{Config, Server};
//!
//! let server = Server::bind(Config::new(([127, 0, 0, 1], 0).into())).await?;
//! println!("listening on {}", server.local_addr());
//! server.serve(std::future::pending()).await
//! # }
//! ```
//!
//! One port answers everything: `/ws` is the web socket, `/health` says `ok`, `/healthz` and
//! `/readyz` ask the hub first, and all else is the web app. The wire is that of
//! `parlor-signaling-protocol`; its `PROTOCOL.md` tells the rules.
//!
//! Inside, every socket has a task that decodes and encodes, and one task owns the hub, which
//! knows all sessions and rooms and is the only place where anything is decided. The hub never
//! waits: a socket that does not take its frames is closed.

#![warn(missing_docs)]

mod actor;
mod addresses;
mod body;
mod budgets;
mod config;
mod connection;
pub mod descriptors;
mod door;
mod files;
mod handshake;
mod health;
mod http;
mod hub;
mod leave;
mod listener;
mod log_limit;
mod origin_check;
mod rate;
mod request_check;
mod server;
mod socket;
#[cfg(feature = "cli")]
pub mod terminal;
mod visitor;

pub use config::{Config, DEFAULT_PORT, Limits};
pub use server::Server;
