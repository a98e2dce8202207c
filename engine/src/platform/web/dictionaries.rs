//! What peers tell each other and how they are set up, in the browser's form.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;
use web_sys::RtcIceCandidate;

use super::js;
use crate::peer::{
    BundlePolicy, ChannelOptions, Configuration, IceCandidate, IceTransportPolicy, RtcpMuxPolicy,
    SdpType, SessionDescription,
};

/// `local_addresses` is left out: browsers choose by themselves.
pub(super) fn configuration(config: &Configuration) -> Object {
    let servers = Array::new();
    for server in &config.ice_servers {
        let urls = Array::new();
        for url in &server.urls {
            urls.push(&url.as_str().into());
        }
        let entry = Object::new();
        js::set(&entry, "urls", urls);
        js::set_some(&entry, "username", server.username.as_deref());
        js::set_some(&entry, "credential", server.credential.as_deref());
        servers.push(&entry);
    }
    let configuration = Object::new();
    js::set(&configuration, "iceServers", servers);
    let policy = match config.ice_transport_policy {
        IceTransportPolicy::All => "all",
        IceTransportPolicy::Relay => "relay",
    };
    js::set(&configuration, "iceTransportPolicy", policy);
    let policy = match config.bundle_policy {
        BundlePolicy::Balanced => "balanced",
        BundlePolicy::MaxCompat => "max-compat",
        BundlePolicy::MaxBundle => "max-bundle",
    };
    js::set(&configuration, "bundlePolicy", policy);
    let policy = match config.rtcp_mux_policy {
        RtcpMuxPolicy::Require => "require",
        RtcpMuxPolicy::Negotiate => "negotiate",
    };
    js::set(&configuration, "rtcpMuxPolicy", policy);
    let pool = config.ice_candidate_pool_size;
    js::set(&configuration, "iceCandidatePoolSize", pool);
    configuration
}

/// The numbers go as they are: through a signed 16-bit one, ids above 32,767 would be negative.
pub(super) fn channel_init(options: &ChannelOptions) -> Object {
    let init = Object::new();
    js::set(&init, "ordered", options.ordered);
    js::set_some(&init, "maxRetransmits", options.max_retransmits);
    let life_time = options.max_packet_life_time;
    let milliseconds = life_time.map(|time| time.as_millis() as f64);
    js::set_some(&init, "maxPacketLifeTime", milliseconds);
    js::set(&init, "protocol", options.protocol.as_str());
    if options.negotiated {
        js::set(&init, "negotiated", true);
        js::set_some(&init, "id", options.id);
    }
    init
}

pub(super) fn description_init(description: &SessionDescription) -> Object {
    let init = Object::new();
    let kind = match description.kind {
        SdpType::Offer => "offer",
        SdpType::PrAnswer => "pranswer",
        SdpType::Answer => "answer",
        SdpType::Rollback => "rollback",
    };
    js::set(&init, "type", kind);
    js::set(&init, "sdp", description.sdp.as_str());
    init
}

/// `None` where there is no description.
pub(super) fn description(value: &JsValue) -> Option<SessionDescription> {
    let kind = match js::text(value, "type")?.as_str() {
        "offer" => SdpType::Offer,
        "pranswer" => SdpType::PrAnswer,
        "answer" => SdpType::Answer,
        _ => return None,
    };
    let sdp = js::text(value, "sdp")?;
    Some(SessionDescription { kind, sdp })
}

pub(super) fn candidate_init(candidate: &IceCandidate) -> Object {
    let init = Object::new();
    js::set(&init, "candidate", candidate.candidate.as_str());
    js::set_some(&init, "sdpMid", candidate.sdp_mid.as_deref());
    // Browsers want one of the two. Without either, everything goes over the first section's way.
    let first = candidate.sdp_mid.is_none().then_some(0);
    let index = candidate.sdp_m_line_index.or(first);
    js::set_some(&init, "sdpMLineIndex", index);
    let fragment = candidate.username_fragment.as_deref();
    js::set_some(&init, "usernameFragment", fragment);
    init
}

pub(super) fn candidate(candidate: &RtcIceCandidate) -> IceCandidate {
    IceCandidate {
        candidate: candidate.candidate(),
        sdp_mid: candidate.sdp_mid(),
        sdp_m_line_index: candidate.sdp_m_line_index(),
        username_fragment: js::text(candidate, "usernameFragment"),
    }
}
