//! What is left of a body when the answer is ready.
//!
//! A handler that refuses a body stops reading it. Closing the connection at that moment throws away what the client
//! has yet to send, and often the answer with it: a browser shows a network error in the place of the sentence that
//! says what was wrong. So the rest is read and thrown away first, up to a size and a time.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::limits::{Limits, MAX_CONNECTOR_BODY};

/// So many bytes of a rest are read; then the connection is closed all the same.
const MOST: u64 = MAX_CONNECTOR_BODY as u64;

/// A body that can be had back.
#[derive(Default)]
struct Lent {
    body: Body,
    begun: bool,
}

struct Borrowed(Arc<Mutex<Lent>>);

impl Borrowed {
    fn with<T>(&self, then: impl FnOnce(&mut Lent) -> T) -> T {
        then(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HttpBody for Borrowed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.with(|lent| {
            lent.begun = true;
            Pin::new(&mut lent.body).poll_frame(cx)
        })
    }

    fn is_end_stream(&self) -> bool {
        self.with(|lent| lent.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        self.with(|lent| lent.body.size_hint())
    }
}

/// A body that a handler has, to be read out before the answer goes out.
pub(super) struct Rest {
    lent: Arc<Mutex<Lent>>,
    asks_first: bool,
}

impl Rest {
    /// Lends the body of a request to its handler.
    pub(super) fn of(request: Request) -> (Request, Self) {
        let (head, body) = request.into_parts();
        let rest = Self {
            lent: Arc::new(Mutex::new(Lent { body, begun: false })),
            // Asked for before the first byte is read, it would only now be sent: the answer comes first.
            asks_first: head.headers.contains_key(header::EXPECT),
        };
        let borrowed = Body::new(Borrowed(Arc::clone(&rest.lent)));
        (Request::from_parts(head, borrowed), rest)
    }

    /// Reads what is left of it.
    pub(super) async fn read_out(self, limits: &Limits, answered: StatusCode) {
        // What was taken may still be read while it is answered: a stream.
        if answered.is_success() {
            return;
        }
        let Lent { body, begun } =
            std::mem::take(&mut *self.lent.lock().unwrap_or_else(PoisonError::into_inner));
        // A body that stopped has been waited for already.
        let stopped = answered == StatusCode::REQUEST_TIMEOUT;
        if body.is_end_stream() || stopped || (self.asks_first && !begun) {
            return;
        }
        let _ = tokio::time::timeout(limits.call, throw_away(body, limits.body)).await;
    }
}

/// Until the end, the most, or a wait longer than `patience`.
async fn throw_away(mut body: Body, patience: Duration) {
    let mut read = 0;
    while read < MOST {
        let frame = std::future::poll_fn(|cx| {
            let frame = ready!(Pin::new(&mut body).poll_frame(cx));
            Poll::Ready(frame.and_then(Result::ok))
        });
        match tokio::time::timeout(patience, frame).await {
            Ok(Some(frame)) => read += frame.data_ref().map_or(0, |data| data.len() as u64),
            Ok(None) | Err(_) => return,
        }
    }
}
