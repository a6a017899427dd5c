//! The limit of the disk: rows as large as a rating's, committed in batches, durable before the next begins.

use std::path::PathBuf;
use std::time::Instant;

use rusqlite::{Connection, params};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The database to make; it must not exist.
    #[arg(long)]
    file: PathBuf,
    /// Rows in a batch.
    #[arg(long)]
    batch: u32,
    /// How long.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    if args.file.exists() || args.batch == 0 {
        return Err(format!("{}: exists, or no batch", args.file.display()));
    }
    commit(args).map_err(|error| error.to_string())
}

fn commit(args: &Args) -> Result<(), rusqlite::Error> {
    let mut connection = Connection::open(&args.file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE rows (
            spent BLOB PRIMARY KEY, agency TEXT NOT NULL, month TEXT NOT NULL, instrument TEXT NOT NULL,
            language TEXT NOT NULL, overall INTEGER NOT NULL, access INTEGER, procedures INTEGER,
            officials INTEGER, outcomes INTEGER, feedback_handling INTEGER
        ) STRICT, WITHOUT ROWID",
    )?;
    let began = Instant::now();
    let (mut rows, mut commits, mut random) = (0u64, 0u64, 0x9E37_79B9_7F4A_7C15_u64);
    while began.elapsed().as_secs_f64() < args.seconds {
        let transaction = connection.transaction()?;
        for _ in 0..args.batch {
            let mut key = [0u8; 32];
            for part in key.chunks_mut(8) {
                // xorshift: keys must land anywhere in the table, as hashes do.
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                part.copy_from_slice(&random.to_le_bytes());
            }
            transaction
                .prepare_cached(
                    "INSERT INTO rows VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    key, "H98.101", "2026-10", "sipas-5", "vi", 4, 4, 5, 4, 3, 4
                ])?;
            rows += 1;
        }
        transaction.commit()?;
        commits += 1;
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({
            "rows_per_second": rows as f64 / seconds,
            "commits_per_second": commits as f64 / seconds,
        })
    );
    Ok(())
}
