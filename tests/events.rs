//! Events through the real program: a server that is killed between sending and noting, three servers of which any may
//! die, and the two examples that receive.
//!
//! Short with the other tests; `DUNG_HEN_ROUNDS=100` for the long form.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dung_hen_tests::province::{Province, code};
use dung_hen_tests::{Asked, Cluster, Host, Reply, within};
use serde_json::Value;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NINE: &str = "2026-10-15T09:00:00+07:00";

/// The variables that make `url` the province's SMS gateway.
fn gateway(url: &str) -> [(&'static str, String); 2] {
    let webhooks = format!(
        "[{{ name = \"sms\", url = \"{url}\", reads_as = [\"gateway\"], private_network = true }}]"
    );
    [
        ("DUNG_HEN__WEBHOOKS", webhooks),
        ("DUNG_HEN_WEBHOOK_SMS", SECRET.to_owned()),
    ]
}

fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// What happens in another process takes several minutes on a slow machine.
fn until(what: &str, happened: impl Fn() -> bool) {
    within(Duration::from_secs(300), what, happened);
}

/// Ids by case.
fn by_case(asked: &[Asked]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in asked {
        let event: Value = serde_json::from_str(&one.body).expect("an event");
        assert_eq!(event["type"], "case.overdue", "{event}");
        let case = event["data"]["case_code"].as_str().expect("a case");
        let id = one.header("webhook-id").expect("an id").to_owned();
        found.entry(case.to_owned()).or_default().push(id);
    }
    found
}

/// The lines of `server events list`, by state.
fn states(province: &Province) -> BTreeMap<String, usize> {
    let done = province.run(&["events", "list"]);
    assert!(done.status.success(), "{done:?}");
    let mut states = BTreeMap::new();
    for line in String::from_utf8_lossy(&done.stdout).lines() {
        let state = line.split('\t').nth(3).unwrap_or_default().to_owned();
        *states.entry(state).or_insert(0) += 1;
    }
    states
}

#[test]
fn a_server_killed_between_sending_and_noting_sends_again() {
    let receiver = Host::start();
    receiver.reply("/in", Reply::Silence);
    let variables = gateway(&format!("{}/in", receiver.url()));
    let province = Province::new(None);
    province.import_overdue(3);
    let mut server = province.serve_at(NINE, &borrowed(&variables));
    until("three events are on their way", || {
        receiver.asked("/in").len() == 3
    });
    server.kill();
    let first = by_case(&receiver.asked("/in"));
    assert_eq!(
        states(&province),
        BTreeMap::from([("waiting".to_owned(), 3)])
    );

    receiver.reply("/in", Reply::With(204, "text/plain", String::new()));
    // A minute is how long a job is one server's.
    let server = province.serve_at("2026-10-15T09:02:00+07:00", &borrowed(&variables));
    until("three events have arrived", || {
        receiver.asked("/in").len() == 6
    });
    until("that is noted", || {
        states(&province) == BTreeMap::from([("delivered".to_owned(), 3)])
    });
    for (case, ids) in by_case(&receiver.asked("/in")) {
        assert_eq!(ids, [first[&case][0].clone(), first[&case][0].clone()]);
    }
    // A mistyped endpoint is no endpoint without events.
    for command in ["list", "replay"] {
        let done = province.run(&["events", command, "--endpoint", "smz"]);
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success(), "{command}: {done:?}");
        assert!(
            told.contains("smz: nothing was ever sent there; events were sent to sms"),
            "{command}: {told}"
        );
    }
    // A code is read as whoever looks it up may write it.
    let typed = code(0).to_lowercase();
    let listed = province.run(&["events", "list", "--endpoint", "sms", "--case", &typed]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 1);
    drop(server);
    // And nothing a third time: of a server that comes later only what is new arrives.
    province.import_overdue(4);
    let _server = province.serve_at("2026-10-15T10:00:00+07:00", &borrowed(&variables));
    until("the fourth case is told", || {
        by_case(&receiver.asked("/in")).len() == 4
    });
    assert_eq!(receiver.asked("/in").len(), 7);
}

