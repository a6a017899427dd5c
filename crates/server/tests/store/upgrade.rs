//! A database that an older version filled is brought up to this one, and what it held is still told.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::figures::Measure;
use dung_hen_domain::integrity::Counted;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_server::store::Store;

use crate::support;

/// The steps of the schema up to number `last`.
fn steps(dialect: &str, last: u32) -> String {
    let home = format!("{}/migrations/{dialect}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(home)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let of = |file: &std::path::PathBuf| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name[..4].parse::<u32>().unwrap()
    };
    let old = files.iter().filter(|file| of(file) <= last);
    old.map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

/// Cells as version 19 kept them: agency, month, split, value, and how often. August, September, October.
const CELLS: [(&str, &str, &str, &str, i64); 6] = [
    ("H98.1", "2026-08", "", "", 2),
    ("H98.1", "2026-09", "", "", 3),
    ("H98.1", "2026-10", "", "", 4),
    ("H98.2", "2026-10", "", "", 10),
    ("H98.1", "2026-10", "procedure", "P", 4),
    ("H98.2", "2026-10", "procedure", "P", 9),
];

/// What a cell counts of a measure, where it counts once: each measure another number, so that none takes another's place.
fn once(measure: Measure) -> i64 {
    let place = Measure::ALL.iter().position(|one| *one == measure).unwrap();
    i64::try_from(place).unwrap() + 1
}

/// What it held, as statements.
fn contents() -> String {
    let measures: Vec<&str> = Measure::ALL.iter().map(|measure| measure.name()).collect();
    let mut all = String::new();
    for (agency, month, split, value, n) in CELLS {
        let counts: Vec<String> = (Measure::ALL.iter())
            .map(|measure| (n * once(*measure)).to_string())
            .collect();
        all += &format!(
            "INSERT INTO figure_cells (agency, month, split, value, {}) VALUES ('{agency}', '{month}', '{split}', '{value}', {});",
            measures.join(", "),
            counts.join(", "),
        );
    }
    // Two rooms, three days; the numbers of a month are none of the days'.
    for (period, room, value) in [
        ("2026-10-01", "one", 5),
        ("2026-10-02", "one", 6),
        ("2026-10-02", "two", 7),
        ("2026-10", "one", 10),
    ] {
        all += &format!(
            "INSERT INTO tallies (period, agency, kind, room, value) VALUES ('{period}', '', 'stored', '{room}', {value});"
        );
    }
    all
}

/// How often a row was counted, of all its measures. Province: 2 + 3 + 4 + 10 = 19 in the year; third quarter 2 + 3 = 5, fourth 4 + 10 = 14; procedure P 4 + 9 = 13.
/// H98.1 in the year 9. Communes are H98.2 alone: 10, from their agencies until the server knows the levels.
/// Stored: 5 + 6 + 7 = 18.
fn tells_what_it_held(store: &Store) {
    let total = |place: &Place, split: &str, span| {
        let totals = store
            .read_now(|store| store.figure_totals(place, split, span, |_| false))
            .unwrap();
        let rows = totals.into_values().map(|counts| {
            let n = counts.get(Measure::Received) / once(Measure::Received);
            for measure in Measure::ALL {
                assert_eq!(counts.get(*measure), n * once(*measure), "{measure:?}");
            }
            n
        });
        rows.collect::<Vec<_>>()
    };
    let (year, province) = (("2026-01", "2026-12"), Place::Province);
    assert_eq!(total(&province, "", year), [19]);
    assert_eq!(total(&province, "", ("2026-07", "2026-09")), [5]);
    assert_eq!(total(&province, "", ("2026-10", "2026-12")), [14]);
    assert_eq!(total(&province, "", ("2026-10", "2026-10")), [14]);
    assert_eq!(total(&province, "procedure", year), [13]);
    assert_eq!(total(&Place::Agency("H98.1".to_owned()), "", year), [9]);
    let commune = Place::Level("commune".to_owned());
    assert_eq!(total(&commune, "", year), [0; 0]);
    store
        .write_now(|store| {
            store.make_levels(|agency| {
                if agency == "H98.2" {
                    "commune"
                } else {
                    "province"
                }
            })
        })
        .unwrap();
    assert_eq!(total(&commune, "", year), [10]);
    let stored = store.read_now(|store| store.tallies_of_all_days()).unwrap();
    assert_eq!(stored, [(Counted::Stored, 18)]);
    let days = store
        .read_now(|store| store.tallies_by_day("2026-10-01", "2026-11-01"))
        .unwrap();
    let days: Vec<_> = days.iter().map(|day| (&*day.period, day.value)).collect();
    assert_eq!(days, [("2026-10-01", 5), ("2026-10-02", 13)]);
}

#[test]
fn sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(&steps("sqlite", 19)).unwrap();
    old.pragma_update(None, "user_version", 19).unwrap();
    old.execute_batch(&contents()).unwrap();
    drop(old);
    tells_what_it_held(&Store::open_file(&path).unwrap());
}

#[test]
fn postgres() {
    let fixture = support::postgres();
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    admin
        .batch_execute(&format!(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public;
             CREATE TABLE schema_version (version BIGINT NOT NULL); INSERT INTO schema_version VALUES (19);
             {} {}",
            steps("postgres", 19),
            contents()
        ))
        .unwrap();
    tells_what_it_held(&Store::open(&fixture.address).unwrap());
}
