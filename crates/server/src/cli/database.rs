//! `server backup`, `server restore` and `server copy`.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;

use crate::store::{Checked, Store, backup, copy, file_of, restore};

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The new file.
    file: PathBuf,
    #[command(flatten)]
    data: super::DataArgs,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A file that `server backup` made.
    file: PathBuf,
    /// Take the place of the database that is there: what was stored since the backup is gone.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    data: super::DataArgs,
}

#[derive(Debug, Args)]
pub(super) struct CopyArgs {
    /// The database to read: a file, `sqlite:FILE`, or `postgres://…`. It stays as it is.
    #[arg(long)]
    from: String,
    /// The database to fill; it must be empty.
    #[arg(long)]
    to: String,
}

impl super::DataArgs {
    /// The file of the SQLite database.
    pub(super) fn file(&self) -> Result<PathBuf, String> {
        match &self.database {
            None => Ok(self.data.join("dung-hen.db")),
            Some(address) => {
                let file = file_of(address).map_err(|error| error.to_string())?;
                file.map(PathBuf::from).ok_or_else(|| {
                    "this is for SQLite; PostgreSQL has pg_dump and pg_basebackup (docs/OPERATIONS.md)".to_owned()
                })
            }
        }
    }
}

pub(super) fn back_up(args: &BackupArgs) -> Result<(), String> {
    let from = args.data.file()?;
    let mut line = Line::default();
    let checked = backup(&from, &args.file, |done, all| {
        line.pages("backup", done, all)
    })
    .map_err(|error| format!("{}: {error}", args.file.display()))?;
    line.end();
    report(&checked);
    tell!(
        "{}: sound, with the rows of one moment. The key (server.key) is not in it; keep that elsewhere.",
        args.file.display()
    );
    Ok(())
}

pub(super) fn put_back(args: &RestoreArgs) -> Result<(), String> {
    let to = args.data.file()?;
    if to.exists() && !args.replace {
        return Err(format!(
            "{} is there already; what was stored since the backup would be lost. Back it up, then add --replace",
            to.display()
        ));
    }
    if let Some(directory) = to.parent() {
        super::make_directory(directory)
            .map_err(|error| super::advice::directory(directory, &error))?;
    }
    let mut line = Line::default();
    let checked = restore(&args.file, &to, |done, all| {
        line.pages("restore", done, all)
    })
    .map_err(|error| format!("{}: {error}", args.file.display()))?;
    line.end();
    report(&checked);
    tell!("{}: restored and sound", to.display());
    // A backup holds no key: it is of use under its own alone.
    let wrong = Store::open_file(&to)
        .ok()
        .and_then(|store| super::own_key::wrong(&args.data.data, &store));
    if let Some((wrong, todo)) = wrong {
        eprintln!("server: {wrong}; {todo}");
    }
    Ok(())
}

pub(super) fn copy_all(args: &CopyArgs) -> Result<(), String> {
    let mut line = Line::default();
    let copied = copy(&args.from, &args.to, |at| {
        let verb = if at.comparing { "compared" } else { "copied" };
        line.show(&format!("{}: {} rows {verb}", at.table, at.rows));
    })
    .map_err(|error| format!("{error}; nothing was written"))?;
    line.end();
    for table in copied {
        tell!("{}  {}", counted(&table.table, table.rows), table.hash);
    }
    tell!("copied; counts and contents agree on both sides");
    Ok(())
}

fn report(checked: &Checked) {
    for (table, rows) in &checked.rows {
        tell!("{}", counted(table, *rows));
    }
}

/// A table and its rows; numbers stand below one another.
fn counted(table: &str, rows: u64) -> String {
    format!("{table:<24}{rows:>12}")
}

/// A line of progress on a terminal; nothing in a log.
#[derive(Default)]
struct Line {
    shown: bool,
}

impl Line {
    fn pages(&mut self, verb: &str, done: u64, all: u64) {
        let percent = (done * 100).checked_div(all).unwrap_or(100);
        self.show(&format!("{verb}: {percent} %"));
    }

    fn show(&mut self, text: &str) {
        let mut terminal = std::io::stderr().lock();
        if terminal.is_terminal() {
            self.shown = true;
            let _ = write!(terminal, "\r\x1b[K{text}").and_then(|()| terminal.flush());
        }
    }

    fn end(&mut self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}
