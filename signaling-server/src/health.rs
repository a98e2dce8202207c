//! The answers to health checks: is the server alive, and can it take visitors?

use hyper::{Method, Request, StatusCode};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::Limits;
use crate::actor::Event;
use crate::http::{Reply, refuse, refuse_method};

const NO_HUB: &str = "the hub does not answer\n";
const FULL: &str = "the server is full, or it stops\n";

/// Answers a request that asks for the health; `None` for any other.
pub(crate) async fn reply<B>(
    request: &Request<B>,
    hub: &mpsc::Sender<Event>,
    has_place: bool,
    limits: &Limits,
) -> Option<Reply> {
    let path = request.uri().path();
    if !matches!(path, "/health" | "/healthz" | "/readyz") {
        return None;
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Some(refuse_method("GET, HEAD"));
    }
    if path == "/health" {
        return Some(ok());
    }
    let reply = match timeout(limits.health_timeout, ask(hub)).await {
        Ok(Some(is_ready)) if path == "/healthz" || is_ready && has_place => ok(),
        Ok(Some(_)) => refuse(StatusCode::SERVICE_UNAVAILABLE, FULL),
        Ok(None) | Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, NO_HUB),
    };
    Some(reply)
}

fn ok() -> Reply {
    refuse(StatusCode::OK, "ok")
}

/// Asks the hub whether it takes one more session. `None` if it is dead.
async fn ask(hub: &mpsc::Sender<Event>) -> Option<bool> {
    let (answer, answered) = oneshot::channel();
    hub.send(Event::Asked(answer)).await.ok()?;
    answered.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dead_hub_is_unhealthy_at_once() {
        let (hub, inbox) = mpsc::channel(1);
        drop(inbox);
        let limits = Limits {
            health_timeout: std::time::Duration::MAX,
            ..Limits::default()
        };
        for path in ["/healthz", "/readyz"] {
            let request = Request::get(path).body(()).expect("a request");
            let reply = reply(&request, &hub, true, &limits).await.expect("a reply");
            assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
    }
}
