use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, RtcOfferOptions, RtcPeerConnection, RtcSessionDescription, RtcSignalingState,
};

use super::chain::Chain;
use super::channel::WebChannel;
use super::error::{thrown, thrown_by_closed};
use super::events::{self, Heard};
use super::js::{self, Connection};
use super::listener::Listener;
use super::transceiver::WebTransceiver;
use super::{Web, dictionaries, parameters, states, stats};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, Direction, IceCandidate, SessionDescription, StatsReport,
    TransceiverInit,
};
use crate::platform::{ChannelEvents, Peer, PeerEvents, Transceiver as _};

#[derive(Clone)]
pub(crate) struct WebPeer(Rc<Inner>);

struct Inner {
    heard: Rc<Heard>,
    listeners: RefCell<Vec<Listener>>,
    /// One for each name of a stream.
    streams: RefCell<BTreeMap<String, MediaStream>>,
}

impl WebPeer {
    pub(super) fn open(config: &Configuration) -> Result<(Self, PeerEvents<Web>)> {
        let configuration = dictionaries::configuration(config);
        let connection = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())
            .map_err(|error| thrown("a peer connection cannot be made", &error))?;
        let heard = Rc::new(Heard {
            connection: connection.unchecked_into(),
            chain: Rc::new(Chain::new()),
            channels: RefCell::default(),
        });
        let (events, inbox) = crate::inbox::unbounded();
        let listeners = events::listeners(&heard, &events);
        let inner = Inner {
            heard,
            listeners: RefCell::new(listeners),
            streams: RefCell::default(),
        };
        Ok((Self(Rc::new(inner)), inbox))
    }

    /// Asks for an operation on the connection when those before it are done.
    fn ask(
        &self,
        describe: fn(&JsValue) -> Error,
        start: impl FnOnce(&Connection) -> Promise + 'static,
    ) -> impl Future<Output = Result<JsValue>> {
        let connection = self.0.heard.connection.clone();
        let start = move || Ok(start(&connection));
        self.0.heard.chain.ask(describe, Box::new(start))
    }

    /// A description, as it is when the operations before are done.
    fn read(
        &self,
        which: fn(&Connection) -> Option<RtcSessionDescription>,
    ) -> impl Future<Output = Option<SessionDescription>> {
        let failed = |error: &JsValue| thrown("a description cannot be read", error);
        let read = self.ask(failed, move |connection| {
            Promise::resolve(&JsValue::from(which(connection)))
        });
        async { dictionaries::description(&read.await.ok()?) }
    }
}

