//! Keys, the audit log, erasure.

use chrono::Duration;
use dung_hen_server::config::Retention;
use dung_hen_server::keys::Keys;
use dung_hen_server::service::apikey;
use dung_hen_server::service::retention::{Erased, erase};
use dung_hen_server::store::{AuditCheck, NEW_KEY, ProgressEntry, Store};

use crate::support::{Fixture, case, moment, on_both};

on_both!(
    a_key_is_kept_as_a_hash_and_ends,
    the_log_holds_together,
    a_new_key_begins_where_its_entry_stands,
    many_entries_at_once_are_one_chain,
    the_log_cannot_be_changed,
    what_is_due_is_erased_and_promises_stay,
    one_case_is_erased_at_its_holders_wish,
);

fn keys() -> Keys {
    Keys::new([7; 32])
}

fn a_key_is_kept_as_a_hash_and_ends(fixture: &Fixture) {
    let store = &fixture.store;
    let now = moment(15, 9);
    let (key, text) = apikey::make(&keys(), "một cửa", "connector", Some(2), now).unwrap();
    let id = key.id.clone();
    assert!(text.starts_with(&format!("dh_{id}_")));
    apikey::add(store, &keys(), key.clone(), "test").unwrap();
    let find = || {
        let id = id.clone();
        store
            .read_now(move |reader| reader.find_key(&id))
            .unwrap()
            .unwrap()
    };
    assert_eq!(find(), key);
    assert!(find().holds(now + Duration::days(2) - Duration::seconds(1)));
    assert!(!find().holds(now + Duration::days(2)));

    // Rotated: the old one ends sooner, the new one does not end.
    let (new, _) = apikey::make(&keys(), "một cửa", "connector", None, now).unwrap();
    assert!(apikey::rotate(store, &keys(), &id, new.clone(), 1, "test").unwrap());
    assert!(!find().holds(now + Duration::days(1)));
    assert!(apikey::revoke(store, &keys(), &id, "test", now).unwrap());
    assert!(
        !apikey::revoke(store, &keys(), &id, "test", now).unwrap(),
        "twice"
    );
    assert!(!find().holds(now));
    assert!(!apikey::rotate(store, &keys(), "nobody", new, 1, "test").unwrap());
    assert_eq!(store.read_now(|reader| reader.keys()).unwrap().len(), 2);
    // Each act left its entry: add, rotate, revoke.
    let mut acts = Vec::new();
    let seen = std::cell::RefCell::new(&mut acts);
    store
        .read_now(|reader| {
            reader.check_audit(&keys(), |entry| seen.borrow_mut().push(entry.act.clone()))
        })
        .unwrap();
    assert_eq!(acts, ["key.add", "key.rotate", "key.revoke"]);
}

fn add(store: &Store, subject: &'static str) {
    store
        .write_now(move |writer| writer.audit(&keys(), moment(15, 9), "test", "act", subject))
        .unwrap();
}

fn check(store: &Store, keys: &Keys) -> AuditCheck {
    store
        .read_now(|reader| reader.check_audit(keys, |_| {}))
        .unwrap()
}

fn the_log_holds_together(fixture: &Fixture) {
    assert_eq!(
        check(&fixture.store, &keys()),
        AuditCheck::Whole(0, [0; 32])
    );
    add(&fixture.store, "a");
    let AuditCheck::Whole(1, first) = check(&fixture.store, &keys()) else {
        unreachable!("one entry");
    };
    add(&fixture.store, "b");
    assert!(
        matches!(check(&fixture.store, &keys()), AuditCheck::Whole(2, second) if second != first)
    );
    // Whoever has no key cannot make a chain that holds.
    assert_eq!(
        check(&fixture.store, &Keys::new([8; 32])),
        AuditCheck::Broken(1)
    );
}

/// A key that is lost, and the next one: three entries of before, its own, and one since.
fn a_new_key_begins_where_its_entry_stands(fixture: &Fixture) {
    let (store, next) = (&fixture.store, Keys::new([8; 32]));
    let sealed = |keys: Option<&Keys>| {
        let keys = keys.cloned();
        let sealed = store.read_now(move |reader| reader.sealed_under(keys.as_ref()));
        sealed.unwrap()
    };
    assert_eq!((sealed(None), sealed(Some(&next))), (None, None));
    for subject in ["a", "b", "c"] {
        add(store, subject);
    }
    assert_eq!(sealed(Some(&keys())), Some(true));
    assert_eq!(
        (sealed(None), sealed(Some(&next))),
        (Some(false), Some(false))
    );
    let under_the_next = |act: &'static str| {
        let next = next.clone();
        store
            .write_now(move |writer| writer.audit(&next, moment(15, 9), "test", act, ""))
            .unwrap();
    };
    // An entry of another kind begins nothing.
    under_the_next("act");
    assert_eq!(check(store, &next), AuditCheck::Broken(1));
    under_the_next(NEW_KEY);
    under_the_next("act");
    assert!(matches!(
        check(store, &next),
        AuditCheck::WholeSince(5, 2, _)
    ));
    assert_eq!(sealed(Some(&next)), Some(true));
    // Whoever writes to the database alone cannot begin anew: the seal of such an entry does not fit.
    assert_eq!(check(store, &keys()), AuditCheck::Broken(4));
}

