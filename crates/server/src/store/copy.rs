//! From one database into another, of either kind: every row, then a second look at what arrived.

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};

use super::session::Session;
use super::sql::{Driver, Reader, Row, Value, Writer};
use super::{ErrorKind, StoreError, migrations};

/// Rows of one statement.
const CHUNK: usize = 100;

/// What was copied of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: String,
    /// Rows, the same number on both sides.
    pub rows: u64,
    /// A number made of all values of all rows in any order, the same on both sides.
    pub hash: String,
}

/// How far a copy is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The table that is copied or compared now.
    pub table: &'a str,
    /// Rows of it so far.
    pub rows: u64,
    /// Whether these are read again, to compare.
    pub comparing: bool,
}

/// Copies every row from one database into another that is empty, in one transaction there, and compares. Both are
/// brought up to nothing: the source stays as it is, and must be of this program's version.
///
/// # Errors
/// [`StoreError`]; nothing has been written then.
pub fn copy(
    from: &str,
    to: &str,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Vec<Copied>, StoreError> {
    drop(super::Store::open(to)?);
    let mut source = End::open(from, true)?;
    let mut target = End::open(to, false)?;
    let known = migrations::known();
    let version = source.version()?;
    if version != known {
        return Err(StoreError::new(
            ErrorKind::Other,
            format!(
                "the source is of version {version}, this program of version {known}: start the server on it once"
            ),
        ));
    }
    source.begin()?;
    target.begin()?;
    let mut all = Vec::new();
    for table in migrations::tables()? {
        let read = fill(&table, &mut source, &mut target, &mut progress)?;
        let found = summary(&table, &mut target, &mut progress)?;
        if found.rows != read.rows || found.sum != read.sum {
            return Err(StoreError::new(
                ErrorKind::Other,
                format!("{}: what arrived is not what was sent", table.name),
            ));
        }
        all.push(Copied {
            table: table.name,
            rows: read.rows,
            hash: format!("{:032x}", read.sum),
        });
    }
    target.set_identities()?;
    target.run("COMMIT")?;
    source.run("ROLLBACK")?;
    Ok(all)
}

fn fill(
    table: &migrations::Table,
    source: &mut End,
    target: &mut End,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<Summary, StoreError> {
    let mut writer = Writer::new(target.driver());
    let filled = writer.query_opt(
        format!("SELECT 1 FROM {} LIMIT 1", table.name).as_str(),
        &[],
        |_| Ok(()),
    )?;
    if filled.is_some() {
        return Err(StoreError::new(
            ErrorKind::Other,
            format!("the target is not empty: {}", table.name),
        ));
    }
    let mut summary = Summary::default();
    let mut waiting: Vec<Value<'static>> = Vec::new();
    let whole = insert(table, CHUNK);
    let width = table.columns.len();
    Reader::new(source.driver()).each(table.select().as_str(), &[], |row| {
        let values = read(row, width)?;
        summary.add(&values);
        waiting.extend(values);
        if waiting.len() == CHUNK * width {
            writer.execute_values(&whole, &waiting)?;
            waiting.clear();
            progress(Progress {
                table: &table.name,
                rows: summary.rows,
                comparing: false,
            });
        }
        Ok(())
    })?;
    if !waiting.is_empty() {
        writer.execute_values(&insert(table, waiting.len() / width), &waiting)?;
    }
    Ok(summary)
}

fn summary(
    table: &migrations::Table,
    end: &mut End,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    Reader::new(end.driver()).each(table.select().as_str(), &[], |row| {
        summary.add(&read(row, table.columns.len())?);
        if summary.rows.is_multiple_of(1000) {
            progress(Progress {
                table: &table.name,
                rows: summary.rows,
                comparing: true,
            });
        }
        Ok(())
    })?;
    Ok(summary)
}

fn read(row: &Row<'_>, width: usize) -> Result<Vec<Value<'static>>, StoreError> {
    (0..width)
        .map(|index| row.value(index).map(Value::into_owned))
        .collect()
}

/// `INSERT` of this many rows of a table.
fn insert(table: &migrations::Table, rows: usize) -> String {
    let width = table.columns.len();
    let values: Vec<String> = (0..rows)
        .map(|row| {
            let places: Vec<String> = (1..=width)
                .map(|column| format!("?{}", row * width + column))
                .collect();
            format!("({})", places.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO {} ({}) VALUES {}",
        table.name,
        table.columns.join(", "),
        values.join(", ")
    )
}

/// Rows counted, and added up as numbers: the order in which they come plays no part.
#[derive(Debug, Default)]
struct Summary {
    rows: u64,
    sum: u128,
}

impl Summary {
    fn add(&mut self, values: &[Value<'_>]) {
        let mut hash = Sha256::new();
        for value in values {
            let (tag, bytes): (u8, Vec<u8>) = match value {
                Value::Null => (0, Vec::new()),
                Value::Int(int) => (1, int.to_be_bytes().to_vec()),
                Value::Real(real) => (2, real.to_be_bytes().to_vec()),
                Value::Text(text) => (3, text.as_bytes().to_vec()),
                Value::Blob(bytes) => (4, bytes.to_vec()),
                // No column holds one.
                Value::List(_) => (5, Vec::new()),
            };
            hash.update([tag]);
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }
}

/// One end of a copy.
enum End {
    Sqlite(Connection),
    Postgres(Box<Session>),
}

impl End {
    fn open(address: &str, only_read: bool) -> Result<Self, StoreError> {
        match super::file_of(address)? {
            None => Ok(Self::Postgres(Box::new(Session::connect(address)?))),
            Some(path) => {
                let access = if only_read {
                    OpenFlags::SQLITE_OPEN_READ_ONLY
                } else {
                    OpenFlags::SQLITE_OPEN_READ_WRITE
                };
                let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(path, flags)?;
                connection.busy_timeout(std::time::Duration::from_secs(10))?;
                Ok(Self::Sqlite(connection))
            }
        }
    }

    fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::Sqlite(connection) => Driver::Sqlite(connection),
            Self::Postgres(session) => Driver::Postgres(session),
        }
    }

    fn run(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgres(session) => session.plain(sql),
        }
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.run(match self {
            Self::Sqlite(_) => "BEGIN",
            Self::Postgres(_) => "SET statement_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ",
        })
    }

    fn version(&mut self) -> Result<i64, StoreError> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT user_version FROM pragma_user_version",
            Self::Postgres(_) => "SELECT coalesce(max(version), 0) FROM schema_version",
        };
        let version = Reader::new(self.driver()).query_opt(sql, &[], |row| row.get(0))?;
        Ok(version.unwrap_or(0))
    }

    /// New rows get numbers after those that were copied; SQLite sees to that itself.
    fn set_identities(&mut self) -> Result<(), StoreError> {
        if let Self::Sqlite(_) = self {
            return Ok(());
        }
        let mut reader = Reader::new(self.driver());
        let columns: Vec<(String, String)> = reader.query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_identity = 'YES'",
            &[],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (table, column) in columns {
            self.run(&format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false)
                 FROM {table}"
            ))?;
        }
        Ok(())
    }
}
