//! The ways between hosts: how long, how fast, how reliable, and whether at all.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::connection::{Connection, other_end};
use super::ice;
use super::world::{HostId, State, World};

/// How long anything takes from one host to another, or to the server.
pub(super) const LATENCY: Duration = Duration::from_millis(20);
/// When something that was lost is sent again: the sender hears of it one way there and back later.
pub(super) const RESEND: Duration = Duration::from_millis(40);
/// What the line takes of one byte, unless a test wants another: 100 Mb/s.
const NANOS_PER_BYTE: u64 = 80;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

type Act = Box<dyn FnOnce(&World) + Send>;

pub(super) struct Network {
    cut: BTreeSet<(HostId, HostId)>,
    loss: Option<Loss>,
    nanos_per_byte: u64,
    /// What congestion control of a host believes to fit, where a test said so.
    pub(super) bitrates: BTreeMap<HostId, u64>,
    /// What waits for a way that is cut.
    waiting: Vec<Act>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            cut: BTreeSet::new(),
            loss: None,
            nanos_per_byte: NANOS_PER_BYTE,
            bitrates: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }
}

struct Loss {
    share: f64,
    random: u64,
}

impl Network {
    pub(super) fn is_cut(&self, a: HostId, b: HostId) -> bool {
        self.cut.contains(&pair(a, b))
    }

    /// How long the line takes for so many bytes.
    pub(super) fn time_for(&self, bytes: u64) -> Duration {
        Duration::from_nanos(bytes.saturating_mul(self.nanos_per_byte))
    }

    /// Whether the next packet gets lost.
    pub(super) fn loses(&mut self) -> bool {
        let Some(loss) = &mut self.loss else {
            return false;
        };
        // xorshift64: any sequence will do, as long as it is always the same.
        loss.random ^= loss.random << 13;
        loss.random ^= loss.random >> 7;
        loss.random ^= loss.random << 17;
        let part = (loss.random >> 11) as f64 / (1_u64 << 53) as f64;
        part < loss.share
    }
}

fn pair(a: HostId, b: HostId) -> (HostId, HostId) {
    (a.min(b), a.max(b))
}

/// From one connection to another, which may be closed while something is on its way.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) from: u64,
    pub(super) to: u64,
    hosts: (HostId, HostId),
}

impl State {
    /// The way to a connection's other side, if it is known.
    pub(super) fn way(&self, from: u64) -> Option<Way> {
        let to = other_end(self, from)?;
        let hosts = (
            self.connections.get(&from)?.host,
            self.connections.get(&to)?.host,
        );
        Some(Way { from, to, hosts })
    }

    /// Whether what is sent arrives now.
    pub(super) fn is_open(&self, way: &Way) -> bool {
        let has_way = |connection: &Connection| connection.has_way;
        let from = self.connections.get(&way.from);
        // What was sent before a close still arrives after it.
        from.is_none_or(has_way)
            && self.connections.get(&way.to).is_some_and(has_way)
            && !self.network.is_cut(way.hosts.0, way.hosts.1)
    }

    /// Whether it can ever arrive.
    pub(super) fn is_dead(&self, way: &Way) -> bool {
        let exists = |id| self.connections.contains_key(id);
        !exists(&way.to) || (!exists(&way.from) && !self.is_open(way))
    }
}

impl World {
    /// Cuts or restores everything between two hosts but the server.
    ///
    /// Connections between them say `disconnected` at once, and `failed` if it lasts 5 s; before
    /// that they recover by themselves, after it by an ICE restart. What is sent reliably waits, the
    /// rest is lost.
    pub fn set_cut(&self, a: HostId, b: HostId, cut: bool) {
        let mut state = self.lock();
        if cut {
            state.network.cut.insert(pair(a, b));
            drop(state);
            ice::disturb(self, a, b);
        } else {
            state.network.cut.remove(&pair(a, b));
            drop(state);
            ice::recover(self, a, b);
            self.go_on();
        }
    }

    /// Loses this share of what is sent from now on, from 0 to 1: messages of unreliable channels
    /// and media for good, messages of reliable ones until they are sent again. Which ones follows
    /// from the seed.
    pub fn set_loss(&self, share: f64, seed: u64) {
        // The generator stands still at 0.
        let random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        self.lock().network.loss = Some(Loss { share, random });
    }

    /// How much each connection can send from now on, in bits in a second; 100 Mb/s before.
    pub fn set_line_rate(&self, bits_per_second: u64) {
        let nanos = NANOS_PER_SECOND.saturating_mul(8) / bits_per_second.max(1);
        self.lock().network.nanos_per_byte = nanos;
    }

    /// Does something after the time that a message takes.
    pub(super) fn later(&self, act: impl FnOnce(&Self) + Send + 'static) {
        self.after(LATENCY, act);
    }

    /// Does something when a way may be there again.
    pub(super) fn wait_for_way(&self, act: impl FnOnce(&Self) + Send + 'static) {
        self.lock().network.waiting.push(Box::new(act));
    }

    /// Tries again what waits; what still finds no way waits again.
    pub(super) fn go_on(&self) {
        let waiting = std::mem::take(&mut self.lock().network.waiting);
        waiting.into_iter().for_each(|act| act(self));
    }
}
