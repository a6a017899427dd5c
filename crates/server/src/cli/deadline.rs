//! `server deadline`: so that anyone can try the law.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{Datelike as _, NaiveDate};
use clap::Args;
use dung_hen_domain::calendar::{WorkingCalendar, WorkingHours};
use dung_hen_domain::civil::{clock, iso_date, parse_clock};
use dung_hen_domain::deadline::{
    Answer, PossibleDue, ProofDay, Reception, Role, compute, due_only,
};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use dung_hen_domain::words::{self, Lang};
use serde_json::{Value, json};

use crate::reference;

#[derive(Debug, Args)]
pub(super) struct DeadlineArgs {
    /// Reception: YYYY-MM-DD or YYYY-MM-DDTHH:MM.
    #[arg(long, required_unless_present = "csv")]
    received: Option<String>,
    /// Length of the limit, such as 5 (or 5.5 working days). Ignored for same_day.
    #[arg(long, default_value = "")]
    amount: String,
    /// working_day, calendar_day, working_hour, week, month, year or same_day.
    #[arg(long, default_value = "working_day")]
    unit: String,
    /// Agency hours, such as 07:30-11:30,13:00-17:00; days that differ after it: "…; fri 07:30-11:30".
    #[arg(long)]
    hours: Option<String>,
    /// Until when a same-day case counts as received on its day.
    #[arg(long, value_name = "HH:MM")]
    cut_off: Option<String>,
    /// Take calendar and hours from a province's configuration.
    #[arg(long, value_name = "FILE")]
    province: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Language of the proof.
    #[arg(long, default_value = "vi", value_parser = super::LANGUAGES)]
    lang: String,
    /// Read rows `received,amount,unit` (with this header) from FILE, or from standard input for `-`;
    /// print one line a row: the date, `unsettled`, or `error:<code>`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["received", "json"])]
    csv: Option<PathBuf>,
}

/// What was asked, read from text, or the machine code of why it cannot be.
fn question(
    received: &str,
    amount: &str,
    unit: &str,
) -> Result<(Reception, TimeLimit), &'static str> {
    let unit = Unit::from_name(unit.trim()).ok_or("unknown_unit")?;
    let reception = Reception::parse(received.trim()).ok_or("bad_date")?;
    let limit = TimeLimit::parse(amount, unit).map_err(|error| error.code())?;
    Ok((reception, limit))
}

/// The answer to one question, or the machine code of why there is none.
fn answer(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    received: &str,
    amount: &str,
    unit: &str,
) -> Result<(Reception, TimeLimit, Answer), &'static str> {
    let (reception, limit) = question(received, amount, unit)?;
    let answer = compute(calendar, hours, reception, limit).map_err(|error| error.code())?;
    Ok((reception, limit, answer))
}

