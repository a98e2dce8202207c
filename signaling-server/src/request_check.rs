//! Checks that every request has to pass, whatever its path.

use hyper::body::{Body as _, Incoming};
use hyper::header;
use hyper::{Request, StatusCode, Version};

use crate::http::{Reply, close_after, refuse};

/// The longest body that is read. The only request with a body is that of `leave.rs`, with a resume
/// token of 22 characters.
pub(crate) const MAX_BODY: usize = 64;

const ONE_HOST: &str = "the request needs one Host header\n";
const ONE_ORIGIN: &str = "the request has more than one Origin header\n";
const LARGE_BODY: &str = "the body is too large\n";

/// Gives the answer that refuses a request which is wrong in itself.
pub(crate) fn refusal(request: &Request<Incoming>) -> Option<Reply> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let is_old = request.version() < Version::HTTP_11;
    // RFC 9112, 3.2. Without it, `Origin` could not be compared.
    if hosts > 1 || hosts == 0 && !is_old {
        return Some(refuse(StatusCode::BAD_REQUEST, ONE_HOST));
    }
    // A check of the first one would let a second one pass that a proxy believes.
    if request.headers().get_all(header::ORIGIN).iter().count() > 1 {
        return Some(refuse(StatusCode::BAD_REQUEST, ONE_ORIGIN));
    }
    let is_large = request.body().size_hint().lower() > MAX_BODY as u64;
    is_large.then(body_too_large)
}

/// Refuses a body of which the rest is not read.
pub(crate) fn body_too_large() -> Reply {
    let mut reply = refuse(StatusCode::PAYLOAD_TOO_LARGE, LARGE_BODY);
    close_after(&mut reply);
    reply
}
