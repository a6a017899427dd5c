//! Being inside: the room of one server's task, with the other servers kept out until it leaves.

use std::io;
use std::ops::{Deref, DerefMut};

use tokio::sync::MutexGuard;

use super::room::WaitingRoom;
use crate::worker::in_place;

/// Being inside.
#[derive(Debug)]
pub struct Entered<'a>(MutexGuard<'a, WaitingRoom>);

impl<'a> Entered<'a> {
    /// Once the file is locked.
    pub(super) fn locked(room: MutexGuard<'a, WaitingRoom>) -> io::Result<Self> {
        // Unlocks again whatever comes.
        let mut entered = Self(room);
        entered.refresh()?;
        entered.pay_or_tell();
        Ok(entered)
    }
}

impl Entered<'_> {
    /// Leaves, for a task: what was counted is written without holding up others.
    pub fn leave(self) {
        in_place(|| drop(self));
    }

    /// What cannot be written now, the next one writes.
    fn pay_or_tell(&mut self) {
        if let Err(error) = self.pay() {
            tracing::error!(error.kind = ?error.kind(), "what was counted could not be written yet");
        }
    }
}

impl Deref for Entered<'_> {
    type Target = WaitingRoom;

    fn deref(&self) -> &WaitingRoom {
        &self.0
    }
}

impl DerefMut for Entered<'_> {
    fn deref_mut(&mut self) -> &mut WaitingRoom {
        &mut self.0
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.doubt();
            self.0.unpaid.clear();
        } else if self.0.counting || !self.0.uncounted.is_empty() {
            // What others owe they write themselves, or the next who comes in: this may be a thread that many wait for.
            self.pay_or_tell();
        }
        self.0.file.unlock();
    }
}
