//! What each parser promises.

use std::net::IpAddr;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use dung_hen_ballot::Number;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::calendar::{CalendarData, Knowledge, WorkingCalendar, WorkingHours};
use dung_hen_domain::case_code::{CaseCode, MAX_LENGTH};
use dung_hen_domain::civil::{
    clock, iso_date, parse_clock, parse_date, parse_moment, parse_stamp, rfc3339,
};
use dung_hen_domain::deadline::{Answer, Reception, compute, due_only};
use dung_hen_domain::period::Period;
use dung_hen_domain::time_limit::{MAX_AMOUNT, TimeLimit, Unit};
use dung_hen_domain::wire::{
    AnswerRequest, BallotRequest, CorrectionRequest, DueRequest, LetterRequest, LookupRequest,
    ObjectionListRequest, ObjectionRequest, RatingRequest, SheetRequest,
};
use dung_hen_server::config::{PortalSettings, Province};
use dung_hen_server::connector::file::{self, Entry, Item};
use dung_hen_server::connector::known;
use dung_hen_server::connector::merge::merge;
use dung_hen_server::connector::pull::read_page;
use dung_hen_server::connector::refusals::Refusals;
use dung_hen_server::guard::Guard;
use dung_hen_server::guard::puzzle::{solved, waited};
use dung_hen_server::guard::token::{Portal, bearer};
use dung_hen_server::keys::Keys;
use dung_hen_server::outgoing::post::may_be_asked;
use dung_hen_server::outgoing::sign::Secret;
use dung_hen_server::store::CaseRecord;
use dung_hen_server::waiting::Entry as Waits;
use http::{HeaderMap, HeaderValue};

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

pub(super) fn case_code(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(meant) = CaseCode::typed(text) {
        assert!(!meant.as_str().is_empty() && meant.as_str().len() <= MAX_LENGTH);
    }
    let Ok(code) = CaseCode::parse(text) else {
        return;
    };
    // What has the form of a national code is what was meant.
    if code.hints().received.is_some() {
        assert_eq!(CaseCode::typed(text).as_ref(), Ok(&code));
    }
    assert!(!code.as_str().is_empty() && code.as_str().len() <= MAX_LENGTH);
    assert_eq!(CaseCode::parse(code.as_str()).as_ref(), Ok(&code));
    let _ = code.hints();
}

pub(super) fn dates(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(date) = parse_date(text) {
        assert_eq!(iso_date(date), text);
    }
    if let Some(moment) = parse_moment(text) {
        assert_eq!(parse_moment(&rfc3339(moment)), Some(moment));
    }
    if let Some(time) = parse_clock(text) {
        // Printed to the minute.
        assert_eq!(parse_clock(&clock(time)), time.with_second(0));
    }
    if let Some(moment) = parse_stamp(text) {
        assert!((0..=9999).contains(&moment.year()), "{text}");
    }
    let _ = Reception::parse(text);
}

fn calendar_built_in() -> &'static WorkingCalendar {
    static CALENDAR: OnceLock<WorkingCalendar> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        dung_hen_server::reference::calendar(None).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// `RECEPTION AMOUNT UNIT`.
pub(super) fn time_limit(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut words = text.split(' ');
    let (Some(received), Some(amount), Some(unit)) = (words.next(), words.next(), words.next())
    else {
        return;
    };
    let Some(unit) = Unit::from_name(unit) else {
        return;
    };
    let Ok(limit) = TimeLimit::parse(amount, unit) else {
        return;
    };
    assert!(limit.units() <= MAX_AMOUNT);
    let Some(reception) = Reception::parse(received) else {
        return;
    };
    let hours = WorkingHours::default();
    let with = compute(calendar_built_in(), &hours, reception, limit);
    let without = due_only(calendar_built_in(), &hours, reception, limit);
    assert_eq!(with.is_err(), without.is_err(), "{text}");
    if let Ok(Answer::Due(deadline)) = with {
        assert!(deadline.due >= reception.date, "{text}");
        assert_eq!(
            without.ok().flatten(),
            Some((deadline.due, deadline.due_time))
        );
    }
}

