//! An attacker with the whole database as it lies on the disk, before and after every request, with every attribute
//! of every case, every label, and the order of all ballots: how many ratings do they name?
//!
//! The same attack on PostgreSQL: the heap as bytes, and which transaction wrote each row (`scripts/test` runs these tests
//! a second time there). What they do not have is the waiting room, which is no part of the database (docs/THREATS.md).

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

use crate::support::{Citizen, Server, case_of};

mod dump;

use dump::{Dump, Row};

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
            // The large cell is granted; of the others some are refused, and of some nobody tells.
            let told = ["2", "1", ""][index % 3];
            extra["KetQuaGiaiQuyet"] = json!(if index.is_multiple_of(2) { "1" } else { told });
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
