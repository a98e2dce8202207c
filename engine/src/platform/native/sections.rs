//! What of a session description has to be known that webrtc does not tell: per media section who
//! sends, and in which streams.

use std::collections::BTreeMap;

use crate::media::Kind;
use crate::peer::Direction;

/// Far more than any call has; a description with more is not looked at further.
const MAX_SECTIONS: usize = 256;
/// More than there are payload types.
const MAX_FORMATS: usize = 128;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Section {
    pub(super) mid: String,
    /// `None` for data.
    pub(super) kind: Option<Kind>,
    pub(super) is_rejected: bool,
    pub(super) direction: Direction,
    pub(super) streams: Vec<String>,
    /// The side whose description this is takes several encodings at a time (RFC 8853).
    pub(super) takes_simulcast: bool,
    /// Payload types, the preferred one first, and the codecs that they stand for.
    formats: Vec<String>,
    codecs: BTreeMap<usize, String>,
}

/// Reads the sections of a description that webrtc has taken.
pub(super) fn read(sdp: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in sdp.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            if sections.len() == MAX_SECTIONS {
                break;
            }
            let mut words = media.split_whitespace();
            let kind = words.next().unwrap_or_default();
            sections.push(Section {
                kind: match kind {
                    "audio" => Some(Kind::Audio),
                    "video" => Some(Kind::Video),
                    _ => None,
                },
                is_rejected: words.next() == Some("0"),
                formats: words.skip(1).take(MAX_FORMATS).map(str::to_owned).collect(),
                ..Section::default()
            });
        } else if let (Some(section), Some(attribute)) =
            (sections.last_mut(), line.strip_prefix("a="))
        {
            section.attribute(attribute.trim_end());
        }
    }
    sections
}

impl Section {
    fn attribute(&mut self, attribute: &str) {
        match attribute.split_once(':') {
            Some(("mid", mid)) => self.mid = mid.to_owned(),
            Some(("simulcast", what)) => {
                self.takes_simulcast = what.split_whitespace().any(|word| word == "recv");
            }
            Some(("rtpmap", map)) => self.codec(map),
            Some(("msid", msid)) => {
                let stream = msid.split_whitespace().next().unwrap_or_default();
                // `-` is a track without a stream (RFC 8830).
                if stream != "-" && !stream.is_empty() {
                    self.streams.push(stream.to_owned());
                }
            }
            Some(_) => {}
            None => match attribute {
                "sendrecv" => self.direction = Direction::SendRecv,
                "sendonly" => self.direction = Direction::SendOnly,
                "recvonly" => self.direction = Direction::RecvOnly,
                "inactive" => self.direction = Direction::Inactive,
                _ => {}
            },
        }
    }

    /// `96 VP8/90000`.
    fn codec(&mut self, map: &str) {
        let Some((format, codec)) = map.split_once(' ') else {
            return;
        };
        let place = self.formats.iter().position(|known| known == format);
        let kind = match self.kind {
            Some(Kind::Audio) => "audio",
            Some(Kind::Video) => "video",
            None => return,
        };
        if let Some(place) = place {
            let name = codec.split('/').next().unwrap_or_default();
            self.codecs.insert(place, format!("{kind}/{name}"));
        }
    }

    /// MIME types, the preferred one first.
    pub(super) fn codecs(&self) -> Vec<String> {
        self.codecs.values().cloned().collect()
    }

    /// Whether the side whose description this is sends in it.
    pub(super) fn sends(&self) -> bool {
        self.kind.is_some() && !self.is_rejected && self.direction.sends()
    }
}

/// The first value of an attribute.
pub(super) fn attribute<'a>(sdp: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = sdp.lines();
    lines.find_map(|line| Some(line.strip_prefix(name)?.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_tell_who_sends_and_in_which_streams() {
        let sdp = "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
                   a=sendonly\r\na=msid:one track\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n\
                   a=msid:- track\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";
        let sections = read(sdp);
        assert_eq!(sections.len(), 3);
        assert_eq!((sections[0].mid.as_str(), sections[0].sends()), ("0", true));
        assert_eq!(sections[0].streams, ["one"]);
        assert!(!sections[1].sends() && sections[1].streams.is_empty());
        assert!(!sections[2].sends());
        assert_eq!(attribute(sdp, "a=group:"), Some("BUNDLE 0 1"));
    }

    #[test]
    fn codecs_are_in_the_order_of_the_payload_types() {
        let sdp = "m=video 9 UDP/TLS/RTP/SAVPF 97 96 98\r\na=rtpmap:96 VP8/90000\r\n\
                   a=rtpmap:97 H264/90000\r\na=rtpmap:99 AV1/90000\r\na=rtpmap:nonsense\r\n";
        assert_eq!(read(sdp)[0].codecs(), ["video/H264", "video/VP8"]);
    }

    #[test]
    fn nonsense_has_no_sections() {
        for nonsense in ["", "a=mid:0", "m", "\r\n\r\n", "a=sendrecv\nv=0"] {
            assert_eq!(read(nonsense), []);
        }
        assert_eq!(read(&"m=audio\n".repeat(1_000)).len(), MAX_SECTIONS);
    }
}