/// Three servers on one PostgreSQL: one after the other is killed while events are carried. Every case is told, and only
/// what was on its way at a kill is told twice, with the same id.
#[test]
fn of_three_servers_any_may_die_and_every_case_is_told() {
    let rounds: usize = std::env::var("DUNG_HEN_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(3);
    let cluster = Cluster::start(true);
    let province = Province::new(Some(cluster.database()));
    let receiver = Host::start();
    receiver.reply("/in", Reply::With(204, "text/plain", String::new()));
    let variables = gateway(&format!("{}/in", receiver.url()));
    let per_round = 40;
    let cases = rounds * per_round;
    province.import_overdue(cases);
    // The clocks stand still, and servers that work together have the same one: to a server that is ahead, what a
    // living one has on its way would look given up. From round to round all of them go on by more than the half hour
    // for which the watch over the deadlines is one server's, so that nothing stays with the dead.
    let three = |round: usize| -> Vec<_> {
        let minutes = 9 * 60 + 31 * round;
        let clock = format!(
            "2026-10-{:02}T{:02}:{:02}:00+07:00",
            15 + minutes / 1440,
            minutes / 60 % 24,
            minutes % 60
        );
        (0..3)
            .map(|_| province.serve_at(&clock, &borrowed(&variables)))
            .collect()
    };
    let mut kills = 0;
    for round in 0..rounds {
        let mut servers = three(round);
        let enough = round * per_round + per_round / 2;
        until("half of the round has arrived", || {
            by_case(&receiver.asked("/in")).len() >= enough
        });
        // Another one is the first to die in each round.
        servers.rotate_left(round % 3);
        for mut server in servers {
            server.kill();
            kills += 1;
        }
    }
    let _servers = three(rounds);
    until("every case is told", || {
        by_case(&receiver.asked("/in")).len() == cases
    });
    let told = by_case(&receiver.asked("/in"));
    let known: BTreeSet<String> = (0..cases).map(code).collect();
    assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), known);
    let mut again = 0;
    for (case, ids) in &told {
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            1,
            "{case}: {ids:?}"
        );
        again += ids.len() - 1;
    }
    eprintln!("{again} repetitions in {kills} kills");
    // Eight at a time is what one server has on its way.
    assert!(again <= 8 * kills, "{again} repetitions in {kills} kills");
}

/// An example, ended with the value.
struct Example {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    address: String,
}

