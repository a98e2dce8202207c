//! Admission: each new connection gets a place, or an answer that says why there is none.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Limits;
use crate::budgets::{Budgets, Share};
use crate::http::{Reply, refuse};
use crate::log_limit::LogLimit;

/// How many connections at a time are answered that have no place. Each has a descriptor and waits
/// for a request; further ones are told that the server is full before they ask anything.
const REFUSED_AT_ONCE: usize = 16;

/// The places of the server.
#[derive(Debug)]
pub(crate) struct Door {
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    budgets: Arc<Budgets>,
    log: LogLimit,
}

/// The decision on a connection.
#[derive(Debug)]
pub(crate) enum Entry {
    /// It is served.
    Admitted(Place),
    /// Its request is answered with the refusal, unless it asks for the health.
    Refused(Refusal, OwnedSemaphorePermit),
    /// Nothing of it is read.
    TurnedAway,
}

/// The place of one connection, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _in_all: OwnedSemaphorePermit,
    /// Its part of the limits of its address.
    pub(crate) share: Share,
}

/// Why a connection has no place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    sentence: &'static str,
}

impl Refusal {
    pub(crate) const FULL: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        sentence: "this server is full, try again later\n",
    };
    const ADDRESS_FULL: Self = Self {
        status: StatusCode::TOO_MANY_REQUESTS,
        sentence: "your address has too many connections to this server\n",
    };
    pub(crate) const TOO_FAST: Self = Self {
        status: StatusCode::TOO_MANY_REQUESTS,
        sentence: "your address opens too many web sockets, try again in a second\n",
    };

    /// The answer to whatever was asked.
    pub(crate) fn reply(self) -> Reply {
        refuse(self.status, self.sentence)
    }
}

impl Door {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits.max_connections)),
            refusals: Arc::new(Semaphore::new(REFUSED_AT_ONCE)),
            budgets: Arc::new(Budgets::new(limits)),
            log: LogLimit::default(),
        }
    }

    /// Decides on a connection from an address.
    pub(crate) fn enter(&self, ip: IpAddr) -> Entry {
        let refusal = match Arc::clone(&self.places).try_acquire_owned() {
            Err(_) => Refusal::FULL,
            Ok(in_all) => match self.budgets.connect(ip) {
                Some(share) => {
                    return Entry::Admitted(Place {
                        _in_all: in_all,
                        share,
                    });
                }
                None => Refusal::ADDRESS_FULL,
            },
        };
        self.log(refusal);
        match Arc::clone(&self.refusals).try_acquire_owned() {
            Ok(permit) => Entry::Refused(refusal, permit),
            Err(_) => Entry::TurnedAway,
        }
    }

    /// Without the address: the log tells nothing of single visitors.
    pub(crate) fn log(&self, refusal: Refusal) {
        if let Some(unlogged) = self.log.next() {
            tracing::warn!(
                sentence = refusal.sentence.trim_end(),
                unlogged,
                "refused a visitor; behind a proxy, all visitors have its address and its limits"
            );
        }
    }

    /// Whether another connection would find a place, its address aside.
    pub(crate) fn has_place(&self) -> bool {
        self.places.available_permits() > 0
    }
}
