//! The schema, step by step, in paired files: `migrations/sqlite/NNNN_name.sql` and `migrations/postgres/NNNN_name.sql`.
//! A step that was released is never changed; the next one changes what it made.

use rusqlite::Connection;

use super::session::Session;
use super::value::Value;
use super::{ErrorKind, StoreError};

/// One step of the schema.
struct Step {
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($name:literal),* $(,)?) => { &[$(Step {
        sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
        postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
    }),*] };
}

/// Every step, in order; the number in the name is the version that it makes.
const STEPS: &[Step] = steps![
    "0001_first",
    "0002_jobs",
    "0003_figures",
    "0004_desk",
    "0005_computed",
    "0006_blind_ballots",
    "0007_notices",
    "0008_register",
    "0009_holder",
    "0010_keys",
    "0011_who",
    "0012_satisfaction",
    "0013_integrity",
    "0014_briefs",
    "0015_sheets",
    "0016_denominators",
    "0017_events",
    "0018_connectors",
    "0019_named",
    "0020_watch",
    "0021_places",
    "0022_register",
    "0023_terms",
    "0024_shown",
    "0025_outcomes",
    "0026_told",
    "0027_counters",
    "0028_all_results",
    "0029_jobs_in_order",
    "0030_finished_late",
    "0031_computed_settings",
];

/// The version of this program.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The steps after version `done`, with the version that each makes.
fn missing(done: i64) -> Result<impl Iterator<Item = (i64, &'static Step)>, StoreError> {
    if done > known() {
        return Err(StoreError::new(
            ErrorKind::TooNew,
            format!("version {done} is newer than this program"),
        ));
    }
    Ok((1i64..)
        .zip(STEPS)
        .filter(move |(version, _)| *version > done))
}

/// A table of the schema.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

impl Table {
    /// Every row with all its columns.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns.join(", "), self.name)
    }
}

/// Every table, in the order in which they were made: none refers to a later one.
pub(super) fn tables() -> Result<Vec<Table>, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    sqlite(&mut connection)?;
    let mut statement = connection.prepare(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, c.cid",
    )?;
    let mut rows = statement.query([])?;
    let mut tables: Vec<Table> = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, column): (String, String) = (row.get(0)?, row.get(1)?);
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => tables.push(Table {
                name,
                columns: vec![column],
            }),
        }
    }
    Ok(tables)
}

/// Brings a SQLite database up to this version, each step in a transaction of its own.
pub(super) fn sqlite(connection: &mut Connection) -> Result<(), StoreError> {
    let done: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (version, step) in missing(done)? {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step.sqlite)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Brings a PostgreSQL database up to this version; whoever comes second waits, and finds nothing to do.
pub(super) fn postgres(session: &mut Session) -> Result<(), StoreError> {
    // A step over a large database takes longer than any question may, and so does waiting for another server's. The
    // number is "dung-hen" to nobody but us.
    session.plain("BEGIN")?;
    session.plain("SET LOCAL statement_timeout = 0")?;
    session.plain(
        "SELECT pg_advisory_xact_lock(6072318);
         CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)",
    )?;
    let mut done = 0;
    session.each(
        "SELECT coalesce(max(version), 0) FROM schema_version",
        &[],
        &mut |row| {
            done = row.get(0)?;
            Ok(())
        },
    )?;
    for (version, step) in missing(done)? {
        session.plain(step.postgres)?;
        session.execute(
            "INSERT INTO schema_version (version) VALUES (?1)",
            &[Value::Int(version)],
        )?;
    }
    session.plain("COMMIT")
}
