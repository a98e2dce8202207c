//! What `web-sys` lacks: calls that throw but are bound as if they never did, which would unwind
//! through our frames without dropping anything, and properties that it does not know.

use js_sys::{Array, Function, JsString, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    EventTarget, RtcDataChannel, RtcIceCandidate, RtcPeerConnection, RtcRtpTransceiver,
    RtcSessionDescriptionInit,
};

#[wasm_bindgen]
extern "C" {
    /// A peer connection, by its calls that throw.
    #[wasm_bindgen(extends = RtcPeerConnection, extends = EventTarget, js_name = RTCPeerConnection)]
    #[derive(Clone)]
    pub(super) type Connection;

    #[wasm_bindgen(method, catch, js_name = createDataChannel)]
    pub(super) fn create_channel(
        this: &Connection,
        label: &str,
        options: &Object,
    ) -> Result<DataChannel, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addTransceiver)]
    pub(super) fn add_transceiver(
        this: &Connection,
        kind: &str,
        init: &Object,
    ) -> Result<RtcRtpTransceiver, JsValue>;

    #[wasm_bindgen(method, catch, js_name = restartIce)]
    pub(super) fn restart_ice(this: &Connection) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = setConfiguration)]
    pub(super) fn configure(this: &Connection, configuration: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, js_name = setLocalDescription)]
    pub(super) fn set_local(this: &Connection, description: &RtcSessionDescriptionInit) -> Promise;

    /// Sets the offer or answer that is due.
    #[wasm_bindgen(method, js_name = setLocalDescription)]
    pub(super) fn describe(this: &Connection) -> Promise;

    #[wasm_bindgen(method, js_name = setRemoteDescription)]
    pub(super) fn set_remote(this: &Connection, description: &RtcSessionDescriptionInit)
    -> Promise;

    #[wasm_bindgen(method, js_name = addIceCandidate)]
    pub(super) fn add_candidate(this: &Connection, candidate: &JsValue) -> Promise;

    #[wasm_bindgen(js_name = Promise)]
    pub(super) type Pending;

    #[wasm_bindgen(method)]
    pub(super) fn then(this: &Pending, given: &Function, thrown: &Function);

    /// A function of a number and an outcome.
    #[wasm_bindgen(js_name = Function)]
    pub(super) type Ending;

    #[wasm_bindgen(method)]
    pub(super) fn bind(this: &Ending, context: &JsValue, number: u32) -> Function;

    /// A target of events, by names that are handed over once.
    #[wasm_bindgen(js_name = EventTarget)]
    pub(super) type Target;

    /// The last argument is Firefox's own: without it no listener of a track hears an event that a
    /// program dispatches.
    #[wasm_bindgen(method, js_name = addEventListener)]
    pub(super) fn add_listener(
        this: &Target,
        name: &JsString,
        heard: &Function,
        captures: bool,
        hears_programs: bool,
    );

    #[wasm_bindgen(method, js_name = removeEventListener)]
    pub(super) fn remove_listener(this: &Target, name: &JsString, heard: &Function);

    /// A channel, with what `web-sys` does not know of it.
    #[wasm_bindgen(extends = RtcDataChannel, extends = EventTarget, js_name = RTCDataChannel)]
    #[derive(Clone)]
    pub(super) type DataChannel;

    #[wasm_bindgen(method, getter)]
    pub(super) fn ordered(this: &DataChannel) -> bool;

    #[wasm_bindgen(method, getter)]
    pub(super) fn protocol(this: &DataChannel) -> String;

    /// A candidate, as a dictionary.
    #[wasm_bindgen(extends = Object)]
    pub(super) type CandidateInit;

    #[wasm_bindgen(method, setter)]
    pub(super) fn set_candidate(this: &CandidateInit, candidate: &str);

    #[wasm_bindgen(method, setter = "sdpMid")]
    pub(super) fn set_sdp_mid(this: &CandidateInit, mid: &str);

    #[wasm_bindgen(method, setter = "sdpMLineIndex")]
    pub(super) fn set_sdp_m_line_index(this: &CandidateInit, index: u16);

    #[wasm_bindgen(method, setter = "usernameFragment")]
    pub(super) fn set_username_fragment(this: &CandidateInit, fragment: Option<&str>);

    #[wasm_bindgen(js_name = RTCIceCandidate)]
    type Candidate;

    #[wasm_bindgen(method, getter = "usernameFragment")]
    fn get_username_fragment(this: &Candidate) -> Option<String>;

    /// `undefined` in browsers that do not tell.
    #[wasm_bindgen(method, getter)]
    pub(super) fn sctp(this: &Connection) -> Option<SctpTransport>;

    #[wasm_bindgen(js_name = RTCSctpTransport)]
    pub(super) type SctpTransport;

    /// In bytes; infinite where there is no bound.
    #[wasm_bindgen(method, getter, js_name = maxMessageSize)]
    pub(super) fn max_message_size(this: &SctpTransport) -> Option<f64>;

    /// A transceiver, by its calls that throw.
    #[wasm_bindgen(extends = RtcRtpTransceiver, js_name = RTCRtpTransceiver)]
    #[derive(Clone)]
    pub(super) type Section;

    #[wasm_bindgen(method, catch, setter, js_name = direction)]
    pub(super) fn direct(this: &Section, direction: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = setCodecPreferences)]
    pub(super) fn prefer(this: &Section, codecs: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = stop)]
    pub(super) fn end(this: &Section) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = RTCRtpReceiver)]
    type Receiver;

    /// What the browser can receive of a kind.
    #[wasm_bindgen(catch, static_method_of = Receiver, js_class = RTCRtpReceiver, js_name = getCapabilities)]
    fn capabilities(kind: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = RTCDTMFSender)]
    pub(super) type Dialler;

    #[wasm_bindgen(method, catch, js_name = insertDTMF)]
    pub(super) fn dial(this: &Dialler, tones: &str, duration: f64, gap: f64)
    -> Result<(), JsValue>;
}

/// What the browser can receive of a kind; `undefined` if it does not tell.
pub(super) fn capabilities(kind: &str) -> JsValue {
    Receiver::capabilities(kind).unwrap_or_default()
}

impl CandidateInit {
    pub(super) fn new() -> Self {
        Object::new().unchecked_into()
    }
}

/// `None` in browsers that do not tell.
pub(super) fn username_fragment(candidate: &RtcIceCandidate) -> Option<String> {
    let candidate: &Candidate = candidate.unchecked_ref();
    candidate.get_username_fragment()
}

/// A property; `undefined` if there is none, or nothing to have one.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

pub(super) fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

/// Whether there is such a property, as there is where a browser can do something.
pub(super) fn has(object: &JsValue, name: &str) -> bool {
    !get(object, name).is_undefined()
}

/// Sets a property of a dictionary of ours.
pub(super) fn set(dictionary: &JsValue, name: &str, value: impl Into<JsValue>) {
    // Plain objects: setting a property cannot fail.
    let _ = Reflect::set(dictionary, &name.into(), &value.into());
}

/// The same for a member that need not be there.
pub(super) fn set_some(dictionary: &JsValue, name: &str, value: Option<impl Into<JsValue>>) {
    if let Some(value) = value {
        set(dictionary, name, value);
    }
}
