//! The figures of a period as a workbook: satisfaction counted as SIPAS does, promises kept, apologies, objections; the
//! numbers of board and API, one sheet for each.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::civil::{iso_date, rfc3339};
use dung_hen_domain::figures::{METHOD, Measure as M};
use dung_hen_domain::indices::{Share, Standing, Verdict};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::sheet::SIXTEEN;
use dung_hen_domain::satisfaction::tables::{Place, Question, RatedOutcome, STEP, Split};
use dung_hen_domain::satisfaction::{INSTRUMENT, SatisfactionFactor};
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words::{self, Lang};

use super::overview::{self, Overview, Row, on_time};
use super::table::made;
use super::{Cell, Table};
use crate::addresses::DEFINITIONS_ADDRESS;
use crate::config::TargetFigure;
use crate::figures::BY_OBJECTION;
use crate::figures::integrity;
use crate::figures::satisfaction::{self, Published};
use crate::reference::Reference;
use crate::store::{Reader, StoreError};

mod beside;

const VI: Lang = Lang::Vi;

/// What the sheets are made of.
#[derive(Debug)]
pub struct Content {
    overview: Overview,
    /// Published tables of the province: by field, procedure, outcome.
    splits: Vec<(Split, satisfaction::Table)>,
    /// What is counted beside the satisfied share, by place.
    beside: BTreeMap<String, integrity::Numbers>,
    /// Published answers of those who were asked all sixteen criteria, by place and criterion.
    sheets: BTreeMap<(String, String), Share>,
    /// Objections by agency and kind; those about money and conduct under no agency.
    objections: BTreeMap<(String, ObjectionKind), u64>,
}

/// Reads what the workbook of a period holds.
///
/// # Errors
/// [`StoreError`].
pub fn read(
    reader: &mut Reader<'_>,
    reference: &Reference,
    asked: &str,
    period: Period,
    today: NaiveDate,
) -> Result<Content, StoreError> {
    let overview = overview::read(reader, reference, asked, period)?;
    let mut splits = Vec::new();
    for split in [Split::Field, Split::Procedure, Split::Outcome] {
        let table = satisfaction::table(reader, INSTRUMENT, &Place::Province, asked, split)?;
        splits.push((split, table));
    }
    let (from, to) = period.months();
    let mut objections = BTreeMap::new();
    for row in reader.figure_sums(None, BY_OBJECTION, (&from, &to))? {
        let Some(kind) = ObjectionKind::from_name(&row.value) else {
            continue;
        };
        let agency = if kind.is_confidential() {
            String::new()
        } else {
            row.agency
        };
        *objections.entry((agency, kind)).or_default() += row.counts.count(M::Objections);
    }
    let counted = integrity::Beside::read(reader, period, today)?;
    let levels = overview.levels.keys();
    let places = std::iter::once(Place::Province)
        .chain(levels.map(|level| Place::Level(level.name().to_owned())))
        .chain(overview.agencies.keys().cloned().map(Place::Agency));
    let beside = places
        .map(|place| (place.key(), counted.of(reference, &place)))
        .collect();
    let mut sheets = BTreeMap::<(String, String), Share>::new();
    for cell in reader.sheets_of_period(&period.months(), &period.quarters())? {
        if cell.instrument != SIXTEEN {
            continue;
        }
        // A label that names no agency counts for its level, one without a level for the province alone.
        let agency = Some(&cell.agency).filter(|code| !code.is_empty());
        let level = Some(&cell.level).filter(|level| !level.is_empty());
        let places = [
            Some(Place::Province),
            level.cloned().map(Place::Level),
            agency.cloned().map(Place::Agency),
        ];
        let [.., four, five] = cell.levels;
        for place in places.into_iter().flatten() {
            let key = (place.key(), cell.question.clone());
            let share = sheets.entry(key).or_default();
            share.part += four + five;
            share.n += cell.levels.iter().sum::<u64>();
        }
    }
    Ok(Content {
        overview,
        beside,
        sheets,
        splits,
        objections,
    })
}