impl Inner {
    fn close(&self) {
        self.heard.connection.close();
        self.heard.chain.close();
        // Also the end of the events.
        self.listeners.take();
        for channel in self.heard.channels.take() {
            channel.closed();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn described(value: &JsValue) -> Result<SessionDescription> {
    let nothing = || Error::new(ErrorKind::Platform, "the browser made no description");
    dictionaries::description(value).ok_or_else(nothing)
}

/// Operations start when they are asked for, not when somebody waits for them: none is an
/// `async fn`.
impl Peer<Web> for WebPeer {
    fn create_offer(&self, restart_ice: bool) -> impl Future<Output = Result<SessionDescription>> {
        let failed = |error: &JsValue| thrown("an offer cannot be made", error);
        let offer = self.ask(failed, move |connection| {
            let options = RtcOfferOptions::new();
            options.set_ice_restart(restart_ice);
            connection.create_offer_with_rtc_offer_options(&options)
        });
        async { described(&offer.await?) }
    }

    fn create_answer(&self) -> impl Future<Output = Result<SessionDescription>> {
        let failed = |error: &JsValue| thrown("an answer cannot be made", error);
        let answer = self.ask(failed, |connection| connection.create_answer());
        async { described(&answer.await?) }
    }

    fn set_local(&self, description: &SessionDescription) -> impl Future<Output = Result<()>> {
        let failed = |error: &JsValue| thrown("the local description is refused", error);
        let init = dictionaries::description_init(description);
        let done = self.ask(failed, move |connection| connection.set_local(&init));
        async { done.await.map(drop) }
    }

    fn set_remote(&self, description: &SessionDescription) -> impl Future<Output = Result<()>> {
        let failed = |error: &JsValue| thrown("the remote description is refused", error);
        let init = dictionaries::description_init(description);
        let done = self.ask(failed, move |connection| connection.set_remote(&init));
        async { done.await.map(drop) }
    }

    fn rollback(&self) -> impl Future<Output = Result<()>> {
        let failed = |error: &JsValue| thrown("the offer cannot be taken back", error);
        let done = self.ask(failed, |connection| {
            let rollback = dictionaries::description_init(&SessionDescription::rollback());
            // Not every browser takes it for an offer of the other side's.
            match connection.signaling_state() {
                RtcSignalingState::HaveLocalOffer | RtcSignalingState::HaveRemotePranswer => {
                    connection.set_local(&rollback)
                }
                RtcSignalingState::HaveRemoteOffer | RtcSignalingState::HaveLocalPranswer => {
                    connection.set_remote(&rollback)
                }
                _ => Promise::resolve(&JsValue::UNDEFINED),
            }
        });
        async { done.await.map(drop) }
    }

    fn local_description(&self) -> impl Future<Output = Option<SessionDescription>> {
        self.read(|connection| connection.local_description())
    }

    fn remote_description(&self) -> impl Future<Output = Option<SessionDescription>> {
        self.read(|connection| connection.remote_description())
    }

    fn add_candidate(&self, candidate: Option<&IceCandidate>) -> impl Future<Output = Result<()>> {
        let failed = |error: &JsValue| thrown("the remote candidate is refused", error);
        let init = candidate.map(dictionaries::candidate_init);
        let init = init.map_or(JsValue::UNDEFINED, JsValue::from);
        let done = self.ask(failed, move |connection| connection.add_candidate(&init));
        async { done.await.map(drop) }
    }

    fn restart_ice(&self) {
        if let Err(error) = self.0.heard.connection.restart_ice() {
            let error = thrown("ICE cannot be restarted", &error);
            tracing::debug!(%error, "the browser knows no way");
        }
    }

    fn set_configuration(&self, config: &Configuration) -> impl Future<Output = Result<()>> {
        let failed = |error: &JsValue| match js::text(error, "name").as_deref() {
            // Not the fault of what was given: a browser that has no such function says so.
            Some("TypeError") => Error::new(
                ErrorKind::Unsupported,
                "this browser keeps the configuration that a connection was made with",
            ),
            _ => thrown("the configuration is refused", error),
        };
        let configuration = dictionaries::configuration(config);
        let connection = self.0.heard.connection.clone();
        let start = move || {
            connection.configure(&configuration)?;
            Ok(Promise::resolve(&JsValue::UNDEFINED))
        };
        let done = self.0.heard.chain.ask(failed, Box::new(start));
        async { done.await.map(drop) }
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(WebChannel, ChannelEvents)> {
        let heard = &self.0.heard;
        let (channel, events) = WebChannel::create(&heard.connection, label, options)?;
        heard.keep(&channel);
        Ok((channel, events))
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<WebTransceiver> {
        let streams = Array::new();
        let mut known = self.0.streams.borrow_mut();
        for name in &init.streams {
            if !known.contains_key(name) {
                let failed = |error| thrown("a stream cannot be made", &error);
                known.insert(name.clone(), MediaStream::new().map_err(failed)?);
            }
            if let Some(stream) = known.get(name) {
                streams.push(stream);
            }
        }
        let Heard {
            connection, chain, ..
        } = &*self.0.heard;
        let init = parameters::transceiver_init(init, &streams);
        let word = states::kind_word(kind);
        let section = connection
            .add_transceiver(word, &init)
            .map_err(|error| thrown_by_closed("a media section cannot be made", &error))?;
        Ok(WebTransceiver::new(section, chain))
    }

    fn transceivers(&self) -> Vec<WebTransceiver> {
        let heard = &self.0.heard;
        let sections = heard.connection.get_transceivers();
        let transceivers = sections
            .iter()
            .map(|section| WebTransceiver::new(section.unchecked_into(), &heard.chain));
        transceivers
            .filter(|transceiver| transceiver.direction() != Direction::Stopped)
            .collect()
    }

    async fn stats(&self) -> Result<StatsReport> {
        let Heard {
            connection, chain, ..
        } = &*self.0.heard;
        if chain.is_closed() {
            return Err(Error::closed("peer connection"));
        }
        let report = JsFuture::from(connection.get_stats())
            .await
            .map_err(|error| thrown("nothing can be measured", &error))?;
        Ok(stats::report(&report))
    }

    fn close(&self) {
        self.0.close();
    }
}
