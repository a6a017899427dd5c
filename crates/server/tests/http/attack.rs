//! An attacker with the whole database as it lies on the disk, before and after every request, with every attribute
//! of every case, every label, and the order of all ballots: how many ratings do they name?
//!
//! The same attack on PostgreSQL: the heap as bytes, and which transaction wrote each row (`scripts/test` runs these tests
//! a second time there). What they do not have is the waiting room, which is no part of the database (docs/THREATS.md).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

use crate::support::{Citizen, Server, case_of};

/// Cases, most of them alone or nearly alone in their cell.
const CASES: usize = 420;

/// A stream of numbers, the same in every run; the server's own draws are not.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// Agency, procedure, state: half of all in one cell, the rest in cells of one to four.
fn cell(index: usize) -> (&'static str, String, &'static str) {
    if index.is_multiple_of(2) {
        return ("H98.1", "1.004222".to_owned(), "10");
    }
    let agency = if index.is_multiple_of(3) {
        "H98.1"
    } else {
        "H98.2"
    };
    let states = ["10", "9", "7", "3"];
    (agency, format!("2.{:06}", index / 5), states[index % 4])
}

/// Answers that no other case gives, so that the test, not the attacker, knows whose row is whose.
fn answers(index: usize) -> [u8; 6] {
    std::array::from_fn(|place| {
        u8::try_from(index / 5usize.pow(u32::try_from(place).unwrap()) % 5 + 1).unwrap()
    })
}

fn rating(ballot: &Value, index: usize) -> Value {
    let [overall, rest @ ..] = answers(index);
    let names = [
        "access",
        "procedures",
        "officials",
        "outcomes",
        "feedback_handling",
    ];
    let factors: Vec<Value> = names
        .iter()
        .zip(rest)
        .map(|(factor, level)| json!({ "factor": factor, "level": level }))
        .collect();
    json!({ "ballot": ballot, "instrument": "five-factors-1", "language": "vi", "overall": overall, "factors": factors })
}

/// A rating as the attacker sees it.
struct Row {
    handle: Vec<u8>,
    label: String,
    whose: usize,
}

/// Finds where a handle was written: which frame or transaction, and which place in it.
type Place = dyn Fn(&[u8]) -> (usize, usize);

const ROWS: &str =
    "SELECT handle, period, agency, level, procedure, field, outcome, timeliness, overall, access,
    procedures, officials, outcomes, feedback_handling FROM ratings";

/// What is at rest, as it lies there.
enum Dump {
    /// The file and its write-ahead log.
    Sqlite(String, Cell<usize>),
    /// The heap as bytes, and which transaction wrote each row.
    Postgres(Box<RefCell<postgres::Client>>),
}

