//! The request that opens the web socket (RFC 6455, section 4.2).

use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Version};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::body::InMemory;
use crate::http::{FOREIGN_ORIGIN, Reply, set, text};
use crate::origin_check::OriginCheck;

/// Where the web socket is.
pub(crate) const SOCKET_PATH: &str = "/ws";

const NO_UPGRADE: &str = "this is for web sockets\n";
const OLD_HTTP: &str = "a web socket begins with HTTP/1.1\n";
const NO_BODY: &str = "a web socket begins with a request without a body\n";
const BAD_KEY: &str = "the request needs one Sec-WebSocket-Key header of 16 bytes in base64\n";

/// Answers the request: with 101 if the socket may open.
pub(crate) fn reply(origins: &OriginCheck, request: &Request<Incoming>) -> Reply {
    let headers = request.headers();
    let is_upgrade = request.method() == Method::GET
        && has_token(headers, header::CONNECTION, "upgrade")
        && has_token(headers, header::UPGRADE, "websocket")
        && has_token(headers, header::SEC_WEBSOCKET_VERSION, "13");
    if !is_upgrade {
        let mut reply = text(StatusCode::UPGRADE_REQUIRED, NO_UPGRADE);
        set(&mut reply, header::UPGRADE, "websocket");
        set(&mut reply, header::SEC_WEBSOCKET_VERSION, "13");
        return reply;
    }
    if request.version() < Version::HTTP_11 {
        return text(StatusCode::BAD_REQUEST, OLD_HTTP);
    }
    if !request.body().is_end_stream() {
        return text(StatusCode::BAD_REQUEST, NO_BODY);
    }
    let Some(key) = key(headers) else {
        return text(StatusCode::BAD_REQUEST, BAD_KEY);
    };
    if !origins.accepts(headers) {
        return text(StatusCode::FORBIDDEN, FOREIGN_ORIGIN);
    }
    let mut reply = Response::new(InMemory::default());
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    set(&mut reply, header::CONNECTION, "upgrade");
    set(&mut reply, header::UPGRADE, "websocket");
    let accept = derive_accept_key(key.as_bytes());
    set(&mut reply, header::SEC_WEBSOCKET_ACCEPT, &accept);
    reply
}

/// The one key of the request, if it has the form of 16 bytes in base64.
fn key(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = keys.next().filter(|_| keys.next().is_none())?;
    let digits = key.as_bytes().strip_suffix(b"==")?;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    (digits.len() == 22 && digits.iter().all(is_base64)).then_some(key)
}

fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(token))
}
