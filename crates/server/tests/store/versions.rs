//! From every version of the schema to this one, with a database that is not empty, on both databases: nothing that was
//! kept is lost, and what a step makes of older rows is what it says.
//!
//! Steps 4 and 6 made the tables of objections and of ratings anew, before anything was released; so those are filled
//! from there on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dung_hen_domain::figures::Measure;
use dung_hen_domain::outcomes::Told;
use dung_hen_domain::satisfaction::tables::{Place, Question, Split};
use dung_hen_server::figures::satisfaction::table;
use dung_hen_server::figures::{ANSWERED, ANSWERED_IN_TIME, ANSWERED_WITHOUT_TERM, WITHOUT_TERM};
use dung_hen_server::store::{CaseRecord, Store, StoreError};

use crate::schema::{postgres_schema, sqlite_schema};
use crate::support::{Fixture, moment, postgres, sqlite};

/// Rows as a server of that version kept them. `{hex:…}` is a byte 32 times, and `{true}` is true, as each database writes them.
const FILLED: &[(usize, &str)] = &[
    (
        1,
        "INSERT INTO cases (id, code, agency, procedure, status, channel, received_at, first_promise, promise, secret_hash,
            finished_at, detail) VALUES
            (1, 'A-1', 'H98.1', '1.004222', 4, 'direct', '2026-10-05T08:00:00+07:00', '2026-10-14', '2026-10-14', {hex:01}, NULL,
                '{\"supplements\":[],\"fees\":[],\"results\":[],\"return_by_post\":false}'),
            (2, 'A-2', 'H98.1', '1.004222', 10, 'online', '2026-09-05T08:00:00+07:00', '2026-09-14', '2026-09-14', {hex:02},
                '2026-09-12T08:00:00+07:00', '{\"supplements\":[],\"fees\":[],\"results\":[],\"return_by_post\":false}'),
            (3, 'A-3', 'H98.1', '1.004222', 1, 'online', NULL, NULL, NULL, {hex:03}, NULL,
                '{\"supplements\":[],\"fees\":[],\"results\":[],\"return_by_post\":false}');
         INSERT INTO due_history (case_id, sequence, due, recorded_at, cause) VALUES
            (1, 0, '2026-10-14', '2026-10-05T09:00:00+07:00', 'receipt'),
            (1, 1, '2026-10-20', '2026-10-13T09:00:00+07:00', 'apology'),
            (2, 0, '2026-09-14', '2026-09-05T09:00:00+07:00', 'receipt');
         INSERT INTO letters (case_id, sequence, issued, number, previous_due, revised_due) VALUES
            (1, 0, '2026-10-13', '12/XL', '2026-10-14', '2026-10-20');
         INSERT INTO progress (case_id, at, unit, note) VALUES (1, '2026-10-06T09:00:00+07:00', 'Tư pháp', 'Thẩm tra');
         INSERT INTO counters (name, value) VALUES ('ratings_stored', 7), ('lookups', 3);",
    ),
    (
        2,
        "INSERT INTO jobs (kind, key, lane, payload, due, tries) VALUES ('webhook/sms', 'msg_1', 'A-1', '', '2026-10-15T09:00:00+07:00', 1);",
    ),
    (
        3,
        "INSERT INTO figure_cells VALUES ('H98.1', '2026-10', '', '', 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
         INSERT INTO figure_state (name, value) VALUES ('as_of', '2026-10-15');",
    ),
    (
        4,
        "INSERT INTO objections (reference, kind, confidential, agency, known, received_at, text) VALUES
            ('PA-1', 'conduct', {true}, 'H98.1', {true}, '2026-10-15T00:00:00+07:00', 'Nói trống không');
         INSERT INTO objection_answers (reference, sequence, answered_at, body, person, text) VALUES
            ('PA-1', 0, '2026-10-16T00:00:00+07:00', 'Thanh tra', 'Trần Văn Mẫu', 'Đã nhắc nhở');",
    ),
    (
        5,
        "INSERT INTO objections (reference, kind, confidential, agency, known, received_at, due, answered_at, last_answer) VALUES
            ('PA-2', 'date_moved', NOT {true}, 'H98.1', {true}, '2026-10-15T09:00:00+07:00', '2026-10-22', '2026-10-22T09:00:00+07:00', '2026-10-22T09:00:00+07:00'),
            ('PA-3', 'date_moved', NOT {true}, 'H98.2', {true}, '2026-10-15T09:00:00+07:00', '2026-10-22', '2026-10-23T09:00:00+07:00', '2026-10-23T09:00:00+07:00'),
            ('PA-4', 'date_moved', NOT {true}, 'H98.2', {true}, '2026-12-15T09:00:00+07:00', '2026-12-22', NULL, NULL),
            ('PA-6', 'date_moved', NOT {true}, 'H98.2', {true}, '2026-10-16T09:00:00+07:00', NULL, '2026-10-26T09:00:00+07:00', '2026-10-26T09:00:00+07:00'),
            ('PA-7', 'date_moved', NOT {true}, 'H98.2', {true}, '2026-10-16T09:00:00+07:00', NULL, NULL, NULL);",
    ),
    (
        6,
        "INSERT INTO ratings (handle, period, agency, level, procedure, field, outcome, timeliness, instrument, language, overall,
            access, officials) VALUES
            ({hex:a1}, '2026-10', 'H98.1', 'commune', '1.004222', '', '', '', 'five-factors-1', 'vi', 2, 1, 4),
            ({hex:a2}, '2026-10', 'H98.1', 'commune', '1.004222', '', '', '', 'five-factors-1', 'vi', 5, NULL, NULL);
         INSERT INTO spent (number_hash, quarter) VALUES ({hex:b1}, '2026-Q4'), ({hex:b2}, '2026-Q4');
         INSERT INTO comments (id, agency, level, batch, language, text) VALUES ({hex:c1}, 'H98.1', 'commune', 1, 'vi', 'Ghế hỏng');",
    ),
    (
        7,
        "INSERT INTO notices (number, facts, agency, promised, issued, digest) VALUES
            ('TBQH-AAAA-2222', {hex:d1}, 'UBND phường Một', '2026-10-14', '2026-10-15', {hex:d2});",
    ),
    (
        10,
        "INSERT INTO api_keys (id, name, scope, hash, created_at) VALUES ('abcd', 'one-stop', 'connector', {hex:e1}, '2026-10-01T00:00:00+07:00');
         INSERT INTO audit (sequence, at, actor, act, subject, seal) VALUES (1, '2026-10-01T00:00:00+07:00', 'terminal:an', 'key_added', 'abcd', {hex:e2});",
    ),
    // The step has taken one of the two ratings; late results were one kind.
    (
        12,
        "DELETE FROM ratings_new WHERE handle = {hex:a1};
         INSERT INTO satisfaction_cells VALUES
            ('five-factors-1', 'agency/H98.2', 'outcome', '2026-09', 'late', 'overall', 0, 1, 0, 4, 0, '2026-10-01'),
            ('five-factors-1', 'agency/H98.2', 'outcome', '2026-09', 'decided', 'overall', 0, 0, 0, 6, 0, '2026-10-01'),
            ('five-factors-1', 'agency/H98.2', 'field', '2026-09', 'late', 'overall', 0, 0, 0, 7, 0, '2026-10-01');",
    ),
    (
        17,
        "INSERT INTO events (id, kind, about, lane, case_code, agency, audience, happened_at, payload) VALUES
            ('msg_1', 'case.overdue', 'A-1/2026-10-14', 'A-1', 'A-1', 'H98.1', 'gateway', '2026-10-15T09:00:00+07:00', '{}');
         INSERT INTO deliveries (event_id, endpoint, state, at, tries) VALUES ('msg_1', 'sms', 'delivered', '2026-10-15T09:00:01+07:00', 1);",
    ),
    (
        18,
        "INSERT INTO senders (name, last_at, stored, refused) VALUES ('environment', '2026-10-15T09:00:00+07:00', 3, 0);
         INSERT INTO dead_letters (id, digest, service, sender, reason, field, message, received_at, repeats, sealed) VALUES
            ('AAAA', {hex:f1}, 'DongBoHoSoMC', 'environment', 'refused', 'data[0]', 'a date expected', '2026-10-15T09:00:00+07:00', 0, {hex:f2});",
    ),
    // What a server of then had written and not yet added up: a count that is no longer kept.
    (
        22,
        "INSERT INTO figure_tail (id, cells) VALUES ({hex:ab}, '[[\"H98.2\",\"2026-10\",\"objection_decidable\",\"date_moved\",[[0,1]]]]');",
    ),
    // Told before it was kept beside it what all results were.
    (
        26,
        "INSERT INTO results_told VALUES ('2026-08', 'H98.2', 5, 0, 6, 0), ('2026-09', 'H98.2', 0, 0, 0, 0);",
    ),
];