impl Dump {
    fn of(server: &Server) -> Self {
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
    fn trace(&self) -> (Vec<u8>, Vec<u8>) {
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

    fn rows(&self) -> Vec<Row> {
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
    fn order(&self, batch: &[Row]) -> HashMap<Vec<u8>, (usize, usize)> {
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
    fn copies(&self, directory: &std::path::Path) -> Vec<(&'static str, Vec<u8>)> {
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
    fn text(&self, table: &str) -> Vec<String> {
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

#[test]
fn of_five_ratings_an_attacker_names_no_more_than_one() {
    let cases: Vec<String> = (0..CASES)
        .map(|index| {
            let (agency, procedure, state) = cell(index);
            let times = if state == "10" {
                json!({ "NgayKetThucXuLy": "20261013100000" })
            } else {
                json!({})
            };
            let mut extra = times;
            extra["MaTTHC"] = json!(procedure);
            case_of(agency, &format!("H98.1-261005-{index:04}"), state, extra)
        })
        .collect();
    let mut server = Server::with(&cases.join("\n"));
    let dump = Dump::of(&server);
    let quiet = ["audit", "jobs"].map(|table| dump.text(table));
    let mut dice = Dice(7);
    let mut order: Vec<usize> = (0..CASES).collect();
    for last in (1..CASES).rev() {
        order.swap(last, dice.below(last + 1));
    }
    let keys = server.get("/api/v1/ballots/keys").body;
    // What the attacker writes down: which case got a ballot after which, and under which label.
    let mut ballots: Vec<(usize, String)> = Vec::new();
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    let (mut named, mut backwards, mut latest, mut guesses) = (0usize, 0usize, 0usize, 0usize);
    let mut wanted = 0;
    let mut groups: Vec<Group> = Vec::new();
    let mut look = |dump: &Dump, ballots: &[(usize, String)], seen: &mut HashSet<Vec<u8>>| {
        let mut batches: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in dump.rows() {
            if seen.insert(row.handle.clone()) {
                batches.entry(row.label.clone()).or_default().push(row);
            }
        }
        for (label, mut batch) in batches {
            // Exactly this makes one in five of it, whatever anyone knows of the cases.
            assert!(batch.len() >= 5, "{} entered as {label}", batch.len());
            let order = dump.order(&batch);
            batch.sort_by_key(|row| order[&row.handle]);
            // The most likely ones: the latest ballots that the label fits, in their order.
            let fitting = ballots
                .iter()
                .filter(|(_, given)| given == &label || coarser(given, &label));
            let mut likely: Vec<usize> = fitting.map(|(index, _)| *index).collect();
            let guessed = likely.split_off(likely.len() - batch.len().min(likely.len()));
            assert!(
                guessed.len() >= 5,
                "fewer than five cases with ballots out under {label}"
            );
            guesses += batch.len();
            named += batch
                .iter()
                .zip(&guessed)
                .filter(|(row, guess)| row.whose == **guess)
                .count();
            backwards += batch
                .iter()
                .rev()
                .zip(&guessed)
                .filter(|(row, guess)| row.whose == **guess)
                .count();
            latest += usize::from(batch.last().map(|row| row.whose) == guessed.last().copied());
            wanted += 1;
            groups.push(Group { batch, guessed });
        }
    };
    let untouched = dump.trace();
    for index in order {
        let citizen = Citizen::new(u32::try_from(index).unwrap());
        let answer = server.post(
            "/api/v1/ballots",
            &citizen.ask(&format!("H98.1-261005-{index:04}"), "1234"),
        );
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let ballot = citizen.ballot(&answer.body, &keys);
        ballots.push((index, ballot["label"].as_str().unwrap().to_owned()));
        if ballots.len() == 1 {
            assert!(
                dump.trace() != untouched,
                "a ballot leaves a trace, and it is seen"
            );
        }
        // Nine of ten rate at once: nothing lies nearer to a rating than the ballot before it.
        if dice.below(10) == 0 {
            continue;
        }
        let before = dump.trace();
        let rows = seen.len();
        assert_eq!(
            server
                .post("/api/v1/ratings", &rating(&ballot, index))
                .status,
            201
        );
        look(&dump, &ballots, &mut seen);
        if seen.len() == rows {
            assert!(
                dump.trace() == before,
                "a rating that waits left a trace in the database"
            );
        }
    }
    // Neither the audit log nor what is to be delivered knows of any of it; nor is there a copy of a case's code beside
    // ratings, hashes of numbers, comments or counts.
    for (table, before) in ["audit", "jobs"].iter().zip(&quiet) {
        assert_eq!(dump.text(table), *before, "{table}");
    }
    for table in [
        "ratings",
        "ratings_new",
        "answers_apart",
        "spent",
        "comments",
        "ballots_out",
        "tallies",
        "contested",
        "figure_tail",
    ] {
        let named = dump.text(table);
        assert!(!named.iter().any(|row| row.contains("261005-")), "{table}");
    }
    // What found no company enters when the quarter is over.
    server.restart_at("2027-01-08T03:00:00+07:00");
    server.keep_house();
    look(&dump, &ballots, &mut seen);
    assert!(guesses > CASES * 3 / 4, "{guesses} ratings entered");
    // In a group of five in random order one guess is right on average, with a variance of one.
    let number = f64::from(u32::try_from(wanted).unwrap());
    let by_chance = |groups: usize| {
        let groups = f64::from(u32::try_from(groups).unwrap());
        groups + 4.5 * groups.sqrt()
    };
    let bound = by_chance(wanted);
    println!(
        "{guesses} ratings in {wanted} groups; named {named}, backwards {backwards}, the latest {latest}"
    );
    for right in [named, backwards] {
        assert!(
            f64::from(u32::try_from(right).unwrap()) <= bound,
            "{right} of {guesses} named, {bound:.0} by chance"
        );
    }
    let of_latest = number / 5.0 + 4.5 * (number * 4.0 / 25.0).sqrt();
    assert!(
        f64::from(u32::try_from(latest).unwrap()) <= of_latest,
        "{latest} of {wanted} latest ones named"
    );
    // Whatever else holds the rows: backups, logs, archives.
    let mut looked_at = 0;
    for (name, bytes) in dump.copies(server.directory.path()) {
        let (named, whole) = named_by(&groups, &bytes);
        println!("{name}: {whole} groups whole, {named} named");
        assert!(
            f64::from(u32::try_from(named).unwrap()) <= by_chance(whole),
            "{name}: {named} named in {whole} groups"
        );
        looked_at += whole;
        // Neither a receipt's number nor what is made of it with the server's key, in any form.
        let numbers = (0..CASES).flat_map(|index| {
            let number = Citizen::new(u32::try_from(index).unwrap()).number;
            let number = number.as_str();
            [
                number.to_owned(),
                number.replace('-', ""),
                number.to_lowercase(),
            ]
        });
        let found = find(&bytes, numbers.map(String::into_bytes));
        assert!(found.is_empty(), "{name} holds {} numbers", found.len());
    }
    assert!(looked_at >= wanted, "the bytes of the rows were found");
    // The attacker has the power: rows in the order in which their ratings came name nearly all of them.
    let arrival: Vec<u8> = groups
        .iter()
        .flat_map(|group| {
            let of = |case: &usize| group.batch.iter().find(|row| row.whose == *case);
            let known = group.guessed.iter().filter_map(of);
            let others = group
                .batch
                .iter()
                .filter(|row| !group.guessed.contains(&row.whose));
            known
                .chain(others)
                .flat_map(|row| row.handle.clone())
                .collect::<Vec<_>>()
        })
        .collect();
    let (named, whole) = named_by(&groups, &arrival);
    assert!(
        f64::from(u32::try_from(named).unwrap()) > 2.0 * by_chance(whole),
        "an attack that finds nothing even where all is open: {named} in {whole}"
    );
}

/// Where each of these first stands, in one pass.
fn find(bytes: &[u8], wanted: impl Iterator<Item = Vec<u8>>) -> HashMap<Vec<u8>, usize> {
    let wanted: HashSet<Vec<u8>> = wanted.collect();
    let lengths: HashSet<usize> = wanted.iter().map(Vec::len).collect();
    let pair = |bytes: &[u8]| usize::from(bytes[0]) * 256 + usize::from(bytes[1]);
    let mut begins = vec![false; 1 << 16];
    for one in &wanted {
        begins[pair(one)] = true;
    }
    let mut found = HashMap::new();
    for at in 0..bytes.len().saturating_sub(1) {
        if !begins[pair(&bytes[at..])] {
            continue;
        }
        for length in &lengths {
            let here = bytes.get(at..at + length);
            if let Some(here) = here.filter(|here| wanted.contains(*here)) {
                found.entry(here.to_vec()).or_insert(at);
            }
        }
    }
    found
}

/// Ratings that entered together, and the cases that the attacker takes for theirs, in their order.
struct Group {
    batch: Vec<Row>,
    guessed: Vec<usize>,
}

/// How many an attacker names who takes the order of these bytes for the order of arrival: forwards or backwards,
/// whichever names more; and of how many groups the bytes hold all handles.
fn named_by(groups: &[Group], bytes: &[u8]) -> (usize, usize) {
    let handles = groups.iter().flat_map(|group| &group.batch);
    let places = find(bytes, handles.map(|row| row.handle.clone()));
    let (mut forwards, mut backwards, mut whole) = (0, 0, 0);
    for Group { batch, guessed } in groups {
        let mut found: Vec<(usize, usize)> = batch
            .iter()
            .filter_map(|row| Some((*places.get(&row.handle)?, row.whose)))
            .collect();
        if found.len() < batch.len() {
            continue;
        }
        whole += 1;
        found.sort_unstable();
        let right = |(one, guess): &(&(usize, usize), &usize)| one.1 == **guess;
        forwards += found.iter().zip(guessed).filter(right).count();
        backwards += found.iter().rev().zip(guessed).filter(right).count();
    }
    (forwards.max(backwards), whole)
}

/// Whether `coarse` is `fine` with parts left out, or its quarter.
fn coarser(fine: &str, coarse: &str) -> bool {
    dung_hen_domain::ballot_label::BallotLabel::parse(fine)
        .is_some_and(|label| label.and_coarser().any(|one| one.to_text() == coarse))
}

/// Labels at the desk: no cell of fewer than five cases with ballots out is ever a label.
#[test]
fn no_label_is_given_to_a_cell_of_fewer_than_five() {
    let cases: Vec<String> = (0..40)
        .map(|index| {
            let (agency, procedure, _) = cell(index);
            case_of(
                agency,
                &format!("H98.1-261005-{index:04}"),
                "10",
                json!({ "MaTTHC": procedure, "NgayKetThucXuLy": "20261013100000" }),
            )
        })
        .collect();
    let server = Server::with(&cases.join("\n"));
    let mut out: HashMap<String, usize> = HashMap::new();
    for index in 0..40usize {
        let ballot = server.ballot(
            &format!("H98.1-261005-{index:04}"),
            u32::try_from(index).unwrap(),
        );
        let label = ballot["label"].as_str().unwrap().to_owned();
        let (agency, procedure, _) = cell(index);
        // Counted by ourselves: cases with ballots out whose attributes the label names.
        for key in ["", agency, &format!("{agency} {procedure}")] {
            *out.entry(key.to_owned()).or_default() += 1;
        }
        let parts: Vec<&str> = label.split('|').collect();
        let key = match (parts[1], parts[3]) {
            ("", _) => String::new(),
            (agency, "") => agency.to_owned(),
            (agency, procedure) => format!("{agency} {procedure}"),
        };
        assert!(key.is_empty() || out[&key] >= 5, "{label}: {}", out[&key]);
    }
}
