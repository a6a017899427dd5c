//! Commands with a database: what they refuse, and what that leaves behind.

use crate::{run, text};

/// Who mistypes the directory is told so by whatever needs one that is there: not shown an empty database, nor the
/// fingerprint of a key that no service has, nor left with a key that a restored database does not fit.
#[test]
fn what_needs_a_database_makes_none() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("mistyped");
    let data = data.to_str().expect("UTF-8");
    let commands = [
        "verify --province P",
        "promises --province P",
        "ballot-keys",
        "key list",
        "key rotate K",
        "key revoke K",
        "audit verify",
        "connector list",
        "connector status",
        "connector replay --province P",
        "events list",
        "events replay",
        "report apologies --province P --period 2026-09 --output F",
        "report open-data --province P --period 2026-09 --output F",
        "calendar apply --province P",
        "erase --province P",
        "erase --case H98.22-260901-0001",
        "backup F",
        "import no-such-file.ndjson",
    ];
    let out = directory.path().join("out");
    let out = out.to_str().expect("UTF-8");
    for command in commands {
        let words = command.split(' ').map(|word| match word {
            "P" => concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample/province.toml"),
            "F" => out,
            other => other,
        });
        let arguments: Vec<&str> = words.chain(["--data", data]).collect();
        let output = run(&arguments, "");
        let told = text(&output.stderr);
        assert!(!output.status.success(), "{command}");
        let names = ["mistyped", "no-such-file.ndjson"];
        assert!(
            names.iter().any(|name| told.contains(name)),
            "{command}: {told}"
        );
        assert!(!directory.path().join("mistyped").exists(), "{command}");
    }
}

/// An address may hold a password, also where it is mistyped: then it is no name of a file either, which would be told.
#[test]
fn a_mistyped_address_of_a_database_is_told_without_its_password() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().to_str().expect("UTF-8");
    let cases = directory.path().join("cases.ndjson");
    std::fs::write(&cases, case(1, "20260914", "4")).expect("a file");
    let cases = cases.to_str().expect("UTF-8");
    std::fs::write(directory.path().join("server.key"), "A".repeat(43)).expect("a key");
    for address in [
        "postgress://dung_hen:geheim@127.0.0.1/dung_hen",
        "mysql://dung_hen:geheim@127.0.0.1/dung_hen",
        "postgres:/dung_hen:geheim@127.0.0.1/dung_hen",
        "Postgresql//dung_hen:geheim/dung_hen",
        "host=127.0.0.1 user=dung_hen password=geheim",
    ] {
        for command in ["import", "key list", "backup", "copy"] {
            let mut arguments: Vec<&str> = command.split(' ').collect();
            match command {
                "copy" => arguments.extend(["--from", address, "--to", address]),
                "import" | "backup" => arguments.push(cases),
                _ => {}
            }
            if command != "copy" {
                arguments.extend(["--data", data, "--database", address]);
            }
            let output = run(&arguments, "");
            let told = text(&output.stderr);
            assert!(!output.status.success(), "{command} {address}");
            assert!(told.contains("postgres://…"), "{command} {address}: {told}");
            assert!(!told.contains("geheim"), "{command} {address}: {told}");
        }
    }
}

/// What a person mistypes is named, with what was expected; and where, for a file.
#[test]
fn what_is_mistyped_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("tinh.toml");
    std::fs::write(&file, "code = \"H98\"\nnam = 3\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    for (command, words) in [
        (
            "deadline --received 15/10/2026 --amount 5 --unit working_day",
            "--received: a day such as 2026-10-15",
        ),
        (
            "deadline --received 2026-10-15 --amount five --unit working_day",
            "--amount: a number",
        ),
        (
            "deadline --received 2026-10-15 --amount 5 --unit days",
            "--unit: working_day",
        ),
        (
            "deadline --received 2026-10-15 --amount 5 --unit working_hour",
            "needs the hour",
        ),
        (
            "events list --state lost",
            "[possible values: waiting, delivered, failed]",
        ),
        (
            "key add someone --scope officer",
            "[possible values: connector, gateway]",
        ),
        (
            "serve --province P",
            "tinh.toml: configuration: TOML parse error at line 2",
        ),
    ] {
        let arguments: Vec<&str> = command
            .split(' ')
            .map(|word| if word == "P" { file } else { word })
            .collect();
        let output = run(&arguments, "");
        let told = text(&output.stderr);
        assert!(
            !output.status.success() && told.contains(words),
            "{command}: {told}"
        );
    }
}

#[test]
fn a_broken_import_says_line_and_field_and_stores_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("broken.ndjson");
    let good = r#"{"service":"DongBoHoSoMC","data":[{"MaHoSo":"H98.1-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","TrangThaiHoSo":"4"}]}"#;
    std::fs::write(
        &file,
        format!(
            "{good}\n{}",
            good.replace("20260901080000", "20261301080000")
        ),
    )
    .expect("a file");
    let data = directory.path().join("data");
    let (file, data) = (file.display().to_string(), data.display().to_string());
    let output = run(&["import", &file, "--data", &data], "");
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("line 2, field data[0].NgayTiepNhan"),
        "{said}"
    );
    assert!(said.contains("nothing of the file was stored"), "{said}");
}

fn case(number: u8, promise: &str, state: &str) -> String {
    format!(
        r#"{{"service":"DongBoHoSoMC","data":[{{"MaHoSo":"H98.1-260901-000{number}","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","NgayHenTra":"{promise}170000","TrangThaiHoSo":"{state}"}}]}}"#
    )
}

/// Of four cases two have a promise before their reception and one a state in words.
#[test]
fn a_file_with_faults_names_each_kind_and_can_be_stored_without_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (file, data) = (path("envelopes.ndjson"), path("data"));
    let write = |cases: [String; 4]| std::fs::write(&file, cases.join("\n")).expect("a file");
    write([
        case(1, "20260831", "4"),
        case(2, "20260914", "4"),
        case(3, "20260914", "Đang xử lý"),
        case(4, "20260831", "4"),
    ]);

    let output = run(&["import", &file, "--data", &data], "");
    let said = text(&output.stderr);
    assert!(!output.status.success());
    let kinds = "3 of 4 items cannot be read; nothing of the file was stored
  NgayHenTra: before NgayTiepNhan: 2 items, lines 1, 4
  TrangThaiHoSo: a state \"1\" to \"10\" expected, found a text of 10 characters: 1 item, line 3
  --keep-refused stores the rest and keeps what is wrong for another try";
    assert!(said.contains(kinds), "{said}");

    let refused = || text(&run(&["connector", "list", "--data", &data], "").stdout);
    let import = |more: &[&str], clock: &str| {
        let command = ["import", &file, "--data", &data, "--clock", clock];
        let output = run(&[&command[..], more].concat(), "");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let said = import(&["--keep-refused"], "2026-09-10T09:00:00+07:00");
    for words in [
        "imported 1 case records",
        "3 items could not be read and are kept for 30 days",
        "NgayHenTra: before NgayTiepNhan: 2 items, lines 1, 4",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let kept = refused();
    for number in [1, 3, 4] {
        let code = format!("H98.1-260901-000{number}");
        assert!(kept.contains(&code), "{kept}");
    }

    // Once it is right, nothing of the faults is left.
    write([1, 2, 3, 4].map(|number| case(number, "20260914", "4")));
    let said = import(&[], "2026-09-11T09:00:00+07:00");
    assert!(said.contains("imported 4 case records"), "{said}");
    assert!(!refused().contains("H98.1-260901"), "{}", refused());
}
