//! The load of the benches, and what the server is measured against: the same bytes from memory, and bare commits.

mod commit;
mod figures;
mod hit;
mod memory;
mod parse;
mod store;
mod watch;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends requests over many connections and prints rate and latency as one line of JSON
    Hit(hit::Args),
    /// Answers every question with the same bytes, from memory
    Memory(memory::Args),
    /// Commits rows of a rating to SQLite, in batches of a size, and prints rows a second
    Commit(commit::Args),
    /// Reads a file of envelopes again and again, and prints cases a second
    Parse(parse::Args),
    /// Fills a data directory with so many cases and ratings, for questions about figures
    Figures(figures::Args),
    /// Puts ratings into the store, so many under way at once, and prints what it took
    Store(store::Args),
    /// One round of the watches of figures and deadlines, and what it took
    Watch(watch::Args),
}

fn main() -> Result<(), String> {
    match Args::parse().command {
        Command::Hit(args) => hit::run(&args),
        Command::Memory(args) => memory::run(&args),
        Command::Commit(args) => commit::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Figures(args) => figures::run(&args),
        Command::Store(args) => store::run(&args),
        Command::Watch(args) => watch::run(&args),
    }
}

/// One thread, the load must not take the processor that the server runs on; and one that never sleeps, unless it is to.
/// Waking a thread costs the one who wakes it more than a quick answer does: a server would be measured by how often its
/// asker had fallen asleep, which is the more often the slower it is.
fn on_one_thread<T>(
    work: impl Future<Output = Result<T, String>>,
    sleeps: bool,
) -> Result<T, String> {
    let awake = async {
        if sleeps {
            return std::future::pending().await;
        }
        loop {
            tokio::task::yield_now().await;
        }
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(async {
            tokio::select! {
                outcome = work => outcome,
                never = awake => never,
            }
        })
}

/// Seconds of processor time of this process, all threads that live, in user and kernel mode: to the nanosecond where the
/// system counts so.
fn cpu_seconds() -> f64 {
    // The system counts what a thread has run when it takes the processor from it.
    std::thread::sleep(std::time::Duration::from_micros(100));
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanos = tasks.flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e9
}
