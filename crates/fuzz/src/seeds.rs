//! What each target starts from: one of every form that it reads.

const CASES: &str = include_str!("../../../data/sample/cases.ndjson");
const PROVINCE: &str = include_str!("../../../data/sample/province.toml");
const HOLIDAYS: &str = include_str!("../../../data/holidays.json");

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
            r#"{"kind":"date_moved","case_code":"H98.1","proof":"1","text":"ngày bị dời"}"#,
        ]),
        "ballot_number" => of(&["ABCD-EFGH-JKMN-PQRS", "0"]),
        _ => Vec::new(),
    }
}
