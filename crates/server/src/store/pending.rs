//! Work on its way through SQLite's writer, and back to whoever asked for it.

use tokio::sync::oneshot;

use super::sql::Writer;
use super::{StoreError, died};

/// Work for the writer: it is run inside a transaction, and answered after the commit.
pub(super) trait Job: Send {
    /// Does the work; `false` takes back what it wrote.
    fn run(&mut self, writer: &mut Writer<'_>) -> bool;
    /// Tells the asker.
    fn answer(self: Box<Self>, committed: &Result<(), StoreError>);
}

/// Work on its way through SQLite's writer.
pub(super) struct Pending<W, T, E> {
    work: W,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> Pending<W, T, E>
where
    W: Fn(&mut Writer<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    /// To be handed to the writer, and where its outcome comes.
    pub(super) fn job(work: W) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>) {
        let (reply, receiver) = oneshot::channel();
        let outcome = None;
        (
            Box::new(Self {
                work,
                outcome,
                reply,
            }),
            receiver,
        )
    }
}

impl<W, T, E> Job for Pending<W, T, E>
where
    W: Fn(&mut Writer<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, writer: &mut Writer<'_>) -> bool {
        let work = std::panic::AssertUnwindSafe(|| (self.work)(writer));
        let outcome = std::panic::catch_unwind(work).unwrap_or_else(|_| Err(died().into()));
        let outcome = match (outcome, &writer.failed) {
            (Ok(_), Some(failed)) => Err(failed.clone().into()),
            (outcome, _) => outcome,
        };
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, committed: &Result<(), StoreError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.clone().into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(died().into()),
        };
        // An asker who no longer listens changes nothing.
        let _ = self.reply.send(outcome);
    }
}
