//! The last request of a page that goes, for browsers that close its WebSocket before the page can
//! say `leave` (`signaling-protocol/PROTOCOL.md`, Sessions).

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::{Method, Request, StatusCode};
use parlor_signaling_protocol::ResumeToken;
use tokio::time::timeout;

use crate::http::{FOREIGN_ORIGIN, Reply, refuse, refuse_method};
use crate::origin_check::OriginCheck;
use crate::request_check::{MAX_BODY, body_too_large};

/// Where such requests go.
pub(crate) const LEAVE_PATH: &str = "/ws/leave";

/// The token arrives with its request.
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
    let body = body.unwrap_or(Body::Broken);
    match body {
        Body::Whole(text) => text.parse().map_err(|_| no_token()),
        Body::Broken => Err(no_token()),
        Body::TooLarge => Err(body_too_large()),
    }
}

fn no_token() -> Reply {
    refuse(StatusCode::BAD_REQUEST, "the body is no resume token\n")
}

/// The result of reading a body.
enum Body {
    Whole(String),
    /// It broke off, or is no text.
    Broken,
    TooLarge,
}

async fn read(mut body: Incoming) -> Body {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(frame) = frame else {
            return Body::Broken;
        };
        if let Ok(data) = frame.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() > MAX_BODY {
            return Body::TooLarge;
        }
    }
    String::from_utf8(bytes).map_or(Body::Broken, Body::Whole)
}
