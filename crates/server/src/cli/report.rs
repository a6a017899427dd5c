//! `server report`: reports as files.

use std::io::Write as _;
use std::path::PathBuf;

use chrono::NaiveDateTime;
use clap::{Args, Subcommand, ValueEnum};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::tables::Place;
use dung_hen_domain::words::Lang;

use crate::clock::Clock;
use crate::figures::{Counting, watch};
use crate::pages;
use crate::pages::brief::Style;
use crate::reference::Reference;
use crate::report::{Separator, Table, ii06a, open_data, register, workbook};
use crate::service::brief::{Made, make_month};
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, Subcommand)]
enum Report {
    /// II.06a/VPCP/KSTT: dossiers of a quarter by level and field. Its identities are checked; nothing is written where
    /// one does not hold.
    Ii06a(FileArgs),
    /// The public register of apologies: letters that agencies issued in the period.
    Apologies(FileArgs),
    /// The figures of a period as a workbook: satisfaction counted as SIPAS does, promises kept, apologies, objections.
    /// As CSV it is a directory, one file for each sheet.
    Workbook(FileArgs),
    /// The monthly brief of one agency, as it was made and kept: a page that prints on one sheet, or JSON.
    Brief(BriefArgs),
    /// Make the briefs of a month that are missing. The server does so by itself on the 1st.
    Briefs(SourceArgs),
    /// The published figures as open data, with everything needed to compute them again; always JSON.
    OpenData(SourceArgs),
}

/// Which period, of what, into which file.
#[derive(Debug, Args)]
struct SourceArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// The period: a quarter (2026-Q3), a month (2026-09) or a year (2026).
    #[arg(long, alias = "quarter")]
    period: String,
    /// The file to write; the standard output where none is named.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Play at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

#[derive(Debug, Args)]
struct FileArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// How it is written.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// What stands between the fields of CSV: the semicolon is for Excel under Windows with Vietnamese settings.
    #[arg(long, default_value = "comma")]
    separator: Separator,
}

#[derive(Debug, Args)]
struct BriefArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Code of the agency.
    #[arg(long)]
    agency: String,
    /// How it is written.
    #[arg(long, default_value = "html")]
    format: BriefFormat,
    /// Language of the page.
    #[arg(long, default_value = "vi", value_parser = super::LANGUAGES)]
    lang: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum BriefFormat {
    Html,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Json,
}

/// What every report needs.
struct Source<'a> {
    period: Period,
    asked: &'a str,
    reference: Reference,
    store: Store,
    now: NaiveDateTime,
}

impl SourceArgs {
    fn open(&self) -> Result<Source<'_>, String> {
        let period = Period::parse(&self.period)
            .ok_or_else(|| format!("{:?} is not a period such as 2026-Q3", self.period))?;
        let province = super::province_of(&self.province)?;
        let reference = Reference::new(province)?;
        let (store, _) = self.data.open()?;
        Ok(Source {
            period,
            asked: &self.period,
            reference,
            store,
            now: self.clock.unwrap_or(Clock::System).now(),
        })
    }

    fn write(&self, bytes: &[u8]) -> Result<(), String> {
        match &self.output {
            Some(path) => {
                std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
            }
            None => {
                // A reader who has seen enough is no failure.
                let _ = std::io::stdout().lock().write_all(bytes);
                Ok(())
            }
        }
    }
}

impl FileArgs {
    fn write(
        &self,
        table: impl FnOnce() -> Table,
        json: impl FnOnce() -> serde_json::Value,
    ) -> Result<(), String> {
        let bytes = match self.format {
            Format::Csv => table().csv(self.separator)?,
            Format::Xlsx => Table::xlsx(&[table()])?,
            Format::Json => format!("{:#}\n", json()).into_bytes(),
        };
        self.source.write(&bytes)
    }
}

pub(super) fn report(args: &ReportArgs) -> Result<(), String> {
    match &args.report {
        Report::Ii06a(args) => report_ii06a(args),
        Report::Apologies(args) => apologies(args),
        Report::Workbook(args) => figures(args),
        Report::Brief(args) => brief_of(args),
        Report::Briefs(args) => briefs(args),
        Report::OpenData(args) => published(args),
    }
}

