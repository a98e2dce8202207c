use std::net::IpAddr;

use parlor_signaling_protocol::{IceServer, IceUrl};

use crate::error::{Error, ErrorKind, Result};

/// How a peer connection is made
/// ([W3C `RTCConfiguration`](https://www.w3.org/TR/webrtc/#rtcconfiguration-dictionary)).
///
/// The defaults are the specification's.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Configuration {
    /// STUN and TURN servers to find ways with.
    pub ice_servers: Vec<IceServer>,
    /// Which ways may be used.
    pub ice_transport_policy: IceTransportPolicy,
    /// How media sections share ways with a peer that cannot bundle. Native always bundles.
    pub bundle_policy: BundlePolicy,
    /// Whether RTP and RTCP share a port.
    pub rtcp_mux_policy: RtcpMuxPolicy,
    /// How many candidates are looked for ahead of need. Native ignores it: it gathers at once.
    pub ice_candidate_pool_size: u8,
    /// The addresses of this machine to use, and no others. Empty: all but loopback. Browsers
    /// choose by themselves and ignore it.
    pub local_addresses: Vec<IpAddr>,
    /// Certificates in DER form that a TURN server's (`turns:`) may also be signed by, besides the
    /// roots that the engine brings along (Mozilla's). For servers with a certificate of their own
    /// making. Native alone: browsers trust what the system does, and ignore it.
    pub extra_roots: Vec<Vec<u8>>,
}

/// [W3C `RTCIceTransportPolicy`](https://www.w3.org/TR/webrtc/#rtcicetransportpolicy-enum).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum IceTransportPolicy {
    /// Every way.
    #[default]
    All,
    /// Only through a TURN server, which hides this device's address from the other side.
    Relay,
}

/// [W3C `RTCBundlePolicy`](https://www.w3.org/TR/webrtc/#rtcbundlepolicy-enum).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum BundlePolicy {
    /// One way for each kind of media.
    #[default]
    Balanced,
    /// One for each media section.
    MaxCompat,
    /// One for all.
    MaxBundle,
}

/// [W3C `RTCRtcpMuxPolicy`](https://www.w3.org/TR/webrtc/#rtcrtcpmuxpolicy-enum).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum RtcpMuxPolicy {
    /// They share a port, or there is no connection.
    #[default]
    Require,
    /// They may use two. No platform of today does: making a connection with it is
    /// [`Unsupported`](ErrorKind::Unsupported).
    Negotiate,
}

impl Configuration {
    /// Names the field that is wrong, before a platform fails on it without saying which.
    pub(crate) fn check(&self) -> Result<()> {
        if self.rtcp_mux_policy == RtcpMuxPolicy::Negotiate {
            let text = "rtcp_mux_policy: no platform lets RTP and RTCP use two ports";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        for (number, server) in self.ice_servers.iter().enumerate() {
            server.check().map_err(|what| {
                Error::new(ErrorKind::Invalid, format!("ice_servers[{number}]: {what}"))
            })?;
        }
        if self.ice_transport_policy == IceTransportPolicy::Relay && !self.has_relay() {
            let text = "ice_transport_policy: only a TURN server relays, and ice_servers has none";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        Ok(())
    }

    fn has_relay(&self) -> bool {
        let mut urls = self.ice_servers.iter().flat_map(|server| &server.urls);
        urls.any(|url| url.parse().is_ok_and(|url: IceUrl| url.is_relay()))
    }
}
