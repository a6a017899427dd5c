//! Work that is done to its end, whoever still waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tracing::Instrument as _;

use crate::error::AppError;

type Work<T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send>>;

/// Goes on by itself where nobody waits for it any more; until then it is no task of its own, which would be woken, and
/// wake whoever waits for it. Work that panics takes nobody with it.
pub(super) struct ToItsEnd<T: Send + 'static>(Option<Work<T>>);

impl<T: Send + 'static> ToItsEnd<T> {
    pub(super) fn of(work: impl Future<Output = Result<T, AppError>> + Send + 'static) -> Self {
        Self(Some(Box::pin(work.in_current_span())))
    }
}

impl<T: Send + 'static> Future for ToItsEnd<T> {
    type Output = Result<T, AppError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.0 else {
            return Poll::Ready(broke_off());
        };
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        let polled = polled.unwrap_or_else(|_| Poll::Ready(broke_off()));
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

fn broke_off<T>() -> Result<T, AppError> {
    Err(AppError::Internal("work broke off"))
}

impl<T: Send + 'static> Drop for ToItsEnd<T> {
    fn drop(&mut self) {
        // Without a runtime the process is at its end, and so is all that is under way.
        if let (Some(work), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn who_is_not_waited_for_any_more_goes_on() {
        let (begun, has_begun) = oneshot::channel();
        let (go, goes) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let work = ToItsEnd::of(async move {
            let _ = begun.send(());
            goes.await.unwrap();
            let _ = done.send(());
            Ok(())
        });
        let asker = tokio::spawn(work);
        has_begun.await.unwrap();
        asker.abort();
        assert!(asker.await.unwrap_err().is_cancelled());
        go.send(()).unwrap();
        is_done.await.unwrap();
    }

    #[tokio::test]
    async fn who_is_waited_for_answers_and_who_panics_is_a_failure() {
        assert_eq!(ToItsEnd::of(async { Ok(7) }).await.unwrap(), 7);
        let panics = ToItsEnd::<()>::of(async { panic!("on purpose") });
        assert!(matches!(panics.await, Err(AppError::Internal(_))));
    }
}
