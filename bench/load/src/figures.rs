//! Fills two data directories: one with a thousand cases and ratings, one with a province's years. Which figures the
//! server makes of them is asked over HTTP (`bench/figures.mjs`).
//!
//! Cases go through the store and the figures as every write does. Ratings go into their tables in the order of their
//! names, and into the published cells as a step would have put them: `server verify` counts both again and must find
//! no difference.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{Days, NaiveDate, NaiveDateTime};
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::case::{CaseStatus, Channel, WireName as _};
use dung_hen_domain::civil::{parse_date, parse_moment};
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::objection::ObjectionKind;
use dung_hen_domain::satisfaction::INSTRUMENT;
use dung_hen_domain::satisfaction::tables::{QUESTIONS, Question, answers, cells_of};
use dung_hen_domain::wire::DueCause;
use dung_hen_server::config::Province;
use dung_hen_server::figures::{Counting, Ledger, places, watch};
use dung_hen_server::keys::Keys;
use dung_hen_server::recompute;
use dung_hen_server::reference::Reference;
use dung_hen_server::store::{
    BY_LABEL, CaseRecord, DueEntry, LetterEntry, ObjectionRecord, SatisfactionKey, Store,
    StoreError, TallyRow, Writer,
};

use crate::store::scattered;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The data directory to make; what stands there is replaced.
    #[arg(long)]
    data: PathBuf,
    /// Ratings.
    #[arg(long)]
    ratings: u64,
    /// Cases.
    #[arg(long)]
    cases: u64,
}

const AGENCIES: u64 = 100;
const PROCEDURES: u64 = 20;
/// Rows of one transaction.
const BATCH: u64 = 10_000;
/// The agency that is asked for by itself.
const ASKED: u64 = 7;
/// Its month.
const MAY: u64 = 4;
/// As many letters of apology as a page of them shows, and some more: so many cases of the agency that is asked for have
/// one in its month, in both provinces.
const LETTERS: std::ops::Range<u64> = 132..252;
/// When the cases were counted, and the step was taken.
const NOW: &str = "2027-01-10T09:00:00+07:00";

pub(super) fn run(args: &Args) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let _ = std::fs::remove_dir_all(&args.data);
    std::fs::create_dir_all(&args.data).map_err(|error| text(&error))?;
    let province = province();
    std::fs::write(args.data.join("province.toml"), &province).map_err(|error| text(&error))?;
    let province = Province::parse(&province).map_err(|error| text(&error))?;
    let reference = Arc::new(Reference::new(province)?);
    // `server verify` asks for it.
    Keys::load_or_create(&args.data.join("server.key")).map_err(|error| text(&error))?;
    let file = args.data.join("dung-hen.db");
    let began = Instant::now();
    let tell = |what: &str| {
        eprintln!(
            "{}: {what} after {:.0?}",
            args.data.display(),
            began.elapsed()
        )
    };
    let store = Store::open_file(&file).map_err(|error| text(&error))?;
    put_all_cases(&store, &reference, args.cases, &tell).map_err(|error| text(&error))?;
    let labels = put_ratings(&file, args.ratings).map_err(|error| text(&error))?;
    tell("ratings");
    publish(&store, labels).map_err(|error| text(&error))?;
    store
        .write_now(|writer| writer.raise_tallies(&tallies()))
        .map_err(|error| text(&error))?;
    tell("all");
    Ok(())
}

/// The last fifth of the agencies are departments.
fn level(agency: u64) -> &'static str {
    if agency % AGENCIES < AGENCIES * 4 / 5 {
        "commune"
    } else {
        "province"
    }
}

