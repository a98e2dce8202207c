use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Frame, SizeHint};
use tokio_tungstenite::tungstenite::Bytes;

/// As much as hyper keeps in its buffer at a time.
const CHUNK: usize = 16 * 1024;

/// Bytes in memory that are sent in small parts.
///
/// Hyper takes an answer for sent when the last part is in its buffer, and begins to wait for the
/// next request. With one part of all bytes, the time limit for that request would cut off those
/// who are still downloading this one.
#[derive(Debug, Default)]
pub(crate) struct InMemory(Bytes);

impl From<Bytes> for InMemory {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl Body for InMemory {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.0.len().min(CHUNK);
        let chunk = self.0.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}
