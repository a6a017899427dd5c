//! What work something takes, by its statements and hashes: the same for an unknown code and a wrong proof; for a
//! watch that of the cases that fall due, however many there are; for an import that of its pages. On PostgreSQL
//! (`DUNG_HEN_TEST_DATABASE=postgres`) by the ways to it and back as well.
//!
//! A test binary of its own, one test at a time: it listens to everything that the store and the keys report.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use dung_hen_server::clock::Clock;
use dung_hen_server::figures::watch::Watched;
use dung_hen_server::figures::{self, Counting};
use dung_hen_server::keys::{Keys, Purpose};
use dung_hen_server::outgoing;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

#[path = "http/support.rs"]
#[expect(dead_code, unused_imports, reason = "other tests use the rest of it")]
mod support;

use serde_json::json;
use support::{Server, case};

/// Every statement and hash, in order.
#[derive(Clone, Default)]
struct Work(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Work {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "dung_hen::work" {
            let mut text = Text::default();
            event.record(&mut text);
            self.0.lock().unwrap().push(text.0);
        }
    }
}

impl Work {
    /// Listens alone until the guard is gone.
    fn listen() -> (Self, MutexGuard<'static, ()>) {
        static LISTENER: LazyLock<Work> = LazyLock::new(|| {
            let work = Work::default();
            let listening = tracing_subscriber::registry().with(work.clone());
            tracing::subscriber::set_global_default(listening).unwrap();
            work
        });
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        (LISTENER.clone(), alone)
    }

    /// How many statements there were since this was asked last, and how many ways to PostgreSQL and back.
    fn ways(&self) -> (usize, usize) {
        let done: Vec<String> = self.0.lock().unwrap().drain(..).collect();
        let count = |kind: &str| done.iter().filter(|one| one.starts_with(kind)).count();
        (count("sql="), count("trip="))
    }

    /// How often each statement ran since this was asked last.
    fn statements(&self) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for one in self.0.lock().unwrap().drain(..) {
            if let Some(sql) = one.strip_prefix("sql=") {
                *count.entry(sql.to_owned()).or_default() += 1;
            }
        }
        count
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{field}={value}");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?}");
    }
}

#[test]
fn unknown_code_and_wrong_proof_cost_the_same() {
    let (work, _alone) = Work::listen();
    let known = "H98.1-261005-0001";
    let letters = json!([{ "SoVanBan": "1", "NgayBanHanh": "20261013080000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261020170000" }]);
    let server = Server::with(&case(known, "4", json!({ "DanhSachXinLoi": letters })));
    let of = |code: &str, proof: &str| {
        work.0.lock().unwrap().clear();
        let status = server.lookup(code, Some(proof)).status;
        let mut done = work.0.lock().unwrap().clone();
        // Written together, a while after the answers to both.
        done.retain(|one| !one.contains("INSERT INTO attempts"));
        (status, done)
    };
    for proof in ["9999", "999999", "AAAAAAAA"] {
        let (status, wrong) = of(known, proof);
        let (other, unknown) = of("H98.1-261005-9999", proof);
        assert_eq!((status, other), (404, 404));
        assert_eq!(wrong, unknown, "{proof}");
        let count = |kind: &str| wrong.iter().filter(|one| one.starts_with(kind)).count();
        // How much there is in a case takes part in neither.
        let of_case = |one: &String| one.contains("FROM cases") && one.contains("detail");
        assert!(!wrong.iter().any(of_case), "{wrong:#?}");
        // Two counters read at once and one row of hashes; a hash for each kind of proof, and one for both counters.
        assert_eq!(
            (count("sql="), count("hash=Proof"), count("hash=Attempt")),
            (2, 3, 1),
            "{wrong:#?}"
        );
    }
    // What is written of them is as much for both.
    server.written();
    work.0.lock().unwrap().clear();
    for (code, written) in [(known, 1), ("H98.1-261005-9999", 2)] {
        server.lookup(code, Some("9999"));
        server.written();
        let done = work.0.lock().unwrap();
        let inserted = |one: &&String| one.contains("INSERT INTO attempts");
        assert_eq!(done.iter().filter(inserted).count(), written, "{done:#?}");
    }
    // Shut for both alike, and again at the same cost.
    for _ in 0..4 {
        of(known, "9999");
        of("H98.1-261005-9999", "9999");
    }
    let (status, wrong) = of(known, "1234");
    let (other, unknown) = of("H98.1-261005-9999", "1234");
    assert_eq!((status, other), (429, 429));
    assert_eq!(wrong, unknown);
    // The listener does listen.
    let before = work.0.lock().unwrap().len();
    let _ = Keys::new([1; 32]).hash(Purpose::Proof, &[]);
    assert_eq!(work.0.lock().unwrap().len(), before + 1);
}

