//! Calls of which a network lets nothing through but a TURN server: two native engines, and a real
//! coturn between them.

mod call;
mod refused;
mod relayed;