fn province() -> String {
    let mut text =
        "code = \"H98\"\n[name]\nvi = \"Tỉnh Mẫu\"\nen = \"Sample Province\"\n".to_owned();
    for number in 0..AGENCIES {
        let _ = write!(
            text,
            "[[agencies]]\ncode = \"{}\"\nname = \"Cơ quan {number}\"\nlevel = \"{}\"\n",
            agency(number),
            level(number)
        );
    }
    text
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

/// Agency, procedure and month of a case or of a group of ratings. The first ones make both provinces publish the same
/// rows: the agency that is asked for has every procedure in May, every agency has something, and so has every month;
/// all others are anywhere.
fn place(number: u64) -> (u64, u64, u64) {
    let anywhere = scattered(number);
    match number {
        0..PROCEDURES => (ASKED, number, MAY),
        PROCEDURES..32 => (ASKED, number, number - PROCEDURES),
        32..132 => (number - 32, anywhere >> 32, MAY),
        _ => (anywhere, anywhere >> 32, anywhere >> 48),
    }
}

fn put_all_cases(
    store: &Store,
    reference: &Arc<Reference>,
    cases: u64,
    tell: &impl Fn(&str),
) -> Result<(), StoreError> {
    let counting = Counting::new(reference, now());
    watch::bring_up(store, &counting, |_| {})?;
    for from in (0..cases).step_by(BATCH as usize) {
        let counting = counting.clone();
        let end = cases.min(from + BATCH);
        store.write_now(move |writer| put_cases(writer, &counting, from..end))?;
        if end.is_multiple_of(BATCH * 4) {
            places::bring_up(store, reference)?;
        }
        if end.is_multiple_of(BATCH * 20) {
            tell(&format!("{end} cases"));
        }
    }
    let objections = cases / 200;
    store.write_now(move |writer| {
        let mut ledger = Ledger::default();
        for number in 0..objections {
            let objection = objection(number);
            writer.add_objection(&objection)?;
            ledger.count_objection(&objection);
        }
        ledger.write(writer)
    })?;
    places::bring_up(store, reference)?;
    tell("cases");
    Ok(())
}

fn now() -> NaiveDateTime {
    parse_moment(NOW).unwrap_or_default()
}

fn put_cases(
    writer: &mut Writer<'_>,
    counting: &Counting,
    numbers: std::ops::Range<u64>,
) -> Result<(), StoreError> {
    let cases: Vec<CaseRecord> = numbers.map(case).collect();
    let codes: Vec<&str> = cases.iter().map(|case| case.code.as_str()).collect();
    let written = writer.merge_cases(&codes, |place, _| cases[place].clone())?;
    recompute::write(writer, &written, &counting.reference, now())?;
    let mut ledger = Ledger::default();
    ledger.count_cases(writer, &written, counting)?;
    ledger.write(writer)
}

/// Received in the first third of its month and promised for the 12th; finished two days before to three days after,
/// or (one in sixteen) not at all; a late one has a letter in one case of four.
fn case(number: u64) -> CaseRecord {
    let with_letter = LETTERS.contains(&number);
    let (of, kind, in_month) = if with_letter {
        (ASKED, scattered(number) >> 32, MAY)
    } else {
        place(number)
    };
    let chance = scattered(number ^ 0xA5A5);
    let name = month(in_month);
    let at = |day: u64| parse_moment(&format!("{name}-{day:02}T08:00:00+07:00"));
    let mut case = CaseRecord::new(&format!("{}-{name}-{number:08}", agency(of)));
    case.agency = agency(of);
    case.procedure = procedure(kind);
    case.channel = if chance.is_multiple_of(3) {
        Channel::Direct
    } else {
        Channel::Online
    };
    case.received_at = at(1 + number % 9);
    case.promise = at(12).map(|moment| moment.date());
    case.first_promise = case.promise;
    case.detail.cashless = Some(chance % 5 > 1);
    if let (Some(due), Some(recorded)) = (case.promise, case.received_at) {
        case.history = vec![DueEntry::new(due, recorded, DueCause::Receipt)];
    }
    let day = if with_letter { 13 } else { 10 + chance / 7 % 6 };
    if chance % 16 == 15 {
        case.status = CaseStatus::Processing;
    } else {
        case.status = CaseStatus::Returned;
        case.finished_at = at(day);
        case.detail.results = vec![(
            "Kết quả".to_owned(),
            chance
                .is_multiple_of(2)
                .then(|| "https://kq.example.vn".to_owned()),
        )];
    }
    if day > 12 && (with_letter || chance.is_multiple_of(4)) {
        case.letters = vec![LetterEntry {
            issued: at(12).map(|moment| moment.date()).unwrap_or_default(),
            number: Some(format!("{number}/TB-XL")),
            previous_due: case.promise,
            revised_due: at(20).map(|moment| moment.date()),
            ..LetterEntry::default()
        }];
    }
    case
}

fn objection(number: u64) -> ObjectionRecord {
    let (of, _, in_month) = place(number);
    let kinds = ObjectionKind::ALL;
    ObjectionRecord {
        reference: format!("PA-{number:08}"),
        kind: kinds[number as usize % kinds.len()],
        agency: agency(of),
        received_at: parse_moment(&format!("{}-13T08:00:00+07:00", month(in_month)))
            .unwrap_or_default(),
        case_code: None,
        known: false,
        due: None,
        text: None,
        contact: None,
        consent_on: None,
        answers: Vec::new(),
    }
}

/// Answers per level of each question, by label.
type Labels = BTreeMap<String, [[i64; 5]; QUESTIONS]>;

/// Writes the ratings in groups of five and more, and says what each label holds.
fn put_ratings(file: &Path, ratings: u64) -> rusqlite::Result<Labels> {
    let mut database = rusqlite::Connection::open(file)?;
    database.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")?;
    let mut labels = Labels::new();
    let texts: Vec<(BallotLabel, String)> =
        (0..ratings.div_ceil(5).min(GROUPS)).map(label).collect();
    // Names that look like hashes, in their order, so that each page is written once.
    let apart = u64::MAX / ratings.max(1);
    for from in (0..ratings).step_by(BATCH as usize * 20) {
        let transaction = database.transaction()?;
        {
            let mut spent =
                transaction.prepare("INSERT INTO spent (number_hash, quarter) VALUES (?1, ?2)")?;
            let mut rating = transaction.prepare(
                "INSERT INTO ratings (handle, period, agency, level, procedure, field, outcome, timeliness, instrument,
                    language, overall, access, procedures, officials, outcomes, feedback_handling, wrong, scale)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'vi', ?10, ?11, ?12, ?13, ?14, ?15, ?16, 'five-levels-1')",
            )?;
            for number in from..ratings.min(from + BATCH * 20) {
                let mut name = [0; 32];
                name[..8].copy_from_slice(&(number * apart).to_be_bytes());
                name[8..16].copy_from_slice(&scattered(number).to_be_bytes());
                let Some((label, text)) = texts.get((number / 5) as usize % texts.len()) else {
                    continue;
                };
                let (overall, factors, wrong) = said(number);
                spent.execute((&name[..], label.quarter()))?;
                rating.execute(rusqlite::params![
                    &name[..],
                    label.period,
                    label.agency,
                    label.level,
                    label.procedure,
                    label.field,
                    label.outcome,
                    label.timeliness,
                    INSTRUMENT,
                    overall,
                    factors[0],
                    factors[1],
                    factors[2],
                    factors[3],
                    factors[4],
                    wrong,
                ])?;
                let counts = match labels.get_mut(text) {
                    Some(counts) => counts,
                    None => labels.entry(text.clone()).or_insert([[0; 5]; QUESTIONS]),
                };
                for (levels, level) in counts.iter_mut().zip(answers(overall, factors, wrong)) {
                    let place = level.and_then(|level| usize::from(level).checked_sub(1));
                    if let Some(count) = place.and_then(|place| levels.get_mut(place)) {
                        *count += 1;
                    }
                }
            }
        }
        transaction.commit()?;
        eprintln!(
            "{}: {} ratings",
            file.display(),
            ratings.min(from + BATCH * 20)
        );
    }
    Ok(labels)
}