impl Example {
    fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut child = Command::new(program)
            .current_dir(root)
            .args(arguments)
            .envs(variables.iter().copied())
            // The clock of these servers stands still.
            .env("TOLERANCE", "0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let first = lines.next().expect("a line").expect("text");
        let address = first.trim_start_matches("listening on ").to_owned();
        Self {
            child,
            lines,
            address,
        }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_example_receiver_checks_both_kinds_of_signatures() {
    let made = Province::new(None).run(&["events", "secret", "--pair"]);
    // `events secret` takes no data directory; what it prints is all there is.
    assert!(!made.status.success(), "it needs no data");
    let pair = Command::new(dung_hen_tests::program())
        .args(["events", "secret", "--pair"])
        .output()
        .expect("the server: build it first");
    let text = String::from_utf8(pair.stdout).expect("text");
    let (private, public) = text.trim().split_once('\n').expect("two lines");
    for (signs, checks) in [(SECRET, SECRET), (private, public)] {
        let mut example = Example::start(
            "node",
            &["examples/receiver.mjs", "0"],
            &[("WEBHOOK_SECRET", checks)],
        );
        let mut variables = gateway(&example.address);
        signs.clone_into(&mut variables[1].1);
        let province = Province::new(None);
        province.import_overdue(1);
        let _server = province.serve_at(NINE, &borrowed(&variables));
        let line = example.lines.next().expect("a line").expect("text");
        let event: Value = serde_json::from_str(&line).expect("an event");
        assert_eq!(event["data"]["case_code"], code(0));
    }
    // Another secret: refused, and tried again later.
    let example = Example::start(
        "node",
        &["examples/receiver.mjs", "0"],
        &[("WEBHOOK_SECRET", public)],
    );
    let variables = gateway(&example.address);
    let province = Province::new(None);
    province.import_overdue(1);
    let _server = province.serve_at(NINE, &borrowed(&variables));
    until("it is refused", || {
        let done = province.run(&["events", "list"]);
        String::from_utf8_lossy(&done.stdout).contains("status 401")
    });
}

/// The whole way of an apology to someone who does not come back: broken promise, event, number from the one-stop
/// system, message, and what became of it at the case.
#[test]
fn the_sample_bridge_writes_to_the_applicant_and_reports() {
    let inside = Host::start();
    let number = r#"{"number":"+84900001234"}"#;
    inside.reply(
        "/number",
        Reply::With(200, "application/json", number.to_owned()),
    );
    inside.reply(
        "/send",
        Reply::With(200, "application/json", "{}".to_owned()),
    );
    let province = Province::new(None);
    province.import_overdue(1);
    let added = province.run(&["key", "add", "sms", "--scope", "gateway"]);
    let key = String::from_utf8(added.stdout)
        .expect("a key")
        .trim()
        .to_owned();
    let directory = tempfile::tempdir().expect("a directory");
    // The server's address is known when it runs; the bridge's must be known before. So the reports go by a host between.
    let state = directory.path().join("sent").display().to_string();
    let relay = Host::start();
    relay.reply(
        "/api/v1/deliveries",
        Reply::With(200, "application/json", "{}".to_owned()),
    );
    let bridge = Example::start(
        "python3",
        &["examples/sms_bridge.py"],
        &[
            ("BRIDGE_SECRET", SECRET),
            ("BRIDGE_PORT", "0"),
            ("BRIDGE_STATE", &state),
            ("NUMBERS_URL", &format!("{}/number?code={{}}", inside.url())),
            ("GATEWAY_URL", &format!("{}/send", inside.url())),
            ("REPORT_URL", &format!("{}/api/v1/deliveries", relay.url())),
            ("REPORT_KEY", &key),
        ],
    );
    let variables = gateway(&bridge.address);
    let server = province.serve_at(NINE, &borrowed(&variables));
    until("the bridge has reported", || {
        relay.asked("/api/v1/deliveries").len() == 1
    });
    let sent: Value = serde_json::from_str(&inside.asked("/send")[0].body).expect("a message");
    assert_eq!(sent["to"], "+84900001234");
    let text = sent["text"].as_str().expect("a text");
    assert!(
        text.contains(&code(0)) && text.contains("14/10/2026"),
        "{text}"
    );
    // What the bridge said, said to the server.
    let report: Value =
        serde_json::from_str(&relay.asked("/api/v1/deliveries")[0].body).expect("a report");
    assert_eq!(report["outcome"], "delivered");
    let status = Command::new("node")
        .args(["-e", "fetch(process.argv[1],{method:'POST',headers:{'content-type':'application/json',authorization:'Bearer '+process.argv[3]},body:process.argv[2]}).then(a=>process.exit(a.status==200?0:1))"])
        .arg(format!("http://{}/api/v1/deliveries", server.address))
        .arg(report.to_string())
        .arg(&key)
        .status()
        .expect("node");
    assert!(status.success());
    let listed = province.run(&["events", "list", "--case", &code(0)]);
    let listed = String::from_utf8(listed.stdout).expect("a list");
    assert!(listed.trim_end().ends_with("\tdelivered"), "{listed}");
    assert!(!listed.contains("0900001234"));
    // Nothing of the number is kept by the bridge.
    let kept = std::fs::read_to_string(directory.path().join("sent")).expect("its state");
    assert!(!kept.contains("8490"), "{kept}");
}

/// What an applicant reads of an event, as the example words it.
fn message(kind: &str, data: &Value) -> String {
    let script = "import json,sys;sys.path.insert(0,'examples');import sms_bridge as b;print(b.sentence(sys.argv[1],json.loads(sys.argv[2])),end='')";
    let done = Command::new("python3")
        .args(["-B", "-c", script, kind, &data.to_string()])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("python3");
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// An agency that has apologised owes no letter, what was not sent is not made up, and one message holds it: letters
/// without marks, of which 160 fit.
#[test]
fn a_message_says_what_is_so() {
    let overdue = |apology: &str, revised_due: Value| {
        let data = serde_json::json!({
            "case_code": "H98.101-260901-0001", "agency_name": "Sở Nông nghiệp và Môi trường",
            "promise": "2026-10-14", "revised_due": revised_due, "apology": apology,
        });
        message("case.overdue", &data)
    };
    for apology in ["missing", "a_state_of_tomorrow"] {
        let owed = overdue(apology, Value::Null);
        assert_eq!(
            owed.contains("con no ong/ba"),
            apology == "missing",
            "{owed}"
        );
        assert!(!owed.contains("da co van ban"), "{owed}");
        assert!(
            owed.contains("So Nong nghiep va Moi truong") || apology != "missing",
            "{owed}"
        );
    }
    for apology in ["issued_in_time", "issued_late", "postponed_again"] {
        let dated = overdue(apology, "2026-10-30".into());
        assert!(dated.contains("hen lai ngay 30/10/2026"), "{dated}");
        let undated = overdue(apology, Value::Null);
        for text in [&dated, &undated] {
            assert!(text.contains("da co van ban xin loi"), "{text}");
            assert!(text.contains("qua ngay hen 14/10/2026"), "{text}");
            assert!(!text.contains("con no"), "{text}");
        }
        assert!(!undated.contains("hen lai"), "{undated}");
    }
    let letter = |number: Value, revised_due: Value| {
        let data = serde_json::json!({ "case_code": "H98.101-260901-0001", "number": number, "revised_due": revised_due });
        message("letter.recorded", &data)
    };
    let whole = letter("15/PXL-SNNMT".into(), "2026-10-30".into());
    assert!(
        whole.contains("so 15/PXL-SNNMT") && whole.contains("hen lai ngay 30/10/2026"),
        "{whole}"
    );
    let bare = letter(Value::Null, Value::Null);
    assert!(bare.contains("da co van ban xin loi"), "{bare}");
    for made_up in ["None", "loi so", "hen lai", "chua co"] {
        assert!(!bare.contains(made_up), "{made_up}: {bare}");
    }
    for text in [
        overdue("missing", Value::Null),
        overdue("issued_late", "2026-10-30".into()),
        whole,
        bare,
    ] {
        assert!(
            text.is_ascii() && text.len() <= 160,
            "{}: {text}",
            text.len()
        );
    }
}
