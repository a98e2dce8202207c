//! The operations chain: one task that asks webrtc for one thing after the other.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rtc::peer_connection::transport::RTCIceServer;
use tokio::sync::{mpsc, oneshot};
use webrtc::peer_connection::PeerConnection;

use super::channel::ChannelShared;
use super::configuration;
use super::feedback::Feedback;
use super::handler::Handler;
use super::message_size::{Rewritten, SendLimit};
use super::provisional::Provisional;
use super::receive::Router;
use super::relay::Relays;
use super::runtime::Task;
use super::setup::Setup;
use super::shown::Shown;
use super::transceiver::TransceiverShared;
use super::{Native, runtime};
use crate::error::{Error, Result};
use crate::peer::{Configuration, ConnectionState, IceGatheringState};
use crate::platform::need::Need;
use crate::platform::{Emitter, PeerEvent};

/// How long closing may take to tell the other side.
const FAREWELL: Duration = Duration::from_millis(500);

pub(super) type Step = Pin<Box<dyn Future<Output = ()> + Send>>;
/// One operation; what it gives goes its own way.
pub(super) type Op = Box<dyn FnOnce(Live) -> Step + Send>;

/// What a connection is made with: the configuration, and its servers as they are to be reached.
pub(super) type Wanted = (Configuration, Vec<RTCIceServer>);

/// A connection that was made.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) connection: Arc<dyn PeerConnection>,
    pub(super) shared: Arc<Shared>,
    pub(super) ops: mpsc::WeakUnboundedSender<Op>,
    pub(super) feedback: Arc<Feedback>,
    pub(super) router: Arc<Router>,
}

/// What is known of a connection without asking webrtc.
pub(super) struct Shared {
    pub(super) platform: Native,
    events: Emitter<PeerEvent<Native>>,
    closed: AtomicBool,
    state: Mutex<State>,
    pub(super) relays: Relays,
    pub(super) send_limit: SendLimit,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) transceivers: Vec<Arc<TransceiverShared>>,
    pub(super) channels: Vec<Arc<ChannelShared>>,
    /// How many were opened and closed that are not kept any more.
    pub(super) past_channels: u32,
    pub(super) need: Need,
    /// A channel was made, so descriptions have a section for data.
    pub(super) has_data_section: bool,
    /// The next offer looks for ways anew.
    pub(super) restart_ice: bool,
    /// The last offer that was made does.
    pub(super) restarting: bool,
    /// Of our own description.
    pub(super) ufrag: Option<String>,
    pub(super) mid: Option<String>,
    pub(super) gathering: IceGatheringState,
    pub(super) provisional: Option<Provisional>,
    pub(super) setup: Setup,
    pub(super) shown: Shown,
    pub(super) rewritten: Rewritten,
    /// Ends the gathering that webrtc does not end.
    pub(super) gathering_limit: Option<Task>,
}

impl State {
    /// Keeps a channel, and forgets those that were closed a while ago: who opens and closes many
    /// must not fill the memory.
    pub(super) fn keep(&mut self, channel: Arc<ChannelShared>) {
        let past = &mut self.past_channels;
        self.channels.retain(|known| {
            let is_past = known.is_past();
            *past += u32::from(is_past && known.life().0);
            !is_past
        });
        self.channels.push(channel);
    }
}

