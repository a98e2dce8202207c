//! The last request of a page that goes, for browsers that close its WebSocket before the page can
//! say `leave` (`signaling-protocol/PROTOCOL.md`, Sessions).

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::{Method, Request, StatusCode};
use parlor_signaling_protocol::ResumeToken;
use tokio::time::timeout;

use crate::http::{FOREIGN_ORIGIN, Reply, refuse, refuse_method};
use crate::origin_check::OriginCheck;

/// Where such requests go.
pub(crate) const LEAVE_PATH: &str = "/ws/leave";

/// A token is 22 characters, and arrives with its request.
const MAX_BODY: usize = 64;
const BODY_WITHIN: Duration = Duration::from_secs(5);

/// Reads the token of the session that the request ends; otherwise gives the answer that refuses it.
pub(crate) async fn token(
    origins: &OriginCheck,
    request: Request<Incoming>,
) -> Result<ResumeToken, Reply> {
    if request.method() != Method::POST {
        return Err(refuse_method("POST"));
    }
    if !origins.accepts(request.headers()) {
        return Err(refuse(StatusCode::FORBIDDEN, FOREIGN_ORIGIN));
    }
    let body = timeout(BODY_WITHIN, read(request.into_body())).await;
    let token = body.ok().flatten().and_then(|text| text.parse().ok());
    token.ok_or_else(|| refuse(StatusCode::BAD_REQUEST, "the body is no resume token\n"))
}

/// Reads a short text; `None` for a long one, or one that breaks off.
async fn read(mut body: Incoming) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame.ok()?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > MAX_BODY {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}