pub(super) fn deadline(args: &DeadlineArgs) -> ExitCode {
    match run(args) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("server: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &DeadlineArgs) -> Result<ExitCode, String> {
    let province = args
        .province
        .as_deref()
        .map(super::province_of)
        .transpose()?;
    let calendar = reference::calendar(province.as_ref().and_then(|one| one.calendar.as_ref()))?;
    let mut hours = match &args.hours {
        Some(hours) => WorkingHours::parse(hours)
            .ok_or("--hours: sessions such as 07:30-11:30,13:00-17:00 expected")?,
        None => province.map(|one| one.hours(None)).unwrap_or_default(),
    };
    if let Some(cut_off) = &args.cut_off {
        let cut_off = parse_clock(cut_off).ok_or("--cut-off: an hour such as 15:00 expected")?;
        hours = hours.with_cut_off(cut_off);
    }
    if let Some(file) = &args.csv {
        return rows(&calendar, &hours, file);
    }
    let received = args.received.as_deref().unwrap_or_default();
    let outcome = answer(&calendar, &hours, received, &args.amount, &args.unit);
    let mut out = std::io::stdout().lock();
    let written = if args.json {
        writeln!(out, "{:#}", as_json(&calendar, &outcome))
    } else {
        match &outcome {
            Ok((_, limit, answer)) => {
                let lang = Lang::from_tag(&args.lang);
                out.write_all(as_text(&calendar, *limit, answer, lang).as_bytes())
            }
            Err(code) => {
                eprintln!("server: {} ({code})", in_words(code));
                Ok(())
            }
        }
    };
    written.map_err(|error| error.to_string())?;
    Ok(if outcome.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// For a person at the terminal; programs read the code.
fn in_words(code: &str) -> &'static str {
    match code {
        "bad_date" => {
            "--received: a day such as 2026-10-15, or a moment such as 2026-10-15T09:00, expected"
        }
        "unknown_unit" => {
            "--unit: working_day, calendar_day, working_hour, week, month, year or same_day expected"
        }
        "bad_amount" => "--amount: a number such as 5 expected, or 0.5 with working_day",
        "amount_out_of_range" => "--amount: 1 to 10000 expected",
        "before_calendar" => {
            "--received: before the calendar begins; `server calendar check` says when"
        }
        "time_required" => "--received: this limit needs the hour, too, such as 2026-10-15T09:00",
        "date_out_of_range" => "--received: out of the range of dates",
        _ => "no date can be computed",
    }
}

/// The answer as one line: a date, `unsettled`, or `error:<code>`.
fn line(
    calendar: &WorkingCalendar,
    hours: &WorkingHours,
    received: &str,
    amount: &str,
    unit: &str,
) -> String {
    let due = question(received, amount, unit).and_then(|(reception, limit)| {
        due_only(calendar, hours, reception, limit).map_err(|error| error.code())
    });
    match due {
        Ok(Some((due, Some(time)))) => format!("{}T{}", iso_date(due), clock(time)),
        Ok(Some((due, None))) => iso_date(due),
        Ok(None) => "unsettled".to_owned(),
        Err(code) => format!("error:{code}"),
    }
}

fn rows(calendar: &WorkingCalendar, hours: &WorkingHours, file: &Path) -> Result<ExitCode, String> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| format!("standard input: {error}"))?;
    } else {
        bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header = reader.byte_headers().map_err(|error| error.to_string())?;
    if header
        .iter()
        .ne([b"received".as_slice(), b"amount", b"unit"])
    {
        return Err("the header must be received,amount,unit".to_owned());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in reader.byte_records() {
        let row = row.map_err(|error| error.to_string())?;
        let text = |index: usize| {
            row.get(index)
                .and_then(|field| std::str::from_utf8(field).ok())
        };
        let line = match (text(0), text(1), text(2), row.len()) {
            (Some(received), Some(amount), Some(unit), 3) => {
                line(calendar, hours, received, amount, unit)
            }
            _ => "error:bad_row".to_owned(),
        };
        writeln!(out, "{line}").map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Why the dates a limit can end on cannot be listed, or what their list takes for granted.
fn open_words(
    calendar: &WorkingCalendar,
    first_open: NaiveDate,
    possible: &[PossibleDue],
    lang: Lang,
) -> Vec<String> {
    if !possible.is_empty() {
        return calendar.assumption(first_open, lang).into_iter().collect();
    }
    crate::view::deadline::undecided(calendar, first_open)
        .iter()
        .map(|text| text.in_lang(lang).to_owned())
        .collect()
}

fn as_json(
    calendar: &WorkingCalendar,
    outcome: &Result<(Reception, TimeLimit, Answer), &'static str>,
) -> Value {
    let (reception, limit, answer) = match outcome {
        Ok(parts) => parts,
        Err(code) => return json!({ "error": code }),
    };
    let days = |days: &[ProofDay]| -> Vec<Value> {
        days.iter()
            .map(|day| {
                let (counted, minutes) = counted(day.role);
                json!({
                    "date": iso_date(day.date),
                    "counted": counted,
                    "minutes": minutes,
                    "reason": crate::view::day_words(day, Lang::En),
                    "reason_vi": crate::view::day_words(day, Lang::Vi),
                })
            })
            .collect()
    };
    let asked = json!({
        "received": iso_date(reception.date),
        "received_time": reception.time.map(clock),
        "units": limit.units(),
        "half": limit.ends_with_half(),
        "unit": limit.unit().name(),
    });
    match answer {
        Answer::Due(deadline) => json!({
            "asked": asked,
            "certainty": "settled",
            "due": iso_date(deadline.due),
            "due_time": deadline.due_time.map(clock),
            "days": days(&deadline.days),
        }),
        Answer::Unsettled {
            first_open,
            days: settled,
            possible,
        } => {
            let words = |lang| open_words(calendar, *first_open, possible, lang);
            let listed = !possible.is_empty();
            json!({
                "asked": asked,
                "certainty": "unsettled",
                "due": null,
                "unsettled_from": iso_date(*first_open),
                "possible": possible
                    .iter()
                    .map(|one| {
                        json!({
                            "due": iso_date(one.due),
                            "due_time": one.due_time.map(clock),
                            "condition": one.condition_words(Lang::En),
                            "condition_vi": one.condition_words(Lang::Vi),
                        })
                    })
                    .collect::<Vec<_>>(),
                "assuming": listed.then(|| words(Lang::En)),
                "assuming_vi": listed.then(|| words(Lang::Vi)),
                "because": (!listed).then(|| words(Lang::En)),
                "because_vi": (!listed).then(|| words(Lang::Vi)),
                "days": days(settled),
            })
        }
    }
}

fn counted(role: Role) -> (Option<u32>, Option<u32>) {
    match role {
        Role::Counted(number) => (Some(number), None),
        Role::CountedMinutes(minutes) => (None, Some(minutes)),
        Role::Reception | Role::Skipped | Role::RolledTo => (None, None),
    }
}

fn as_text(calendar: &WorkingCalendar, limit: TimeLimit, answer: &Answer, lang: Lang) -> String {
    let mut out = String::new();
    let mut open = Vec::new();
    let (title, days) = match answer {
        Answer::Due(deadline) => {
            let hour = deadline
                .due_time
                .map(|time| format!(" {}", clock(time)))
                .unwrap_or_default();
            (
                format!(
                    "{}{hour} ({})",
                    iso_date(deadline.due),
                    words::long_date(deadline.due, lang)
                ),
                &deadline.days,
            )
        }
        Answer::Unsettled {
            first_open,
            days,
            possible,
        } => {
            open = open_lines(calendar, *first_open, possible, lang);
            let title = format!(
                "{} {}",
                lang.pick(
                    "chưa thể tính: lịch nghỉ chưa chốt từ",
                    "unsettled: the days off are not decided from"
                ),
                iso_date(*first_open)
            );
            (title, days)
        }
    };
    out.push_str(&title);
    out.push('\n');
    for line in open {
        out.push_str(&line);
        out.push('\n');
    }
    out.push_str(&format!(
        "{}: {}\n",
        lang.pick("Thời hạn", "Limit"),
        crate::view::limit_words(limit, lang)
    ));
    for day in days {
        let (number, minutes) = counted(day.role);
        let count = match (number, minutes) {
            (Some(number), _) => format!("{number:>4}"),
            (None, Some(minutes)) => format!("{minutes:>3}'"),
            (None, None) => "   -".to_owned(),
        };
        let weekday = words::weekday(day.date.weekday(), lang);
        out.push_str(&format!(
            "{count}  {}  {weekday:<9}  {}\n",
            iso_date(day.date),
            crate::view::day_words(day, lang)
        ));
    }
    out
}

/// The dates a limit can end on, one a line, or why they cannot be listed.
fn open_lines(
    calendar: &WorkingCalendar,
    first_open: NaiveDate,
    possible: &[PossibleDue],
    lang: Lang,
) -> Vec<String> {
    let words = open_words(calendar, first_open, possible, lang).join("; ");
    if possible.is_empty() {
        return vec![format!("{}: {words}", lang.pick("Vì", "Because"))];
    }
    let mut lines = vec![format!("{}:", lang.pick("Có thể là", "It can be"))];
    for one in possible {
        let hour = one
            .due_time
            .map(|time| format!(" {}", clock(time)))
            .unwrap_or_default();
        lines.push(format!(
            "  {}{hour} ({}): {}",
            iso_date(one.due),
            words::weekday(one.due.weekday(), lang),
            one.condition_words(lang)
        ));
    }
    lines.push(format!("{}: {words}", lang.pick("Giả định", "Assuming")));
    lines
}
