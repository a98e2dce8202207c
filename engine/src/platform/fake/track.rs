use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::media::Kind;
use crate::platform::Track;

static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Clone)]
pub(crate) struct FakeTrack(Arc<Inner>);

struct Inner {
    id: u64,
    kind: Kind,
    enabled: AtomicBool,
    ended: AtomicBool,
    end: Notify,
}

impl FakeTrack {
    pub(crate) fn new(kind: Kind) -> Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (enabled, ended, end) = (AtomicBool::new(true), AtomicBool::new(false), Notify::new());
        Self(Arc::new(Inner {
            id,
            kind,
            enabled,
            ended,
            end,
        }))
    }
}

impl Track for FakeTrack {
    fn id(&self) -> String {
        format!("fake-{}", self.0.id)
    }

    fn kind(&self) -> Kind {
        self.0.kind
    }

    fn label(&self) -> String {
        "Fake".into()
    }

    fn device(&self) -> Option<String> {
        None
    }

    fn is_enabled(&self) -> bool {
        self.0.enabled.load(Ordering::Relaxed)
    }

    fn set_enabled(&self, enabled: bool) {
        self.0.enabled.store(enabled, Ordering::Relaxed);
    }

    fn is_ended(&self) -> bool {
        self.0.ended.load(Ordering::Relaxed)
    }

    async fn ended(&self) {
        while !self.is_ended() {
            self.0.end.notified().await;
        }
    }

    fn level(&self) -> f32 {
        0.5
    }

    fn stop(&self) {
        self.0.ended.store(true, Ordering::Relaxed);
        self.0.end.notify_waiters();
    }
}
