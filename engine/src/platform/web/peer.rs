use std::rc::Rc;

use js_sys::{Array, Reflect};
use tokio::sync::mpsc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, MediaStream, MessageEvent, RtcConfiguration, RtcDataChannel, RtcDataChannelInit,
    RtcIceCandidateInit, RtcIceServer, RtcOfferOptions, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState, RtcTrackEvent,
};

use super::Web;
use super::error::thrown;
use super::listener::Listener;
use super::sender::WebSender;
use super::track::WebTrack;
use crate::error::{Error, Result};
use crate::media::Kind;
use crate::peer::{Candidate, ConnectionState, Description, DescriptionKind, PeerConfig};
use crate::platform::{Peer, PeerEvent, PeerEvents};

/// The data channel that both sides open without announcing it.
const CHANNEL_LABEL: &str = "parlor";
const CHANNEL_ID: u16 = 0;

type Events = mpsc::UnboundedSender<PeerEvent<Web>>;

#[derive(Clone)]
pub(crate) struct WebPeer(Rc<Inner>);

struct Inner {
    connection: RtcPeerConnection,
    channel: RtcDataChannel,
    /// Ties what we send together, so that the receiver keeps lips and voice in step.
    stream: MediaStream,
    _listeners: Vec<Listener>,
}

impl WebPeer {
    pub(super) fn open(config: &PeerConfig) -> Result<(Self, PeerEvents<Web>)> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(config))
            .map_err(|error| thrown("a peer connection cannot be made", &error))?;
        let options = RtcDataChannelInit::new();
        options.set_negotiated(true);
        options.set_id(CHANNEL_ID);
        let channel =
            connection.create_data_channel_with_data_channel_dict(CHANNEL_LABEL, &options);
        let stream =
            MediaStream::new().map_err(|error| thrown("a media stream cannot be made", &error))?;
        let (events, inbox) = crate::inbox::unbounded();
        let mut listeners = connection_listeners(&connection, &events);
        listeners.extend(channel_listeners(&channel, &events));
        let inner = Inner {
            connection,
            channel,
            stream,
            _listeners: listeners,
        };
        Ok((Self(Rc::new(inner)), inbox))
    }

    async fn set_local(&self, created: JsValue, kind: DescriptionKind) -> Result<Description> {
        let description = created.unchecked_into();
        settle(
            self.0.connection.set_local_description(&description),
            "the local description",
        )
        .await?;
        let local = self.0.connection.local_description();
        let sdp = local.ok_or_else(|| Error::closed("peer connection"))?.sdp();
        Ok(Description { kind, sdp })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.connection.close();
    }
}

impl Peer for WebPeer {
    type Track = WebTrack;
    type Sender = WebSender;

    async fn offer(&self, restart_ice: bool) -> Result<Description> {
        let options = RtcOfferOptions::new();
        options.set_ice_restart(restart_ice);
        let promise = self
            .0
            .connection
            .create_offer_with_rtc_offer_options(&options);
        self.set_local(settle(promise, "an offer").await?, DescriptionKind::Offer)
            .await
    }

    async fn answer(&self) -> Result<Description> {
        let answer = settle(self.0.connection.create_answer(), "an answer").await?;
        self.set_local(answer, DescriptionKind::Answer).await
    }

    async fn rollback(&self) -> Result<()> {
        let rollback = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
        let connection = &self.0.connection;
        let promise = match connection.signaling_state() {
            RtcSignalingState::HaveLocalOffer => connection.set_local_description(&rollback),
            RtcSignalingState::HaveRemoteOffer => connection.set_remote_description(&rollback),
            _ => return Ok(()),
        };
        settle(promise, "a rollback").await.map(drop)
    }

    async fn set_remote(&self, description: &Description) -> Result<()> {
        let init = RtcSessionDescriptionInit::new(match description.kind {
            DescriptionKind::Offer => RtcSdpType::Offer,
            DescriptionKind::Answer => RtcSdpType::Answer,
        });
        init.set_sdp(&description.sdp);
        let promise = self.0.connection.set_remote_description(&init);
        settle(promise, "the remote description").await.map(drop)
    }

    async fn add_candidate(&self, candidate: Option<&Candidate>) -> Result<()> {
        let init = candidate.map(candidate_init);
        let promise = self
            .0
            .connection
            .add_ice_candidate_with_opt_rtc_ice_candidate_init(init.as_ref());
        settle(promise, "a remote candidate").await.map(drop)
    }

    fn add_sender(&self, kind: Kind) -> Result<WebSender> {
        WebSender::add(&self.0.connection, kind, &self.0.stream)
    }

