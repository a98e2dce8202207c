//! What happens on a connection, as events of ours.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{
    Event, MediaStream, RtcDataChannelEvent, RtcPeerConnectionIceErrorEvent,
    RtcPeerConnectionIceEvent, RtcSignalingState, RtcTrackEvent,
};

use super::chain::Chain;
use super::channel::{WeakChannel, WebChannel};
use super::js::Connection;
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
}

impl Heard {
    pub(super) fn keep(&self, channel: &WebChannel) {
        let mut channels = self.channels.borrow_mut();
        channels.retain(WeakChannel::is_alive);
        channels.push(channel.downgrade());
    }
}

const EVENTS: &[&str] = &[
    "icecandidate",
    "icecandidateerror",
    "negotiationneeded",
    "connectionstatechange",
    "iceconnectionstatechange",
    "icegatheringstatechange",
    "signalingstatechange",
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
        "icecandidate" => candidate(event),
        "icecandidateerror" => candidate_error(event),
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
        "signalingstatechange" => {
            if connection.signaling_state() == RtcSignalingState::Stable {
                heard.wishes.settle();
            }
            None
        }
        "track" => track(heard, event),
        _ => channel(heard, event),
    }
}

fn channel(heard: &Heard, event: &Event) -> Happened {
    let channel = event.dyn_ref::<RtcDataChannelEvent>()?.channel();
    let (channel, events) = WebChannel::announced(&heard.connection, channel);
    heard.keep(&channel);
    Some(PeerEvent::Channel(channel, events))
}

fn candidate(event: &Event) -> Happened {
    let Some(candidate) = event.dyn_ref::<RtcPeerConnectionIceEvent>()?.candidate() else {
        return Some(PeerEvent::Candidate(None));
    };
    // Some browsers say the end of each way too, by an empty text, before the end of all.
    if candidate.candidate().is_empty() {
        return None;
    }
    let candidate = dictionaries::candidate(&candidate);
    Some(PeerEvent::Candidate(Some(candidate)))
}

fn candidate_error(event: &Event) -> Happened {
    let event = event.dyn_ref::<RtcPeerConnectionIceErrorEvent>()?;
    Some(PeerEvent::CandidateError(CandidateError {
        url: event.url(),
        code: event.error_code(),
        text: event.error_text(),
    }))
}

fn track(heard: &Rc<Heard>, event: &Event) -> Happened {
    let event = event.dyn_ref::<RtcTrackEvent>()?;
    let streams = event.streams();
    let streams = streams.iter().filter_map(|stream| {
        let stream: MediaStream = stream.dyn_into().ok()?;
        Some(stream.id())
    });
    Some(PeerEvent::Track {
        transceiver: WebTransceiver::new(event.transceiver(), heard),
        track: WebTrack::remote(event.track()),
        streams: streams.collect(),
    })
}