/// A tenth of them open; none of these falls due before 2027.
fn cases(many: usize) -> String {
    let far = json!({ "NgayHenTra": "20270614170000" });
    let of = |n| match n % 10 {
        0 => case(&format!("H98.1-261005-{n:05}"), "4", far.clone()),
        _ => case(
            &format!("H98.1-261005-{n:05}"),
            "10",
            json!({ "NgayKetThucXuLy": "20261013100000" }),
        ),
    };
    (10..10 + many).map(of).collect::<Vec<_>>().join("\n")
}

/// The statements of a day on which `due` cases fall due of `many` there are, of the figures and of what is told; and
/// the file they run on.
fn a_day_of(work: &Work, many: usize, due: usize) -> (BTreeMap<String, usize>, Server) {
    let server = Server::with(&cases(many));
    for n in 0..due {
        let more = json!({ "NgayHenTra": "20261020170000" });
        server.import(&case(&format!("H98.1-261005-{n:05}"), "4", more));
    }
    let store = &server.state.store;
    let counting = |clock: &str| {
        let now = clock.parse::<Clock>().unwrap().now();
        (now, Counting::new(&server.state.reference, now))
    };
    let watch = |clock: &str| {
        let (now, counting) = counting(clock);
        let figures = figures::watch::bring_up(store, &counting, |_| {}).unwrap();
        let told = outgoing::watch::look(store, &counting.reference, now).unwrap();
        (figures, told.unwrap())
    };
    watch("2026-10-20T09:00:00+07:00");
    work.statements();
    let (figures, told) = watch("2026-10-21T09:00:00+07:00");
    let statements = work.statements();
    let expected = Watched {
        turned: due as u64,
        recounted: 0,
    };
    assert_eq!((figures, told.looked, told.overdue), (expected, due, due));
    (statements, server)
}

/// A watch of 100 cases and one of 1,000, three of which fall due: the same statements as often; and none of them goes
/// through cases, counted cases or computed dates, but looks some up by their key or by the day that has come.
#[test]
fn a_watch_costs_what_falls_due_and_not_what_there_is() {
    let (work, _alone) = Work::listen();
    let (few, _) = a_day_of(&work, 100, 3);
    let (many, server) = a_day_of(&work, 1_000, 3);
    assert_eq!(few, many);
    let (more, _) = a_day_of(&work, 100, 6);
    assert_ne!(few, more, "what falls due does cost something");
    let Some(file) = server.database.strip_prefix("sqlite:") else {
        return;
    };
    let database = rusqlite::Connection::open(file).unwrap();
    // By a key alone, or by the day that has come; of what was not added up yet, and of the codes that are asked for, all.
    let narrow = |step: &str| {
        ["SCAN figure_tail", "SCAN CONSTANT ROW"].contains(&step)
            || step.starts_with("SCAN json_each ")
            || !step.starts_with("SCAN")
                && (!step.starts_with("SEARCH")
                    || step.ends_with("=?)")
                    || step.ends_with("cases_to_look_at (look_on<?)")
                    || step.ends_with("case_counted_by_turn (turns_on<?)")
                    || step.contains(" INDEX jobs_by_"))
    };
    let mut by_day = 0;
    for sql in many.keys() {
        let mut plan = database
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let nulls = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(nulls), |row| row.get("detail"));
        for step in steps.unwrap() {
            let step: String = step.unwrap();
            assert!(narrow(&step), "{step}\n{sql}");
            by_day += usize::from(step.ends_with("_on<?)"));
        }
    }
    assert!(by_day >= 3, "both watches were listened to");
}

/// Other settings under which the same cases count the same: looked at by the page, 100 with as many statements as 300,
/// and nothing is written of any.
#[test]
fn what_counts_the_same_with_other_settings_costs_pages() {
    let (work, _alone) = Work::listen();
    let of = |many| {
        let server = Server::with(&cases(many));
        let now = "2026-10-20T09:00:00+07:00".parse::<Clock>().unwrap().now();
        let counting = Counting::new(&server.state.reference, now);
        let store = &server.state.store;
        figures::watch::bring_up(store, &counting, |_| {}).unwrap();
        let other = |writer: &mut dung_hen_server::store::Writer<'_>| {
            writer.put_figure_state("counted_with", "something else")
        };
        store.write_now(other).unwrap();
        work.statements();
        let done = figures::watch::bring_up(store, &counting, |_| {}).unwrap();
        assert_eq!((done.recounted, done.turned), (many as u64, 0));
        work.statements()
    };
    let (few, many) = (of(100), of(300));
    assert_eq!(few, many);
    assert!(few.keys().any(|sql| sql.contains("FROM due_history")));
    assert!(
        !few.keys()
            .any(|sql| sql.contains("INSERT INTO case_counted"))
    );
}

