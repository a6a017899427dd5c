//! What is written wrong, in the province's file, in a file of envelopes and at the terminal: each message names where it
//! stands, what stands there and what to write instead, and never a person's data or a secret.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use dung_hen_tests::program;

use crate::{run, text};

const SAMPLE: &str = include_str!("../../data/sample/province.toml");

/// What `doctor` says of the province's file.
fn doctor(directory: &Path, province: &str) -> String {
    let file = directory.join("tinh.toml");
    fs::write(&file, province).expect("a file");
    let (data, file) = (directory.join("data"), file.display().to_string());
    fs::create_dir_all(&data).expect("a directory");
    let data = data.display().to_string();
    text(&run(&["doctor", "--data", &data, "--province", &file], "").stdout)
}

/// The sample with one line, the first of its kind, written otherwise; and the number of that line.
fn with(line: &str, other: &str) -> (String, usize) {
    let at = SAMPLE.lines().position(|one| one == line).expect("a line");
    let lines = SAMPLE.lines().enumerate();
    let lines = lines.map(|(index, one)| if index == at { other } else { one });
    (lines.collect::<Vec<_>>().join("\n"), at + 1)
}

#[test]
fn a_wrong_key_is_told_with_its_line_and_what_stands_there() {
    let directory = tempfile::tempdir().expect("a directory");
    for (line, other, key) in [
        (
            "working_hours = \"07:30-11:30,13:00-17:00\"",
            "working_hours = \"7h30\"",
            "working_hours",
        ),
        (
            "level = \"commune\"",
            "level = \"xa\"",
            "agencies, H98.101: level",
        ),
        (
            "figure = \"on_time\"",
            "figure = \"in_time\"",
            "targets, in_time: figure",
        ),
        (
            "kinds = [\"unknown_code\"]",
            "kinds = [\"late_case\"]",
            "objections.terms, kinds",
        ),
        (
            "ended = \"2025-06-30\"",
            "ended = \"30/6/2025\"",
            "successions, H98.31: ended",
        ),
        (
            "national_portal = \"https://dichvucong.gov.vn\"",
            "national_portal = \"dichvucong.gov.vn\"",
            "national_portal",
        ),
    ] {
        let (province, number) = with(line, other);
        let told = doctor(directory.path(), &province);
        let place = format!("tinh.toml: configuration: line {number}, {key}: ");
        assert!(told.contains(&place), "{place}: {told}");
        assert!(told.contains(&format!("found: {other}\n")), "{told}");
    }
}

/// A key that was pasted in the place of its hash, or a password in an address, is not repeated.
#[test]
fn a_secret_in_the_wrong_place_is_not_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let hash = SAMPLE.lines().find(|one| one.starts_with("key_sha256"));
    let (province, number) = with(hash.expect("a hash"), "key_sha256 = \"2SC7-ZHKS-RXN7\"");
    let told = doctor(directory.path(), &province);
    assert!(told.contains(&format!("line {number}, officers")), "{told}");
    assert!(!told.contains("2SC7"), "{told}");
    let hook = "[[webhooks]]\nname = \"sms\"\nurl = \"https://me:word@sms.example.vn/\"\nreads_as = [\"gateway\"]\n";
    let told = doctor(directory.path(), &format!("{SAMPLE}\n{hook}"));
    assert!(told.contains("webhooks, sms: url"), "{told}");
    assert!(!told.contains("me:word"), "{told}");
}

/// Of two that have the same code or key one would stand for the other, unseen.
#[test]
fn what_may_be_there_once_is_not_there_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let (twice, _) = with("code = \"H98.102\"", "code = \"H98.101\"");
    let told = doctor(directory.path(), &twice);
    assert!(
        told.contains("BAD") && told.contains("agencies, H98.101: code"),
        "{told}"
    );
    let mut hashes = SAMPLE.lines().filter(|one| one.starts_with("key_sha256"));
    let (first, second) = (hashes.next().expect("one"), hashes.next().expect("two"));
    let (shared, _) = with(second, first);
    let told = doctor(directory.path(), &shared);
    assert!(
        told.contains("BAD") && told.contains("officers, Lê Thị Mẫu: key_sha256"),
        "{told}"
    );
}

