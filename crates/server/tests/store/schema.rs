//! The two schemas are one schema, and opening is safe.

use std::collections::BTreeMap;

use dung_hen_server::store::{ErrorKind, Store};

use crate::support::{Fixture, empty_in, on_both, postgres, sqlite};

on_both!(
    opening_again_changes_nothing,
    servers_that_open_at_once_all_succeed,
    the_last_holder_may_be_on_the_asynchronous_side,
);

fn opening_again_changes_nothing(fixture: &Fixture) {
    let again = Store::open(&fixture.address).unwrap();
    assert!(
        again
            .read_now(|store| store.find_case("NONE"))
            .unwrap()
            .is_none()
    );
}

fn servers_that_open_at_once_all_succeed(fixture: &Fixture) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Store::open(&fixture.address).unwrap());
        }
    });
}

/// A question may take so long, and a step of the schema, or the wait for another server's, as long as it must.
#[test]
fn on_postgresql_a_step_may_take_longer_than_a_question() {
    let fixture = postgres();
    // Half a second instead of a minute.
    let hasty = format!(
        "{}?options=-c%20statement_timeout%3D500ms&application_name=hasty",
        fixture.address
    );
    let mut other = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    // Another server is in the middle of a step.
    other
        .batch_execute("BEGIN; SELECT pg_advisory_xact_lock(6072318)")
        .unwrap();
    let store = std::thread::scope(|scope| {
        let opening = scope.spawn(|| Store::open(&hasty));
        let mut watcher = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hasty'
            AND wait_event = 'advisory' AND clock_timestamp() - query_start > interval '1500 milliseconds'";
        while watcher.query_one(waits, &[]).unwrap().get::<_, i64>(0) == 0 {
            assert!(!opening.is_finished(), "gave up before the step was done");
        }
        other.batch_execute("COMMIT").unwrap();
        opening.join().unwrap().unwrap()
    });
    // A question is held to its time.
    other
        .batch_execute("BEGIN; LOCK TABLE cases IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let failed = store
        .read_now(|reader| reader.find_case("NONE"))
        .unwrap_err();
    assert!(failed.to_string().contains("57014"), "{failed}");
    other.batch_execute("ROLLBACK").unwrap();
    assert!(
        store
            .read_now(|reader| reader.find_case("NONE"))
            .unwrap()
            .is_none()
    );
}

fn the_last_holder_may_be_on_the_asynchronous_side(fixture: &Fixture) {
    let store = Store::open(&fixture.address).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let found = store.read(|store| store.find_case("NONE")).await.unwrap();
        assert!(found.is_none());
        drop(store);
    });
}

#[test]
fn three_servers_make_an_empty_database_once() {
    let fixture = postgres();
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    admin
        .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| Store::open(&fixture.address).unwrap());
        }
    });
}

#[test]
fn a_database_of_a_newer_version_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("newer.db");
    rusqlite::Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let error = Store::open_file(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew);

    let fixture = postgres();
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    admin
        .execute("INSERT INTO schema_version VALUES (99)", &[])
        .unwrap();
    let error = Store::open(&fixture.address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew);
}

/// PostgreSQL keeps text in the encoding that the database was made with.
#[test]
fn a_database_that_is_not_in_utf8_is_refused_and_left_empty() {
    for encoding in ["SQL_ASCII", "LATIN1"] {
        let address = empty_in(encoding);
        let error = Store::open(&address).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encoding, "{error}");
        assert!(error.to_string().contains(encoding), "{error}");
        let mut admin = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        let tables: i64 = admin.query_one(tables, &[]).unwrap().get(0);
        assert_eq!(tables, 0);
    }
}

/// Name of each table, with its columns: name and whether it may be empty.
pub(crate) type Schema = BTreeMap<String, Vec<(String, bool)>>;

pub(crate) fn sqlite_schema(fixture: &Fixture) -> Schema {
    let path = fixture.address.strip_prefix("sqlite:").unwrap();
    let database = rusqlite::Connection::open(path).unwrap();
    let mut statement = database
        .prepare(
            "SELECT m.name, c.name, c.\"notnull\" OR c.pk > 0
             FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
        )
        .unwrap();
    let mut schema = Schema::new();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    for row in rows {
        let (table, column, filled): (String, String, bool) = row.unwrap();
        schema.entry(table).or_default().push((column, !filled));
    }
    schema
}

pub(crate) fn postgres_schema(fixture: &Fixture) -> Schema {
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    let rows = admin
        .query(
            "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> 'schema_version'
             ORDER BY table_name, ordinal_position",
            &[],
        )
        .unwrap();
    let mut schema = Schema::new();
    for row in rows {
        let column = (row.get(1), row.get(2));
        schema.entry(row.get(0)).or_default().push(column);
    }
    schema
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (sqlite(), postgres());
    let expected = sqlite_schema(&sqlite);
    assert!(expected.contains_key("cases"), "{expected:?}");
    assert_eq!(postgres_schema(&postgres), expected);
}

/// SQLite orders text by its bytes. So must PostgreSQL, whatever the language of the cluster: dates are text.
#[test]
fn text_is_ordered_by_bytes_in_postgresql() {
    let fixture = postgres();
    let mut admin = ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
    let rows = admin
        .query(
            "SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
            &[],
        )
        .unwrap();
    let wrong: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(wrong, [""; 0], "these lack COLLATE \"C\"");
}