fn report_ii06a(args: &FileArgs) -> Result<(), String> {
    let source = args.source.open()?;
    let Source { asked, now, .. } = source;
    let report = source
        .store
        .read_now(|reader| ii06a::count(reader, &source.reference, None, source.period, now.date()))
        .map_err(|error| error.to_string())?;
    let province = &source.reference.province.name.vi;
    args.write(
        || ii06a::table(&report, asked, province, now),
        || ii06a::json(&report, asked, now),
    )
}

fn apologies(args: &FileArgs) -> Result<(), String> {
    let source = args.source.open()?;
    let Source {
        asked, period, now, ..
    } = source;
    let entries = source
        .store
        .read_now(|reader| register::read(reader, &source.reference, &Place::Province, period))
        .map_err(|error| error.to_string())?;
    args.write(
        || register::table(&entries, &source.reference, asked, period, now),
        || register::json(&entries, asked, now),
    )
}

fn figures(args: &FileArgs) -> Result<(), String> {
    let source = args.source.open()?;
    let Source {
        asked, period, now, ..
    } = source;
    let content = source
        .store
        .read_now(|reader| workbook::read(reader, &source.reference, asked, period, now.date()))
        .map_err(|error| error.to_string())?;
    let tables = workbook::tables(&content, &source.reference, asked, period, now);
    match (args.format, &args.source.output) {
        (Format::Xlsx, _) => {
            let sheets: Vec<Table> = tables.into_iter().map(|(_, table)| table).collect();
            args.source.write(&Table::xlsx(&sheets)?)
        }
        (Format::Csv, Some(directory)) => {
            let told = |error| format!("{}: {error}", directory.display());
            std::fs::create_dir_all(directory).map_err(told)?;
            for (name, table) in tables {
                std::fs::write(
                    directory.join(format!("{name}.csv")),
                    table.csv(args.separator)?,
                )
                .map_err(told)?;
            }
            Ok(())
        }
        (Format::Csv, None) => Err("--output DIRECTORY: as CSV each sheet is a file".to_owned()),
        (Format::Json, _) => Err("as JSON: server report open-data".to_owned()),
    }
}

fn brief_of(args: &BriefArgs) -> Result<(), String> {
    let source = args.source.open()?;
    let (agency, month) = (&args.agency, source.asked);
    let (first, last) = source.period.months();
    if first != last {
        return Err(format!(
            "{month:?} is not a month such as 2026-09: briefs are of a month"
        ));
    }
    let content = source
        .store
        .read_now(|reader| reader.brief(agency, month))
        .map_err(|error| error.to_string())?;
    if content.is_none() {
        super::known_agency(&source.reference, &source.store, agency)?;
    }
    let content = content
        .ok_or_else(|| format!("no brief of {agency} for {month} is kept; server report briefs --period {month} makes it"))?;
    match args.format {
        BriefFormat::Json => args.source.write(format!("{content}\n").as_bytes()),
        BriefFormat::Html => {
            let brief = serde_json::from_str(&content).map_err(|error| error.to_string())?;
            let page = pages::brief::page(&brief, Lang::from_tag(&args.lang), Style::Inside);
            args.source.write(page.into_string().as_bytes())
        }
    }
}

fn briefs(args: &SourceArgs) -> Result<(), String> {
    let source = args.open()?;
    let Source { period, now, .. } = source;
    let (first, last) = period.months();
    if first != last || period.span().1 >= now.date() {
        return Err(format!("{:?} is not a month that is over", source.asked));
    }
    let reference = std::sync::Arc::new(source.reference);
    watch::bring_up(&source.store, &Counting::new(&reference, now), |_| {})
        .map_err(|error| error.to_string())?;
    let made =
        make_month(&source.store, &reference, period, now).map_err(|error| error.to_string())?;
    match made {
        Made::Kept(n) => tell!("{n} briefs made of {first}; the others were there"),
        Made::FiguresBehind => {
            return Err("the figures are not counted up to this day".to_owned());
        }
    }
    Ok(())
}

fn published(args: &SourceArgs) -> Result<(), String> {
    let source = args.open()?;
    let Source {
        asked, period, now, ..
    } = source;
    let data = source
        .store
        .read_now(|reader| {
            let text = asked;
            let asked = open_data::Asked { text, period, now };
            open_data::whole(reader, &source.reference, asked)
        })
        .map_err(|error| error.to_string())?;
    args.write(format!("{data}\n").as_bytes())
}
