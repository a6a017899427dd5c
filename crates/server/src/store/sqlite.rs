//! SQLite: write-ahead log, one writer that commits many requests at once, readers that never wait for it.
//!
//! A request for a write goes into a bounded queue. The writer takes what waits there, runs each piece of work so that it
//! can be taken back alone, commits all with `synchronous = FULL`, and only then answers all of them. While the
//! disk is busy with one commit, the next batch gathers; so a hundred ratings cost about as many waits as one.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::pending::Job;
use super::readers::Readers;
use super::sql::{Driver, Reader, Writer};
use super::statements::run;
use super::{ErrorKind, Moment, StoreError, migrations};
use crate::gather::Gathered;

/// Connections that read.
const READERS: usize = 4;
/// Pages that each of them keeps, in KiB: the upper levels of the trees of two million cases, so that a look-up reads
/// little more than the page its row stands on.
const READER_CACHE: i64 = 32 * 1024;
/// Pages that the connection nearest to look-ups keeps, in KiB: all that the code alone asks for of two million cases
/// (`case_shown`). With the others and the writer's, 224 MiB.
const NEAR_CACHE: i64 = 112 * 1024;
/// Pages that the connection that writes keeps, in KiB: those of a few hundred cases and of all trees they stand in, so
/// that a transaction does not read again what it has just left, nor write it twice.
const WRITER_CACHE: i64 = 16 * 1024;
/// Writes that wait before more are turned away.
const QUEUE: usize = 1024;
/// Writes of one commit, at most.
const BATCH: usize = 256;
/// After this long a batch takes no more work, so that the first in it does not wait for ever.
const BATCH_TIME: Duration = Duration::from_millis(50);

/// Makes the file, where there is none, for its owner alone; what SQLite puts beside it gets the rights of this one. Where
/// it cannot be made, opening it says why.
pub(super) fn private(path: &Path) {
    let mut options = OpenOptions::new();
    let _ = options.write(true).create_new(true).mode(0o600).open(path);
}

/// How long the write-ahead log is waited for when it is emptied; writers wait meanwhile.
const EMPTYING: Duration = Duration::from_millis(200);

/// The embedded database.
pub(super) struct Sqlite {
    path: PathBuf,
    readers: Arc<Readers>,
    queue: Option<SyncSender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
}

impl Sqlite {
    /// Opens or creates the database, and brings it up to this version.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        private(path);
        let mut connection = Connection::open(path)?;
        // SQLite opens for reading what it may not write, and would say so at the first rating only.
        if connection.is_readonly(rusqlite::MAIN_DB)? {
            let what = "sqlite: the file is readonly";
            return Err(StoreError::new(ErrorKind::ReadOnly, what));
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // An answer after commit must survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What is deleted or shortened is overwritten: what was erased is not to be read out of free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        prepare(&connection)?;
        migrations::sqlite(&mut connection)?;
        // What a savepoint would take back stays in memory, and off the disk. After the steps of the schema: what they
        // sort may be larger than memory.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
        let reader = |cache: i64| {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let reader = Connection::open_with_flags(path, flags)?;
            prepare(&reader)?;
            reader.pragma_update(None, "cache_size", -cache)?;
            Ok::<_, StoreError>(reader)
        };
        let others = (1..READERS).map(|_| reader(READER_CACHE));
        let others = others.collect::<Result<_, _>>()?;
        let readers = Arc::new(Readers::new(reader(NEAR_CACHE)?, others));
        let (sender, receiver) = sync_channel(QUEUE);
        let beside = Arc::clone(&readers);
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_loop(&connection, &receiver, &beside))
            .map_err(|error| StoreError::new(ErrorKind::Worker, error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            readers,
            queue: Some(sender),
            writer: Some(writer),
        })
    }

    /// Empties the write-ahead log, which holds pages as they were before what was erased went; `false` where somebody who
    /// reads is in the way.
    pub(super) fn forget(&self) -> Result<bool, StoreError> {
        self.readers.end();
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(EMPTYING)?;
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Runs `work` on a connection that only reads.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        moment: Moment,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.wait()?.read(moment, work)
    }

    /// [`Sqlite::read`], if a connection is free now.
    pub(super) fn read_at_once<T, E: From<StoreError>>(
        &self,
        moment: Moment,
        work: impl Fn(&mut Reader<'_>) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let lease = self.readers.at_once(moment)?;
        Some(lease.read(moment, work))
    }

    /// [`Readers::rest`].
    pub(super) fn rest(&self) {
        self.readers.rest();
    }

    /// Hands work to the writer.
    pub(super) fn write(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let gone = || StoreError::new(ErrorKind::Worker, "the writer has ended");
        match self.queue.as_ref().ok_or_else(gone)?.try_send(job) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(StoreError::new(
                ErrorKind::Busy,
                "sqlite: the queue of writes is full",
            )),
            Err(TrySendError::Disconnected(_)) => Err(gone()),
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The last to close the file must be one that writes: it empties the write-ahead log into it.
        self.readers.close();
        // The writer does what waits, then ends; after this nothing of the process holds the file.
        self.queue = None;
        if let Some(writer) = self.writer.take()
            && writer.thread().id() != std::thread::current().id()
        {
            let _ = writer.join();
        }
    }
}

