//! `server calendar check`: until when deadlines can be computed, and what is missing.

use std::io::Write as _;
use std::process::ExitCode;

use chrono::{Datelike as _, Days, NaiveDate};
use clap::{Args, Subcommand};
use dung_hen_domain::calendar::{WorkingCalendar, YearState};
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::words::{self, Lang};

use crate::clock::Clock;
use crate::state::built_in_calendar;

/// Days ahead for which deadlines must be computable for the check to pass.
const NEEDED_DAYS: u64 = 60;

/// From the first day of this month on, next year's calendar is asked for.
const NEXT_YEAR_FROM_MONTH: u32 = 10;

#[derive(Debug, Args)]
pub(super) struct CalendarArgs {
    #[command(subcommand)]
    command: CalendarCommand,
}

#[derive(Debug, Subcommand)]
enum CalendarCommand {
    /// Say what is settled year by year, what is missing, and until when deadlines can be computed. Ends with 1
    /// where that is less than 60 days ahead.
    Check(CheckArgs),
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Check as on this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_parser = day)]
    as_of: Option<NaiveDate>,
    /// vi or en.
    #[arg(long, default_value = "vi")]
    lang: String,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| format!("{text:?} is not a day such as 2026-10-15"))
}

pub(super) fn calendar(args: &CalendarArgs) -> ExitCode {
    let CalendarCommand::Check(check) = &args.command;
    let as_of = check.as_of.unwrap_or_else(|| Clock::System.now().date());
    let report = match built_in_calendar() {
        Ok(calendar) => report(&calendar, as_of, Lang::from_tag(&check.lang)),
        Err(message) => {
            eprintln!("server: {message}");
            return ExitCode::from(2);
        }
    };
    let mut out = std::io::stdout().lock();
    for line in &report.lines {
        if let Err(error) = writeln!(out, "{line}") {
            eprintln!("server: {error}");
            return ExitCode::from(2);
        }
    }
    if report.enough {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Report {
    lines: Vec<String>,
    /// Whether deadlines can be computed for the next [`NEEDED_DAYS`] days.
    enough: bool,
}

fn report(calendar: &WorkingCalendar, as_of: NaiveDate, lang: Lang) -> Report {
    let short = |date| words::short_date(date, lang);
    let mut lines = vec![match lang {
        Lang::Vi => format!(
            "Lịch làm việc, dữ liệu {}, xét ngày {}",
            calendar.version(),
            short(as_of)
        ),
        Lang::En => format!(
            "Working calendar, data {}, as of {}",
            calendar.version(),
            short(as_of)
        ),
    }];
    for year in calendar.years() {
        lines.push(year_line(year, lang));
        lines.extend(
            year.open
                .iter()
                .map(|question| format!("    - {}", question.note().in_lang(lang))),
        );
    }
    let through = calendar.settled_through(as_of);
    lines.push(match (through, lang) {
        (Some(last), Lang::Vi) => format!("Tính được hạn đến hết {}", short(last)),
        (Some(last), Lang::En) => format!("Deadlines can be computed up to {}", short(last)),
        (None, Lang::Vi) => format!("Không tính được hạn nào từ {}", short(as_of)),
        (None, Lang::En) => format!("No deadline can be computed from {} on", short(as_of)),
    });
    let needed = as_of.checked_add_days(Days::new(NEEDED_DAYS));
    let enough = through >= needed && needed.is_some();
    if !enough {
        lines.push(match lang {
            Lang::Vi => format!(
                "CẢNH BÁO: chưa đủ {NEEDED_DAYS} ngày tới; hạn rơi sau ngày đó chưa tính được. Cần cập nhật data/holidays.json"
            ),
            Lang::En => format!(
                "WARNING: less than the next {NEEDED_DAYS} days; later deadlines cannot be computed. data/holidays.json needs an update"
            ),
        });
    }
    let next = as_of.year().saturating_add(1);
    if as_of.month() >= NEXT_YEAR_FROM_MONTH
        && !calendar
            .years()
            .iter()
            .any(|year| year.year == next && is_whole(year))
    {
        lines.push(match lang {
            Lang::Vi => format!("CẢNH BÁO: lịch nghỉ năm {next} chưa chốt trong dữ liệu"),
            Lang::En => format!("WARNING: the calendar of {next} is not settled in the data"),
        });
    }
    Report { lines, enough }
}

/// Whether every day of the year is settled.
fn is_whole(year: &YearState) -> bool {
    year.settled_until
        .is_some_and(|last| (last.month(), last.day()) == (12, 31))
}

fn year_line(year: &YearState, lang: Lang) -> String {
    let state = match year.settled_until {
        Some(_) if is_whole(year) => lang.pick("đã chốt cả năm", "settled").to_owned(),
        Some(last) => format!(
            "{} {}",
            lang.pick("chốt đến hết", "settled up to"),
            words::short_date(last, lang)
        ),
        None => lang.pick("chưa chốt", "not settled").to_owned(),
    };
    let missing = match (year.open.is_empty(), lang) {
        (true, _) => "",
        (false, Lang::Vi) => "; còn thiếu:",
        (false, Lang::En) => "; missing:",
    };
    format!("  {}: {state}{missing}", year.year)
}
