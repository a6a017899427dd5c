//! A store of either kind, new and empty for each test.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::figures::{Counts, Measure};
use dung_hen_domain::wire::DueCause;
use dung_hen_server::store::{CaseRecord, CellKey, DueEntry, Store, StoreError, Writer};

#[path = "../../../../tests/postgres.rs"]
#[expect(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod postgres;

#[path = "../../../../tests/until.rs"]
#[expect(unreachable_pub, reason = "other tests use it too")]
mod until;
pub(crate) use until::until;

/// One cluster for all tests of this process; it ends with the process.
static CLUSTER: LazyLock<postgres::Cluster> = LazyLock::new(|| postgres::Cluster::start(false));

/// A cluster that is reached over TLS alone.
pub(crate) fn tls_cluster() -> (impl Sized, u16, std::path::PathBuf) {
    postgres::Cluster::start_tls()
}

/// A store, and where it is.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) address: String,
    _directory: Option<tempfile::TempDir>,
}

/// The address of an empty PostgreSQL database in this encoding.
pub(crate) fn empty_in(encoding: &str) -> String {
    CLUSTER.database_in(encoding)
}

/// An empty SQLite store.
pub(crate) fn sqlite() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", directory.path().join("test.db").display());
    Fixture {
        store: Store::open(&address).unwrap(),
        address,
        _directory: Some(directory),
    }
}

/// An empty PostgreSQL store.
pub(crate) fn postgres() -> Fixture {
    let address = CLUSTER.database();
    Fixture {
        store: Store::open(&address).unwrap(),
        address,
        _directory: None,
    }
}

/// Statements of somebody with the database in hand.
pub(crate) fn behind_its_back(fixture: &Fixture, sql: &str) {
    match fixture.address.strip_prefix("sqlite:") {
        Some(file) => {
            let database = rusqlite::Connection::open(file).unwrap();
            database.execute_batch(sql).unwrap();
        }
        None => {
            let mut client =
                ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
            client.batch_execute(sql).unwrap();
        }
    }
}

/// Leaves a mark in the database; a mark left twice is two.
pub(crate) fn mark(store: &mut Writer<'_>) -> Result<(), StoreError> {
    let key = CellKey {
        agency: "MARK".to_owned(),
        month: "2026-10".to_owned(),
        split: "",
        value: String::new(),
    };
    let mut one = Counts::default();
    one.add_to(Measure::Received, 1);
    store.add_to_cells([(&key, &one)])
}

/// How many marks there are.
pub(crate) fn marks(store: &Store) -> u64 {
    let sums = store
        .read_now(|store| store.figure_sums(Some("MARK"), "", ("2026-10", "2026-10")))
        .unwrap();
    sums.iter()
        .map(|sum| sum.counts.count(Measure::Received))
        .sum()
}

/// Makes each function `fn name(fixture: &Fixture)` a test on SQLite and one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&crate::support::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(&crate::support::postgres()); })*
        }
    };
}
pub(crate) use on_both;

pub(crate) fn moment(day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, day)
        .unwrap()
        .and_hms_opt(hour, 0, 0)
        .unwrap()
}

/// A case with one promise.
pub(crate) fn case(code: &str) -> CaseRecord {
    let mut case = CaseRecord::new(code);
    case.agency = "H98.1".to_owned();
    case.procedure = "1.004222".to_owned();
    case.status = CaseStatus::Processing;
    case.received_at = Some(moment(5, 8));
    case.promise = Some(moment(14, 0).date());
    case.first_promise = case.promise;
    case.secret_hash = Some([1; 32]);
    case.history = vec![DueEntry::new(
        moment(14, 0).date(),
        moment(5, 9),
        DueCause::Receipt,
    )];
    case
}
