//! `server calendar`: what is known of each day and year, until when deadlines can be computed, what is missing.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use dung_hen_domain::calendar::WorkingCalendar;
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::words::{self, Lang};

use crate::clock::Clock;
use crate::recompute;
use crate::reference::{self, Reference};
use crate::view::calendar::{day_lines, view, warnings, year_lines};

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
    /// List the days that are not what their weekday says: the layer each stands in, its name, its pair, where it is
    /// written.
    Show(ShowArgs),
    /// Compute the open cases again that another calendar computed, and say how many dates moved. The server does the
    /// same when it starts.
    Apply(ApplyArgs),
}

#[derive(Debug, Args)]
struct ApplyArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Check as on this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_parser = day)]
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
struct ShowArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// This year alone.
    #[arg(long, value_parser = year)]
    year: Option<i32>,
    /// Print JSON, as the API answers.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// Lay the calendar file of this province's configuration over the one that ships.
    #[arg(long, value_name = "FILE", env = "DUNG_HEN_PROVINCE")]
    province: Option<PathBuf>,
    /// Language.
    #[arg(long, default_value = "vi", value_parser = super::LANGUAGES)]
    lang: String,
}

impl CommonArgs {
    fn calendar(&self) -> Result<WorkingCalendar, String> {
        let province = self
            .province
            .as_deref()
            .map(super::province_of)
            .transpose()?;
        reference::calendar(province.as_ref().and_then(|one| one.calendar.as_ref()))
    }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| format!("{text:?} is not a day such as 2026-10-15"))
}

fn year(text: &str) -> Result<i32, String> {
    text.parse()
        .map_err(|_| "a year such as 2026 expected".to_owned())
}

pub(super) fn calendar(args: &CalendarArgs) -> ExitCode {
    let outcome = match &args.command {
        CalendarCommand::Check(check) => check.common.calendar().map(|calendar| {
            let as_of = check.as_of.unwrap_or_else(|| Clock::System.now().date());
            report(&calendar, as_of, Lang::from_tag(&check.common.lang))
        }),
        CalendarCommand::Apply(args) => apply(args),
        CalendarCommand::Show(show) => show.common.calendar().map(|calendar| list(&calendar, show)),
    };
    let written = outcome.and_then(|report| {
        let mut out = std::io::stdout().lock();
        for line in &report.lines {
            writeln!(out, "{line}").map_err(|error| error.to_string())?;
        }
        Ok(report.enough)
    });
    match written {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("server: {message}");
            ExitCode::from(2)
        }
    }
}

struct Report {
    lines: Vec<String>,
    /// Whether deadlines can be computed for the next sixty days.
    enough: bool,
}

fn apply(args: &ApplyArgs) -> Result<Report, String> {
    let province = super::province_of(&args.province)?;
    let reference = Arc::new(Reference::new(province)?);
    let (store, _) = args.data.open()?;
    let now = args.clock.unwrap_or(Clock::System).now();
    let done = recompute::apply(&store, &reference, now).map_err(|error| error.to_string())?;
    Ok(Report {
        lines: vec![format!(
            "calendar {}: {} open cases computed, {} dates moved",
            reference.calendar.version(),
            done.computed,
            done.moved
        )],
        enough: true,
    })
}

fn list(calendar: &WorkingCalendar, args: &ShowArgs) -> Report {
    let lang = Lang::from_tag(&args.common.lang);
    let shown = view(calendar, Clock::System.now().date(), args.year);
    let lines = if args.json {
        serde_json::to_string_pretty(&shown).into_iter().collect()
    } else {
        let mut lines = Vec::new();
        for year in &shown.years {
            if let Some(state) = calendar.year(year.year) {
                lines.extend(year_lines(state, lang));
            }
            lines.extend(day_lines(year, lang));
        }
        if lines.is_empty() {
            lines.push(
                lang.pick(
                    "Không có năm này trong lịch",
                    "This year is not in the calendar",
                )
                .to_owned(),
            );
        }
        lines
    };
    Report {
        lines,
        enough: true,
    }
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
        lines.extend(year_lines(year, lang));
    }
    let readiness = calendar.readiness(as_of);
    lines.push(match (readiness.computable_until, lang) {
        (Some(last), Lang::Vi) => format!("Tính được hạn đến hết {}", short(last)),
        (Some(last), Lang::En) => format!("Deadlines can be computed up to {}", short(last)),
        (None, Lang::Vi) => format!("Không tính được hạn nào từ {}", short(as_of)),
        (None, Lang::En) => format!("No deadline can be computed from {} on", short(as_of)),
    });
    lines.extend(warnings(readiness).iter().map(|warning| {
        format!(
            "{}: {}",
            lang.pick("CẢNH BÁO", "WARNING"),
            warning.in_lang(lang)
        )
    }));
    Report {
        lines,
        enough: readiness.enough,
    }
}
