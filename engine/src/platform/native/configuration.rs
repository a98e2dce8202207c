use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::peer_connection::configuration::setting_engine::{
    SctpMaxMessageSize, SettingEngine, SettingEngineBuilder,
};
use rtc::peer_connection::configuration::{
    RTCBundlePolicy, RTCConfiguration, RTCIceTransportPolicy,
};
use rtc::peer_connection::transport::RTCIceServer;
use webrtc::peer_connection::{PeerConnection, PeerConnectionBuilder};
use webrtc::runtime::Runtime;

use super::error::failed;
use super::handler::Handler;
use super::send::codecs;
use crate::error::Result;
use crate::peer::{BundlePolicy, Configuration, IceTransportPolicy};
use crate::rtc::MAX_MESSAGE;

/// What SCTP holds for us before the other side has to wait.
pub(super) const RECEIVE_BUFFER: u32 = 2 * 1024 * 1024;

/// Makes a connection. Where multicast DNS or IPv6 are not to be had, it does without.
pub(super) async fn build(
    config: &Configuration,
    servers: &[RTCIceServer],
    runtime: Arc<dyn Runtime>,
    handler: Arc<Handler>,
) -> Result<Arc<dyn PeerConnection>> {
    let mut last = None;
    for mdns in [MulticastDnsMode::QueryOnly, MulticastDnsMode::Disabled] {
        for addresses in addresses(config) {
            let settings = settings(config, mdns);
            let runtime = runtime.clone();
            let config = rtc_configuration(config, servers.to_vec());
            match build_with(config, settings, runtime, handler.clone(), addresses).await {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error),
            }
        }
    }
    Err(failed(
        "a peer connection cannot be made",
        last.unwrap_or(webrtc::error::Error::ErrConnectionClosed),
    ))
}

async fn build_with(
    config: RTCConfiguration,
    settings: SettingEngine,
    runtime: Arc<dyn Runtime>,
    handler: Arc<Handler>,
    addresses: Vec<SocketAddr>,
) -> webrtc::error::Result<Arc<dyn PeerConnection>> {
    let mut media = MediaEngine::default();
    for (codec, kind) in codecs() {
        media.register_codec(codec, kind)?;
    }
    let registry = super::interceptors::interceptors(&mut media, &handler)?;
    let connection = PeerConnectionBuilder::new()
        .with_configuration(config)
        .with_media_engine(media)
        .with_setting_engine(settings)
        .with_interceptor_registry(registry)
        .with_runtime(runtime)
        .with_handler(handler)
        .with_udp_addrs(addresses)
        .build()
        .await?;
    Ok(Arc::new(connection))
}

/// The addresses to bind, and what to try if that fails.
fn addresses(config: &Configuration) -> Vec<Vec<SocketAddr>> {
    let any = |address: IpAddr| SocketAddr::new(address, 0);
    if !config.local_addresses.is_empty() {
        return vec![config.local_addresses.iter().copied().map(any).collect()];
    }
    let four = any(IpAddr::from([0, 0, 0, 0]));
    let six = any(IpAddr::from([0_u16; 8]));
    vec![vec![four, six], vec![four]]
}

fn settings(config: &Configuration, mdns: MulticastDnsMode) -> SettingEngine {
    let loopback = config.local_addresses.iter().any(IpAddr::is_loopback);
    SettingEngineBuilder::new()
        .with_multicast_dns_mode(mdns)
        .with_include_loopback_candidate(loopback)
        // A relay is only tried when it is needed, and then there is nothing to wait for.
        .with_relay_acceptance_min_wait(Some(Duration::ZERO))
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(MAX_MESSAGE as u32))
        .with_sctp_max_receive_buffer_size(RECEIVE_BUFFER)
        .build()
}

/// `servers` are the configuration's, as they are to be reached.
pub(super) fn rtc_configuration(
    config: &Configuration,
    servers: Vec<RTCIceServer>,
) -> RTCConfiguration {
    RTCConfigurationBuilder::new()
        .with_ice_servers(servers)
        .with_ice_transport_policy(match config.ice_transport_policy {
            IceTransportPolicy::All => RTCIceTransportPolicy::All,
            IceTransportPolicy::Relay => RTCIceTransportPolicy::Relay,
        })
        .with_bundle_policy(match config.bundle_policy {
            BundlePolicy::Balanced => RTCBundlePolicy::Balanced,
            BundlePolicy::MaxCompat => RTCBundlePolicy::MaxCompat,
            BundlePolicy::MaxBundle => RTCBundlePolicy::MaxBundle,
        })
        .build()
}
