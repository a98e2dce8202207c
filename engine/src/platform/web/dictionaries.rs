//! What peers tell each other and how they are set up, in the browser's form.
//!
//! What is as browsers have it by themselves is left out: naming a property takes longer than most
//! calls.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{RtcIceCandidate, RtcSdpType, RtcSessionDescription, RtcSessionDescriptionInit};

use super::js::{self, CandidateInit};
use crate::peer::{
    BundlePolicy, ChannelOptions, Configuration, IceCandidate, IceTransportPolicy, RtcpMuxPolicy,
    SdpType, SessionDescription,
};

/// `local_addresses` is left out: browsers choose by themselves.
pub(super) fn configuration(config: &Configuration) -> Object {
    let configuration = Object::new();
    if !config.ice_servers.is_empty() {
        js::set(&configuration, "iceServers", ice_servers(config));
    }
    if config.ice_transport_policy == IceTransportPolicy::Relay {
        js::set(&configuration, "iceTransportPolicy", "relay");
    }
    let policy = match config.bundle_policy {
        BundlePolicy::Balanced => None,
        BundlePolicy::MaxCompat => Some("max-compat"),
        BundlePolicy::MaxBundle => Some("max-bundle"),
    };
    js::set_some(&configuration, "bundlePolicy", policy);
    if config.rtcp_mux_policy == RtcpMuxPolicy::Negotiate {
        js::set(&configuration, "rtcpMuxPolicy", "negotiate");
    }
    let pool = config.ice_candidate_pool_size;
    let pool = Some(pool).filter(|pool| *pool > 0);
    js::set_some(&configuration, "iceCandidatePoolSize", pool);
    configuration
}

fn ice_servers(config: &Configuration) -> Array {
    let servers = config.ice_servers.iter().map(|server| {
        let urls: Array = server.urls.iter().map(JsValue::from).collect();
        let entry = Object::new();
        js::set(&entry, "urls", urls);
        js::set_some(&entry, "username", server.username.as_deref());
        js::set_some(&entry, "credential", server.credential.as_deref());
        entry
    });
    servers.collect()
}

/// The numbers go as they are: through a signed 16-bit one, ids above 32,767 would be negative.
pub(super) fn channel_init(options: &ChannelOptions) -> Object {
    let init = Object::new();
    if !options.ordered {
        js::set(&init, "ordered", false);
    }
    js::set_some(&init, "maxRetransmits", options.max_retransmits);
    let life_time = options.max_packet_life_time;
    let milliseconds = life_time.map(|time| time.as_millis() as f64);
    js::set_some(&init, "maxPacketLifeTime", milliseconds);
    if !options.protocol.is_empty() {
        js::set(&init, "protocol", options.protocol.as_str());
    }
    if options.negotiated {
        js::set(&init, "negotiated", true);
        js::set_some(&init, "id", options.id);
    }
    init
}

pub(super) fn description_init(description: &SessionDescription) -> RtcSessionDescriptionInit {
    let init = RtcSessionDescriptionInit::new(match description.kind {
        SdpType::Offer => RtcSdpType::Offer,
        SdpType::PrAnswer => RtcSdpType::Pranswer,
        SdpType::Answer => RtcSdpType::Answer,
        SdpType::Rollback => RtcSdpType::Rollback,
    });
    init.set_sdp(&description.sdp);
    init
}

/// Of an object or a dictionary; `None` where there is no description.
pub(super) fn description(value: &JsValue) -> Option<SessionDescription> {
    if value.is_null() || value.is_undefined() {
        return None;
    }
    let description: &RtcSessionDescription = value.unchecked_ref();
    let kind = match description.type_() {
        RtcSdpType::Offer => SdpType::Offer,
        RtcSdpType::Pranswer => SdpType::PrAnswer,
        RtcSdpType::Answer => SdpType::Answer,
        _ => return None,
    };
    let sdp = description.sdp();
    Some(SessionDescription { kind, sdp })
}

pub(super) fn candidate_init(candidate: &IceCandidate) -> CandidateInit {
    let init = CandidateInit::new();
    init.set_candidate(&candidate.candidate);
    // Browsers want one of the two. Without either, everything goes over the first section's way.
    match &candidate.sdp_mid {
        Some(mid) => init.set_sdp_mid(mid),
        None => init.set_sdp_m_line_index(candidate.sdp_m_line_index.unwrap_or(0)),
    }
    init.set_username_fragment(candidate.username_fragment.as_deref());
    init
}

pub(super) fn candidate(candidate: &RtcIceCandidate) -> IceCandidate {
    IceCandidate {
        candidate: candidate.candidate(),
        sdp_mid: candidate.sdp_mid(),
        sdp_m_line_index: candidate.sdp_m_line_index(),
        username_fragment: js::username_fragment(candidate),
    }
}
