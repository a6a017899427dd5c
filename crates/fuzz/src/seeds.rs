//! What each target starts from: one of every form that it reads.

const CASES: &str = include_str!("../../../data/sample/cases.ndjson");
const PROVINCE: &str = include_str!("../../../data/sample/province.toml");
const HOLIDAYS: &str = include_str!("../../../data/holidays.json");

/// What the portal of the seeds signs with, and a token of it: of 15 October 2026, 9:00, for five minutes.
pub(crate) const SECRET: &str = "a-secret-of-thirty-two-characters!!";
pub(crate) const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL3BvcnRhbC5leGFtcGxlLnZuIiwiYXVkIjoiaHR0cHM6Ly9kdW5naGVuLmV4YW1wbGUudm4iLCJpYXQiOjE3OTIwMjk2MDAsImV4cCI6MTc5MjAyOTkwMCwiY29kZXMiOlsiSDk4LjEtMjYxMDA1LTAwMDEiXX0.8MrGlT6tX5sdzL6CTv4f1bWV_Q0aN4gfFVkMATF1-D0";

fn of(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The seeds of a target; at least one for each.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "case_code" => of(&[
            "000.00.01.H19-230502-0001",
            "H19.01.02-230502-0001",
            "H21.65-220914-0011",
            "00352112000539",
            "h98.101–260901-0001",
            "  hồ sơ 1 ",
        ]),
        "dates" => of(&[
            "2026-10-15",
            "2024-02-29",
            "2026-10-15T09:00:00+07:00",
            "2026-10-15T02:00:00Z",
            "20261015090000",
            "07:30",
            "2026-10-15T16:45",
        ]),
        "time_limit" => of(&[
            "2024-04-24 5 working_day",
            "2024-04-24T16:00 8 working_hour",
            "2023-01-31 1 month",
            "2026-11-19 5.5 working_day",
            "2026-10-15 0 same_day",
            "9999-12-30 10000 year",
        ]),
        "working_hours" => of(&["07:30-11:30,13:00-17:00", "08:00-12:00", "00:00-23:59"]),
        "period" => of(&["2026-10", "2026-Q4", "2026", "9999-12", "0001"]),
        "calendar" => of(&[
            HOLIDAYS,
            r#"{"version":"x","years":[{"year":2026,"settled_until":null,"sources":[],"days":[]}]}"#,
        ]),
        "pull_page" => of(&[
            r#"{"next":"a","envelopes":[]}"#,
            r#"{"next":"b","envelopes":[{"service":"CapNhatTienDoHoSoMC","data":[{"MaHoSo":"H98.1-1","ThoiDiemXuLy":"20261006100000"}]}]}"#,
        ]),
        "webhook" => of(&[
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
        ]),
        "connector" | "merge" | "dead_letters" => {
            let lines: Vec<&str> = CASES.lines().collect();
            // One line, several of one case, a file as one list.
            let mut seeds = of(&lines[..12.min(lines.len())]);
            seeds.push(lines[..6.min(lines.len())].join("\n").into_bytes());
            seeds.push(format!("[{}]", lines[..3.min(lines.len())].join(",")).into_bytes());
            let twice = lines.iter().filter(|line| line.contains("DanhSachXinLoi"));
            seeds.extend(
                twice
                    .take(4)
                    .map(|line| format!("{line}\n{line}").into_bytes()),
            );
            seeds
        }
        "province" => of(&[PROVINCE]),
        "requests" => of(&[
            r#"{"case_code":"H98.1","proof":"123456"}"#,
            r#"{"case_code":"H98.1","proof":"1","blinded":"AAAA"}"#,
            r#"{"ballot":{"label":"2026-10|H98.1|commune||||","number":"0000-0000-0000-0000-0000-0000","output":"BB"},"instrument":"five-factors-1","language":"vi","overall":4,"factors":[{"factor":"access","level":5}]}"#,
            r#"{"number":"0000-0000-0000-0000-0000-0000","instrument":"five-factors-1","language":"en","overall":2,"factors":[],"wrong":["seating"]}"#,
            r#"{"ballot":{"label":"2026-10|H98.1|commune||||","number":"0","output":"BB"},"instrument":"sixteen-criteria-1","language":"vi","answers":[{"question":"seating","level":null}]}"#,
            r#"{"days":5,"agency":"H98.1","after":"A"}"#,
            r#"{"case_code":"H98.1","number":"12/PXL","reason":"Thiếu người","issued":"2026-10-13","revised_due":"2026-10-21","signer":"Bà Mẫu","evidence":"0","confirmed":["issued_late"]}"#,
            r#"{"reference":"PA-1","text":"Đã xem lại"}"#,
            r#"{"rating":null,"correction":null,"comment":{"id":[1,2],"agency":"H98.1","level":"commune","language":"vi","text":"x"},"sheet":null}"#,
            r#"{"kind":"date_moved","case_code":"H98.1","proof":"1","text":"ngày bị dời"}"#,
        ]),
        "token" => {
            let other = TOKEN.split_once('.').map_or("", |(_, rest)| rest);
            of(&[
                TOKEN,
                &format!("eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.{other}"),
                "eyJhbGciOiJub25lIn0.e30.",
            ])
        }
        "puzzle" => of(&[
            "AAAAAGrO8mAAAAAAas70uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAQAAAAIAAAAD",
            "AAAAAGrO8mAAAAAAas70uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ]),
        "ballot_label" => of(&[
            "2026-10|H98.101|commune|1.004222|Đăng ký, quản lý cư trú|decided|in_time",
            "2026-Q4||province||||",
        ]),
        "forwarded" => of(&[
            "203.0.113.9, 127.0.0.1",
            "::ffff:10.0.0.1",
            "unknown, \"[2001:db8::1]:80\"",
        ]),
        "ballot_number" => of(&["ABCD-EFGH-JKMN-PQRS", "0"]),
        _ => Vec::new(),
    }
}
