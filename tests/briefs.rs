//! Monthly briefs from the command line, and made by servers on the 1st.

use std::path::Path;
use std::process::Output;

use dung_hen_tests::Cluster;
use dung_hen_tests::province::Province;
use serde_json::Value;

const CLOCK: &str = "2026-11-01T00:00:30+07:00";

/// `server report …` at this moment.
fn report(province: &Province, clock: &str, words: &[&str]) -> Output {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample/province.toml");
    let sample = sample.display().to_string();
    let given = ["--province", &sample, "--clock", clock];
    province.run(&[&["report"], words, &given].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is wrong, in words; nothing was written.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn briefs_are_made_and_read_by_hand() {
    let province = Province::new(None);
    province.import(3);
    let of = |words: &[&str]| report(&province, CLOCK, words);
    let brief = ["brief", "--period", "2026-10", "--agency", "H98.101"];
    // Whoever asks too early is told what makes it.
    let early = refused(&of(&brief));
    assert!(
        early.contains("server report briefs --period 2026-10"),
        "{early}"
    );
    for (period, why) in [
        ("2026-Q3", "not a month that is over"),
        ("2026", "not a month that is over"),
        ("2026-11", "not a month that is over"),
        ("soon", "not a period"),
    ] {
        let told = refused(&of(&["briefs", "--period", period]));
        assert!(
            told.contains(why) && told.contains(period),
            "{period}: {told}"
        );
    }
    let made = of(&["briefs", "--period", "2026-10"]);
    assert!(made.status.success(), "{made:?}");
    assert!(
        said(&made).contains("15 briefs made of 2026-10"),
        "{made:?}"
    );
    let again = of(&["briefs", "--period", "2026-10"]);
    assert!(said(&again).starts_with("0 briefs made"), "{again:?}");

    let json = of(&[&brief[..], &["--format", "json"]].concat());
    let content: Value = serde_json::from_str(&said(&json)).expect("JSON");
    assert_eq!(content["agency"], "H98.101");
    // Three cases, ended the day before their promise.
    assert_eq!(content["received"]["counts"]["early"], 3);
    assert_eq!(content["beside"][0]["served"], 3);
    for (lang, words) in [
        ("vi", ["Báo cáo nhanh tháng 10/2026", "đã phục vụ"]),
        ("en", ["Monthly brief 10/2026", "served"]),
    ] {
        let page = said(&of(&[&brief[..], &["--lang", lang]].concat()));
        assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
        for words in words {
            assert!(page.contains(words), "{lang}: {words}");
        }
        // A file that stands alone.
        assert!(!page.contains("<link") && !page.contains("<script") && page.contains("<style>"));
        assert!(!page.contains("H98.101-261005"));
    }
    let file = province.data().join("brief.html");
    let name = file.display().to_string();
    let written = of(&[&brief[..], &["--output", &name]].concat());
    assert!(written.status.success() && written.stdout.is_empty());
    assert!(std::fs::metadata(file).is_ok_and(|file| file.len() > 1_000));
    let nobody = ["brief", "--period", "2026-10", "--agency", "H98.999"];
    assert!(refused(&of(&nobody)).contains("H98.999: no agency of the province's file"));
    let nowhere = [&brief[..], &["--output", "/nowhere/brief.html"]].concat();
    assert!(refused(&of(&nowhere)).contains("/nowhere/brief.html"));
}

/// Two servers on one database, at half a minute past midnight on the 1st: the briefs are there without a hand laid on
/// anything, each once.
#[test]
fn on_the_first_they_are_there() {
    let cluster = Cluster::start(true);
    let province = Province::new(Some(cluster.database()));
    province.import(3);
    let before = province.serve_at("2026-10-31T23:59:30+07:00", &[]);
    drop(before);
    let _servers = [province.serve_at(CLOCK, &[]), province.serve_at(CLOCK, &[])];
    let brief = [
        "brief", "--period", "2026-10", "--agency", "H98.101", "--format", "json",
    ];
    let there = (0..3_000)
        .map(|_| report(&province, CLOCK, &brief))
        .find(|output| output.status.success())
        .expect("the servers make the briefs");
    let content: Value = serde_json::from_str(&said(&there)).expect("JSON");
    assert_eq!(content["made"], CLOCK);
    // The last of them may still be on its way: whoever makes the rest finds what is there.
    let rest = report(&province, CLOCK, &["briefs", "--period", "2026-10"]);
    assert!(rest.status.success(), "{rest:?}");
    let again = report(&province, CLOCK, &["briefs", "--period", "2026-10"]);
    assert!(said(&again).starts_with("0 briefs made"), "{again:?}");
}
