//! An unknown code and a wrong proof cost the same: the same statements in the same order, the same hashes.
//!
//! A test binary of its own: it listens to everything that the store and the keys report, which tests running beside
//! it would disturb.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use dung_hen_server::keys::{Keys, Purpose};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

#[path = "http/support.rs"]
#[expect(dead_code, unused_imports, reason = "other tests use the rest of it")]
mod support;

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

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?}");
    }
}

#[test]
fn unknown_code_and_wrong_proof_cost_the_same() {
    let work = Work::default();
    let listening = tracing_subscriber::registry().with(work.clone());
    tracing::subscriber::set_global_default(listening).unwrap();
    let known = "H98.1-261005-0001";
    let letters = serde_json::json!([{ "SoVanBan": "1", "NgayBanHanh": "20261013080000", "NgayHenTraTruoc": "20261014170000", "NgayHenTraMoi": "20261020170000" }]);
    let server = Server::with(&case(
        known,
        "4",
        serde_json::json!({ "DanhSachXinLoi": letters }),
    ));
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
        // Two counters read at once and one row of hashes; a hash for each kind of proof and counter.
        assert_eq!(
            (count("sql="), count("hash=Proof"), count("hash=Attempt")),
            (2, 3, 2),
            "{wrong:#?}"
        );
    }
    // What is written of them is as much for both.
    server.written();
    work.0.lock().unwrap().clear();
    for (code, written) in [(known, 2), ("H98.1-261005-9999", 4)] {
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