/// Nobody means to erase a case in the hour in which it is finished.
#[test]
fn no_time_to_keep_is_not_a_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let told = doctor(
        directory.path(),
        &format!("{SAMPLE}\n[retention]\ncase_days = 0\n"),
    );
    assert!(
        told.contains("BAD") && told.contains("retention.case_days"),
        "{told}"
    );
}

#[test]
fn an_agency_that_is_not_in_the_file_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let (officer, _) = with("agency = \"H98.101\"", "agency = \"H98.1O1\"");
    let told = doctor(directory.path(), &officer);
    assert!(
        told.contains("SOON  configuration") && told.contains("officers, Phạm Thị Mẫu: H98.1O1"),
        "{told}"
    );
    let (ended, _) = with(
        "successors = [\"H98.104\", \"H98.105\"]",
        "successors = [\"H98.104\", \"H98.1O5\"]",
    );
    let told = doctor(directory.path(), &ended);
    assert!(told.contains("successions, H98.31: H98.1O5"), "{told}");
}

#[test]
fn the_doctor_names_a_secret_that_everybody_can_read() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let secret = directory.path().join("sms.secret");
    fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").expect("a file");
    let hook = "[[webhooks]]\nname = \"sms\"\nurl = \"https://sms.example.vn/\"\nreads_as = [\"gateway\"]\nsecret_file = \"sms.secret\"\n";
    for (mode, word) in [(0o644, "SOON  secrets"), (0o640, "ok    secrets")] {
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).expect("a mode");
        let told = doctor(directory.path(), &format!("{SAMPLE}\n{hook}"));
        assert!(told.contains(word), "{mode:o}: {told}");
    }
}

/// The doctor's advice fits what is wrong.
#[test]
fn what_is_no_key_of_the_file_is_not_corrected_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let portal = "[[portals]]\nissuer = \"https://a.vn\"\naudience = \"https://b.vn\"\nalgorithm = \"HS256\"\n";
    let told = doctor(directory.path(), &format!("{SAMPLE}\n{portal}"));
    assert!(
        told.contains("tinh.toml: configuration: portals")
            && told.contains("/etc/dung-hen/environment"),
        "{told}"
    );
    let told = doctor(
        directory.path(),
        &format!("calendar_file = \"lich.json\"\n{SAMPLE}"),
    );
    assert!(
        told.contains("calendar_file") && told.contains("lich.json"),
        "{told}"
    );
    let file = directory.path().join("utf16.toml");
    let utf16: Vec<u8> = SAMPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&file, utf16).expect("a file");
    let (data, file) = (
        directory.path().display().to_string(),
        file.display().to_string(),
    );
    let told = text(&run(&["doctor", "--data", &data, "--province", &file], "").stdout);
    assert!(
        told.contains("save it as UTF-8") && !told.contains("copy data/sample"),
        "{told}"
    );
}