pub(super) fn working_hours(bytes: &[u8]) {
    let Some(hours) = text(bytes).and_then(WorkingHours::parse) else {
        return;
    };
    // One week, and a Saturday worked in exchange.
    let week = calendar_built_in();
    let mut worked = false;
    for day in NaiveDate::from_ymd_opt(2024, 4, 29)
        .unwrap_or_default()
        .iter_days()
        .take(7)
    {
        let Knowledge::Settled(kind) = week.day(day) else {
            continue;
        };
        let mut before = None;
        for (opens, closes) in hours.sessions_on(day, kind) {
            assert!(before.is_none_or(|before| before <= *opens) && opens < closes);
            before = Some(*closes);
            worked = true;
        }
    }
    assert!(worked);
}

pub(super) fn period(bytes: &[u8]) {
    let Some(period) = text(bytes).and_then(Period::parse) else {
        return;
    };
    let (first, last) = period.span();
    assert!(first < last && first.day() == 1);
    assert_eq!(last.succ_opt().map(|day| day.day()), Some(1));
    assert!([1, 3, 12].contains(&period.each_month().count()));
}

pub(super) fn calendar(bytes: &[u8]) {
    let Ok(data) = serde_json::from_slice::<CalendarData>(bytes) else {
        return;
    };
    let Ok(calendar) = WorkingCalendar::new(data) else {
        return;
    };
    let hours = WorkingHours::default();
    let Ok(limit) = TimeLimit::new(7, Unit::WorkingDay) else {
        return;
    };
    for year in [0, 1, 2021, 2026, 9999] {
        let Some(date) = NaiveDate::from_ymd_opt(year, 12, 20) else {
            continue;
        };
        let _ = calendar.day(date);
        let _ = calendar.settled_through(date);
        let _ = compute(&calendar, &hours, Reception { date, time: None }, limit);
    }
}

pub(super) fn connector(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let errors = match file::read_each(text) {
        Ok(entries) => {
            let wrong = Refusals::of(&entries);
            let refused = (entries.into_iter())
                .filter_map(|entry| match entry {
                    Entry::Item(_) => None,
                    Entry::Refused(refused) => Some(refused.error),
                })
                .collect::<Vec<_>>();
            assert_eq!(wrong.map_or(0, |wrong| wrong.count()), refused.len());
            refused
        }
        Err(error) => vec![error],
    };
    for error in errors {
        assert!(error.line <= text.lines().count() + 1);
        assert!(!error.to_string().is_empty());
    }
}

/// What is kept of an item that cannot be read holds no field that is not read, and keeping it again changes nothing.
pub(super) fn dead_letters(bytes: &[u8]) {
    let Some(Ok(entries)) = text(bytes).map(file::read_each) else {
        return;
    };
    for entry in entries {
        let Entry::Refused(refused) = entry else {
            continue;
        };
        assert_eq!(known::keep(refused.service, &refused.kept), refused.kept);
        for private in ["ChuHoSo", "Email", "TaiLieuNop"] {
            assert!(!refused.kept.contains(&format!("\"{private}\":")));
        }
    }
}

/// What a one-stop system answers when it is asked for what is new.
pub(super) fn pull_page(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match read_page(text) {
        Ok((next, _)) => assert!(!next.is_empty()),
        Err(error) => assert!(!error.is_empty()),
    }
}