/// The texts of all steps in order.
fn steps(dialect: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(dialect);
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

/// An old database: each step up to `version`, each followed by rows of its time.
fn old(dialect: &str, version: usize, mut execute: impl FnMut(&str)) {
    let (open, close, yes) = match dialect {
        "sqlite" => ("x'", "'", "1"),
        _ => ("'\\x", "'::bytea", "true"),
    };
    for (index, step) in steps(dialect).iter().take(version).enumerate() {
        execute(step);
        for (_, rows) in FILLED.iter().filter(|(at, _)| *at == index + 1) {
            let mut parts = rows.split("{hex:");
            let mut text = parts.next().unwrap().to_owned();
            for part in parts {
                // Every hash has 32 bytes.
                let (byte, rest) = part.split_once('}').unwrap();
                text += &format!("{open}{}{close}{rest}", byte.repeat(32));
            }
            execute(&text.replace("{true}", yes));
        }
    }
}

/// Rows of each table.
type Counts = BTreeMap<String, i64>;

fn sqlite_counts(fixture: &Fixture) -> Counts {
    let path = fixture.address.strip_prefix("sqlite:").unwrap();
    let database = rusqlite::Connection::open(path).unwrap();
    let one = |sql: &str| {
        database
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let tables = sqlite_schema(fixture).into_keys();
    tables
        .map(|table| (table.clone(), one(&format!("SELECT count(*) FROM {table}"))))
        .collect()
}

fn postgres_counts(fixture: &Fixture) -> Counts {
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    let tables = postgres_schema(fixture).into_keys();
    let mut count = |table: &str| -> i64 {
        admin
            .query_one(&format!("SELECT count(*) FROM {table}"), &[])
            .unwrap()
            .get(0)
    };
    tables.map(|table| (table.clone(), count(&table))).collect()
}

/// What was there is there, and what steps make of it.
fn check(fixture: &Fixture, from: usize, before: &Counts, after: &Counts) {
    for (table, rows) in before {
        // Step 21 takes away the counters that nobody showed; what of them was told is in `tallies`.
        if table == "counters" {
            continue;
        }
        assert!(
            after.get(table) >= Some(rows),
            "version {from}: {table} had {rows}: {after:?}"
        );
    }
    let store = Store::open(&fixture.address).unwrap();
    let case = store
        .read_now(|reader| reader.find_case("A-1"))
        .unwrap()
        .unwrap();
    assert_eq!(case.promise, Some(moment(14, 0).date()), "version {from}");
    // What the code alone shows, which a step takes out of the cases, is what they say.
    for code in ["A-1", "A-2", "A-3"] {
        let (shown, case) = store
            .read_now(|reader| {
                Ok::<_, StoreError>((reader.find_shown(code)?, reader.find_case(code)?))
            })
            .unwrap();
        let days = |case: Option<CaseRecord>| {
            let case = case.unwrap();
            let moments = [case.received_at, case.finished_at, case.returned_at];
            let days = moments.map(|moment| moment.map(|moment| moment.date()));
            (case.status, case.promise, days)
        };
        assert_eq!(days(shown), days(case), "version {from}, {code}");
    }
    assert_eq!(
        (case.history.len(), case.letters.len(), case.progress.len()),
        (2, 1, 1)
    );
    assert_eq!(case.letters[0].number.as_deref(), Some("12/XL"));
    let span = (moment(1, 0).date(), moment(31, 0).date());
    let letters = store
        .read_now(|reader| reader.register_of_apologies(Some("H98.1"), span, None, 9))
        .unwrap();
    assert_eq!(letters.len(), 1, "version {from}");
    assert_eq!(letters[0].number.as_deref(), Some("12/XL"));
    if from >= 5 {
        let total = |place: &Place, split: &str, span| {
            let totals = store
                .read_now(|reader| reader.figure_totals(place, split, span, |_| true))
                .unwrap();
            totals
                .get("date_moved")
                .map_or(0, |counts| counts.get(Measure::Objections))
        };
        let two = Place::Agency("H98.2".to_owned());
        let (october, quarter, year) = (
            ("2026-10", "2026-10"),
            ("2026-10", "2026-12"),
            ("2026-01", "2026-12"),
        );
        let splits = [
            WITHOUT_TERM,
            ANSWERED,
            ANSWERED_WITHOUT_TERM,
            ANSWERED_IN_TIME,
        ];
        // Without a term PA-6 and PA-7; answered PA-2 (in time), PA-3, PA-6; PA-4 of December waits.
        for (place, span, expected) in [
            (&Place::Province, october, [2, 3, 1, 1]),
            (&Place::Province, quarter, [2, 3, 1, 1]),
            (&Place::Province, year, [2, 3, 1, 1]),
            (&two, october, [2, 2, 1, 0]),
            (&two, year, [2, 2, 1, 0]),
        ] {
            let counted = splits.map(|split| total(place, split, span));
            assert_eq!(counted, expected, "version {from}: {span:?}");
        }
        let kept = store
            .read_now(|reader| {
                let mut kept = BTreeSet::new();
                reader.figure_tail(|[_, _, split, _], _| {
                    kept.insert(split.to_owned());
                })?;
                reader.figure_cells(|[_, split, ..], _| {
                    kept.insert(split);
                })?;
                Ok::<_, StoreError>(kept)
            })
            .unwrap();
        assert!(
            !kept.contains("objection_decidable"),
            "version {from}: {kept:?}"
        );
    }
    if from >= 26 {
        let told = store
            .read_now(|reader| reader.results_told(("2026-01", "2026-12")))
            .unwrap();
        let kept = Told {
            results: [5, 0, 6, 0],
            all: None,
        };
        let expected = [("H98.2".to_owned(), "2026-08".to_owned(), kept)];
        assert_eq!(told, expected, "version {from}");
    }
    // Of the three, one may fall due: the watch looks at it.
    let today = moment(15, 0).date();
    let looks = store
        .write_now(move |writer| writer.take_looks(today, 10))
        .unwrap();
    assert_eq!(looks, ["A-1"], "version {from}");
    // What was counted before the tallies were, and its sum from the beginning.
    assert_eq!(after["tallies"], 2, "version {from}");
    if (6..12).contains(&from) {
        assert_eq!(
            after["ratings_new"], 2,
            "version {from}: no step had taken them"
        );
    }
    if from >= 12 {
        let two = Place::Agency("H98.2".to_owned());
        for (split, expected) in [
            (Split::Outcome, &[("decided", 6), ("decided_late", 5)][..]),
            (Split::Field, &[("late", 7)]),
        ] {
            let published = store
                .read_now(|reader| table(reader, "five-factors-1", &two, "2026-09", split))
                .unwrap();
            let rows: Vec<(&str, u64)> = (published.rows.iter())
                .map(|(value, row)| (&**value, row.levels(Question::Overall).iter().sum()))
                .collect();
            assert_eq!(rows, expected, "version {from}");
        }
    }
    // The rating that a step holds answered two factors: two times three criteria are still to come.
    let apart = if from >= 12 { 6 } else { 0 };
    assert_eq!(after["answers_apart"], apart, "version {from}");
}

#[test]
fn a_filled_sqlite_database_of_every_version_is_brought_up() {
    let fresh = sqlite_schema(&sqlite());
    for from in 1..steps("sqlite").len() {
        let fixture = sqlite();
        let path = fixture.address.strip_prefix("sqlite:").unwrap();
        std::fs::remove_file(path).unwrap();
        let _ = std::fs::remove_file(format!("{path}-wal"));
        let _ = std::fs::remove_file(format!("{path}-shm"));
        let database = rusqlite::Connection::open(path).unwrap();
        old("sqlite", from, |sql| database.execute_batch(sql).unwrap());
        database
            .pragma_update(None, "user_version", i64::try_from(from).unwrap())
            .unwrap();
        drop(database);
        let before = sqlite_counts(&fixture);
        assert!(before["cases"] == 3 && before.values().sum::<i64>() > 8);
        Store::open(&fixture.address).unwrap();
        assert_eq!(sqlite_schema(&fixture), fresh, "version {from}");
        check(&fixture, from, &before, &sqlite_counts(&fixture));
    }
}

#[test]
fn a_filled_postgresql_database_of_every_version_is_brought_up() {
    let fresh = postgres_schema(&postgres());
    for from in 1..steps("postgres").len() {
        let fixture = postgres();
        let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
        admin.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE schema_version (version BIGINT NOT NULL)").unwrap();
        old("postgres", from, |sql| admin.batch_execute(sql).unwrap());
        let done = i64::try_from(from).unwrap();
        admin
            .execute(
                "INSERT INTO schema_version SELECT generate_series(1, $1::bigint)",
                &[&done],
            )
            .unwrap();
        let before = postgres_counts(&fixture);
        assert!(before["cases"] == 3 && before.values().sum::<i64>() > 8);
        Store::open(&fixture.address).unwrap();
        assert_eq!(postgres_schema(&fixture), fresh, "version {from}");
        check(&fixture, from, &before, &postgres_counts(&fixture));
    }
}
