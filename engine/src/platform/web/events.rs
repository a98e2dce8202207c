//! What happens on a connection, as events of ours.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Object;
use tokio::sync::oneshot;
use wasm_bindgen::JsCast as _;
use web_sys::{
    Event, MediaStream, RtcDataChannelEvent, RtcPeerConnectionIceErrorEvent,
    RtcPeerConnectionIceEvent, RtcSignalingState, RtcTrackEvent,
};

use super::chain::{Chain, Outcome};
use super::channel::{WeakChannel, WebChannel};
use super::js::{Connection, Section};
use super::listener::Listener;
use super::track::WebTrack;
use super::transceiver::WebTransceiver;
use super::wishes::Wishes;
use super::{Web, dictionaries, states};
use crate::peer::CandidateError;
use crate::platform::{Emitter, PeerEvent};

/// What the listeners of a connection share with it.
pub(super) struct Heard {
    pub(super) connection: Connection,
    pub(super) chain: Chain,
    /// Those that may still be open.
    pub(super) channels: RefCell<Vec<WeakChannel>>,
    pub(super) wishes: Wishes,
    /// Hears when signaling is stable, from the first wish on: most connections never need to.
    pub(super) settling: OnceCell<Listener>,
}

impl Heard {
    pub(super) fn keep(&self, channel: &WebChannel) {
        let mut channels = self.channels.borrow_mut();
        channels.retain(WeakChannel::is_alive);
        channels.push(channel.downgrade());
    }

    /// Tells a sender how to send; gives where the outcome comes out.
    pub(super) fn wish(
        self: &Rc<Self>,
        section: &Section,
        changes: Object,
    ) -> oneshot::Receiver<Outcome> {
        self.settling.get_or_init(|| {
            let heard = Rc::downgrade(self);
            let names = &["signalingstatechange"];
            Listener::new(&self.connection, names, move |_, _| {
                if let Some(heard) = heard.upgrade()
                    && heard.connection.signaling_state() == RtcSignalingState::Stable
                {
                    heard.wishes.settle();
                }
            })
        });
        self.wishes.set(section, changes)
    }
}

const EVENTS: &[&str] = &[
    "icecandidate",
    "icecandidateerror",
    "negotiationneeded",
    "connectionstatechange",
    "iceconnectionstatechange",
    "icegatheringstatechange",
    "track",
    "datachannel",
];

/// The events come until the listener is dropped.
pub(super) fn listener(heard: &Rc<Heard>, events: Emitter<PeerEvent<Web>>) -> Listener {
    let heard = heard.clone();
    Listener::new(&heard.clone().connection, EVENTS, move |name, event| {
        if let Some(event) = happened(&heard, name, event) {
            events.emit(event);
        }
    })
}

type Happened = Option<PeerEvent<Web>>;

fn happened(heard: &Rc<Heard>, name: &str, event: &Event) -> Happened {
    let connection = &heard.connection;
    match name {
        "icecandidate" => candidate(event.unchecked_ref()),
        "icecandidateerror" => {
            let error = candidate_error(event.unchecked_ref());
            Some(PeerEvent::CandidateError(error))
        }
        "negotiationneeded" => Some(PeerEvent::NegotiationNeeded),
        "connectionstatechange" => {
            let state = states::connection(connection.connection_state());
            Some(PeerEvent::Connection(state))
        }
        "iceconnectionstatechange" => {
            let state = states::ice_connection(connection.ice_connection_state());
            Some(PeerEvent::IceConnection(state))
        }
        "icegatheringstatechange" => {
            let state = states::ice_gathering(connection.ice_gathering_state());
            Some(PeerEvent::IceGathering(state))
        }
        "track" => Some(track(heard, event.unchecked_ref())),
        _ => Some(channel(heard, event.unchecked_ref())),
    }
}

fn channel(heard: &Heard, event: &RtcDataChannelEvent) -> PeerEvent<Web> {
    let (channel, events) = WebChannel::announced(&heard.connection, event.channel());
    heard.keep(&channel);
    PeerEvent::Channel(channel, events)
}

fn candidate(event: &RtcPeerConnectionIceEvent) -> Happened {
    let Some(candidate) = event.candidate() else {
        return Some(PeerEvent::Candidate(None));
    };
    let candidate = dictionaries::candidate(&candidate);
    // Some browsers say the end of each way too, by an empty text, before the end of all.
    let is_way = !candidate.candidate.is_empty();
    is_way.then_some(PeerEvent::Candidate(Some(candidate)))
}

fn candidate_error(event: &RtcPeerConnectionIceErrorEvent) -> CandidateError {
    CandidateError {
        url: event.url(),
        code: event.error_code(),
        text: event.error_text(),
    }
}

fn track(heard: &Rc<Heard>, event: &RtcTrackEvent) -> PeerEvent<Web> {
    let streams = event.streams();
    let streams = streams.iter().filter_map(|stream| {
        let stream: MediaStream = stream.dyn_into().ok()?;
        Some(stream.id())
    });
    PeerEvent::Track {
        transceiver: WebTransceiver::new(event.transceiver(), heard),
        track: WebTrack::remote(event.track()),
        streams: streams.collect(),
    }
}