/// Secrets that sign events, and the addresses that they may be sent to.
pub(super) fn webhook(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(secret) = Secret::read(text) {
        let signed = secret.sign("msg_1", 1, "{}");
        assert!(signed.starts_with("v1,") || signed.starts_with("v1a,"));
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        // What is refused inside is refused outside.
        assert!(may_be_asked(address, true) || !may_be_asked(address, false));
        if address.is_loopback() || address.is_unspecified() {
            assert!(!may_be_asked(address, false));
        }
    }
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let name = format!("dung-hen-fuzz-{}.key", std::process::id());
        let file = std::env::temp_dir().join(name);
        let keys = Keys::load_or_create(Path::new(&file));
        let _ = std::fs::remove_file(&file);
        keys.unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Whatever is sent after it, and how often: a promise once recorded is never changed nor removed, and the first
/// stays the first.
pub(super) fn merged(bytes: &[u8]) {
    let Some(Ok(entries)) = text(bytes).map(file::read_each) else {
        return;
    };
    let now = NaiveDateTime::default();
    let mut record: Option<CaseRecord> = None;
    for entry in entries {
        let Entry::Item(Item::Case(agency, item)) = entry else {
            continue;
        };
        let before = record.clone();
        let after = merge(record, agency.as_deref(), *item, now, keys());
        if let Some(before) = before {
            assert!(after.history.starts_with(&before.history));
            assert!(before.first_promise.is_none() || before.first_promise == after.first_promise);
        }
        record = Some(after);
    }
}

pub(super) fn province(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match Province::parse(text) {
        Ok(province) => {
            let _ = province.hours(province.agencies.first());
            // Those that are there, and those that ended.
            let most = province.agencies.len() + province.successions.len();
            assert!(province.agencies_by_code().len() <= most);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Bodies of citizens' calls: what is read is written and read as the same.
pub(super) fn requests(bytes: &[u8]) {
    fn again<T: serde::de::DeserializeOwned + serde::Serialize>(bytes: &[u8]) {
        let Ok(read) = serde_json::from_slice::<T>(bytes) else {
            return;
        };
        let Ok(written) = serde_json::to_value(&read) else {
            panic!("cannot be written");
        };
        let Ok(reread) = serde_json::from_value::<T>(written.clone()) else {
            panic!("{written}: cannot be read again");
        };
        assert_eq!(serde_json::to_value(&reread).ok(), Some(written));
    }
    again::<LookupRequest>(bytes);
    again::<BallotRequest>(bytes);
    again::<RatingRequest>(bytes);
    again::<ObjectionRequest>(bytes);
    again::<CorrectionRequest>(bytes);
    again::<SheetRequest>(bytes);
    again::<DueRequest>(bytes);
    again::<LetterRequest>(bytes);
    again::<ObjectionListRequest>(bytes);
    again::<AnswerRequest>(bytes);
    // What a slot of the waiting room holds, after a restart.
    again::<Waits>(bytes);
}

/// The moment of the seeds: 15 October 2026, 9:00.
fn moment() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, 15)
        .and_then(|day| day.and_hms_opt(9, 0, 0))
        .unwrap_or_default()
}

fn portals() -> &'static [Portal] {
    static PORTALS: OnceLock<Vec<Portal>> = OnceLock::new();
    PORTALS.get_or_init(|| {
        let portal = |algorithm: &str, key: Option<&str>| PortalSettings {
            issuer: "https://portal.example.vn".to_owned(),
            audience: "https://dunghen.example.vn".to_owned(),
            algorithm: algorithm.to_owned(),
            public_key: key.map(str::to_owned),
        };
        // The public key of RFC 8037, appendix A.
        let signed = portal("EdDSA", Some("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
        let secret = Some(crate::seeds::SECRET);
        Portal::all(&[signed, portal("HS256", None)], secret)
            .unwrap_or_else(|(key, _)| panic!("{key}"))
    })
}

/// A token opens nothing that its portal has not signed.
pub(super) fn token(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if bearer(portals(), text, moment()).is_some() {
        let ours = crate::seeds::TOKEN.rsplit_once('.').map(|(said, _)| said);
        assert_eq!(text.rsplit_once('.').map(|(said, _)| said), ours);
    }
}

/// An answer to a puzzle, or a ticket of the waiting page, that we did not give opens nothing.
pub(super) fn puzzle(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for code in ["H98.1-261005-0001", ""] {
        assert!(!solved(keys(), text, code, moment()));
        assert!(!waited(keys(), text, code, moment()));
    }
}

pub(super) fn ballot_label(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(label) = BallotLabel::parse(text) {
        assert_eq!(label.to_text(), text);
        assert!(label.quarter().is_some());
    }
}

/// `X-Forwarded-For`: whoever comes from elsewhere than our proxy is who they are, and no line break makes two headers.
pub(super) fn forwarded(bytes: &[u8]) {
    static GUARD: OnceLock<Guard> = OnceLock::new();
    let guard = GUARD.get_or_init(|| {
        let text = "code = \"H98\"\nname = { vi = \"T\", en = \"P\" }\nagencies = []\n[access]\nproxies = [\"127.0.0.1\"]";
        let province = Province::parse(text).unwrap_or_else(|error| panic!("{error}"));
        Guard::of(&province, None).unwrap_or_else(|error| panic!("{error}"))
    });
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.insert("x-forwarded-for", value);
    let stranger = IpAddr::from([203, 0, 113, 7]);
    assert_eq!(guard.visitor(stranger, &headers), stranger);
    let _ = guard.visitor(IpAddr::from([127, 0, 0, 1]), &headers);
}

pub(super) fn ballot_number(bytes: &[u8]) {
    let Some(Ok(number)) = text(bytes).map(Number::parse) else {
        return;
    };
    assert_eq!(
        Number::parse(number.as_str()).map(|number| number.as_str().to_owned()),
        Ok(number.as_str().to_owned())
    );
}
