//! What an attacker reads of a database at rest: bytes as they lie there, and which of them was written first.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::support::Server;

/// A rating as the attacker sees it.
pub(super) struct Row {
    pub(super) handle: Vec<u8>,
    pub(super) label: String,
    pub(super) whose: usize,
}

/// Finds where a handle was written: which frame or transaction, and which place in it.
type Place = dyn Fn(&[u8]) -> (usize, usize);

const ROWS: &str =
    "SELECT handle, period, agency, level, procedure, field, outcome, timeliness, overall, access,
    procedures, officials, outcomes, feedback_handling FROM ratings";

/// What is at rest, as it lies there.
pub(super) enum Dump {
    /// The file and its write-ahead log.
    Sqlite(String, Cell<usize>),
    /// The heap as bytes, and which transaction wrote each row.
    Postgres(Box<RefCell<postgres::Client>>),
}

impl Dump {
    pub(super) fn of(server: &Server) -> Self {
        match server.database.strip_prefix("sqlite:") {
            Some(path) => Self::Sqlite(path.to_owned(), Cell::new(0)),
            None => {
                let client = postgres::Client::connect(&server.database, postgres::NoTls).unwrap();
                Self::Postgres(Box::new(RefCell::new(client)))
            }
        }
    }

    /// What any write changes: the bytes of the files; or, as the tests of one PostgreSQL share its transaction numbers,
    /// of each table the rows and the latest transactions that wrote and ended one.
    pub(super) fn trace(&self) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::Sqlite(path, _) => {
                let read = |end: &str| std::fs::read(format!("{path}{end}")).unwrap_or_default();
                (read(""), read("-wal"))
            }
            Self::Postgres(client) => {
                let mut client = client.borrow_mut();
                let tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()";
                let each: Vec<String> = client
                    .query(tables, &[])
                    .unwrap()
                    .iter()
                    .map(|row| row.get::<_, String>(0))
                    .map(|table| {
                        format!(
                            "SELECT '{table}' AS name, count(*), max(xmin::text::bigint), max(xmax::text::bigint) FROM {table}"
                        )
                    })
                    .collect();
                let all = format!(
                    "SELECT string_agg(one::text, ' ' ORDER BY name) FROM ({}) AS one",
                    each.join(" UNION ALL ")
                );
                let row = client.query_one(all.as_str(), &[]).unwrap();
                (row.get::<_, String>(0).into_bytes(), Vec::new())
            }
        }
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        let row = |handle: Vec<u8>, label: Vec<String>, levels: Vec<i64>| Row {
            handle,
            label: label.join("|"),
            whose: (0u32..)
                .zip(levels)
                .map(|(at, level)| usize::try_from(level - 1).unwrap() * 5usize.pow(at))
                .sum(),
        };
        match self {
            Self::Sqlite(path, _) => {
                let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
                let database = rusqlite::Connection::open_with_flags(path, flags).unwrap();
                let mut query = database.prepare(ROWS).unwrap();
                let rows = query.query_map([], |one| {
                    let label = (1..8).map(|at| one.get(at).unwrap()).collect();
                    let levels = (8..14).map(|at| one.get(at).unwrap()).collect();
                    Ok(row(one.get(0).unwrap(), label, levels))
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(client) => {
                let rows = client.borrow_mut().query(ROWS, &[]).unwrap();
                let of = |one: &postgres::Row| {
                    let label = (1..8).map(|at| one.get(at)).collect();
                    let levels = (8..14).map(|at| i64::from(one.get::<_, i16>(at)));
                    row(one.get(0), label, levels.collect())
                };
                rows.iter().map(of).collect()
            }
        }
    }

    /// Where each of these was written, in the order of writing as far as the disk tells it.
    pub(super) fn order(&self, batch: &[Row]) -> HashMap<Vec<u8>, (usize, usize)> {
        let written: Box<Place> = match self {
            Self::Sqlite(_, seen) => {
                let (_, log) = self.trace();
                // What was there at the last look holds none of the new ones.
                let from = seen.replace(log.len());
                let from = if from <= log.len() { from } else { 0 };
                Box::new(move |handle| in_log(&log, from, handle))
            }
            Self::Postgres(client) => {
                let mut client = client.borrow_mut();
                let transactions: HashMap<Vec<u8>, usize> = client
                    .query("SELECT handle, xmin::text::bigint FROM ratings", &[])
                    .unwrap()
                    .iter()
                    .map(|row| (row.get(0), usize::try_from(row.get::<_, i64>(1)).unwrap()))
                    .collect();
                client.execute("CHECKPOINT", &[]).unwrap();
                let file = "SELECT pg_read_binary_file(pg_relation_filepath('ratings'))";
                let heap: Vec<u8> = client.query_one(file, &[]).unwrap().get(0);
                Box::new(move |handle| (transactions[handle], in_heap(&heap, handle)))
            }
        };
        let place = |row: &Row| (row.handle.clone(), written(&row.handle));
        batch.iter().map(place).collect()
    }

    /// Everything in which rows leave bytes, each as one text of bytes: the file, its log, and a backup of the running
    /// database; of PostgreSQL the heap, and the write-ahead log that an archive keeps.
    pub(super) fn copies(&self, directory: &std::path::Path) -> Vec<(&'static str, Vec<u8>)> {
        match self {
            Self::Sqlite(path, _) => {
                let backup = directory.join("copy.db");
                let _ = std::fs::remove_file(&backup);
                let path = std::path::Path::new(path);
                dung_hen_server::store::backup(path, &backup, |_, _| {}).unwrap();
                let (file, log) = self.trace();
                let backup = std::fs::read(backup).unwrap();
                vec![("file", file), ("log", log), ("backup", backup)]
            }
            Self::Postgres(client) => {
                let mut client = client.borrow_mut();
                client.execute("CHECKPOINT", &[]).unwrap();
                let heap = "SELECT pg_read_binary_file(pg_relation_filepath('ratings'))";
                let heap: Vec<u8> = client.query_one(heap, &[]).unwrap().get(0);
                let archive = "SELECT pg_read_binary_file('pg_wal/' || name)
                    FROM pg_ls_waldir() WHERE length(name) = 24 ORDER BY name";
                let mut log = Vec::new();
                for row in client.query(archive, &[]).unwrap() {
                    log.extend(row.get::<_, Vec<u8>>(0));
                }
                vec![("heap", heap), ("archive", log)]
            }
        }
    }

    /// Every row of a table as text.
    pub(super) fn text(&self, table: &str) -> Vec<String> {
        match self {
            Self::Sqlite(path, _) => {
                let database = rusqlite::Connection::open(path).unwrap();
                let mut query = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
                let columns = query.column_count();
                let rows = query.query_map([], |row| {
                    let cell = |at| format!("{:?}", row.get_ref(at).unwrap());
                    Ok((0..columns).map(cell).collect::<Vec<_>>().join(" "))
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(client) => {
                let rows = format!("SELECT t::text FROM {table} t");
                let rows = client.borrow_mut().query(&rows, &[]).unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}

/// Where a handle first stands in the log, then in its page: SQLite fills pages from their end, so the order of
/// insertion is from high to low.
fn in_log(log: &[u8], from: usize, handle: &[u8]) -> (usize, usize) {
    let frame = 24 + 4096;
    let frames = log.get(32..).unwrap_or_default().chunks(frame).enumerate();
    for (number, bytes) in frames.skip(from.saturating_sub(32) / frame) {
        if let Some(at) = position(bytes, handle) {
            return (number, frame - at);
        }
    }
    (usize::MAX, 0)
}

/// Where a handle first stands in the heap: page by page, in each from its end.
fn in_heap(heap: &[u8], handle: &[u8]) -> usize {
    let page = 8192;
    for (number, bytes) in heap.chunks(page).enumerate() {
        if let Some(at) = position(bytes, handle) {
            return number * page + page - at;
        }
    }
    usize::MAX
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
