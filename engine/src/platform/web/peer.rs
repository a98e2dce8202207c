use std::cell::{OnceCell, RefCell};
use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, RtcPeerConnection, RtcSessionDescription, RtcSignalingState};

use super::chain::{Asked, Chain, Outcome};
use super::channel::WebChannel;
use super::error::{thrown, thrown_by_closed};
use super::events::{self, Heard};
use super::extensions::Extensions;
use super::js::{self, Connection};
use super::listener::Listener;
use super::transceiver::WebTransceiver;
use super::wishes::Wishes;
use super::{Web, dictionaries, parameters, states, stats};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, Configuration, Direction, IceCandidate, SdpType, SessionDescription,
    StatsReport, TransceiverInit,
};
use crate::platform::{ChannelEvents, Peer, PeerEvents, Transceiver as _, emitter};

#[derive(Clone)]
pub(crate) struct WebPeer(Rc<Inner>);

struct Inner {
    heard: Rc<Heard>,
    listener: RefCell<Option<Listener>>,
    extensions: Rc<Extensions>,
    /// One for each name of a stream.
    streams: RefCell<Vec<(String, MediaStream)>>,
}

impl WebPeer {
    pub(super) fn open(config: &Configuration) -> Result<(Self, PeerEvents<Web>)> {
        let configuration = dictionaries::configuration(config);
        let connection = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())
            .map_err(|error| thrown("a peer connection cannot be made", &error))?;
        let heard = Rc::new(Heard {
            connection: connection.unchecked_into(),
            chain: Chain::new(),
            channels: RefCell::default(),
            wishes: Wishes::default(),
            settling: OnceCell::new(),
        });
        let (events, emitted) = emitter();
        let listener = events::listener(&heard, events);
        let inner = Inner {
            heard,
            listener: RefCell::new(Some(listener)),
            extensions: Rc::default(),
            streams: RefCell::default(),
        };
        Ok((Self(Rc::new(inner)), emitted))
    }

    /// Asks for an operation on the connection when those before it are done.
    fn ask<T>(
        &self,
        start: impl FnOnce(&Connection) -> Promise + 'static,
        read: fn(Outcome) -> Result<T>,
    ) -> Asked<T> {
        let connection = self.0.heard.connection.clone();
        let start = move || Ok(start(&connection));
        self.0.heard.chain.ask(Box::new(start), read)
    }

    /// A description, as it is when the operations before are done.
    fn read(
        &self,
        which: fn(&Connection) -> Option<RtcSessionDescription>,
    ) -> impl Future<Output = Option<SessionDescription>> {
        let read = self.ask(
            move |connection| Promise::resolve(&JsValue::from(which(connection))),
            |outcome| {
                Ok(outcome
                    .ok()
                    .and_then(|value| dictionaries::description(&value)))
            },
        );
        async { read.await.ok().flatten() }
    }
}

impl Inner {
    fn streams(&self, names: &[String]) -> Result<Array> {
        let failed = |error: JsValue| thrown("a stream cannot be made", &error);
        let streams = Array::new();
        let mut known = self.streams.borrow_mut();
        for name in names {
            match known.iter().find(|(known, _)| known == name) {
                Some((_, stream)) => {
                    streams.push(stream);
                }
                None => {
                    let stream = MediaStream::new().map_err(failed)?;
                    streams.push(&stream);
                    known.push((name.clone(), stream));
                }
            }
        }
        Ok(streams)
    }

    fn close(&self) {
        self.heard.connection.close();
        self.heard.chain.close();
        self.heard.wishes.close();
        // Also the end of the events.
        self.listener.take();
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

fn made(outcome: Outcome) -> Result<SessionDescription> {
    let value = outcome.map_err(|error| thrown("no description can be made", &error))?;
    let nothing = || Error::new(ErrorKind::Platform, "the browser made no description");
    dictionaries::description(&value).ok_or_else(nothing)
}

fn set(outcome: Outcome) -> Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(thrown("the description is refused", &error)),
    }
}

/// Operations start when they are asked for, not when somebody waits for them: none is an
/// `async fn`.
impl Peer<Web> for WebPeer {
    fn create_offer(&self) -> impl Future<Output = Result<SessionDescription>> {
        self.ask(|connection| connection.create_offer(), made)
    }

    fn create_answer(&self) -> impl Future<Output = Result<SessionDescription>> {
        self.ask(|connection| connection.create_answer(), made)
    }