/// How the commits before went, and when the last one ended.
#[derive(Default)]
struct Before {
    gathered: Gathered,
    ended: Option<Instant>,
}

impl Before {
    fn patience(&self, batch: usize) -> Option<Duration> {
        self.gathered.patience(batch, self.ended?.elapsed())
    }
}

fn write_loop(connection: &Connection, queue: &Receiver<Box<dyn Job>>, readers: &Readers) {
    let mut before = Before::default();
    while let Ok(first) = queue.recv() {
        let mut batch = Vec::new();
        let committed = commit(connection, first, queue, readers, &mut batch, &mut before);
        if let Err(error) = &committed {
            tracing::error!(error.kind = ?error.kind(), jobs = batch.len(), "a commit failed: {error}");
        }
        for job in batch {
            job.answer(&committed);
        }
    }
}

/// Runs `first` and what waits behind it in one transaction, and commits; all that ran is in `batch` then.
fn commit(
    connection: &Connection,
    first: Box<dyn Job>,
    queue: &Receiver<Box<dyn Job>>,
    readers: &Readers,
    batch: &mut Vec<Box<dyn Job>>,
    before: &mut Before,
) -> Result<(), StoreError> {
    let started = Instant::now();
    let mut next = Some(first);
    let (mut alone, mut waited) = (true, false);
    let mut outcome = run(connection, "BEGIN IMMEDIATE");
    while let Some(mut job) = next.take() {
        if outcome.is_ok() {
            let kept = piece(connection, job.as_mut(), alone);
            alone &= matches!(kept, Ok(false));
            outcome = kept.map(drop);
        }
        batch.push(job);
        if outcome.is_ok() && batch.len() < BATCH && started.elapsed() < BATCH_TIME {
            next = queue.try_recv().ok();
            if next.is_none()
                && let Some(patience) = before.patience(batch.len())
            {
                waited = true;
                next = queue.recv_timeout(patience).ok();
            }
        }
    }
    let committing = Instant::now();
    let outcome = outcome.and_then(|()| readers.around(|| run(connection, "COMMIT")));
    let took = committing.elapsed();
    before.gathered.answered(batch.len(), waited, took, 0);
    before.ended = Some(Instant::now());
    if !connection.is_autocommit() {
        let _ = run(connection, "ROLLBACK");
    }
    outcome
}

/// One piece of work: where it fails, only its own writes are taken back, and it is `false`.
///
/// Where nothing stands before it in the transaction (`alone`), that takes back the transaction, and no savepoint is
/// needed. Inside of one SQLite keeps every page as it was and goes through all of them after each statement: what an
/// import of a hundred thousand cases costs would grow with its square.
fn piece(connection: &Connection, job: &mut dyn Job, alone: bool) -> Result<bool, StoreError> {
    if !alone {
        run(connection, "SAVEPOINT piece")?;
    }
    let mut writer = Writer::new(Driver::Sqlite(connection));
    let keep = job.run(&mut writer);
    // A full or failing disk makes SQLite take back the whole transaction: nothing of this batch is left.
    if connection.is_autocommit() {
        return Err(writer.failed.take().unwrap_or_else(|| {
            StoreError::new(ErrorKind::Other, "sqlite: the transaction ended early")
        }));
    }
    match (alone, keep) {
        (true, true) => {}
        (true, false) => {
            run(connection, "ROLLBACK")?;
            run(connection, "BEGIN IMMEDIATE")?;
        }
        (false, true) => run(connection, "RELEASE piece")?,
        (false, false) => {
            run(connection, "ROLLBACK TO piece")?;
            run(connection, "RELEASE piece")?;
        }
    }
    Ok(keep)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Plans do not depend on the values bound: otherwise every statement on a table with a partial index is prepared
    // again each time it runs, which costs more than the rest of a look-up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
