//! The values of `--stun`, `--turn` and what belongs to them.

use parlor_signaling_protocol::{IceServer, IceUrl};

pub(super) fn stun_url(text: &str) -> Result<String, String> {
    match text.parse::<IceUrl>() {
        Ok(url) if url.is_relay() => {
            Err("a TURN server is named by --turn, --turn-user and --turn-password".into())
        }
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let right = repaired(text, ["stun", "stuns"]);
            let right = right.unwrap_or_else(|| "stun:stun.example:3478".into());
            Err(format!("{error}; write it as {right}"))
        }
    }
}

pub(super) fn turn_url(text: &str) -> Result<String, String> {
    match text.parse::<IceUrl>() {
        Ok(url) if url.is_relay() => Ok(text.to_owned()),
        Ok(_) => Err("a STUN server is named by --stun".into()),
        Err(error) => {
            let right = repaired(text, ["turn", "turns"]);
            let right = right.unwrap_or_else(|| "turn:turn.example:3478?transport=udp".into());
            Err(format!("{error}; write it as {right}"))
        }
    }
}

/// The URL that was most likely meant, if it can be told. The second of the schemes is that for
/// TLS.
fn repaired(text: &str, [plain, tls]: [&str; 2]) -> Option<String> {
    let rest_after = |scheme: &str| text.strip_prefix(scheme)?.strip_prefix(':');
    let (scheme, rest) = match (rest_after(plain), rest_after(tls)) {
        (Some(rest), _) => (plain, rest),
        (None, Some(rest)) => (tls, rest),
        (None, None) => (plain, text.split_once("://").map_or(text, |(_, rest)| rest)),
    };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = authority.trim_matches('/');
    let (scheme, query) = match query {
        "transport=tls" => (tls, ""),
        "transport=udp" | "transport=tcp" if plain == "turn" => (scheme, query),
        _ => (scheme, ""),
    };
    let hosts = [
        authority.to_owned(),
        format!("{authority}]"),
        format!("[{authority}]"),
    ];
    let mark = if query.is_empty() { "" } else { "?" };
    let mut urls = hosts
        .iter()
        .map(|host| format!("{scheme}:{host}{mark}{query}"));
    urls.find(|url| url.parse::<IceUrl>().is_ok())
}

/// Checks a user by the same rule as the clients.
pub(super) fn turn_user(text: &str) -> Result<String, String> {
    let server = IceServer {
        urls: vec!["turn:turn.example".into()],
        username: Some(text.into()),
        credential: Some("any".into()),
    };
    match server.check() {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn turn_password(text: &str) -> Result<String, String> {
    match text.is_empty() {
        true => Err("it is empty, and browsers refuse that".into()),
        false => Ok(text.to_owned()),
    }
}