/// As many labels as there are groups, up to this many.
const GROUPS: u64 = AGENCIES * PROCEDURES * 12 * 2;

fn label(group: u64) -> (BallotLabel, String) {
    let (of, kind, in_month) = place(group);
    let text = format!(
        "{}|{}|{}|{}|F{}|decided|{}",
        month(in_month),
        agency(of),
        level(of),
        procedure(kind),
        kind % PROCEDURES / 4,
        if scattered(group).is_multiple_of(7) {
            "late"
        } else {
            "in_time"
        },
    );
    (BallotLabel::parse(&text).unwrap_or_default(), text)
}

/// Mostly content; what was wrong is named after bad factors.
fn said(number: u64) -> (u8, [Option<u8>; 5], Option<u16>) {
    let chance = scattered(number ^ 0x5A5A);
    let level = |shift: u32| match (chance >> shift) % 64 {
        0 => 1,
        1..=2 => 2,
        3..=6 => 3,
        7..=30 => 4,
        _ => 5u8,
    };
    let factors = [6, 12, 18, 24, 30].map(|shift| Some(level(shift)));
    (level(0), factors, Some((chance >> 40) as u16))
}

/// Puts what the labels hold into every table, as one step.
fn publish(store: &Store, labels: Labels) -> Result<(), StoreError> {
    let mut cells = BTreeMap::<SatisfactionKey, [i64; 5]>::new();
    for (label, counts) in &labels {
        for (question, levels) in Question::ALL
            .iter()
            .zip(counts)
            .filter(|(_, levels)| **levels != [0; 5])
        {
            let key = |place, split: &str, period, value| SatisfactionKey {
                instrument: INSTRUMENT.to_owned(),
                place,
                split: split.to_owned(),
                period,
                value,
                question: *question,
            };
            let mut add = |key| {
                let cell = cells.entry(key).or_insert([0; 5]);
                cell.iter_mut()
                    .zip(levels)
                    .for_each(|(count, by)| *count += by);
            };
            add(key(String::new(), BY_LABEL, String::new(), label.clone()));
            for cell in BallotLabel::parse(label).iter().flat_map(cells_of) {
                add(key(cell.place, cell.split.name(), cell.period, cell.value));
            }
        }
    }
    let cells: Arc<Vec<_>> = Arc::new(cells.into_iter().collect());
    let day = parse_date("2027-01-10").unwrap_or_default();
    for from in (0..cells.len()).step_by(100_000) {
        let cells = Arc::clone(&cells);
        store.write_now(move |writer| {
            let some = cells.iter().skip(from).take(100_000);
            writer.add_to_satisfaction(some.map(|(key, by)| (key, by)), day)
        })?;
    }
    store.write_now(|writer| writer.put_figure_state("satisfaction_step", "2027-01-10"))
}

/// A year of two servers' counters: each day of the province, each month of each agency.
fn tallies() -> Vec<TallyRow> {
    let mut rows = Vec::new();
    let mut add = |period: &str, agency: String| {
        for room in ["one", "two"] {
            for kind in [
                Counted::Stored,
                Counted::Repeated,
                Counted::Refused,
                Counted::ReceiptSecret,
                Counted::AllEqual,
            ] {
                rows.push(TallyRow {
                    period: period.to_owned(),
                    agency: agency.clone(),
                    kind,
                    room: room.to_owned(),
                    value: 100,
                });
            }
        }
    };
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    for day in 0..365 {
        add(&(first + Days::new(day)).to_string(), String::new());
    }
    for number in 0..12 {
        add(&month(number), String::new());
        for of in 0..AGENCIES {
            add(&month(number), agency(of));
        }
    }
    rows
}
