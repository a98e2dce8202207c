use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::connection::PeerConnection;
use super::hub::Events;
use super::negotiation::{Negotiation, Op, Output, Rules};
use super::shared::CandidateEvent;
use super::watched::Watched;
use crate::error::{ErrorKind, Result};
use crate::peer::{SessionDescription, Signal, SignalingState};

/// [Perfect negotiation](https://www.w3.org/TR/webrtc/#perfect-negotiation-example) of one
/// connection: either side may change anything at any time, and where two offers cross, the polite
/// side takes its own back.
///
/// Exactly one of the two sides has to be polite; which does not matter. Pass what
/// [`next`](Self::next) gives to the other side, in order and without loss, and what comes from
/// there to [`take`](Self::take), from as many tasks as you like.
#[derive(Clone, Debug)]
pub struct Negotiator {
    connection: PeerConnection,
    /// One operation at a time: between an offer's making and its setting none of theirs may come
    /// in.
    driver: Arc<Mutex<Driver>>,
    sources: Arc<Mutex<Sources>>,
    /// There is something to tell that no change of the connection announces.
    told: Arc<Notify>,
}

#[derive(Debug)]
struct Driver {
    negotiation: Negotiation,
    to_tell: VecDeque<Signal>,
}

#[derive(Debug)]
struct Sources {
    needed: Watched<bool>,
    signaling: Watched<SignalingState>,
    candidates: Events<CandidateEvent>,
}

impl Negotiator {
    /// Negotiates this connection from now on.
    pub fn new(connection: PeerConnection, polite: bool) -> Self {
        let sources = Sources {
            needed: connection.negotiation_needed(),
            signaling: connection.signaling_state(),
            candidates: connection.candidates(),
        };
        let negotiation = Negotiation::new(Rules {
            polite,
            offers_from: Duration::ZERO,
            repeats: false,
        });
        let to_tell = VecDeque::new();
        Self {
            connection,
            driver: Arc::new(Mutex::new(Driver {
                negotiation,
                to_tell,
            })),
            sources: Arc::new(Mutex::new(sources)),
            told: Arc::new(Notify::new()),
        }
    }

    /// Waits for what the other side has to be told next. `None` once the connection is closed.
    ///
    /// # Errors
    ///
    /// The error of an offer that cannot be made; a later call tries again.
    pub async fn next(&self) -> Option<Result<Signal>> {
        let mut sources = self.sources.lock().await;
        loop {
            // Made before looking, so that what comes in between is not missed.
            let told = self.told.notified();
            let deadline = {
                let mut driver = self.driver.lock().await;
                let outcome = match driver.to_tell.is_empty() {
                    true => driver.run(&self.connection).await,
                    false => Ok(()),
                };
                if let Some(signal) = driver.to_tell.pop_front() {
                    return Some(Ok(signal));
                }
                match outcome {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::Closed => return None,
                    Err(error) => return Some(Err(error)),
                }
                driver.negotiation.deadline(sources.needed.get())
            };
            let changed = tokio::select! {
                biased;
                () = told => continue,
                changed = sources.changed() => changed?,
                over = wait(&self.connection, deadline) => {
                    over?;
                    continue;
                }
            };
            match changed {
                Some(CandidateEvent::Found(candidate)) => {
                    return Some(Ok(Signal::Candidate(Some(candidate))));
                }
                Some(CandidateEvent::Complete) => return Some(Ok(Signal::Candidate(None))),
                Some(CandidateEvent::Error(_)) | None => {}
            }
        }
    }

    /// Takes what the other side said.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for what no connection takes; the connection goes on.
    pub async fn take(&self, signal: Signal) -> Result<()> {
        let mut driver = self.driver.lock().await;
        driver.negotiation.signal(signal);
        let outcome = driver.run(&self.connection).await;
        self.told.notify_waiters();
        outcome
    }
}

/// Waits until a moment, if there is one. `None` when the connection closes first.
async fn wait(connection: &PeerConnection, deadline: Option<Duration>) -> Option<()> {
    match deadline {
        Some(deadline) => connection.sleep_until(deadline).await,
        None => pending().await,
    }
}

impl Driver {
    /// Does what the negotiation wants until it wants nothing more for now. Gives the first error.
    async fn run(&mut self, connection: &PeerConnection) -> Result<()> {
        if self.negotiation.is_running() {
            // The caller's future was dropped meanwhile, and nobody knows the outcome.
            self.negotiation.done(Err(()), connection.now());
        }
        let mut result = Ok(());
        let mut note = |error| {
            if result.is_ok() {
                result = Err(error);
            }
        };
        loop {
            let is_needed = connection.negotiation_needed().get();
            match self.negotiation.poll(connection.now(), is_needed) {
                Some(Output::Do(op)) => {
                    let is_candidate = matches!(op, Op::AddCandidate(_));
                    let outcome = op.run(connection).await.map_err(|error| {
                        // Candidates of an offer that was not taken fit nothing.
                        if !(is_candidate && self.negotiation.ignores_offer()) {
                            note(error);
                        }
                    });
                    self.negotiation.done(outcome, connection.now());
                }
                Some(Output::Say(signal)) => self.to_tell.push_back(signal),
                // The operation's error says it too.
                Some(Output::Garbled) => {}
                None => return result,
            }
        }
    }
}

impl Op {
    /// Carries the operation out. Gives the local description that it made, if any.
    pub(crate) async fn run(
        self,
        connection: &PeerConnection,
    ) -> Result<Option<SessionDescription>> {
        match self {
            Self::Offer | Self::Answer => return connection.describe().await.map(Some),
            Self::Rollback => {
                let rollback = SessionDescription::rollback();
                connection.set_local_description(&rollback).await?;
            }
            Self::SetRemote(remote) => connection.set_remote_description(&remote).await?,
            Self::AddCandidate(candidate) => {
                connection.add_ice_candidate(candidate.as_ref()).await?;
            }
        }
        Ok(None)
    }
}

impl Sources {
    /// Waits until something changed: a candidate, or whether an offer is due. The outer `None`:
    /// the connection is closed.
    async fn changed(&mut self) -> Option<Option<CandidateEvent>> {
        tokio::select! {
            biased;
            candidate = self.candidates.next() => candidate.map(Some),
            needed = self.needed.changed() => needed.map(|_| None),
            state = self.signaling.changed() => match state? {
                SignalingState::Closed => None,
                _ => Some(None),
            },
        }
    }
}
