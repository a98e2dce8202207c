//! What the port answers to HTTP: the web app, its health, and the way to the web socket.

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use tokio_tungstenite::tungstenite::Bytes;

use crate::body::InMemory;
use crate::files::{File, Files, Variant};
use crate::handshake::{self, SOCKET_PATH};
use crate::origin_check::OriginCheck;

/// On every answer.
///
/// `connect-src` names the web socket schemes because not every browser in use counts them as
/// part of `'self'`; scripts, which could misuse that, come from this server alone. Inline styles
/// are what the app's interface library writes; inline scripts are not allowed.
const SECURITY: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; \
         img-src 'self' data: blob:; media-src 'self' blob: mediastream:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(self), microphone=(self), display-capture=(self)",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

const NO_APP: &str = "Parlor's signaling server runs here, without the web app.\n";

pub(crate) const FOREIGN_ORIGIN: &str = "this origin may not connect here\n";

/// The form of every answer.
pub(crate) type Reply = Response<InMemory>;

/// What this port serves.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) files: Files,
    pub(crate) origins: OriginCheck,
}

impl Site {
    /// Answers a request; with a socket to wait for if it was one for the web socket.
    pub(crate) fn answer(&self, mut request: Request<Incoming>) -> (Reply, Option<OnUpgrade>) {
        let mut upgrade = None;
        let mut reply = match request.uri().path() {
            SOCKET_PATH => {
                let reply = handshake::reply(&self.origins, &request);
                if reply.status() == StatusCode::SWITCHING_PROTOCOLS {
                    upgrade = Some(hyper::upgrade::on(&mut request));
                }
                reply
            }
            _ if request.method() != Method::GET && request.method() != Method::HEAD => {
                refuse_method("GET, HEAD")
            }
            path => match self.files.get(path) {
                Some(file) => send(file, request.headers()),
                None if path == "/" && self.files.is_empty() => text(StatusCode::OK, NO_APP),
                None => text(StatusCode::NOT_FOUND, "not found\n"),
            },
        };
        secure(&mut reply);
        (reply, upgrade)
    }
}

/// Sets what is on every answer.
fn secure(reply: &mut Reply) {
    for (name, value) in SECURITY {
        set(reply, HeaderName::from_static(name), value);
    }
}

/// An answer that says nothing but that the request arrived.
pub(crate) fn no_content() -> Reply {
    let mut reply = text(StatusCode::NO_CONTENT, "");
    reply.headers_mut().remove(header::CONTENT_TYPE);
    secure(&mut reply);
    reply
}

/// Refuses a request of another method than this one.
pub(crate) fn refuse_method(allowed: &str) -> Reply {
    let mut reply = refuse(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n");
    set(&mut reply, header::ALLOW, allowed);
    reply
}

/// Refuses a request with a sentence.
pub(crate) fn refuse(status: StatusCode, sentence: &'static str) -> Reply {
    let mut reply = text(status, sentence);
    secure(&mut reply);
    reply
}

fn send(file: &File, headers: &HeaderMap) -> Reply {
    let (variant, encoding) = choose(file, headers);
    let is_known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|etag| etag == "*" || etag.trim_start_matches("W/") == variant.etag);
    let mut reply = if is_known {
        let mut reply = Response::new(InMemory::default());
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        reply
    } else {
        // Hyper leaves the body out of answers to HEAD and keeps its length.
        Response::new(variant.bytes.clone().into())
    };
    set(&mut reply, header::CONTENT_TYPE, file.mime);
    set(&mut reply, header::ETAG, &variant.etag);
    let caching = match file.is_immutable {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    set(&mut reply, header::CACHE_CONTROL, caching);
    if file.gzip.is_some() || file.brotli.is_some() {
        set(&mut reply, header::VARY, "accept-encoding");
    }
    if let Some(encoding) = encoding {
        set(&mut reply, header::CONTENT_ENCODING, encoding);
    }
    reply
}

/// The smallest form of a file that the client takes.
fn choose<'a>(file: &'a File, headers: &HeaderMap) -> (&'a Variant, Option<&'static str>) {
    let packed = [(&file.brotli, "br"), (&file.gzip, "gzip")];
    packed
        .into_iter()
        .find_map(|(variant, name)| {
            let variant = variant.as_ref()?;
            accepts(headers, name).then_some((variant, Some(name)))
        })
        .unwrap_or((&file.plain, None))
}

/// Whether `Accept-Encoding` allows an encoding: by its name, else by `*`.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let mut by_star = false;
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    for item in values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let quality = parameters.trim().strip_prefix(['q', 'Q']);
        let quality = quality.and_then(|rest| rest.strip_prefix('='));
        let is_wanted = quality.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
        match name.trim() {
            name if name.eq_ignore_ascii_case(encoding) => return is_wanted,
            "*" => by_star = is_wanted,
            _ => {}
        }
    }
    by_star
}

pub(crate) fn text(status: StatusCode, text: &'static str) -> Reply {
    let mut reply = Response::new(Bytes::from_static(text.as_bytes()).into());
    *reply.status_mut() = status;
    set(
        &mut reply,
        header::CONTENT_TYPE,
        "text/plain; charset=utf-8",
    );
    set(&mut reply, header::CACHE_CONTROL, "no-store");
    reply
}

/// Says that the connection is closed after this answer. A proxy that pools its connections then
/// sends no other request on it, which would be lost.
pub(crate) fn close_after(reply: &mut Reply) {
    set(reply, header::CONNECTION, "close");
}

/// Sets a header whose value this program made and which is therefore valid.
pub(crate) fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}