    fn send(&self, text: &str) -> Result<()> {
        self.0
            .channel
            .send_with_str(text)
            .map_err(|error| thrown("the channel is not open", &error))
    }

    fn close(&self) {
        self.0.connection.close();
    }
}

async fn settle(promise: js_sys::Promise, what: &'static str) -> Result<JsValue> {
    JsFuture::from(promise)
        .await
        .map_err(|error| thrown(what, &error))
}

fn configuration(config: &PeerConfig) -> RtcConfiguration {
    let servers = Array::new();
    for server in &config.ice_servers {
        let entry = RtcIceServer::new();
        let urls: Array = server
            .urls
            .iter()
            .map(|url| JsValue::from_str(url))
            .collect();
        entry.set_urls(&urls);
        if let Some(username) = &server.username {
            entry.set_username(username);
        }
        if let Some(credential) = &server.credential {
            entry.set_credential(credential);
        }
        servers.push(&entry);
    }
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers);
    configuration
}

fn candidate_init(candidate: &Candidate) -> RtcIceCandidateInit {
    let init = RtcIceCandidateInit::new(&candidate.candidate);
    init.set_sdp_mid(candidate.mid.as_deref());
    init.set_sdp_m_line_index(candidate.line);
    if let Some(ufrag) = &candidate.ufrag {
        // A plain property: setting it cannot fail.
        let _ = Reflect::set(&init, &"usernameFragment".into(), &ufrag.into());
    }
    init
}

fn connection_listeners(connection: &RtcPeerConnection, events: &Events) -> Vec<Listener> {
    let on = |name, make: fn(&Event) -> Option<PeerEvent<Web>>| {
        let events = events.clone();
        Listener::new(connection, name, move |event| push(&events, make(&event)))
    };
    vec![
        on("icecandidate", |event| {
            Some(PeerEvent::Candidate(candidate(event)))
        }),
        on("negotiationneeded", |_| Some(PeerEvent::NegotiationNeeded)),
        on("connectionstatechange", |event| {
            let connection: RtcPeerConnection = event.target()?.dyn_into().ok()?;
            Some(PeerEvent::State(connection_state(
                connection.connection_state(),
            )))
        }),
        on("track", |event| {
            let event = event.dyn_ref::<RtcTrackEvent>()?;
            let mid = event.transceiver().mid()?;
            Some(PeerEvent::Track {
                track: WebTrack::remote(event.track()),
                mid,
            })
        }),
    ]
}

fn channel_listeners(channel: &RtcDataChannel, events: &Events) -> Vec<Listener> {
    let on = |name, make: fn(&Event) -> Option<PeerEvent<Web>>| {
        let events = events.clone();
        Listener::new(channel, name, move |event| push(&events, make(&event)))
    };
    vec![
        on("open", |_| Some(PeerEvent::ChannelOpen)),
        on("close", |_| Some(PeerEvent::ChannelClosed)),
        on("message", |event| {
            let data = event.dyn_ref::<MessageEvent>()?.data();
            // Binary is nothing of ours; as an empty text it is noticed as nonsense.
            Some(PeerEvent::ChannelMessage(
                data.as_string().unwrap_or_default(),
            ))
        }),
    ]
}

fn push(events: &Events, event: Option<PeerEvent<Web>>) {
    if let Some(event) = event {
        // Nobody listening means that the connection was given up.
        let _ = events.send(event);
    }
}

/// `None` for the end of candidates, which browsers say in two ways.
fn candidate(event: &Event) -> Option<Candidate> {
    let candidate = event.dyn_ref::<RtcPeerConnectionIceEvent>()?.candidate()?;
    let text = candidate.candidate();
    if text.is_empty() {
        return None;
    }
    let ufrag = Reflect::get(&candidate, &"usernameFragment".into()).ok();
    Some(Candidate {
        candidate: text,
        mid: candidate.sdp_mid(),
        line: candidate.sdp_m_line_index(),
        ufrag: ufrag.and_then(|value| value.as_string()),
    })
}

fn connection_state(state: RtcPeerConnectionState) -> ConnectionState {
    match state {
        RtcPeerConnectionState::Connecting => ConnectionState::Connecting,
        RtcPeerConnectionState::Connected => ConnectionState::Connected,
        RtcPeerConnectionState::Disconnected => ConnectionState::Disconnected,
        RtcPeerConnectionState::Failed => ConnectionState::Failed,
        RtcPeerConnectionState::Closed => ConnectionState::Closed,
        // `new`, and whatever a later browser invents.
        _ => ConnectionState::New,
    }
}
