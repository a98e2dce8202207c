//! How much either side may send, and how long each waits. Both sides enforce them.

use std::time::Duration;

/// The largest text frame, in bytes. A session description with five media sections is about
/// 12 KiB, 17 KiB when sealed; this leaves room for large ones and none for abuse.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// The longest [`Sealed`](crate::Sealed) payload for one peer, in characters.
pub const MAX_SEALED_CHARS: usize = 60 * 1024;

/// The longest card, in characters. A card holds a name and a public key.
pub const MAX_CARD_CHARS: usize = 2 * 1024;

/// How many peers a room holds. A mesh of 32 with data channels alone is what a phone carries.
pub const MAX_PEERS_PER_ROOM: usize = 32;

/// How many STUN and TURN addresses a server names. Browsers get slow from five on.
pub const MAX_ICE_URLS: usize = 32;

/// How many origins a server names: a computer is in few networks.
pub const MAX_ORIGINS: usize = 8;

/// How many rooms a session may be in or watch: the list on the start page is no longer.
pub const MAX_ROOMS_PER_SESSION: usize = 64;

/// How long a fresh socket may take to say hello.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a client sends [`Ping`](crate::ClientMessage::Ping). Proxies drop idle sockets
/// after 60 s; this keeps two pings within that.
pub const PING_INTERVAL: Duration = Duration::from_secs(20);

/// How long either side waits without hearing anything before it gives the socket up: two pings
/// and some slack for a phone that wakes up.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(50);

/// How long the server keeps a session that is in a room and whose socket was lost.
pub const SESSION_GRACE: Duration = Duration::from_secs(30);

/// How many messages each side keeps until the other has confirmed them. A session that falls
/// further behind than this ends and has to join again.
pub const MAX_UNCONFIRMED: usize = 512;

/// After how many received messages a client confirms without waiting for its next ping, so that
/// a busy room never reaches [`MAX_UNCONFIRMED`].
pub const CONFIRM_EVERY: u64 = 64;
