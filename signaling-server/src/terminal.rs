//! What the program prints when it starts: where to open the app, also as a QR code.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the code. The standard asks for four; phones read two, and a terminal
/// has few lines.
const QUIET: i32 = 2;

/// Black on white whatever the terminal's own colours are: many readers know no inverted codes.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const RESET: &str = "\x1b[0m";

/// The addresses at which a server that listens at `addr` is reached: `localhost` first if it is,
/// then those of this computer in its networks, the likeliest first.
pub fn addresses(addr: SocketAddr) -> Vec<String> {
    let port = addr.port();
    if !addr.ip().is_unspecified() {
        return vec![match addr.ip() {
            ip if ip.is_loopback() => format!("http://localhost:{port}"),
            _ => format!("http://{addr}"),
        }];
    }
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut ips: Vec<IpAddr> = interfaces.iter().map(if_addrs::Interface::ip).collect();
    ips.retain(|ip| is_reachable(ip) && (ip.is_ipv4() || addr.is_ipv6()));
    ips.sort_by_key(|ip| (!is_home(ip), *ip));
    ips.dedup();
    let outside = ips.into_iter().map(|ip| SocketAddr::new(ip, port));
    let outside = outside.map(|addr| format!("http://{addr}"));
    std::iter::once(format!("http://localhost:{port}"))
        .chain(outside)
        .collect()
}

/// Writes where the app is. With `with_code`, adds a QR code of the address that a phone in the
/// same network would use, if there is one.
pub fn announce(out: &mut impl Write, addr: SocketAddr, with_code: bool) -> io::Result<()> {
    let addresses = addresses(addr);
    for (index, address) in addresses.iter().enumerate() {
        let word = if index == 0 { "Open" } else { "  or" };
        writeln!(out, "{word} {address}")?;
    }
    if addr.ip().is_loopback() {
        return writeln!(
            out,
            "Only this computer can reach it; --bind 0.0.0.0 opens it to the network."
        );
    }
    writeln!(
        out,
        "Browsers allow camera and microphone on localhost and on https only; \
         other devices need an https proxy in front of this."
    )?;
    let for_phone = addresses
        .iter()
        .find(|address| !address.contains("localhost"));
    match for_phone.filter(|_| with_code) {
        Some(address) => write!(out, "\n{}", qr_code(address)),
        None => Ok(()),
    }
}

/// A QR code in half blocks, two modules to a character. Empty if the text is too long for one.
pub fn qr_code(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else {
        return String::new();
    };
    let modules = -QUIET..code.size() + QUIET;
    let mut drawn = String::new();
    for y in modules.clone().step_by(2) {
        drawn.push_str(BLACK_ON_WHITE);
        for x in modules.clone() {
            // Outside the code, modules are white.
            drawn.push(match (code.get_module(x, y), code.get_module(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        drawn.push_str(RESET);
        drawn.push('\n');
    }
    drawn
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

    fn announced(addr: &str) -> String {
        let mut out = Vec::new();
        let addr = addr.parse().expect("an address");
        announce(&mut out, addr, true).expect("a Vec takes all");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn loopback_is_called_localhost_and_has_no_code() {
        let text = announced("127.0.0.1:8460");
        assert!(text.starts_with("Open http://localhost:8460\n"), "{text}");
        assert!(text.contains("--bind 0.0.0.0"));
        assert!(!text.contains('█'));
    }

    #[test]
    fn one_network_address_is_shown_with_its_code() {
        let text = announced("192.0.2.7:80");
        assert!(text.starts_with("Open http://192.0.2.7:80\n"), "{text}");
        assert!(text.contains(&qr_code("http://192.0.2.7:80")));
    }

    #[test]
    fn code_has_a_quiet_zone_and_its_own_colours() {
        let drawn = qr_code("http://192.0.2.7:8460");
        let lines: Vec<&str> = drawn.lines().collect();
        // Version 2 is 25 modules wide, and two of them stand above each other.
        assert_eq!(lines.len(), (25_usize + 2 * 2).div_ceil(2));
        for line in lines {
            let bare = line.strip_prefix(BLACK_ON_WHITE).expect("colours");
            let bare = bare.strip_suffix(RESET).expect("reset");
            assert_eq!(bare.chars().count(), 25 + 2 * 2);
            assert!(bare.starts_with("  ") && bare.ends_with("  "));
        }
    }
}
