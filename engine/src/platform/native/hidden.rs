//! Who allows relays alone wants the other side not to learn this device's addresses. webrtc writes
//! them beside each relayed address all the same.

use std::net::IpAddr;

/// A candidate, or a description with some, that names no address but those of relays: what stands
/// beside them is nowhere
/// ([RFC 8839, section 5.1](https://www.rfc-editor.org/rfc/rfc8839#section-5.1)).
pub(super) fn without_addresses(sdp: &str) -> String {
    let mut last = "";
    let mut shown = String::with_capacity(sdp.len());
    for word in sdp.split_inclusive([' ', '\r', '\n']) {
        let bare = word.trim_end();
        shown.push_str(match last {
            "raddr" => nowhere(bare),
            "rport" => "9",
            _ => bare,
        });
        shown.push_str(&word[bare.len()..]);
        last = bare;
    }
    shown
}

fn nowhere(address: &str) -> &'static str {
    match address.parse() {
        Ok(IpAddr::V6(_)) => "::",
        _ => "0.0.0.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_beside_a_relayed_address_is_hidden() {
        let sdp = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n\
                   a=candidate:1 1 udp 9 192.0.2.1 7 typ relay raddr 10.0.0.7 rport 4000\r\n\
                   a=candidate:2 1 udp 9 2001:db8::1 8 typ relay raddr fd00::7 rport 4001 ufrag x\r\n\
                   a=end-of-candidates\r\n";
        let shown = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n\
                     a=candidate:1 1 udp 9 192.0.2.1 7 typ relay raddr 0.0.0.0 rport 9\r\n\
                     a=candidate:2 1 udp 9 2001:db8::1 8 typ relay raddr :: rport 9 ufrag x\r\n\
                     a=end-of-candidates\r\n";
        assert_eq!(without_addresses(sdp), shown);
        assert_eq!(without_addresses(shown), shown);
        let alone = "candidate:1 1 udp 9 192.0.2.1 7 typ relay raddr 10.0.0.7 rport 4000";
        assert!(without_addresses(alone).ends_with("raddr 0.0.0.0 rport 9"));
        assert_eq!(without_addresses(""), "");
        assert_eq!(without_addresses("raddr"), "raddr");
    }
}
