//! What the program prints when it starts: where to open the app, also as a QR code.

use std::io::{self, Write};
use std::net::SocketAddr;

use parlor_signaling_protocol::Origin;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::addresses::network_origins;

/// Modules of white around the code. The standard asks for four; phones read two, and a terminal
/// has few lines.
const QUIET: i32 = 2;

/// Black on white whatever the terminal's own colours are: many readers know no inverted codes.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const RESET: &str = "\x1b[0m";

/// The addresses at which the app is opened: `localhost` first if the server listens there, then
/// the public one, else those of this computer in its networks, the likeliest first.
pub fn addresses(addr: SocketAddr, public_url: Option<&Origin>) -> Vec<String> {
    let ip = addr.ip();
    let is_local = ip.is_loopback() || ip.is_unspecified();
    let local = is_local.then(|| format!("http://localhost:{}", addr.port()));
    let others = match public_url {
        Some(origin) => vec![origin.clone()],
        None => network_origins(addr),
    };
    local
        .into_iter()
        .chain(others.iter().map(Origin::to_string))
        .collect()
}

/// Writes where the app is. With `with_code`, adds a QR code of the address that a phone would use,
/// if there is one.
pub fn announce(
    out: &mut impl Write,
    addr: SocketAddr,
    public_url: Option<&Origin>,
    with_code: bool,
) -> io::Result<()> {
    let addresses = addresses(addr, public_url);
    for (index, address) in addresses.iter().enumerate() {
        let word = if index == 0 { "Open" } else { "  or" };
        writeln!(out, "{word} {address}")?;
    }
    match public_url {
        Some(origin) if origin.is_https() => {}
        None if addr.ip().is_loopback() => {
            return writeln!(
                out,
                "Only this computer can reach it; --bind 0.0.0.0 opens it to the network, and with \
                 an https proxy in front, --public-url names the proxy's address."
            );
        }
        _ => writeln!(
            out,
            "Browsers allow camera and microphone on localhost and on https only; \
             other devices need an https proxy in front of this."
        )?,
    }
    let for_phone = addresses
        .iter()
        .find(|address| !address.contains("//localhost"));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(addr: &str, public_url: Option<&str>) -> String {
        let mut out = Vec::new();
        let addr = addr.parse().expect("an address");
        let public_url = public_url.map(|url| url.parse().expect("an origin"));
        announce(&mut out, addr, public_url.as_ref(), true).expect("a Vec takes all");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn loopback_is_called_localhost_and_has_no_code() {
        let text = announced("127.0.0.1:8460", None);
        assert!(text.starts_with("Open http://localhost:8460\n"), "{text}");
        assert!(text.contains("--bind 0.0.0.0"));
        assert!(!text.contains('█'));
    }

    #[test]
    fn one_network_address_is_shown_with_its_code() {
        let text = announced("192.0.2.7:8460", None);
        assert!(text.starts_with("Open http://192.0.2.7:8460\n"), "{text}");
        assert!(text.contains(&qr_code("http://192.0.2.7:8460")));
    }

    #[test]
    fn public_url_is_what_others_open() {
        let text = announced("127.0.0.1:8460", Some("https://parlor.example"));
        let lines = "Open http://localhost:8460\n  or https://parlor.example\n";
        assert!(text.starts_with(lines), "{text}");
        assert!(text.contains(&qr_code("https://parlor.example")));
        assert!(!text.contains("--bind") && !text.contains("https proxy"));
        let text = announced("127.0.0.1:8460", Some("http://parlor.example"));
        assert!(text.contains("https proxy"), "{text}");
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