    fn set_local(&self, description: &SessionDescription) -> impl Future<Output = Result<()>> {
        let (extensions, description) = (self.0.extensions.clone(), description.clone());
        let start = move |connection: &Connection| {
            if description.kind == SdpType::Offer {
                extensions.offered(&description.sdp);
            }
            connection.set_local(&dictionaries::description_init(&description))
        };
        self.ask(start, set)
    }

    fn describe(&self) -> impl Future<Output = Result<SessionDescription>> {
        let connection = self.0.heard.connection.clone();
        let start = {
            let connection = connection.clone();
            move || Ok(connection.describe())
        };
        let extensions = self.0.extensions.clone();
        let finish = move |_| {
            let value = JsValue::from(connection.local_description());
            let description = dictionaries::description(&value);
            if let Some(offer) = description.filter(|it| it.kind == SdpType::Offer) {
                extensions.offered(&offer.sdp);
            }
            value
        };
        let chain = &self.0.heard.chain;
        chain.ask_and(Box::new(start), Box::new(finish), made)
    }

    fn set_remote(&self, description: &SessionDescription) -> impl Future<Output = Result<()>> {
        let (extensions, description) = (self.0.extensions.clone(), description.clone());
        let start = move |connection: &Connection| {
            let init = dictionaries::description_init(&description);
            if description.kind == SdpType::Offer {
                init.set_sdp(&extensions.fitting(&description.sdp));
            }
            connection.set_remote(&init)
        };
        self.ask(start, set)
    }

    fn rollback(&self) -> impl Future<Output = Result<()>> {
        let start = |connection: &Connection| {
            let rollback = dictionaries::description_init(&SessionDescription::rollback());
            // Not every browser takes a local one for an offer of the other side's.
            match connection.signaling_state() {
                RtcSignalingState::HaveLocalOffer | RtcSignalingState::HaveRemotePranswer => {
                    connection.set_local(&rollback)
                }
                RtcSignalingState::HaveRemoteOffer | RtcSignalingState::HaveLocalPranswer => {
                    connection.set_remote(&rollback)
                }
                _ => Promise::resolve(&JsValue::UNDEFINED),
            }
        };
        self.ask(start, set)
    }

    fn local_description(&self) -> impl Future<Output = Option<SessionDescription>> {
        self.read(|connection| connection.local_description())
    }

    fn remote_description(&self) -> impl Future<Output = Option<SessionDescription>> {
        self.read(|connection| connection.remote_description())
    }

    fn add_candidate(&self, candidate: Option<&IceCandidate>) -> impl Future<Output = Result<()>> {
        let init = candidate.map(dictionaries::candidate_init);
        let init = init.map_or(JsValue::UNDEFINED, JsValue::from);
        let connection = self.0.heard.connection.clone();
        let start = move || Ok(connection.add_candidate(&init));
        let read = |outcome: Outcome| match outcome {
            Ok(_) => Ok(()),
            Err(error) => Err(thrown("the candidate is refused", &error)),
        };
        self.0.heard.chain.ask_freely(Box::new(start), read)
    }

    fn restart_ice(&self) {
        if let Err(error) = self.0.heard.connection.restart_ice() {
            let error = thrown("ICE cannot be restarted", &error);
            tracing::debug!(%error, "the browser knows no way");
        }
    }

    fn set_configuration(&self, config: &Configuration) -> impl Future<Output = Result<()>> {
        let configuration = dictionaries::configuration(config);
        let connection = self.0.heard.connection.clone();
        let start = move || {
            connection.configure(&configuration)?;
            Ok(Promise::resolve(&JsValue::UNDEFINED))
        };
        let read = |outcome: Outcome| match outcome {
            Ok(_) => Ok(()),
            // Not the fault of what was given: a browser that has no such function says so.
            Err(error) if js::text(&error, "name").as_deref() == Some("TypeError") => {
                let text = "this browser keeps the configuration that a connection was made with";
                Err(Error::new(ErrorKind::Unsupported, text))
            }
            Err(error) => Err(thrown("the configuration is refused", &error)),
        };
        self.0.heard.chain.ask(Box::new(start), read)
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
        let streams = self.0.streams(&init.streams)?;
        let heard = &self.0.heard;
        let init = parameters::transceiver_init(init, &streams);
        let word = states::kind_word(kind);
        let section = heard
            .connection
            .add_transceiver(word, &init)
            .map_err(|error| thrown_by_closed("a media section cannot be made", &error))?;
        Ok(WebTransceiver::new(section, heard))
    }

    fn transceivers(&self) -> Vec<WebTransceiver> {
        let heard = &self.0.heard;
        let sections = heard.connection.get_transceivers();
        let transceivers = sections
            .iter()
            .map(|section| WebTransceiver::new(section.unchecked_into(), heard));
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
