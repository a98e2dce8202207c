//! The limits of one address: connections and handshakes. Without them, one client could take all
//! places of the server.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Limits;
use crate::actor::now;
use crate::rate::Bucket;

/// How many addresses are known before those without connections are looked through. Below it they
/// cost less than looking.
const FIRST_SWEEP: usize = 1024;

/// All addresses with a connection, and those that had one shortly before.
#[derive(Debug)]
pub(crate) struct Budgets {
    max_connections: usize,
    handshakes_per_second: u32,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    addresses: HashMap<IpAddr, Budget>,
    /// At how many addresses the next sweep is due.
    sweep_at: usize,
}

#[derive(Debug)]
struct Budget {
    connections: usize,
    handshakes: Bucket,
}

impl Budgets {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            max_connections: limits.max_connections_per_address,
            handshakes_per_second: limits.handshakes_per_second,
            known: Mutex::new(Known {
                addresses: HashMap::new(),
                sweep_at: FIRST_SWEEP,
            }),
        }
    }

    /// Takes a connection of an address. `None` if it has as many as it may have.
    pub(crate) fn connect(self: &Arc<Self>, ip: IpAddr) -> Option<Share> {
        let site = site(ip);
        let mut known = self.known();
        known.sweep();
        let budget = known.addresses.entry(site).or_insert_with(|| Budget {
            connections: 0,
            // Everybody behind one address comes back at once after the server was restarted.
            handshakes: Bucket::new(self.handshakes_per_second, self.burst(), now()),
        });
        if budget.connections >= self.max_connections {
            return None;
        }
        budget.connections += 1;
        drop(known);
        Some(Share {
            site,
            budgets: Arc::clone(self),
        })
    }

    fn burst(&self) -> u32 {
        u32::try_from(self.max_connections).unwrap_or(u32::MAX)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Forgets the addresses of which nothing has to be remembered.
    fn sweep(&mut self) {
        if self.addresses.len() < self.sweep_at {
            return;
        }
        self.addresses.retain(|_, budget| !budget.is_unused());
        // Twice as many, so that each address is looked at a few times only.
        self.sweep_at = FIRST_SWEEP.max(2 * self.addresses.len());
    }
}

impl Budget {
    fn is_unused(&mut self) -> bool {
        self.connections == 0 && self.handshakes.is_full(now())
    }
}

/// One connection of an address, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    site: IpAddr,
    budgets: Arc<Budgets>,
}

impl Share {
    /// Whether the address may open one more WebSocket now.
    pub(crate) fn take_handshake(&self) -> bool {
        let mut known = self.budgets.known();
        let budget = known.addresses.get_mut(&self.site);
        budget.is_some_and(|budget| budget.handshakes.take(1, now()))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut known = self.budgets.known();
        if let Entry::Occupied(mut entry) = known.addresses.entry(self.site) {
            entry.get_mut().connections -= 1;
            if entry.get_mut().is_unused() {
                entry.remove();
            }
        }
    }
}

/// The part of an address that one customer has: all of IPv4, the first 64 bits of IPv6 (RFC 6177).
fn site(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let network = ip.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn budgets(connections: usize) -> Arc<Budgets> {
        Arc::new(Budgets::new(&Limits {
            max_connections_per_address: connections,
            handshakes_per_second: 1,
            ..Limits::default()
        }))
    }

    #[test]
    fn address_is_a_network_in_ipv6_and_a_host_in_ipv4() {
        for (one, other) in [
            ("2001:db8::1", "2001:db8::ffff:0:0:2"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(site(ip(one)), site(ip(other)), "{one} {other}");
        }
        for (one, other) in [
            ("2001:db8:0:1::1", "2001:db8::1"),
            ("192.0.2.1", "192.0.2.2"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ] {
            assert_ne!(site(ip(one)), site(ip(other)), "{one} {other}");
        }
    }

    #[test]
    fn one_address_takes_nothing_from_another() {
        let budgets = budgets(2);
        let taken = [1, 2].map(|_| budgets.connect(ip("2001:db8::1")).expect("a place"));
        assert!(budgets.connect(ip("2001:db8::2")).is_none());
        assert!(budgets.connect(ip("2001:db8:0:1::1")).is_some());
        drop(taken);
        assert!(budgets.connect(ip("2001:db8::2")).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn spent_handshakes_are_remembered_when_the_connection_ends() {
        let budgets = budgets(2);
        for _ in 0..2 {
            let share = budgets.connect(ip("192.0.2.1")).expect("a place");
            assert!(share.take_handshake());
        }
        let share = budgets.connect(ip("192.0.2.1")).expect("a place");
        assert!(!share.take_handshake());
        drop(share);
        assert_eq!(budgets.known().addresses.len(), 1);
        tokio::time::advance(Duration::from_secs(2)).await;
        drop(budgets.connect(ip("192.0.2.1")));
        assert_eq!(budgets.known().addresses.len(), 0, "nothing to remember");
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_that_do_not_come_back_are_forgotten() {
        let budgets = budgets(1);
        let spend = |n: usize| {
            let ip = Ipv6Addr::from_bits((n as u128) << 64);
            let share = budgets.connect(ip.into()).expect("a place");
            assert!(share.take_handshake());
        };
        (1..=FIRST_SWEEP).for_each(spend);
        assert_eq!(budgets.known().addresses.len(), FIRST_SWEEP);
        tokio::time::advance(Duration::from_secs(2)).await;
        spend(0);
        assert_eq!(budgets.known().addresses.len(), 1);
    }
}
