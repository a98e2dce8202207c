use std::net::Ipv6Addr;

/// The longest name that the DNS has
/// ([RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)), and its labels.
const MAX_NAME_CHARS: usize = 253;
const MAX_LABEL_CHARS: usize = 63;

/// The part of `host:port` that cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HostError {
    /// Neither a name nor an address.
    #[error(
        "its host is neither a name nor an address; \
         an IPv6 address stands in brackets, as in [2001:db8::1]"
    )]
    Host,
    /// Not a port.
    #[error("its port is not a number from 1 to 65535")]
    Port,
}

/// Splits `host` or `host:port`. An IPv6 address stands in brackets and is returned without them.
pub(crate) fn split(text: &str) -> Result<(&str, Option<u16>), HostError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']').ok_or(HostError::Host)?;
            host.parse::<Ipv6Addr>().map_err(|_| HostError::Host)?;
            match rest.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if rest.is_empty() => (host, None),
                None => return Err(HostError::Port),
            }
        }
        None => match text.split_once(':') {
            Some((host, _)) if !is_name(host) => return Err(HostError::Host),
            // An address without its brackets.
            Some((_, port)) if port.contains(':') => return Err(HostError::Host),
            Some((host, port)) => (host, Some(port)),
            None if is_name(text) => (text, None),
            None => return Err(HostError::Host),
        },
    };
    Ok((host, port.map(read_port).transpose()?))
}

fn read_port(text: &str) -> Result<u16, HostError> {
    match text.parse() {
        // Rust takes a sign, the RFCs do not.
        Ok(port) if port > 0 && !text.starts_with('+') => Ok(port),
        _ => Err(HostError::Port),
    }
}

/// A name of the DNS or an IPv4 address. Names in other scripts come as `xn--`.
fn is_name(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label =
        |label: &str| (1..=MAX_LABEL_CHARS).contains(&label.len()) && label.bytes().all(fits);
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= MAX_NAME_CHARS && name.split('.').all(is_label)
}
