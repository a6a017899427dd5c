//! Ratings straight into the store, so many under way at once, and look-ups meanwhile: the write path alone, beside
//! the bare loop of `commit`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dung_hen_server::store::{CaseRecord, Store, StoreError};
use dung_hen_server::waiting::{Rating, Said};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The database: a file, or `postgres://…`.
    #[arg(long)]
    database: String,
    /// Ratings under way at once.
    #[arg(long)]
    in_flight: usize,
    /// Look-ups under way at once.
    #[arg(long, default_value_t = 0)]
    look_ups: usize,
    /// Cases to look up, made at the start.
    #[arg(long, default_value_t = 1000)]
    cases: u64,
    /// How long.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

pub(super) fn run(args: &Args) -> Result<(), String> {
    let store = Store::open(&args.database).map_err(|error| error.to_string())?;
    let cases = args.cases;
    store
        .write_now(move |store| {
            for number in 0..cases {
                let mut case = CaseRecord::new(&code(number));
                case.agency = "H98.101".to_owned();
                store.put_case(&case)?;
            }
            Ok::<_, StoreError>(())
        })
        .map_err(|error| error.to_string())?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(measure(args, store))
}

fn code(number: u64) -> String {
    format!("H98.101-261005-{number:07}")
}

async fn measure(args: &Args, store: Store) -> Result<(), String> {
    let stop = Arc::new(AtomicBool::new(false));
    let next = Arc::new(AtomicU64::new(u64::from(std::process::id()) << 32));
    let mut writing = Vec::new();
    let before = cpu_seconds();
    let began = Instant::now();
    for _ in 0..args.in_flight {
        let (store, stop, next) = (store.clone(), Arc::clone(&stop), Arc::clone(&next));
        writing.push(tokio::spawn(async move {
            let mut nanos = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let rating = rating(next.fetch_add(1, Ordering::Relaxed));
                let began = Instant::now();
                store
                    .write(move |store| store.add_ratings(std::slice::from_ref(&rating)))
                    .await?;
                nanos.push(began.elapsed().as_nanos());
            }
            Ok::<_, StoreError>(nanos)
        }));
    }
    let mut reading = Vec::new();
    for reader in 0..args.look_ups {
        let (store, stop, cases) = (store.clone(), Arc::clone(&stop), args.cases);
        reading.push(tokio::spawn(async move {
            let (mut nanos, mut random) = (Vec::new(), reader as u64 + 1);
            while !stop.load(Ordering::Relaxed) {
                random = scattered(random);
                let code = code(random % cases);
                let began = Instant::now();
                store.read(move |store| store.find_case(&code)).await?;
                nanos.push(began.elapsed().as_nanos());
            }
            Ok::<_, StoreError>(nanos)
        }));
    }
    tokio::time::sleep(Duration::from_secs_f64(args.seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let ratings = gather(writing).await?;
    let seconds = began.elapsed().as_secs_f64();
    let look_ups = gather(reading).await?;
    println!(
        "{}",
        json!({
            "ratings_per_second": ratings.len() as f64 / seconds,
            "ratings_ms": spread(ratings),
            "look_ups_per_second": look_ups.len() as f64 / seconds,
            "look_ups_ms": spread(look_ups),
            "cpu_share": (cpu_seconds() - before) / seconds,
        })
    );
    Ok(())
}

type Measured = tokio::task::JoinHandle<Result<Vec<u128>, StoreError>>;

async fn gather(tasks: Vec<Measured>) -> Result<Vec<u128>, String> {
    let mut all = Vec::new();
    for task in tasks {
        let done = task.await.map_err(|error| error.to_string())?;
        all.extend(done.map_err(|error| error.to_string())?);
    }
    Ok(all)
}

fn spread(mut nanos: Vec<u128>) -> serde_json::Value {
    nanos.sort_unstable();
    let at = |share: f64| {
        let index = (nanos.len() as f64 * share) as usize;
        nanos
            .get(index.min(nanos.len().saturating_sub(1)))
            .map_or(0.0, |nanos| *nanos as f64 / 1e6)
    };
    json!({ "p50": at(0.5), "p99": at(0.99), "max": at(1.0) })
}

/// Keys must land anywhere in the table, as hashes do.
pub(super) const fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn rating(number: u64) -> Rating {
    let mut spent = [0; 32];
    let mut part = number;
    for eight in spent.chunks_mut(8) {
        part = scattered(part);
        eight.copy_from_slice(&part.to_be_bytes());
    }
    Rating {
        spent,
        handle: spent,
        label: "2026-10|H98.101|commune||||".to_owned(),
        instrument: "five-factors-1".to_owned(),
        language: "vi".to_owned(),
        said: Said {
            overall: 4,
            factors: [Some(4), Some(5), Some(4), Some(3), Some(4)],
            wrong: None,
        },
    }
}

/// Seconds of processor time of this process, all threads, in user and kernel mode.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = after
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    // Linux counts in hundredths of a second.
    ticks / 100.0
}