/// The sheets, in their order, each with the name of its own CSV file.
#[must_use]
pub fn tables(
    content: &Content,
    reference: &Reference,
    asked: &str,
    period: Period,
    now: NaiveDateTime,
) -> Vec<(&'static str, Table)> {
    let book = Book {
        content,
        reference,
        title: title(reference, period, now),
        day: period.span().1.min(now.date()),
    };
    let mut tables = vec![
        ("cach-tinh", book.methods(asked, period, now)),
        ("hai-long", book.satisfaction()),
    ];
    for (split, table) in &content.splits {
        let (file, name, head) = match split {
            Split::Field => ("hai-long-linh-vuc", "Hài lòng theo lĩnh vực", "Lĩnh vực"),
            Split::Procedure => ("hai-long-thu-tuc", "Hài lòng theo thủ tục", "Thủ tục"),
            _ => (
                "hai-long-tinh-trang",
                "Hài lòng theo tình trạng",
                "Tình trạng giải quyết hồ sơ",
            ),
        };
        tables.push((file, book.split(*split, table, name, head)));
    }
    tables.push(("tieu-chi", book.criteria()));
    tables.push(("dung-hen", book.timeliness()));
    tables.push(("xin-loi", book.apologies()));
    tables.push(("phan-anh", book.objections()));
    tables.push(("dau-hieu", book.integrity()));
    tables
}

fn title(reference: &Reference, period: Period, now: NaiveDateTime) -> String {
    let (first, last) = period.span();
    format!(
        "{}; kỳ từ {} đến {}; {}",
        reference.province.name.vi,
        words::short_date(first, VI),
        words::short_date(last, VI),
        made(now)
    )
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::AtOrAbove => "bằng hoặc trên",
        Standing::Below => "dưới",
        Standing::Empty => "",
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "đạt",
        Verdict::NotMet => "chưa đạt",
        Verdict::NotEnoughData => "chưa đủ dữ liệu",
    }
}

/// n, satisfied, share, interval, beside the target, verdict; empty where nothing is published.
fn share_cells(share: Option<Share>, target: Option<f64>) -> Vec<Cell> {
    let Some(share) = share else {
        return vec![Cell::Empty; 7];
    };
    let (low, high) = share.wilson().unzip();
    vec![
        share.n.into(),
        share.part.into(),
        Cell::share(share),
        Cell::percent(low),
        Cell::percent(high),
        target.map_or(Cell::Empty, |target| {
            standing(share.standing(target)).into()
        }),
        target.map_or(Cell::Empty, |target| verdict(share.verdict(target)).into()),
    ]
}

const SHARE_HEADS: [&str; 7] = [
    "Số trả lời",
    "Hài lòng và rất hài lòng",
    "Tỷ lệ hài lòng",
    "Khoảng 95 %: thấp",
    "Khoảng 95 %: cao",
    "So với chỉ tiêu",
    "Kết luận theo khoảng",
];

struct Book<'a> {
    content: &'a Content,
    reference: &'a Reference,
    title: String,
    /// The day whose targets stand beside the figures.
    day: NaiveDate,
}