/// What a look-up asks, and how often it goes to PostgreSQL for it: what needs no answer of another goes there together.
#[test]
fn a_look_up_asks_on_few_ways() {
    let (work, _alone) = Work::listen();
    let (quiet, late) = ("H98.1-261005-0001", "H98.1-261005-0002");
    let far = json!({ "NgayHenTra": "20270614170000" });
    let letters = json!([{ "SoVanBan": "1", "NgayBanHanh": "20261013080000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261020170000" }]);
    let late_case = case(late, "4", json!({ "DanhSachXinLoi": letters }));
    let server = Server::with(&[case(quiet, "4", far), late_case].join("\n"));
    let postgres = server.database.starts_with("postgres:");
    let ways = |code: &str, proof: Option<&str>, status: u16| {
        // What is prepared once on a connection, and notices that are shown for the first time, are not counted.
        for _ in 0..2 {
            server.lookup(code, proof);
            server.written();
        }
        work.ways();
        assert_eq!(server.lookup(code, proof).status, status);
        let (statements, trips) = work.ways();
        (statements, if postgres { trips } else { 0 })
    };
    let on = |trips: usize| if postgres { trips } else { 0 };
    assert_eq!(ways(quiet, None, 200), (1, on(1)));
    // Both counters and what opens the case; then the case with all that belongs to it.
    assert_eq!(ways(quiet, Some("1234"), 200), (8, on(2)));
    // And its notices.
    assert_eq!(ways(late, Some("1234"), 200), (9, on(3)));
    // On PostgreSQL a wrong proof is counted and committed before the answer.
    let wrong = ways(quiet, Some("9999"), 404);
    assert_eq!(wrong, if postgres { (3, 3) } else { (2, 0) });
}

/// A page of an import costs as many statements, and as many ways to PostgreSQL, with 30 cases as with 300: new ones, and
/// the same again.
#[test]
fn an_import_costs_pages() {
    let (work, _alone) = Work::listen();
    let of = |many| {
        // The first prepares what both use.
        let server = Server::with(&cases(3));
        server.import(&cases(3));
        work.ways();
        server.import(&cases(many));
        let new = work.ways();
        server.import(&cases(many));
        (new, work.ways())
    };
    let ((few, few_again), (many, many_again)) = (of(30), of(300));
    assert_eq!((few, few_again), (many, many_again));
    assert!(few.0 < 30 && few.1 < 30, "{few:?} {few_again:?}");
}

/// So does one of steps: of cases that are known, sent again, and before their cases; and so do these cases, and letters
/// that are told.
#[test]
fn steps_and_letters_cost_pages() {
    let (work, _alone) = Work::listen();
    let code = |n: usize| format!("H98.1-261005-{n:05}");
    let steps = |from: usize, many: usize| {
        let step = |n: usize| {
            json!({ "MaHoSo": code(n), "ThoiDiemXuLy": "20261006100000", "PhongBanXuLy": "Tư pháp",
                "NoiDungXuLy": "Thẩm tra" })
        };
        let data: Vec<_> = (from..from + many)
            .flat_map(|n| [step(n), step(n)])
            .collect();
        json!({ "service": "CapNhatTienDoHoSoMC", "madonvi": "H98.1", "data": data }).to_string()
    };
    let letters = |many: usize| {
        let letter = json!([{ "SoVanBan": "1", "NgayBanHanh": "20261013080000", "NgayHenTraTruoc": "20261014170000",
            "NgayHenTraMoi": "20261020170000" }]);
        let of = |n: usize| case(&code(n), "4", json!({ "DanhSachXinLoi": letter }));
        (10..10 + many).map(of).collect::<Vec<_>>().join("\n")
    };
    let of = |many: usize| {
        // The first prepares what both use.
        let server = Server::with(&cases(3));
        let mut ways = Vec::new();
        for many in [3, many] {
            for file in [
                &steps(10 + many, many),
                &cases(2 * many),
                &steps(10, many),
                &steps(10, many),
                &letters(many),
                &letters(many),
            ] {
                work.ways();
                server.import(file);
                ways.push(work.ways());
            }
        }
        ways.split_off(6)
    };
    let (few, many) = (of(30), of(200));
    assert_eq!(few, many);
    assert!(few.iter().all(|ways| ways.0 < 35), "{few:?}");
}
