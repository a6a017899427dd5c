//! Each question for figures, to a store of a thousand ratings and cases and to one of a province's years: what a
//! question costs must follow the table that it shows, not what was counted for it.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use dung_hen_domain::case::{CaseStatus, WireName as _};
use dung_hen_domain::civil::{parse_date, parse_moment};
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{Place, Split};
use dung_hen_server::config::Province;
use dung_hen_server::figures::satisfaction::{table, take_step};
use dung_hen_server::figures::{BY_OUTCOME, BY_PROCEDURE, Counting, Ledger, WHOLE};
use dung_hen_server::reference::Reference;
use dung_hen_server::store::{CaseRecord, Reader, Store, StoreError, Writer};
use dung_hen_server::waiting::{Rating, Said};
use serde_json::json;

use crate::store::scattered;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the two databases are made; they are removed at the end.
    #[arg(long)]
    directory: PathBuf,
    /// Ratings of the large one.
    #[arg(long, default_value_t = 10_000_000)]
    ratings: u64,
    /// Cases of the large one.
    #[arg(long, default_value_t = 2_000_000)]
    cases: u64,
    /// Times that each question is asked of each.
    #[arg(long, default_value_t = 101)]
    times: usize,
}

/// Ratings and cases of the small one.
const SMALL: u64 = 1_000;
const AGENCIES: u64 = 100;
const PROCEDURES: u64 = 20;
/// Ratings that one step takes in.
const STEP: u64 = 200_000;
/// Rows of one transaction.
const BATCH: u64 = 10_000;

pub(super) fn run(args: &Args) -> Result<(), String> {
    let error = |error: StoreError| error.to_string();
    std::fs::create_dir_all(&args.directory).map_err(|error| error.to_string())?;
    let province = Province::unnamed().map_err(|error| error.to_string())?;
    let reference = Arc::new(Reference::new(province)?);
    let small =
        filled(&args.directory.join("small.db"), &reference, SMALL, SMALL).map_err(error)?;
    let large = filled(
        &args.directory.join("large.db"),
        &reference,
        args.ratings,
        args.cases,
    )
    .map_err(error)?;
    let mut worst: f64 = 0.0;
    for (name, ask) in questions() {
        let mut nanos = [Vec::new(), Vec::new()];
        for _ in 0..args.times {
            for (store, nanos) in [&small, &large].into_iter().zip(&mut nanos) {
                let began = Instant::now();
                black_box(store.read_now(&*ask).map_err(error)?);
                nanos.push(began.elapsed().as_nanos());
            }
        }
        let [small, large] = nanos.map(|mut nanos| {
            nanos.sort_unstable();
            nanos
                .get(nanos.len() / 2)
                .map_or(0.0, |nanos| *nanos as f64 / 1e6)
        });
        let factor = large / small;
        worst = worst.max(factor);
        println!(
            "{}",
            json!({ "question": name, "small_ms": small, "large_ms": large, "factor": factor })
        );
    }
    println!(
        "{}",
        json!({ "ratings": args.ratings, "cases": args.cases, "worst_factor": worst })
    );
    std::fs::remove_dir_all(&args.directory).map_err(|error| error.to_string())
}

