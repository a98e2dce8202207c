//! The addresses of this computer at which other devices reach the server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use parlor_signaling_protocol::{Origin, limits};

use crate::actor::now;

/// How old the list may be. A laptop that changes networks tells its new address soon, and many
/// clients at once do not ask the system each.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Gives the origins at which other devices reach the server, the best first.
pub(crate) type OriginSource = Box<dyn FnMut() -> Vec<Origin> + Send>;

/// The origins of a server that listens at `addr`: the public one where it has one, else those of
/// this computer in its networks as they are at the time.
pub(crate) fn source(addr: SocketAddr, public: Option<Origin>) -> OriginSource {
    if let Some(public) = public {
        return Box::new(move || vec![public.clone()]);
    }
    let mut known: Option<(Instant, Vec<Origin>)> = None;
    Box::new(move || match &known {
        Some((since, origins)) if now().saturating_duration_since(*since) < MAX_AGE => {
            origins.clone()
        }
        _ => {
            let origins = network_origins(addr);
            known = Some((now(), origins.clone()));
            origins
        }
    })
}

/// The origins at which other devices in the same networks reach a server that listens at `addr`,
/// the likeliest first. None where it listens for this computer alone.
pub(crate) fn network_origins(addr: SocketAddr) -> Vec<Origin> {
    if !addr.ip().is_unspecified() {
        let outside = Some(addr).filter(|addr| is_reachable(&addr.ip()));
        return outside.and_then(origin).into_iter().collect();
    }
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let ips = interfaces.iter().map(if_addrs::Interface::ip).collect();
    let ips = sorted(ips, addr.is_ipv6()).into_iter();
    ips.filter_map(|ip| origin(SocketAddr::new(ip, addr.port())))
        .take(limits::MAX_ORIGINS)
        .collect()
}

fn sorted(mut ips: Vec<IpAddr>, with_ipv6: bool) -> Vec<IpAddr> {
    ips.retain(|ip| is_reachable(ip) && (ip.is_ipv4() || with_ipv6));
    ips.sort_by_key(|ip| (!is_home(ip), *ip));
    ips.dedup();
    ips
}

fn origin(addr: SocketAddr) -> Option<Origin> {
    Origin::new("http", &addr.to_string()).ok()
}

/// Whether another device could use this address as it is: link-local IPv6 needs a zone that
/// browsers refuse.
fn is_reachable(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    }
}

/// Whether it looks like a home or office network; containers and tunnels mostly use others.
fn is_home(ip: &IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.octets()[..2] == [192, 168] || is_ten(ip))
}

fn is_ten(ip: &Ipv4Addr) -> bool {
    ip.octets()[0] == 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addr(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn shown(origins: Vec<Origin>) -> Vec<String> {
        origins.iter().map(Origin::to_string).collect()
    }

    #[test]
    fn public_origin_goes_before_all_others() {
        let public = "https://parlor.example".parse().expect("an origin");
        let mut source = source(addr("192.0.2.7:8460"), Some(public));
        assert_eq!(shown(source()), ["https://parlor.example"]);
    }

    #[test]
    fn one_network_address_is_the_origin_and_loopback_is_none() {
        let mut one = source(addr("192.0.2.7:8460"), None);
        assert_eq!(shown(one()), ["http://192.0.2.7:8460"]);
        let mut one = source(addr("[2001:db8::7]:80"), None);
        assert_eq!(shown(one()), ["http://[2001:db8::7]"]);
        for inside in ["127.0.0.1:8460", "[::1]:8460"] {
            assert_eq!(shown(source(addr(inside), None)()), [""; 0]);
        }
    }

    #[test]
    fn home_networks_go_before_those_of_containers() {
        let ips = [
            "172.17.0.1",
            "127.0.0.1",
            "192.168.1.5",
            "fe80::1",
            "169.254.1.1",
            "2001:db8::1",
            "192.168.1.5",
        ];
        let ips = || ips.map(|ip| ip.parse().expect("an address")).to_vec();
        let shown =
            |ips: Vec<IpAddr>| -> Vec<String> { ips.iter().map(IpAddr::to_string).collect() };
        assert_eq!(shown(sorted(ips(), false)), ["192.168.1.5", "172.17.0.1"]);
        let with_ipv6 = ["192.168.1.5", "172.17.0.1", "2001:db8::1"];
        assert_eq!(shown(sorted(ips(), true)), with_ipv6);
    }

    #[test]
    fn server_that_listens_everywhere_tells_no_loopback_address() {
        for origin in network_origins(addr("0.0.0.0:8460")) {
            assert!(!origin.is_loopback(), "{origin}");
        }
    }
}