fn many_entries_at_once_are_one_chain(fixture: &Fixture) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    add(&fixture.store, "a");
                }
            });
        }
    });
    assert!(matches!(
        check(&fixture.store, &keys()),
        AuditCheck::Whole(40, _)
    ));
}

/// Not even by someone with the database in hand: the database refuses, and what it cannot refuse is seen.
fn the_log_cannot_be_changed(fixture: &Fixture) {
    for subject in ["a", "b", "c", "d", "e"] {
        add(&fixture.store, subject);
    }
    let sqlite = fixture.address.strip_prefix("sqlite:");
    // What the database said, where it refused.
    let execute = |sql: &str| match sqlite {
        Some(file) => {
            let connection = rusqlite::Connection::open(file).unwrap();
            let done = connection.execute_batch(sql);
            done.err().map(|error| error.to_string())
        }
        None => {
            let mut client =
                ::postgres::Client::connect(&fixture.address, ::postgres::NoTls).unwrap();
            let done = client.batch_execute(sql);
            done.err().map(|error| {
                error
                    .as_db_error()
                    .map_or_else(String::new, |said| said.message().to_owned())
            })
        }
    };
    for sql in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
        let refused = execute(sql).unwrap_or_default();
        assert!(refused.contains("append-only"), "{refused}");
    }
    let open = match sqlite {
        Some(_) => "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened",
        None => "ALTER TABLE audit DISABLE TRIGGER USER",
    };
    assert_eq!(execute(open), None);
    let then = |sql: &str| {
        assert_eq!(execute(sql), None, "{sql}");
        check(&fixture.store, &keys())
    };
    // Two in each other's place; back again it is whole.
    let swap = "UPDATE audit SET sequence = 99 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;
        UPDATE audit SET sequence = 3 WHERE sequence = 99";
    assert_eq!(then(swap), AuditCheck::Broken(2));
    assert!(matches!(then(swap), AuditCheck::Whole(5, _)));
    // One that is told to have happened otherwise, at another time, by somebody else.
    assert_eq!(
        then("UPDATE audit SET subject = 'x' WHERE sequence = 4"),
        AuditCheck::Broken(4)
    );
    assert_eq!(
        then("UPDATE audit SET subject = 'd', actor = 'x' WHERE sequence = 4"),
        AuditCheck::Broken(4)
    );
    // One that is not there any more; the last, too, where somebody kept its seal (`server audit verify --seal`).
    assert_eq!(
        then("DELETE FROM audit WHERE sequence = 3"),
        AuditCheck::Broken(3)
    );
    assert_eq!(
        then("DELETE FROM audit WHERE sequence = 1"),
        AuditCheck::Broken(1)
    );
}

/// A case that ended on this day of October, with everything that can be erased.
fn ended(store: &Store, code: &'static str, day: u32) {
    let mut record = case(code);
    record.identity_hash = Some([2; 32]);
    record.phone_hash = Some([3; 32]);
    record.holder_hash = Some([4; 32]);
    record.finished_at = Some(moment(day, 10));
    record.history[0].named_by = Some("Lê Văn A".to_owned());
    record.history[0].reason = Some("việc của bà Riêng Tư".to_owned());
    record.history[0].recorded_by = Some("Trần Thị Ghi".to_owned());
    record.history[0].sent_by = Some("H98.1".to_owned());
    record.detail.return_note = Some("của bà Riêng Tư".to_owned());
    record.detail.end_note = Some("của bà Riêng Tư".to_owned());
    record.detail.results = vec![("Giấy của bà Riêng Tư".to_owned(), None)];
    store
        .write_now(move |writer| writer.put_case(&record))
        .unwrap();
    let step = ProgressEntry {
        at: moment(6, 9),
        unit: "Tư pháp".to_owned(),
        note: "của bà Riêng Tư".to_owned(),
        officer: Some("Lê Văn A".to_owned()),
        title: None,
    };
    store
        .write_now(move |writer| writer.add_steps(&[(code, step.clone())]))
        .unwrap();
}

fn contents(store: &Store, code: &'static str) -> (bool, usize, bool) {
    let record = store
        .read_now(move |reader| reader.find_case(code))
        .unwrap()
        .unwrap();
    let opens = record
        .secret_hash
        .or(record.identity_hash)
        .or(record.phone_hash)
        .or(record.holder_hash);
    let promise = &record.history[0];
    assert_eq!(
        promise.sent_by.as_deref(),
        (code != "OPEN").then_some("H98.1"),
        "a body is no person"
    );
    let said = promise.named_by.is_some() && promise.reason.is_some();
    assert_eq!(promise.recorded_by.is_some(), said);
    let texts = record.detail.return_note.is_some()
        || record.detail.end_note.is_some()
        || !record.detail.results.is_empty()
        || said;
    assert_eq!(
        (record.history.len(), record.first_promise),
        (1, case(code).promise),
        "promises stay"
    );
    (opens.is_some(), record.progress.len(), texts)
}

