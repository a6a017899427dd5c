//! The sample file read plainly: what each case says of itself, and the calendar.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{TODAY, date, list, read};

/// A case: what was sent of it last, and every promised date in the order it was sent.
pub(crate) struct Case {
    pub(crate) agency: String,
    pub(crate) last: Value,
    promised: Vec<String>,
}

pub(crate) fn cases() -> Vec<Case> {
    let mut all: BTreeMap<String, Case> = BTreeMap::new();
    for line in read("data/sample/cases.ndjson").lines() {
        let envelope: Value = serde_json::from_str(line).unwrap();
        if envelope["service"] != "DongBoHoSoMC" {
            continue;
        }
        for item in list(&envelope, "data") {
            let case = all
                .entry(item["MaHoSo"].as_str().unwrap().to_owned())
                .or_insert_with(|| Case {
                    agency: String::new(),
                    last: Value::Null,
                    promised: Vec::new(),
                });
            envelope["madonvi"]
                .as_str()
                .unwrap()
                .clone_into(&mut case.agency);
            let promised = date(item, "NgayHenTra");
            if !promised.is_empty() && case.promised.last().is_none_or(|last| last != promised) {
                case.promised.push(promised.to_owned());
            }
            case.last = item.clone();
        }
    }
    all.into_values().collect()
}

impl Case {
    pub(crate) fn state(&self) -> &str {
        self.last["TrangThaiHoSo"].as_str().unwrap()
    }

    /// The promise in force: the date on the receipt or, where the period started again because missing documents
    /// came in, the date named then. The date a letter of apology moved it to is not a promise in this sense.
    pub(crate) fn promise(&self) -> Option<&str> {
        list(&self.last, "DanhSachHoSoBoSung")
            .iter()
            .map(|supplement| date(supplement, "NgayHenTraMoi"))
            .rfind(|new| !new.is_empty())
            .or(self.promised.first().map(String::as_str))
    }

    /// Where the case stands, under the name the server gives the figure.
    pub(crate) fn stands(&self) -> &'static str {
        let ended = date(&self.last, "NgayKetThucXuLy");
        let handed_over = date(&self.last, "NgayTra");
        match (self.state(), self.promise()) {
            // Not received, refused at the counter, withdrawn, stopped.
            ("1" | "3" | "7" | "8", _) => "not_counted",
            (_, None) => "unknown",
            // The clock is stopped by the end of processing, not by collection. Where that end was never sent, a
            // collection by the promised day shows that it was in time; a later one shows nothing.
            ("9" | "10", Some(promise)) if !ended.is_empty() => match ended.cmp(promise) {
                std::cmp::Ordering::Less => "early",
                std::cmp::Ordering::Equal => "on_time",
                std::cmp::Ordering::Greater => "late",
            },
            ("9" | "10", Some(promise)) if !handed_over.is_empty() && handed_over <= promise => {
                "on_time"
            }
            ("9" | "10", _) => "unknown",
            // Waiting for documents or a payment: the applicant's turn.
            ("5" | "6", _) => "open_paused",
            ("2" | "4", Some(promise)) if promise < TODAY => "open_overdue",
            ("2" | "4", _) => "open_within_time",
            (other, _) => panic!("state {other}"),
        }
    }

    /// How it ended, under the name of the server's row.
    pub(crate) fn outcome(&self) -> &'static str {
        let says = self.last["KetQuaGiaiQuyet"].as_str().unwrap_or("");
        match (self.state(), says, self.stands() == "late") {
            ("3", ..) => "not_accepted",
            ("7", ..) => "withdrawn",
            ("8", ..) => "stopped",
            ("9" | "10", "1", false) => "granted",
            ("9" | "10", "1", true) => "granted_late",
            ("9" | "10", "2", false) => "refused",
            ("9" | "10", "2", true) => "refused_late",
            ("9" | "10", "", false) => "decided",
            ("9" | "10", "", true) => "decided_late",
            (_, "", _) => "open",
            other => panic!("{other:?}"),
        }
    }

    /// Letters postponed the case twice: a second letter, or after a letter a date that neither a letter nor a
    /// supplement names.
    pub(crate) fn postponed_again(&self) -> bool {
        let letters = list(&self.last, "DanhSachXinLoi");
        let named: Vec<&str> = letters
            .iter()
            .map(|letter| date(letter, "NgayHenTraMoi"))
            .collect();
        let restarts: Vec<&str> = list(&self.last, "DanhSachHoSoBoSung")
            .iter()
            .map(|one| date(one, "NgayHenTraMoi"))
            .collect();
        let after = self
            .promised
            .iter()
            .skip_while(|due| !named.contains(&due.as_str()));
        let mut unexplained =
            after.filter(|due| !named.contains(&due.as_str()) && !restarts.contains(&due.as_str()));
        letters.len() > 1 || unexplained.next().is_some()
    }
}

/// Days off on weekdays and days worked on weekends, eight digits each.
pub(crate) fn calendar() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut off, mut worked) = (BTreeSet::new(), BTreeSet::new());
    let data: Value = serde_json::from_str(&read("data/holidays.json")).unwrap();
    for day in list(&data, "years")
        .iter()
        .flat_map(|year| list(year, "days"))
    {
        let text = day["date"].as_str().unwrap().replace('-', "");
        if day["kind"] == "swapped_working_day" {
            worked.insert(text)
        } else {
            off.insert(text)
        };
    }
    (off, worked)
}

/// The day before, in the civil calendar.
fn day_before(day: &str) -> String {
    let (year, month, date): (i32, i32, i32) = (
        day[..4].parse().unwrap(),
        day[4..6].parse().unwrap(),
        day[6..8].parse().unwrap(),
    );
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = |month: i32| match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let (year, month, date) = match (month, date) {
        (1, 1) => (year - 1, 12, 31),
        (month, 1) => (year, month - 1, length(month - 1)),
        _ => (year, month, date - 1),
    };
    format!("{year:04}{month:02}{date:02}")
}

/// Saturday or Sunday, by Sakamoto's rule.
fn is_weekend(day: &str) -> bool {
    let (mut year, month, date): (usize, usize, usize) = (
        day[..4].parse().unwrap(),
        day[4..6].parse().unwrap(),
        day[6..8].parse().unwrap(),
    );
    if month < 3 {
        year -= 1;
    }
    let weekday = (year + year / 4 - year / 100
        + year / 400
        + [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1]
        + date)
        % 7;
    weekday == 0 || weekday == 6
}

/// Letters about a promise are in time up to the last working day before it.
pub(crate) fn last_lawful_day(
    promise: &str,
    (off, worked): &(BTreeSet<String>, BTreeSet<String>),
) -> String {
    let mut day = day_before(promise);
    while if is_weekend(&day) {
        !worked.contains(&day)
    } else {
        off.contains(&day)
    } {
        day = day_before(&day);
    }
    day
}
