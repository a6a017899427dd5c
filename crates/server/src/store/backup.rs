//! A SQLite database into one file and back, while the server serves.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::sqlite::private;
use super::{ErrorKind, StoreError, migrations};

/// Pages of one step; progress is told between steps.
const STEP: i32 = 2048;

/// What a backup or restoring found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
}

/// Copies the database in `from` to the new file `to`: the state of one moment, whatever is written meanwhile. Then
/// the copy is checked as a whole, and its rows are counted and compared with those of that moment.
///
/// # Errors
/// [`StoreError`]; `to` does not exist then.
pub fn backup(
    from: &Path,
    to: &Path,
    progress: impl FnMut(u64, u64),
) -> Result<Checked, StoreError> {
    if to.exists() {
        return Err(refused(format!("{} is there already", to.display())));
    }
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(Duration::from_secs(10))?;
    // This state and no other, until the end: writers go on in the write-ahead log.
    source.execute_batch("BEGIN")?;
    let expected = count(&source)?;
    let partial = to.with_extension("partial");
    let outcome = (|| {
        private(&partial);
        let mut target = Connection::open(&partial)?;
        steps(&source, &mut target, progress)?;
        // One file, without a log beside it.
        target.pragma_update(None, "journal_mode", "DELETE")?;
        let checked = check(&target)?;
        if checked != expected {
            return Err(refused(
                "the copy has other rows than the original".to_owned(),
            ));
        }
        drop(target);
        std::fs::File::open(&partial)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&partial, to))
            .map_err(|error| StoreError::new(ErrorKind::Io, error.to_string()))?;
        Ok(Checked { rows: checked })
    })();
    if outcome.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    outcome
}

/// Puts the database in `from` in the place of what is in `to`, in one transaction: a server that serves `to` goes on,
/// and sees the old state or the new one. A copy of an earlier version is brought up to this one first.
///
/// # Errors
/// [`StoreError`]; `to` is as it was then.
pub fn restore(
    from: &Path,
    to: &Path,
    progress: impl FnMut(u64, u64),
) -> Result<Checked, StoreError> {
    let original = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // Before any step of the schema: those make every table in whatever they are given.
    if !check(&original)?.contains_key("cases") {
        return Err(refused(format!(
            "{} is no backup of this program",
            from.display()
        )));
    }
    // Migrated beside the target, not in the backup, which stays as it is.
    let beside = to.with_extension("restoring");
    let _ = std::fs::remove_file(&beside);
    let outcome = (|| {
        private(&beside);
        let mut source = Connection::open(&beside)?;
        steps(&original, &mut source, |_, _| {})?;
        source.pragma_update(None, "journal_mode", "DELETE")?;
        migrations::sqlite(&mut source)?;
        let expected = check(&source)?;
        private(to);
        let mut target = Connection::open(to)?;
        target.busy_timeout(Duration::from_secs(30))?;
        // A file whose schema is damaged cannot answer these; its mode stands in its first page, and FULL is the default.
        let _ = target.pragma_update(None, "journal_mode", "WAL");
        let _ = target.pragma_update(None, "synchronous", "FULL");
        steps(&source, &mut target, progress)?;
        // The pages of the backup say so of the file's format, and a server that runs has it open in this mode.
        target.pragma_update(None, "journal_mode", "WAL")?;
        let found = check(&target)?;
        if found != expected {
            return Err(refused(
                "the database has other rows than the backup".to_owned(),
            ));
        }
        Ok(Checked { rows: found })
    })();
    let _ = std::fs::remove_file(&beside);
    outcome
}

fn steps(
    source: &Connection,
    target: &mut Connection,
    mut progress: impl FnMut(u64, u64),
) -> Result<(), StoreError> {
    let backup = Backup::new(source, target)?;
    let mut waited = 0;
    loop {
        let step = backup.step(STEP)?;
        let at = backup.progress();
        let total = u64::try_from(at.pagecount).unwrap_or(0);
        let left = u64::try_from(at.remaining).unwrap_or(0);
        progress(total.saturating_sub(left), total);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Somebody writes: the next step tries again, within reason.
            _ if waited < 600 => {
                waited += 1;
                std::thread::park_timeout(Duration::from_millis(50));
            }
            _ => {
                return Err(StoreError::new(
                    ErrorKind::Busy,
                    "sqlite: the database is locked",
                ));
            }
        }
    }
}

/// The whole file is sound; the rows of its tables.
fn check(connection: &Connection) -> Result<BTreeMap<String, u64>, StoreError> {
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::new(ErrorKind::Corrupt, verdict));
    }
    count(connection)
}

fn count(connection: &Connection) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )?;
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut rows = BTreeMap::new();
    for name in names {
        let n: i64 =
            connection.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| {
                row.get(0)
            })?;
        rows.insert(name, u64::try_from(n).unwrap_or(0));
    }
    Ok(rows)
}

fn refused(message: String) -> StoreError {
    StoreError::new(ErrorKind::Other, message)
}