type Ask = Box<dyn Fn(&mut Reader<'_>) -> Result<usize, StoreError>>;

fn questions() -> Vec<(String, Ask)> {
    let mut all: Vec<(String, Ask)> = Vec::new();
    let places = [
        ("province", Place::Province),
        ("level", Place::Level("commune".to_owned())),
        ("agency", Place::Agency(agency(7))),
    ];
    for (name, place) in places {
        for period in ["2026-05", "2026-Q2", "2026"] {
            for split in [
                Split::Whole,
                Split::Agency,
                Split::Procedure,
                Split::Outcome,
                Split::Month,
            ] {
                let place = place.clone();
                all.push((
                    format!("satisfaction {name} {period} {}", split.name()),
                    Box::new(move |reader| {
                        Ok(table(reader, INSTRUMENT, &place, period, split)?.rows.len())
                    }),
                ));
            }
        }
    }
    for of in [None, Some(agency(7))] {
        for months in [
            ("2026-05", "2026-05"),
            ("2026-04", "2026-06"),
            ("2026-01", "2026-12"),
        ] {
            for split in [WHOLE, BY_PROCEDURE, BY_OUTCOME] {
                let of = of.clone();
                let name = of.as_deref().map_or("province", |_| "agency");
                all.push((
                    format!("on time {name} {} to {} {split}", months.0, months.1),
                    Box::new(move |reader| {
                        Ok(reader.figure_sums(of.as_deref(), split, months)?.len())
                    }),
                ));
            }
        }
    }
    all
}

fn agency(number: u64) -> String {
    format!("H98.{:03}", number % AGENCIES)
}

fn procedure(number: u64) -> String {
    format!("1.{:06}", number % PROCEDURES)
}

fn month(number: u64) -> String {
    format!("2026-{:02}", number % 12 + 1)
}

/// A database with so many ratings and cases, over all agencies, procedures and months of a year.
fn filled(
    path: &Path,
    reference: &Arc<Reference>,
    ratings: u64,
    cases: u64,
) -> Result<Store, StoreError> {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    let store = Store::open_file(path)?;
    let now = parse_moment("2027-01-10T09:00:00+07:00").unwrap_or_default();
    let counting = Counting::new(reference, now);
    let began = Instant::now();
    for from in (0..cases).step_by(BATCH as usize) {
        let counting = counting.clone();
        store
            .write_now(move |writer| put_cases(writer, &counting, from..cases.min(from + BATCH)))?;
    }
    eprintln!(
        "{}: {cases} cases in {:.0?}",
        path.display(),
        began.elapsed()
    );
    let mut day = parse_date("2027-01-10").unwrap_or_default();
    for step in (0..ratings).step_by(STEP as usize) {
        let end = ratings.min(step + STEP);
        for from in (step..end).step_by(BATCH as usize) {
            store.write_now(move |writer| put_ratings(writer, from..end.min(from + BATCH)))?;
        }
        store.write_now(move |writer| take_step(writer, day))?;
        day = day.succ_opt().unwrap_or(day);
        eprintln!(
            "{}: {end} ratings in {:.0?}",
            path.display(),
            began.elapsed()
        );
    }
    Ok(store)
}

fn put_cases(
    writer: &mut Writer<'_>,
    counting: &Counting,
    numbers: std::ops::Range<u64>,
) -> Result<(), StoreError> {
    let mut ledger = Ledger::default();
    for number in numbers {
        let at = |day: u64| parse_moment(&format!("{}-{day:02}T08:00:00+07:00", month(number)));
        let mut case = CaseRecord::new(&format!("A-{number}"));
        // Each mixed by itself, so that all combinations come about.
        case.agency = agency(scattered(number));
        case.procedure = procedure(scattered(number) >> 32);
        case.status = CaseStatus::Returned;
        case.received_at = at(1 + number % 9);
        case.promise = at(12).map(|moment| moment.date());
        case.finished_at = at(10 + scattered(number) % 4);
        writer.put_case(&case)?;
        ledger.count_case(writer, &case, counting)?;
    }
    ledger.write(writer)
}

fn put_ratings(writer: &mut Writer<'_>, numbers: std::ops::Range<u64>) -> Result<(), StoreError> {
    let all: Vec<u64> = numbers.collect();
    for group in all.chunks(5) {
        let cell = group.first().map_or(0, |first| scattered(first / 5));
        let outcome = if cell % 7 == 0 { "late" } else { "in_time" };
        let label = format!(
            "{}|{}|commune|{}|F{}|decided|{outcome}",
            month(cell >> 16),
            agency(cell >> 24),
            procedure(cell >> 40),
            (cell >> 40) % PROCEDURES / 4,
        );
        let ratings: Vec<Rating> = group.iter().map(|number| rating(*number, &label)).collect();
        writer.add_ratings(&ratings)?;
    }
    Ok(())
}

fn rating(number: u64, label: &str) -> Rating {
    let mut name = [0; 32];
    let mut part = number;
    for eight in name.chunks_mut(8) {
        part = scattered(part);
        eight.copy_from_slice(&part.to_be_bytes());
    }
    let level = |shift: u64| u8::try_from((part >> shift) % 5 + 1).unwrap_or(5);
    Rating {
        spent: name,
        handle: name,
        label: label.to_owned(),
        instrument: INSTRUMENT.to_owned(),
        language: "vi".to_owned(),
        said: Said {
            overall: level(0),
            factors: [8, 16, 24, 32, 40].map(|shift| Some(level(shift))),
            wrong: None,
        },
    }
}