/// A file of envelopes with this text, and what its import says.
fn import(bytes: &[u8]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("goi.json");
    fs::write(&file, bytes).expect("a file");
    let province = directory.path().join("tinh.toml");
    fs::write(&province, SAMPLE).expect("a file");
    let [file, data, province] =
        [file, directory.path().join("data"), province].map(|path| path.display().to_string());
    let output = run(
        &["import", &file, "--data", &data, "--province", &province],
        "",
    );
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

const CASE: &str = r#"{"MaHoSo":"H98.101-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","NgayHenTra":"20260930170000","TrangThaiHoSo":"4"}"#;

fn envelope(case: &str) -> String {
    format!(r#"{{"service":"DongBoHoSoMC","madonvi":"H98.101","data":[{case}]}}"#)
}

#[test]
fn a_wrong_value_is_told_by_its_form_alone() {
    for (from, to, words) in [
        (
            r#""20260930170000""#,
            r#""30/09/2026""#,
            "expected, found 99/99/9999 (9 stands for any digit)",
        ),
        (r#""20260930170000""#, "46295", "expected, found 5 digits"),
        (
            r#""20260930170000""#,
            r#""20260931170000""#,
            "expected, found 14 digits that are no day and hour",
        ),
        (
            r#""20260930170000""#,
            r#""chưa rõ""#,
            "expected, found a text of 7 characters",
        ),
        (r#""4""#, r#""04""#, "\"10\" expected, found 2 digits"),
        (
            r#""4""#,
            r#""Đang xử lý""#,
            "\"10\" expected, found a text of 10 characters",
        ),
        (
            r#""H98.101-260901-0001""#,
            r#""""#,
            "a case code expected (letters, digits and . - / _), found nothing",
        ),
        (
            r#""H98.101-260901-0001""#,
            r#""H98.101*260901""#,
            "a case code expected (letters, digits and . - / _), found another character at place 8",
        ),
    ] {
        let told = import(envelope(&CASE.replace(from, to)).as_bytes());
        assert!(told.contains(words), "{to}: {told}");
        assert!(told.contains("goi.json: line 1, field data[0]."), "{told}");
        assert!(
            !told.contains("46295") && !told.contains("chưa rõ"),
            "{told}"
        );
    }
}

#[test]
fn what_is_no_file_of_envelopes_is_told_for_what_it_is() {
    let good = envelope(CASE);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(good.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, words) in [
        (
            &b"MaHoSo,MaTTHC,TrangThaiHoSo\r\nH98,1,4\r\n"[..],
            "line 1: not JSON: it looks like a table",
        ),
        (
            "\u{feff}MaHoSo;MaTTHC\r\nH98;1\r\n".as_bytes(),
            "it looks like a table",
        ),
        (b"<?xml version=\"1.0\"?><a/>", "it looks like XML"),
        (
            b"PK\x03\x04\xff\xfe",
            "goi.json: a ZIP file, as XLSX is one",
        ),
        (b"\x1f\x8b\x08\x00\xff", "goi.json: compressed"),
        (&utf16, "goi.json: UTF-16; save it as UTF-8"),
        (
            format!("[{CASE}]").as_bytes(),
            "line 1: missing field `service`; an envelope",
        ),
    ] {
        let told = import(bytes);
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// Excel and keyboards for Chinese or Japanese write so; whoever looks the case up is understood as well.
#[test]
fn a_code_in_wide_letters_is_the_code() {
    let wide: String = "H98.101-260901-0001"
        .chars()
        .filter_map(|one| char::from_u32(u32::from(one) + 0xfee0))
        .collect();
    let both = format!(
        "{}\n{}",
        envelope(CASE),
        envelope(&CASE.replace("H98.101-260901-0001", &wide))
    );
    let told = import(both.as_bytes());
    assert!(
        told.contains("imported 2 case records (of 1 cases: the last of each counts)"),
        "{told}"
    );
}

#[test]
fn cases_of_an_agency_that_the_province_does_not_have_are_told() {
    let told = import(
        envelope(CASE)
            .replace("\"H98.101\"", "\"H98.1O1\"")
            .as_bytes(),
    );
    assert!(
        told.contains(
            "1 case records name an agency that the province's file does not have: H98.1O1"
        ),
        "{told}"
    );
    let told = import(envelope(CASE).as_bytes());
    assert!(!told.contains("does not have"), "{told}");
}

#[test]
fn what_cannot_be_is_refused_at_the_terminal() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data").display().to_string();
    let new = directory.path().join("new.db").display().to_string();
    let province = directory.path().join("tinh.toml");
    fs::write(&province, SAMPLE).expect("a file");
    let province = province.display().to_string();
    let made = run(
        &[
            "key",
            "add",
            "mot-cua",
            "--scope",
            "connector",
            "--data",
            &data,
        ],
        "",
    );
    assert!(made.status.success());
    for (command, words) in [
        (
            "key add mot-cua --scope connector --days 0 --data D",
            "--days",
        ),
        ("key add | --scope connector --data D", "NAME"),
        (
            "deadline --received 2026-10-15 --amount 0 --unit working_day",
            "--amount: 1 to 10000",
        ),
        ("calendar show --year 20x6", "a year such as 2026"),
        ("audit verify --seal abc --data D", "no seal"),
        (
            "report brief --agency H98.101 --period 2026-Q3 --data D --province P",
            "a month such as 2026-09",
        ),
        (
            "serve --database sqlite: --data D --province P --listen 127.0.0.1:0",
            "sqlite:FILE",
        ),
        ("copy --from sqlite: --to N", "sqlite:FILE"),
        (
            "deadline --received 2026-10-15 --amount 5 --lang fr",
            "possible values: vi, en",
        ),
        ("calendar show --lang fr", "possible values: vi, en"),
        ("calendar check --lang EN", "possible values: vi, en"),
        (
            "report brief --agency H98.101 --period 2026-09 --data D --province P --lang fr",
            "possible values: vi, en",
        ),
        (
            "report brief --agency H98.1O1 --period 2026-09 --data D --province P",
            "H98.1O1: no agency of the province's file",
        ),
        (
            "promises --agency H98.1O1 --data D --province P",
            "H98.1O1: no agency of the province's file",
        ),
        (
            "key rotate abc --overlap 4294967295 --data D",
            "4294967295 is not in 0..=36500",
        ),
        (
            "events list --endpoint smz --data D",
            "smz: nothing was ever sent there, nor anywhere else",
        ),
        (
            "events replay --endpoint smz --data D",
            "smz: nothing was ever sent there, nor anywhere else",
        ),
        ("events list --case H98.101* --data D", "not a case code"),
        (
            "events replay --state waiting --data D",
            "what waits is sent by itself",
        ),
        ("events replay --state delivered --data D", "--delivered"),
    ] {
        let arguments: Vec<&str> = command
            .split(' ')
            .map(|word| match word {
                "D" => data.as_str(),
                "P" => province.as_str(),
                "N" => new.as_str(),
                "|" => "",
                word => word,
            })
            .collect();
        // A server that begins instead is ended.
        let output = Command::new("timeout")
            .arg("20")
            .arg(program())
            .args(&arguments)
            .output()
            .expect("timeout");
        let told = text(&output.stderr);
        assert!(
            !output.status.success() && told.contains(words),
            "{command}: {told}"
        );
    }
}

/// A yearly key stays a yearly one.
#[test]
fn the_successor_of_a_key_ends_as_it_did() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().display().to_string();
    let key = |arguments: &[&str]| {
        let mut all = vec!["key"];
        all.extend(arguments);
        all.extend(["--data", &data]);
        let output = run(&all, "");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let first = key(&["add", "mot-cua", "--scope", "connector", "--days", "365"]);
    let id = first.split('_').nth(1).expect("an id").to_owned();
    let second = key(&["rotate", &id]);
    let next = second.split('_').nth(1).expect("an id").to_owned();
    let list = key(&["list"]);
    let line = |list: &str, id: &str| {
        let mut lines = list.lines();
        lines
            .find(|line| line.starts_with(id))
            .expect("a line")
            .to_owned()
    };
    // The one before it ends within the week.
    let end = |line: &str| line.split("until ").nth(1).map(str::to_owned);
    let (old, new) = (end(&line(&list, &id)), end(&line(&list, &next)));
    assert!(old.is_some() && old < new, "{list}");
    let third = key(&["rotate", &next, "--days", "3"]);
    let last = third.split('_').nth(1).expect("an id").to_owned();
    let list = key(&["list"]);
    assert!(end(&line(&list, &last)) < new, "{list}");
    let endless = key(&["add", "khac", "--scope", "connector"]);
    let id = endless.split('_').nth(1).expect("an id").to_owned();
    let after = key(&["rotate", &id]);
    let id = after.split('_').nth(1).expect("an id").to_owned();
    let list = key(&["list"]);
    assert!(
        list.lines()
            .any(|line| line.starts_with(&id) && line.ends_with("without end")),
        "{list}"
    );
}