fn what_is_due_is_erased_and_promises_stay(fixture: &Fixture) {
    let store = &fixture.store;
    ended(store, "OLD", 7);
    ended(store, "NEW", 12);
    store
        .write_now(|writer| writer.put_case(&case("OPEN")))
        .unwrap();
    // On the 18th, after ten days: what ended before the 8th.
    let at = moment(18, 10);
    let nothing = erase(store, Retention::default(), at).unwrap();
    assert_eq!(
        (nothing, contents(store, "OLD")),
        (Erased::default(), (true, 1, true))
    );
    let retention = Retention {
        case_days: Some(10),
    };
    let erased = erase(store, retention, at).unwrap();
    assert_eq!(erased.cases, 1);
    assert_eq!(contents(store, "OLD"), (false, 0, false));
    assert_eq!(contents(store, "NEW"), (true, 1, true));
    assert!(contents(store, "OPEN").0);
    assert_eq!(
        erase(store, retention, at).unwrap(),
        Erased::default(),
        "twice"
    );
    // A sender that sends it again brings it back, until the next time.
    ended(store, "OLD", 7);
    assert_eq!(erase(store, retention, at).unwrap().cases, 1);
}

fn one_case_is_erased_at_its_holders_wish(fixture: &Fixture) {
    let store = &fixture.store;
    ended(store, "ONE", 12);
    let erase_one = |code: &'static str| {
        store
            .write_now(move |writer| writer.erase_case(code, moment(15, 9)))
            .unwrap()
    };
    assert!(erase_one("ONE"));
    assert_eq!(contents(store, "ONE"), (false, 0, false));
    assert!(!erase_one("NOBODY"));
}

/// What was erased is in no byte of the files: neither in free pages, nor in the write-ahead log, nor in a backup.
#[test]
fn what_was_erased_is_in_no_byte_of_the_files() {
    let fixture = crate::support::sqlite();
    let store = &fixture.store;
    let path = std::path::Path::new(fixture.address.trim_start_matches("sqlite:"));
    ended(store, "OLD", 7);
    ended(store, "NEW", 12);
    // Longer than a page: some of it stands on pages of its own, which are free afterwards.
    let mut long = case("LONG");
    long.finished_at = Some(moment(7, 10));
    long.detail.return_note = Some("của bà Riêng Tư ".repeat(1_000));
    store
        .write_now(move |writer| writer.put_case(&long))
        .unwrap();
    let copies = |backup: &str| {
        let backup = path.with_file_name(backup);
        dung_hen_server::store::backup(path, &backup, |_, _| {}).unwrap();
        let read = |file: &std::path::Path| std::fs::read(file).unwrap_or_default();
        let log = path.with_file_name("test.db-wal");
        [read(path), read(&log), read(&backup)].map(|bytes| {
            let wanted = "Riêng Tư".as_bytes();
            let found = bytes.windows(wanted.len()).filter(|one| *one == wanted);
            found.count()
        })
    };
    let [_, log, backup] = copies("before.db");
    assert!(
        log > 1_000 && backup > 1_000,
        "the search finds what is there"
    );
    // Everything ended before the 13th: all three.
    let retention = Retention { case_days: Some(5) };
    let erased = erase(store, retention, moment(18, 10)).unwrap();
    assert_eq!(erased.cases, 3);
    assert_eq!(copies("after.db"), [0, 0, 0]);
}

/// A backup or a recount reads for minutes: what was erased meanwhile leaves the log at the next hour, also where nothing is
/// due by then.
#[test]
fn what_was_erased_beside_somebody_who_reads_leaves_the_log_afterwards() {
    let fixture = crate::support::sqlite();
    let path = std::path::Path::new(fixture.address.trim_start_matches("sqlite:"));
    ended(&fixture.store, "OLD", 7);
    let reader = rusqlite::Connection::open(path).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM cases")
        .unwrap();
    let retention = Retention { case_days: Some(5) };
    let erase = || erase(&fixture.store, retention, moment(18, 10)).unwrap();
    let in_log = || {
        let log = std::fs::read(path.with_file_name("test.db-wal")).unwrap();
        let wanted = "Riêng Tư".as_bytes();
        log.windows(wanted.len()).any(|one| one == wanted)
    };
    let erased = erase();
    assert_eq!((erased.cases, erased.in_log), (1, true));
    assert!(in_log());
    drop(reader);
    let erased = erase();
    assert_eq!((erased.cases, erased.in_log), (0, false));
    assert!(!in_log());
}