impl Book<'_> {
    fn table(&self, name: &str, heads: Vec<String>, section: &str) -> Table {
        Table {
            name: name.to_owned(),
            title: vec![name.to_owned(), self.title.clone()],
            heads,
            rows: Vec::new(),
            notes: vec![format!("Cách tính: {DEFINITIONS_ADDRESS}#{section}")],
        }
    }

    /// Province, levels, agencies by level: whether it is printed strong, its two names, its figures, its level.
    fn places(&self) -> Vec<(bool, [Cell; 2], &Row, Option<Level>)> {
        let overview = &self.content.overview;
        let province = self.reference.province.name.vi.as_str();
        let mut rows = vec![(
            true,
            [Cell::Empty, province.into()],
            &overview.province,
            None,
        )];
        for (level, row) in &overview.levels {
            let name = words::agency_level(*level, VI);
            rows.push((true, [Cell::Empty, name.into()], row, Some(*level)));
            let of_level = overview
                .agencies
                .iter()
                .filter(|(code, _)| self.reference.level_of(code) == *level);
            for (code, row) in of_level {
                let name = self.reference.agency_name(code);
                rows.push((
                    false,
                    [code.as_str().into(), name.into()],
                    row,
                    Some(*level),
                ));
            }
        }
        rows
    }

    fn methods(&self, asked: &str, period: Period, now: NaiveDateTime) -> Table {
        let province = &self.reference.province;
        let (first, last) = period.span();
        let step = self
            .content
            .overview
            .step
            .map_or_else(|| "chưa có".to_owned(), iso_date);
        let target = |figure| {
            province
                .targets
                .of(figure, None, self.day)
                .map_or_else(String::new, |one| {
                    let percent = format!("{} %", one.percent).replace('.', ",");
                    format!("{percent}, từ {}: {}", iso_date(one.from), one.source)
                })
        };
        let rows = [
            ("Không phải chỉ số chính thức", "Các con số do hệ thống tính từ hồ sơ và phiếu đánh giá nhận được; không phải chỉ số SIPAS hay chỉ số nào khác của Nhà nước.".to_owned()),
            ("Kỳ", asked.to_owned()),
            ("Ngày đầu, ngày cuối", format!("{} – {}", iso_date(first), iso_date(last))),
            ("Lập lúc", rfc3339(now)),
            ("Cách đếm hồ sơ", METHOD.to_owned()),
            ("Cách tính hài lòng", "sipas-style-2: số trả lời mức 4 và 5 / số trả lời câu hỏi đó".to_owned()),
            ("Đợt công bố hài lòng", format!("{step}; mỗi ngày nhiều nhất một lần, ít nhất {STEP} câu trả lời mới hoặc được sửa; không ô nào dưới {STEP}")),
            ("Phiên bản lịch làm việc", self.reference.calendar.version().to_owned()),
            ("Chỉ tiêu hài lòng", target(TargetFigure::Satisfied)),
            ("Chỉ tiêu đúng hẹn", target(TargetFigure::OnTime)),
            ("Khoảng tin cậy", "Wilson 95 %, z = 1,959963984540054".to_owned()),
            ("Ô trống", "không công bố, không biết, hoặc không có gì để chia; 0 là đã đếm và không có".to_owned()),
            ("Mã trống", "toàn tỉnh hoặc một cấp; số hồ sơ ở đó đã gồm các cơ quan bên dưới, đừng cộng lần nữa".to_owned()),
            ("Tính lại", format!("/api/v1/open-data?period={asked}")),
        ];
        let mut table = self.table("Cách tính", vec!["Mục".into(), "Nội dung".into()], "period");
        table.rows = rows
            .into_iter()
            .map(|(name, text)| (false, vec![name.into(), Cell::Text(text)]))
            .collect();
        table
    }

    fn target(&self, figure: TargetFigure, level: Option<Level>) -> Option<f64> {
        let targets = &self.reference.province.targets;
        targets.percent(figure, level, self.day)
    }

    fn satisfaction(&self) -> Table {
        let mut heads = vec!["Mã".to_owned(), "Cơ quan".to_owned()];
        heads.extend(SHARE_HEADS.map(str::to_owned));
        for factor in SatisfactionFactor::ALL {
            let name = words::factor(*factor, VI);
            heads.push(format!("{name}: số trả lời"));
            heads.push(format!("{name}: tỷ lệ hài lòng"));
        }
        let mut table = self.table("Hài lòng", heads, "satisfied");
        for (strong, names, row, level) in self.places() {
            let target = self.target(TargetFigure::Satisfied, level);
            let mut cells = Vec::from(names);
            cells.extend(self.answers(&row.satisfied, target));
            table.rows.push((strong, cells));
        }
        table.notes.push(format!(
            "Ô trống: chưa công bố, vì chưa đủ {STEP} câu trả lời. Toàn tỉnh gồm cả phiếu không nêu cơ quan."
        ));
        table
    }

    fn answers(&self, published: &Published, target: Option<f64>) -> Vec<Cell> {
        let mut cells = share_cells(published.share(Question::Overall), target);
        for factor in SatisfactionFactor::ALL {
            match published.share(Published::of_factor(*factor)) {
                Some(share) => cells.extend([share.n.into(), Cell::share(share)]),
                None => cells.extend([Cell::Empty, Cell::Empty]),
            }
        }
        cells
    }

    fn split(&self, split: Split, of: &satisfaction::Table, name: &str, head: &str) -> Table {
        let target = self.target(TargetFigure::Satisfied, None);
        let mut heads = vec!["Mã".to_owned(), head.to_owned()];
        heads.extend(SHARE_HEADS.map(str::to_owned));
        let mut table = self.table(name, heads, "step");
        let mut add = |strong, code: Cell, name: Cell, published: &Published| {
            let mut cells = vec![code, name];
            cells.extend(share_cells(published.share(Question::Overall), target));
            table.rows.push((strong, cells));
        };
        for (value, published) in &of.rows {
            let name = match split {
                Split::Procedure => self
                    .reference
                    .catalogue
                    .get(value)
                    .map(|row| row.name.clone()),
                Split::Outcome => RatedOutcome::from_name(value)
                    .map(|outcome| words::outcome(outcome, VI).to_owned()),
                _ => Some(value.clone()),
            };
            let name = name.unwrap_or_default();
            add(false, value.as_str().into(), Cell::Text(name), published);
        }
        add(false, Cell::Empty, "(phiếu không nêu)".into(), &of.rest);
        add(true, Cell::Empty, "Tổng số".into(), &of.whole);
        table
    }

    fn timeliness(&self) -> Table {
        let heads = [
            "Mã",
            "Cơ quan",
            "Tiếp nhận",
            "Trước hạn",
            "Đúng hạn",
            "Trễ",
            "Tỷ lệ đúng hẹn",
            "So với chỉ tiêu",
            "Nếu mỗi thủ tục như toàn tỉnh",
            "Nếu chỉ tính ngày hẹn cuối",
            "Đang giải quyết, trong hạn",
            "Đang giải quyết, quá hạn",
            "Chờ người nộp",
            "Rút hoặc dừng",
            "Chưa rõ",
            "Tổng số ngày trễ",
            "Hồ sơ bị dời ngày hẹn",
            "Nộp trực tuyến",
            "Thanh toán không dùng tiền mặt",
            "Kết quả điện tử",
        ];
        let mut table = self.table("Đúng hẹn", heads.map(str::to_owned).into(), "on-time");
        for (strong, names, row, level) in self.places() {
            let target = self.target(TargetFigure::OnTime, level);
            let counts = &row.counts;
            let n = |measure| Cell::Number(counts.count(measure));
            let share = on_time(counts);
            let of = |part, n| {
                Cell::share(Share {
                    part: counts.count(part),
                    n,
                })
            };
            let mut cells = Vec::from(names);
            cells.extend([
                n(M::Received),
                n(M::Early),
                n(M::OnTime),
                n(M::Late),
                Cell::share(share),
                target.map_or(Cell::Empty, |target| {
                    standing(share.standing(target)).into()
                }),
                Cell::percent(row.mix.map(|mix| mix.expected)),
                of(M::OnTimeByLastDate, share.n),
                n(M::OpenWithinTime),
                n(M::OpenOverdue),
                n(M::OpenPaused),
                Cell::Number(counts.ended_without_result()),
                n(M::Unknown),
                n(M::DaysLate),
                n(M::Postponed),
                of(M::Online, counts.count(M::Received)),
                of(M::Cashless, counts.count(M::Paid)),
                of(M::ElectronicResults, counts.count(M::Finished)),
            ]);
            table.rows.push((strong, cells));
        }
        table
    }

    fn apologies(&self) -> Table {
        let heads = [
            "Mã",
            "Cơ quan",
            "Phải có",
            "Kịp thời",
            "Muộn",
            "Thiếu",
            "Hẹn lại lần hai",
        ];
        let mut table = self.table("Xin lỗi", heads.map(str::to_owned).into(), "apology");
        for (strong, names, row, _) in self.places() {
            let mut cells = Vec::from(names);
            let measures = [
                M::Owed,
                M::IssuedInTime,
                M::IssuedLate,
                M::Missing,
                M::SecondPostponements,
            ];
            cells.extend(measures.map(|measure| Cell::Number(row.counts.count(measure))));
            table.rows.push((strong, cells));
        }
        table
    }

    fn objections(&self) -> Table {
        let mut heads = vec!["Mã".to_owned(), "Cơ quan".to_owned()];
        let kinds = ObjectionKind::ALL;
        heads.extend(
            kinds
                .iter()
                .map(|kind| words::objection(*kind, VI).to_owned()),
        );
        let mut table = self.table("Phản ánh", heads, "objections");
        let objections = &self.content.objections;
        let of = |agency: Option<&str>, kind: ObjectionKind| -> u64 {
            let rows = objections.iter().filter(|((of, what), _)| {
                *what == kind && agency.is_none_or(|agency| of == agency)
            });
            rows.map(|(_, n)| n).sum()
        };
        let province = self.reference.province.name.vi.as_str();
        let mut whole = vec![Cell::Empty, province.into()];
        whole.extend(kinds.iter().map(|kind| Cell::Number(of(None, *kind))));
        table.rows.push((true, whole));
        for code in self.content.overview.agencies.keys() {
            let mut cells = vec![
                code.as_str().into(),
                self.reference.agency_name(code).into(),
            ];
            cells.extend(kinds.iter().map(|kind| {
                if kind.is_confidential() {
                    Cell::Empty
                } else {
                    Cell::Number(of(Some(code), *kind))
                }
            }));
            table.rows.push((false, cells));
        }
        table
            .notes
            .push("Phản ánh về tiền và thái độ chỉ được đếm cho toàn tỉnh.".to_owned());
        table
    }
}
