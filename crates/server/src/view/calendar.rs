//! The working calendar in words: for the command line and for whoever asks the API.

use chrono::NaiveDate;
use dung_hen_domain::calendar::{
    DayKind, Knowledge, ListedDay, NEEDED_DAYS, OpenQuestion, Origin, Readiness, WorkingCalendar,
    YearState,
};
use dung_hen_domain::civil::{IsoDate, iso_date};
use dung_hen_domain::wire::Text;
use dung_hen_domain::words::{self, Lang};
use serde::Serialize;

/// What is known of the calendar.
#[derive(Serialize)]
pub struct CalendarView {
    /// Version of the data; a province's own file is named after a plus sign.
    pub version: String,
    /// The day asked about.
    pub as_of: IsoDate,
    /// The last day up to which deadlines can be computed from there.
    pub computable_until: Option<IsoDate>,
    /// What the operator has to do, one sentence each.
    pub warnings: Vec<Text>,
    /// Year by year.
    pub years: Vec<YearView>,
}

/// One year.
#[derive(Serialize)]
pub struct YearView {
    /// The year.
    pub year: i32,
    /// The last announced day; the days after it are provisional.
    pub settled_until: Option<IsoDate>,
    /// Where its days are written.
    pub sources: Vec<String>,
    /// What is not decided.
    pub open: Vec<Text>,
    /// Days that are not what their weekday says, in order.
    pub days: Vec<ListedView>,
}

/// One listed day.
#[derive(Serialize)]
pub struct ListedView {
    /// The day.
    pub date: IsoDate,
    /// `settled`, `provisional` or `unknown`.
    pub layer: &'static str,
    /// `holiday`, `day_in_lieu`, `swapped_off` or `swapped_working_day`.
    pub kind: &'static str,
    /// Name of the day, and the other day of its pair.
    pub name: Text,
    /// The other day of a swap, or the rest day a day in lieu stands for.
    pub pair: Option<IsoDate>,
    /// Where it is written.
    pub source: String,
    /// Whether the province's own file says so.
    pub province: bool,
}

/// The layer of a day by name.
#[must_use]
pub const fn layer(known: Knowledge) -> &'static str {
    match known {
        Knowledge::Settled(_) => "settled",
        Knowledge::Provisional(_) => "provisional",
        Knowledge::Unknown => "unknown",
        Knowledge::BeforeCalendar => "before_calendar",
    }
}

/// The calendar on `as_of`, of one year or all.
#[must_use]
pub fn view(calendar: &WorkingCalendar, as_of: NaiveDate, year: Option<i32>) -> CalendarView {
    let readiness = calendar.readiness(as_of);
    CalendarView {
        version: calendar.version().to_owned(),
        as_of: IsoDate(as_of),
        computable_until: readiness.computable_until.map(IsoDate),
        warnings: warnings(readiness),
        years: calendar
            .years()
            .iter()
            .filter(|known| year.is_none_or(|year| known.year == year))
            .map(|known| of_year(calendar, known))
            .collect(),
    }
}

fn of_year(calendar: &WorkingCalendar, year: &YearState) -> YearView {
    YearView {
        year: year.year,
        settled_until: year.settled_until.map(IsoDate),
        sources: year.sources.clone(),
        open: year
            .open
            .iter()
            .map(|question| Text::both(|lang| open_words(question, lang)))
            .collect(),
        days: calendar
            .listed(year.year)
            .map(|(date, day)| of_day(calendar, year, date, day))
            .collect(),
    }
}

/// What is open, with its source where one is known.
#[must_use]
pub fn open_words(question: &OpenQuestion, lang: Lang) -> String {
    let mut out = question.note().in_lang(lang).to_owned();
    if let OpenQuestion::ProposedSwap {
        source: Some(source),
        ..
    } = question
    {
        out.push_str(" (");
        out.push_str(source);
        out.push(')');
    }
    out
}

fn of_day(
    calendar: &WorkingCalendar,
    year: &YearState,
    date: NaiveDate,
    day: &ListedDay,
) -> ListedView {
    let (kind, pair) = match day.kind {
        DayKind::InLieu { pair, .. } => ("day_in_lieu", pair),
        DayKind::SwappedOff { pair, .. } => ("swapped_off", pair),
        DayKind::SwappedWorking { pair } => ("swapped_working_day", pair),
        DayKind::Holiday(_) | DayKind::Working | DayKind::Weekend => ("holiday", None),
    };
    ListedView {
        date: IsoDate(date),
        layer: layer(calendar.day(date)),
        kind,
        name: super::proof::kind_words(day.kind),
        pair: pair.map(IsoDate),
        source: day.basis.clone().unwrap_or_else(|| year.sources.join("; ")),
        province: day.origin == Origin::Province,
    }
}

/// What the operator has to do.
#[must_use]
pub fn warnings(readiness: Readiness) -> Vec<Text> {
    let mut all = Vec::new();
    if !readiness.enough {
        all.push(Text {
            vi: format!(
                "chưa đủ {NEEDED_DAYS} ngày tới; hạn rơi sau ngày đó chưa tính được. Cần cập nhật lịch: tệp calendar_file của tỉnh, hoặc data/holidays.json"
            ),
            en: format!(
                "less than the next {NEEDED_DAYS} days; later deadlines cannot be computed. The calendar needs an update: the province's calendar_file, or data/holidays.json"
            ),
        });
    }
    if let Some(next) = readiness.year_needed {
        all.push(Text {
            vi: format!("lịch nghỉ năm {next} chưa chốt trong dữ liệu"),
            en: format!("the calendar of {next} is not settled in the data"),
        });
    }
    all
}

/// A year in one line, and what is missing in it.
#[must_use]
pub fn year_lines(year: &YearState, lang: Lang) -> Vec<String> {
    let state = match year.settled_until {
        Some(_) if year.is_whole() => lang.pick("đã chốt cả năm", "settled").to_owned(),
        Some(last) => format!(
            "{} {}",
            lang.pick("chốt đến hết", "settled up to"),
            words::short_date(last, lang)
        ),
        None => lang.pick("chưa chốt", "not settled").to_owned(),
    };
    let missing = if year.open.is_empty() {
        ""
    } else {
        lang.pick("; còn thiếu:", "; missing:")
    };
    let mut lines = vec![format!("  {}: {state}{missing}", year.year)];
    lines.extend(
        year.open
            .iter()
            .map(|question| format!("    - {}", open_words(question, lang))),
    );
    lines
}

/// The listed days of a year, one a line: day, layer, what it is, where it is written.
#[must_use]
pub fn day_lines(year: &YearView, lang: Lang) -> Vec<String> {
    year.days
        .iter()
        .map(|day| {
            let layer = match day.layer {
                "settled" => lang.pick("đã công bố", "announced"),
                "provisional" => lang.pick("theo luật, chưa chốt", "statutory, not settled"),
                _ => lang.pick("chưa biết", "unknown"),
            };
            let own = if day.province {
                lang.pick(" [tệp của tỉnh]", " [province's file]")
            } else {
                ""
            };
            format!(
                "{}  {layer}  {}  ({}){own}",
                iso_date(day.date.0),
                day.name.in_lang(lang),
                day.source
            )
        })
        .collect()
}
