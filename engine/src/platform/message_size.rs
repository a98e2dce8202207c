//! The largest message that a peer takes, by its description
//! ([RFC 8841, section 6](https://www.rfc-editor.org/rfc/rfc8841#section-6)).

use crate::rtc::MAX_MESSAGE;

/// The attribute, at the beginning of its line.
pub(super) const ATTRIBUTE: &str = "a=max-message-size:";
/// The size where a description names none.
const UNNAMED: usize = 64 * 1024;

/// How large a message may be for whoever wrote this description, and is sent at all.
pub(super) fn send_limit(sdp: &str) -> usize {
    let data = sdp
        .lines()
        .skip_while(|line| !line.starts_with("m=application "));
    let mut data = data
        .enumerate()
        .take_while(|(place, line)| *place == 0 || !line.starts_with("m="));
    let named = data
        .find_map(|(_, line)| line.strip_prefix(ATTRIBUTE))
        .map(str::trim);
    match named {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()) => {
            match digits.parse() {
                // Any size.
                Ok(0) => MAX_MESSAGE,
                Ok(size) => MAX_MESSAGE.min(size),
                // More than a number here holds.
                Err(_) => MAX_MESSAGE,
            }
        }
        _ => UNNAMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &str) -> usize {
        send_limit(&format!(
            "v=0\r\na=max-message-size:1\r\nm=audio 9 X 0\r\na=max-message-size:2\r\n\
             m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n{lines}\
             m=video 9 X 0\r\na=max-message-size:3\r\n"
        ))
    }

    #[test]
    fn the_limit_is_the_one_of_the_data_section() {
        assert_eq!(of("a=max-message-size:1000\r\n"), 1_000);
        assert_eq!(
            of("a=max-message-size:262144\r\na=sctp-port:5000\r\n"),
            MAX_MESSAGE
        );
        // What Firefox says, and what nothing can hold.
        assert_eq!(of("a=max-message-size:1073741823\r\n"), MAX_MESSAGE);
        assert_eq!(
            of("a=max-message-size:99999999999999999999999\r\n"),
            MAX_MESSAGE
        );
        assert_eq!(
            of("a=max-message-size:0\r\n"),
            MAX_MESSAGE,
            "0 stands for any size"
        );
    }

    #[test]
    fn without_one_it_is_64_kib() {
        for lines in [
            "",
            "a=max-message-size:\r\n",
            "a=max-message-size:-1\r\n",
            "a=x\r\n",
        ] {
            assert_eq!(of(lines), 65_536, "{lines:?}");
        }
        assert_eq!(send_limit(""), 65_536);
    }
}