impl Shared {
    pub(super) fn new(
        platform: Native,
        events: Emitter<PeerEvent<Native>>,
        relays: Relays,
    ) -> Self {
        Self {
            platform,
            events,
            closed: AtomicBool::new(false),
            state: Mutex::default(),
            relays,
            send_limit: SendLimit::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Tells the engine, unless the connection is closed.
    pub(super) fn emit(&self, event: PeerEvent<Native>) {
        self.events.emit(event);
    }

    /// There are no more candidates of this generation.
    pub(super) fn gathered(&self) {
        let mut state = self.state();
        if state.gathering == IceGatheringState::Complete {
            return;
        }
        state.gathering = IceGatheringState::Complete;
        state.gathering_limit = None;
        drop(state);
        // Of TURN servers that give nothing webrtc has only lines in its log.
        for error in self.relays.complete() {
            self.emit(PeerEvent::CandidateError(error));
        }
        self.emit(PeerEvent::IceGathering(IceGatheringState::Complete));
        // Nor has it an event for the end of candidates.
        self.emit(PeerEvent::Candidate(None));
    }

    /// Frees what would outlive the connection with the handles that are left.
    fn release(&self) {
        self.relays.close();
        self.state().gathering_limit = None;
    }

    /// Changes what is known of the need of negotiation, and raises the event where that says so.
    pub(super) fn need(&self, change: impl FnOnce(&mut Need) -> bool) {
        let raise = change(&mut self.state().need);
        if raise {
            self.emit(PeerEvent::NegotiationNeeded);
        }
    }

    /// Something was changed that only an offer makes known.
    pub(super) fn needs_negotiation(&self) {
        self.need(Need::change);
    }
}

/// Asks for something, in its turn, whether or not the answer is waited for.
pub(super) async fn ask<T, F>(
    ops: &mpsc::UnboundedSender<Op>,
    act: impl FnOnce(Live) -> F + Send + 'static,
) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let closed = || Error::closed("peer connection");
    let (done, outcome) = oneshot::channel();
    let op: Op = Box::new(move |live| {
        Box::pin(async move {
            // Nobody waiting any more is as good.
            let _ = done.send(act(live).await);
        })
    });
    ops.send(op).map_err(|_| closed())?;
    outcome.await.map_err(|_| closed())?
}

/// Does what is asked until nobody can ask any more, and then closes.
pub(super) async fn run(
    (config, servers): Wanted,
    shared: Arc<Shared>,
    asks: mpsc::WeakUnboundedSender<Op>,
    mut ops: mpsc::UnboundedReceiver<Op>,
) {
    let handler = Arc::new(Handler::new(Arc::downgrade(&shared), asks));
    let connection =
        match configuration::build(&config, &servers, shared.relays.runtime(), handler.clone())
            .await
        {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "no connection");
                shared.emit(PeerEvent::Connection(ConnectionState::Failed));
                shared.release();
                return;
            }
        };
    handler.belongs_to(&connection);
    let Some(live) = handler.live() else { return };
    while !shared.is_closed()
        && let Some(op) = ops.recv().await
    {
        op(live.clone()).await;
    }
    drop(ops);
    hang_up(&live).await;
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "closing failed");
    }
    shared.release();
}

/// webrtc's own goodbye (webrtc-rs/rtc#255) leaves out what still waits to be sent, so every channel
/// is closed first: that comes behind it, and is noticed at once.
async fn hang_up(live: &Live) {
    let channels = std::mem::take(&mut live.shared.state().channels);
    let closing = channels.iter().map(|channel| channel.hang_up());
    let all = futures_util::future::join_all(closing);
    // A line that is dead takes no farewell.
    let _ = tokio::time::timeout(FAREWELL, all).await;
    for transceiver in std::mem::take(&mut live.shared.state().transceivers) {
        transceiver.end();
    }
}

/// Closes from outside: nothing is raised any more, and the task comes to its end.
pub(super) fn close(shared: &Shared, ops: &mpsc::UnboundedSender<Op>) {
    if !shared.closed.swap(true, Ordering::AcqRel) {
        // Whoever listens comes to the end, whatever handles are left.
        shared.events.end();
        let channels = shared.state().channels.clone();
        // Nothing is sent any more from here on, whenever the task gets to it.
        for channel in channels {
            channel.close();
        }
        // Wakes the task; a task that is gone has closed.
        let _ = ops.send(Box::new(|_| Box::pin(std::future::ready(()))));
    }
}

/// Runs a task that belongs to a connection.
pub(super) fn start(
    wanted: Wanted,
    shared: &Arc<Shared>,
    asks: &mpsc::UnboundedSender<Op>,
    ops: mpsc::UnboundedReceiver<Op>,
) {
    let counted = shared.platform.count();
    let running = run(wanted, shared.clone(), asks.downgrade(), ops);
    runtime::spawn(async move {
        running.await;
        drop(counted);
    });
}
