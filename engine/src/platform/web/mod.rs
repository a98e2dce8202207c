//! The browser's own WebRTC, sockets, devices and storage, through `web-sys`.
//!
//! Everything here lives on the page's one thread. A dropped value removes its listeners and
//! closes what it opened; no closure is leaked.

mod chain;
mod channel;
mod constraints;
mod devices;
mod dictionaries;
mod error;
mod events;
mod extensions;
mod graphemes;
mod js;
mod listener;
mod meter;
mod parameters;
mod peer;
mod socket;
mod states;
mod stats;
mod timer;
mod track;
mod transceiver;
mod wishes;

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use web_sys::Window;

pub(crate) use self::graphemes::graphemes;

use self::channel::WebChannel;
use self::listener::Listener;
use self::peer::WebPeer;
use self::socket::WebSocket;
use self::track::WebTrack;
use self::transceiver::WebTransceiver;
use super::{PeerEvents, Platform, SocketEvent};
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, Kind, PermissionState, ScreenConstraints, Track, VideoConstraints,
};
use crate::peer::{Codec, Configuration};

/// What the engine keeps in the browser's storage is under names that start so.
const STORED: &str = "parlor.";

/// The browser's track behind a [`Track`], to show or play it.
pub fn media_stream_track(track: &Track) -> web_sys::MediaStreamTrack {
    track.platform().media_stream_track()
}

/// A browser's time. Nonsense becomes 0.
fn milliseconds(time: f64) -> Duration {
    Duration::from_micros((time * 1000.0) as u64)
}

#[derive(Clone)]
pub(crate) struct Web {
    window: Window,
}

impl Platform for Web {
    type Peer = WebPeer;
    type Channel = WebChannel;
    type Transceiver = WebTransceiver;
    type Track = WebTrack;
    type Socket = WebSocket;

    fn new() -> Result<Self> {
        let unsupported = |what| Error::new(ErrorKind::Unsupported, what);
        let window = web_sys::window().ok_or_else(|| unsupported("this is not a page"))?;
        if !js::has(&window, "RTCPeerConnection") {
            return Err(unsupported(
                "this browser has no WebRTC, or it is turned off",
            ));
        }
        Ok(Self { window })
    }

    fn capabilities(&self) -> Capabilities {
        let devices = devices::media_devices(&self.window).ok();
        let connection = js::get(&self.window, "RTCPeerConnection");
        let connection = js::get(&connection, "prototype");
        Capabilities {
            capture: devices.is_some(),
            screen: devices.is_some_and(|devices| devices::can_show_screen(&devices)),
            encoded_frames: false,
            early_media: true,
            dtmf: js::has(&self.window, "RTCDTMFSender"),
            simulcast: true,
            encoder_control: true,
            reconfiguration: js::has(&connection, "setConfiguration"),
            local_addresses: false,
            announced_reliability: true,
            permission_state: js::has(&self.window.navigator(), "permissions"),
        }
    }

    fn now(&self) -> Duration {
        let clock = self.window.performance();
        milliseconds(clock.map_or(0.0, |clock| clock.now()))
    }

    fn wall_clock(&self) -> u64 {
        js_sys::Date::now() as u64
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + 'static {
        timer::sleep(self.window.clone(), duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn load(&self, name: &str) -> Option<String> {
        self.window
            .local_storage()
            .ok()??
            .get_item(&format!("{STORED}{name}"))
            .ok()?
    }

    fn store(&self, name: &str, value: &str) {
        let storage = self.window.local_storage().ok().flatten();
        let stored = storage.map(|storage| storage.set_item(&format!("{STORED}{name}"), value));
        if stored.is_none_or(|outcome| outcome.is_err()) {
            tracing::warn!(name, "the browser keeps nothing for this page");
        }
    }

    fn send_beacon(&self, url: &str, text: &str) {
        let navigator = self.window.navigator();
        let is_queued = navigator.send_beacon_with_opt_str(url, Some(text));
        if !is_queued.unwrap_or(false) {
            tracing::debug!("the browser takes no last request");
        }
    }

    fn connect(&self, url: &str) -> Result<(WebSocket, mpsc::UnboundedReceiver<SocketEvent>)> {
        WebSocket::connect(url)
    }

    fn network_changed(&self) -> impl Future<Output = ()> + 'static {
        let window = self.window.clone();
        async move { Listener::once(&window, &["online"]).await }
    }

    fn resumed(&self) -> impl Future<Output = ()> + 'static {
        let window = self.window.clone();
        async move {
            // `visibilitychange` bubbles up from the document.
            let names = &["visibilitychange", "pageshow"];
            loop {
                Listener::once(&window, names).await;
                let document = window.document();
                if document.is_none_or(|document| !document.hidden()) {
                    return;
                }
            }
        }
    }

    fn open_peer(&self, config: &Configuration) -> Result<(WebPeer, PeerEvents<Self>)> {
        WebPeer::open(config)
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        devices::list(&self.window).await
    }

    async fn devices_changed(&self) {
        devices::changed(&self.window).await;
    }

    async fn permission(&self, kind: Kind) -> PermissionState {
        devices::permission(&self.window, kind).await
    }

    async fn open_microphone(&self, wish: &AudioConstraints) -> Result<WebTrack> {
        devices::open_microphone(&self.window, wish).await
    }

    async fn open_camera(&self, wish: &VideoConstraints) -> Result<WebTrack> {
        devices::open_camera(&self.window, wish).await
    }

    async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> Result<(WebTrack, WebTrack)> {
        devices::open_both(&self.window, audio, video).await
    }

    async fn open_screen(&self, wish: &ScreenConstraints) -> Result<(WebTrack, Option<WebTrack>)> {
        devices::open_screen(&self.window, wish).await
    }

    fn encoded_track(&self, _codec: &Codec) -> Result<WebTrack> {
        Err(track::no_frames())
    }
}
