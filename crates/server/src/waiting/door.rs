//! The way in: one task of one server at a time, and one wait for the disk for all who came before it.

use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use super::file::WaitingFile;
use super::room::WaitingRoom;

/// The waiting room of all servers that share a directory: one of them is inside at a time.
#[derive(Debug)]
pub struct Waiting {
    room: Mutex<WaitingRoom>,
    file: Arc<WaitingFile>,
    written: Arc<AtomicU64>,
    pub(super) synced: Mutex<u64>,
}

impl Waiting {
    /// Opens or makes the room in this directory.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(directory: &Path) -> io::Result<Arc<Self>> {
        let room = WaitingRoom::open(directory)?;
        Ok(Arc::new(Self {
            file: Arc::clone(&room.file),
            written: Arc::clone(&room.written),
            room: Mutex::new(room),
            synced: Mutex::default(),
        }))
    }

    /// Enters it, after whoever is inside.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn enter(&self) -> io::Result<Entered<'_>> {
        let room = self.room.lock().await;
        tokio::task::block_in_place(|| {
            self.file.lock()?;
            // Unlocks again whatever comes.
            let mut entered = Entered(room);
            entered.refresh()?;
            Ok(entered)
        })
    }

    /// Returns when everything written before `moment` is on the disk. While the disk is busy with one, the next
    /// gather: one wait serves them all.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn on_disk(&self, moment: u64) -> io::Result<()> {
        let mut synced = self.synced.lock().await;
        if *synced < moment {
            let written = self.written.load(Ordering::Acquire);
            tokio::task::block_in_place(|| self.file.sync())?;
            *synced = written;
        }
        Ok(())
    }
}

/// Being inside.
#[derive(Debug)]
pub struct Entered<'a>(MutexGuard<'a, WaitingRoom>);

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
        self.0.file.unlock();
    }
}
