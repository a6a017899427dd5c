//! The monthly brief as one printed page, A4. No script, and nothing that makes it look like an agency's own paper.

use axum::http::header;
use axum::response::IntoResponse;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::figures::Measure as M;
use dung_hen_domain::indices::{Share, Standing, Verdict};
use dung_hen_domain::integrity::{Counted, PROOFS, SIGNS, WAYS};
use dung_hen_domain::period::Period;
use dung_hen_domain::satisfaction::SatisfactionFactor;
use dung_hen_domain::wire::ObjectionKind;
use dung_hen_domain::words::{self, Lang};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::addresses::DEFINITIONS_ADDRESS;
use crate::report::brief::{Brief, Slice};
use crate::shown::{chart, grouped, head, linked, percent, too_few};

const STYLE: &str = include_str!("brief.css");

/// The style of the page.
pub async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// Where the page's style comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The server.
    Linked,
    /// The page itself: a file that stands alone.
    Inside,
}

impl Style {
    fn markup(self) -> Markup {
        match self {
            Self::Linked => linked("/brief.css"),
            Self::Inside => html! { style { (PreEscaped(STYLE)) } },
        }
    }
}

fn share_words(share: Share, lang: Lang) -> String {
    share.percent().map_or_else(
        || "–".to_owned(),
        |value| {
            format!(
                "{} ({}/{})",
                percent(value, lang),
                grouped(share.part, lang),
                grouped(share.n, lang)
            )
        },
    )
}

fn beside(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::AtOrAbove => lang.pick("đạt mức chỉ tiêu", "at or above the target"),
        Standing::Below => lang.pick("dưới chỉ tiêu", "below the target"),
        Standing::Empty => "–",
    }
}

fn concluded(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Met => lang.pick("đạt", "met"),
        Verdict::NotMet => lang.pick("chưa đạt", "not met"),
        Verdict::NotEnoughData => lang.pick("chưa đủ dữ liệu", "not enough answers"),
    }
}

/// The first words of a name: the longest procedure has 569 letters, and all is to stay on one sheet.
fn shortened(name: &str) -> String {
    const LETTERS: usize = 100;
    let Some((end, _)) = name.char_indices().nth(LETTERS) else {
        return name.to_owned();
    };
    let start = name.get(..end).unwrap_or_default();
    let whole = start.rsplit_once(' ').map_or(start, |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ' ']))
}

/// `9/2026`.
fn month_words(month: &str) -> String {
    let (year, month) = month.split_once('-').unwrap_or((month, ""));
    format!("{}/{year}", month.trim_start_matches('0'))
}

fn how(section: &str, lang: Lang) -> Markup {
    html! { a class="soft how" href=(format!("{DEFINITIONS_ADDRESS}#{section}")) { (lang.pick("Cách tính", "How this is counted")) } }
}

/// The page.
#[must_use]
pub fn page(brief: &Brief, lang: Lang, style: Style) -> Markup {
    let month = month_words(&brief.month);
    let title = format!(
        "{} {month}",
        lang.pick("Báo cáo nhanh tháng", "Monthly brief")
    );
    let [vi, en] = &brief.province;
    let made = brief.made.get(..10).and_then(parse_date);
    let made = made.map_or_else(String::new, |day| words::short_date(day, lang));
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            (head(&format!("{title} – {}", brief.agency_name), &style.markup()))
            body {
                header {
                    p class="soft" { "Đúng Hẹn · " (lang.pick(vi, en)) }
                    h1 { (title) }
                    p { strong lang="vi" { (brief.agency_name) } " (" (brief.agency) "). "
                        (lang.pick("Gửi người đứng đầu cơ quan; lập ngày", "For the head of the agency; made on")) " " (made) "." }
                }
                main {
                    (first(brief, lang))
                    (worked(brief, lang))
                    (promises(brief, lang))
                    div class="pair" {
                        (apologies(brief, lang))
                        (objections(brief, lang))
                    }
                    (satisfaction(brief, lang))
                    (obtained(brief, lang))
                    (trend(brief, lang))
                }
                footer {
                    p { (lang.pick(
                        "Do hệ thống lập từ hồ sơ và phiếu đánh giá nhận được; không phải văn bản của cơ quan, không phải chỉ số chính thức. Số đã in không đổi nữa; bảng công khai tiếp tục được cập nhật.",
                        "Made by this system from the cases and ratings it received; no paper of the agency, no official index. What is printed here does not change; the public board goes on.",
                    )) }
                    p { (lang.pick("Cách đếm", "Method")) " " (brief.method) "; " (lang.pick("lịch làm việc", "calendar")) " " (brief.calendar)
                        @if let Some(until) = &brief.counted_until { "; " (lang.pick("đếm đến", "counted up to")) " " (until) }
                        @if let Some(step) = &brief.step { "; " (lang.pick("đợt công bố hài lòng", "step of satisfaction")) " " (step) }
                        ". " a href=(DEFINITIONS_ADDRESS) { (lang.pick("Cách tính các con số", "How the figures are counted")) } span class="paper" { ": " (DEFINITIONS_ADDRESS) } }
                }
            }
        }
    }
}

/// What waits for a hand.
fn first(brief: &Brief, lang: Lang) -> Markup {
    let year = &brief.year;
    let n = |measure| grouped(year.n(measure), lang);
    let overdue = year.n(M::OpenOverdue);
    let days = u64::try_from(year.days_overdue).unwrap_or(0);
    html! {
        section aria-labelledby="first" {
            h2 id="first" { (lang.pick("Cần làm trước", "What comes first")) }
            p {
                (lang.pick("Hồ sơ nhận trong năm đang quá hạn: ", "Cases of this year open past their promise: ")) strong { (grouped(overdue, lang)) }
                @if overdue > 0 { " (" (lang.pick("cộng ", "together ")) (grouped(days, lang)) (lang.pick(" ngày quá hạn", " days overdue")) ")" }
                "; " (lang.pick("còn thiếu văn bản xin lỗi: ", "letters of apology missing: ")) strong { (n(M::Missing)) }
                "; " (lang.pick("hẹn lại lần hai: ", "second postponements: ")) strong { (n(M::SecondPostponements)) } ". "
                (how("apology", lang))
            }
            @if !brief.late.is_empty() {
                p { (lang.pick("Trễ và quá hạn nhiều nhất trong năm: ", "Most late and overdue this year: "))
                    @for (place, (code, name, n)) in brief.late.iter().enumerate() {
                        @if place > 0 { "; " }
                        span lang="vi" { @if name.is_empty() { (code) } @else { (shortened(name)) " – " (code) } } " (" (grouped(*n, lang)) ")"
                    } "." }
            }
        }
    }
}

/// The month by the columns of the quarterly report.
fn worked(brief: &Brief, lang: Lang) -> Markup {
    let Some(
        [
            received,
            _,
            _,
            carried,
            resolved,
            early,
            on_time,
            late,
            pending,
            within,
            overdue,
        ],
    ) = brief.worked
    else {
        return html! {
            section aria-labelledby="worked" {
                h2 id="worked" { (lang.pick("Giải quyết trong tháng", "Worked on in the month")) }
                p { (lang.pick("Không có hồ sơ nào trong tháng.", "No case in the month.")) }
            }
        };
    };
    let share = Share {
        part: early + on_time,
        n: resolved,
    };
    let all = lang.pick("tất cả", "all");
    let groups = [
        (
            lang.pick("Phải giải quyết", "To be resolved"),
            vec![
                (all, received),
                (lang.pick("kỳ trước chuyển sang", "carried over"), carried),
            ],
        ),
        (
            lang.pick("Đã giải quyết", "Resolved"),
            vec![
                (all, resolved),
                (lang.pick("trước hạn", "early"), early),
                (lang.pick("đúng hạn", "on time"), on_time),
                (lang.pick("quá hạn", "late"), late),
            ],
        ),
        (
            lang.pick("Đang giải quyết", "Pending"),
            vec![
                (all, pending),
                (lang.pick("trong hạn", "within time"), within),
                (lang.pick("quá hạn", "overdue"), overdue),
            ],
        ),
    ];
    let cells = || groups.iter().flat_map(|(_, cells)| cells);
    html! {
        section aria-labelledby="worked" {
            h2 id="worked" { (lang.pick("Giải quyết trong tháng", "Worked on in the month")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="worked" {
                table {
                    caption { (lang.pick("Theo các cột của biểu II.06a, tính cho một tháng", "By the columns of form II.06a, for one month")) ". " (how("ii-06a", lang)) }
                    @for (_, cells) in &groups { colgroup span=(cells.len()) {} }
                    thead {
                        tr { @for (name, cells) in &groups { th scope="colgroup" class="group" colspan=(cells.len()) { (name) } } }
                        tr { @for (name, _) in cells() { th scope="col" class="n" { (name) } } }
                    }
                    tbody { tr { @for (_, n) in cells() { td class="n" { (grouped(*n, lang)) } } } }
                }
            }
            p { (lang.pick("Đã giải quyết đúng và trước hạn: ", "Resolved on time or early: ")) strong { (share_words(share, lang)) }
                @if let Some(target) = brief.targets.on_time.filter(|_| share.n > 0) { ", " (beside(share.standing(target), lang)) " " (percent(target, lang)) }
                @if brief.in_no_column > 0 { "; " (lang.pick("không xếp được vào cột nào: ", "in no column: ")) (grouped(brief.in_no_column, lang)) } "." }
        }
    }
}

fn promises(brief: &Brief, lang: Lang) -> Markup {
    let target = brief.targets.on_time;
    let rows: [(&str, &Slice); 2] = [
        (
            lang.pick("Nhận trong tháng", "Received in the month"),
            &brief.received,
        ),
        (
            lang.pick("Nhận từ đầu năm", "Received this year"),
            &brief.year,
        ),
    ];
    let of = |slice: &Slice, part, n| {
        share_words(
            Share {
                part: slice.n(part),
                n: slice.n(n),
            },
            lang,
        )
    };
    html! {
        section aria-labelledby="promises" {
            h2 id="promises" { (lang.pick("Đúng hẹn", "Promises kept")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="promises" {
                table {
                    caption { @if let Some(target) = target { (lang.pick("Theo ngày tiếp nhận; vạch đứng là chỉ tiêu", "By day of reception; the upright line is the target,")) " " (percent(target, lang)) ". " } (how("on-time", lang)) }
                    thead { tr {
                        th scope="col" { (lang.pick("Hồ sơ", "Cases")) }
                        th scope="col" { (lang.pick("Tỷ lệ đúng hẹn", "On-time share")) }
                        th scope="col" { (lang.pick("So với chỉ tiêu", "Beside the target")) }
                        th scope="col" class="n" { (lang.pick("Số ngày trễ", "Days late")) }
                        th scope="col" { (lang.pick("Nộp trực tuyến", "Filed online")) }
                        th scope="col" { (lang.pick("Trả không dùng tiền mặt", "Paid without cash")) }
                        th scope="col" { (lang.pick("Kết quả điện tử", "E-results")) }
                    } }
                    tbody { @for (name, slice) in rows {
                        @let share = slice.on_time();
                        tr {
                            th scope="row" { (name) ": " (grouped(slice.n(M::Received), lang)) }
                            td { (chart::bar(share, target, None)) (share_words(share, lang)) }
                            td { (target.map_or("–", |target| beside(share.standing(target), lang))) }
                            td class="n" { (grouped(slice.n(M::DaysLate), lang)) }
                            td { (of(slice, M::Online, M::Received)) }
                            // Of no fee is it known how it was paid: that is no case less that has ended.
                            td { @if slice.n(M::Paid) > 0 { (of(slice, M::Cashless, M::Paid)) } @else { (lang.pick("không rõ", "not known")) } }
                            td { (of(slice, M::ElectronicResults, M::Finished)) }
                        }
                    } }
                }
            }
            @if let (Some(expected), Some(raw)) = (brief.expected, brief.year.on_time().percent()) {
                p { (lang.pick("Nếu mỗi thủ tục của năm nay được giải quyết như toàn tỉnh: ", "If each procedure of this year went as in the whole province: "))
                    (percent(expected, lang)) (lang.pick("; cơ quan: ", "; the agency: ")) (percent(raw, lang)) ". " (how("case-mix", lang)) }
            }
        }
    }
}

fn apologies(brief: &Brief, lang: Lang) -> Markup {
    let rows = [
        (lang.pick("Phải có văn bản", "Letters owed"), M::Owed),
        (lang.pick("Kịp thời", "In time"), M::IssuedInTime),
        (lang.pick("Muộn", "Late"), M::IssuedLate),
        (lang.pick("Thiếu", "Missing"), M::Missing),
        (
            lang.pick("Hẹn lại lần hai", "Second postponements"),
            M::SecondPostponements,
        ),
    ];
    html! {
        section aria-labelledby="apologies" {
            h2 id="apologies" { (lang.pick("Xin lỗi", "Apologies")) }
            table {
                caption { (how("apology", lang)) }
                thead { tr {
                    th scope="col" { (lang.pick("Hồ sơ nhận", "Cases received")) }
                    th scope="col" class="n" { (lang.pick("trong tháng", "in the month")) }
                    th scope="col" class="n" { (lang.pick("từ đầu năm", "this year")) }
                } }
                tbody { @for (name, measure) in rows {
                    tr {
                        th scope="row" { (name) }
                        td class="n" { (grouped(brief.received.n(measure), lang)) }
                        td class="n" { (grouped(brief.year.n(measure), lang)) }
                    }
                } }
            }
        }
    }
}

fn objections(brief: &Brief, lang: Lang) -> Markup {
    html! {
        section aria-labelledby="objections" {
            h2 id="objections" { (lang.pick("Phản ánh trong tháng", "Objections in the month")) }
            @if brief.objections.is_empty() {
                p { (lang.pick("Không có.", "None.")) " " (how("objections", lang)) }
            } @else {
                table {
                    caption { (how("objections", lang)) }
                    tbody { @for (name, n) in &brief.objections {
                        tr {
                            th scope="row" { @if let Some(kind) = ObjectionKind::from_name(name) { (words::objection(kind, lang)) } @else { (name) } }
                            td class="n" { (grouped(*n, lang)) }
                        }
                    } }
                }
            }
            p class="soft" { (lang.pick("Phản ánh về tiền và thái độ do tổng đài và thanh tra nhận, không có ở đây.", "Those about money and conduct go to hotline and inspectorate and are not here.")) }
        }
    }
}

fn satisfaction(brief: &Brief, lang: Lang) -> Markup {
    let target = brief.targets.satisfied;
    let [month, year] = &brief.satisfied;
    let find = |of: &[(String, u64, u64)], question: &str| {
        let found = of.iter().find(|(name, _, _)| name == question);
        found.map(|(_, n, part)| Share { part: *part, n: *n })
    };
    let mut rows = vec![("overall", lang.pick("Chung", "The whole"))];
    rows.extend(
        SatisfactionFactor::ALL
            .iter()
            .map(|one| (one.name(), words::factor(*one, lang))),
    );
    let few = too_few(lang);
    html! {
        section aria-labelledby="satisfied" {
            h2 id="satisfied" { (lang.pick("Hài lòng, theo cách tính của SIPAS", "Satisfied, counted as SIPAS does")) }
            @if year.is_empty() && month.is_empty() {
                p { (lang.pick("Chưa có gì được công bố: chưa đủ 5 trả lời.", "Nothing is published yet: fewer than 5 answers.")) " " (how("satisfied", lang)) }
            } @else {
                div class="scroll" tabindex="0" role="group" aria-labelledby="satisfied" {
                    table {
                        caption { (lang.pick("Đợt công bố gần nhất", "The published step")) @if let Some(target) = target { (lang.pick("; chỉ tiêu", "; target")) " " (percent(target, lang)) } ". " (how("satisfied", lang)) }
                        thead { tr {
                            th scope="col" { (lang.pick("Câu hỏi", "Question")) }
                            th scope="col" { (lang.pick("Tháng", "Month")) }
                            th scope="col" { (lang.pick("Từ đầu năm", "This year")) }
                            th scope="col" { (lang.pick("Khoảng 95 % từ đầu năm, kết luận", "95 % interval of this year, conclusion")) }
                        } }
                        tbody { @for (question, name) in rows {
                            @let of_year = find(year, question);
                            tr class=[(question == "overall").then_some("first")] {
                                th scope="row" { (name) }
                                td { (find(month, question).map_or_else(|| few.to_owned(), |share| share_words(share, lang))) }
                                td { (of_year.map_or_else(|| few.to_owned(), |share| share_words(share, lang))) }
                                td { @if let Some((share, (low, high))) = of_year.and_then(|share| Some((share, share.wilson()?))) {
                                    (percent(low, lang)) " – " (percent(high, lang))
                                    @if let Some(target) = target.filter(|_| question == "overall") { ": " (concluded(share.verdict(target), lang)) }
                                } @else { "–" } }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// Short heads: a table of eight columns on paper.
const fn short(kind: Counted, lang: Lang) -> &'static str {
    use Counted as C;
    match kind {
        C::PortalToken => lang.pick("đăng nhập cổng", "signed in at the portal"),
        C::ReceiptSecret => lang.pick("mã trên giấy hẹn", "the receipt's secret"),
        C::LastDigits => lang.pick("các số cuối", "last digits"),
        C::DeskNetwork => lang.pick("mạng bộ phận một cửa", "the desk's network"),
        C::WithoutJavascript => lang.pick("không JavaScript", "no JavaScript"),
        C::Burst => lang.pick("đến dồn dập", "in a burst"),
        C::TooQuick => lang.pick("lấy phiếu quá nhanh", "ballot too quick"),
        C::EqualRun => lang.pick("liên tiếp giống nhau", "in an equal run"),
        C::AllEqual => lang.pick("một mức cho mọi câu", "one level for all"),
        C::WithoutResult => lang.pick("hồ sơ đóng, không kết quả", "case closed, no result"),
        C::Contested => lang.pick("“không phải tôi”, nhiều nhất", "“not me”, at most"),
        C::Stored | C::Repeated | C::Corrected | C::Refused | C::RepeatedLater => "",
    }
}

/// Who was asked, how ballots were obtained, and what looked odd.
fn obtained(brief: &Brief, lang: Lang) -> Markup {
    let Some([month, year]) = &brief.beside else {
        return html! {};
    };
    let rows = [
        (lang.pick("Tháng", "Month"), month),
        (lang.pick("Từ đầu năm", "This year"), year),
    ];
    let ways = || PROOFS.into_iter().chain(WAYS);
    let signs = || SIGNS.into_iter().chain([Counted::Contested]);
    html! {
        section aria-labelledby="obtained" {
            h2 id="obtained" { (lang.pick("Ai được hỏi, lấy phiếu bằng gì, có dấu hiệu gì lạ", "Who was asked, how ballots were obtained, what looked odd")) }
            div class="scroll" tabindex="0" role="group" aria-labelledby="obtained" {
                table {
                    caption { (lang.pick("Phiếu và dấu hiệu đếm từng nhóm 5 mỗi tháng, làm tròn xuống: số trả lời có thể lớn hơn số phiếu", "Ballots and signs are counted in steps of five a month, rounded down: answers can be more than ballots")) ". " (how("denominators", lang)) }
                    thead { tr {
                        td {}
                        th scope="col" class="n" { (lang.pick("đã phục vụ", "served")) }
                        th scope="col" class="n" { (lang.pick("đã nhận phiếu", "invited")) }
                        th scope="col" class="n" { (lang.pick("đã trả lời", "answered")) }
                        @for kind in ways() { th scope="col" class="n" { (short(kind, lang)) } }
                    } }
                    tbody { @for (name, one) in rows {
                        tr {
                            th scope="row" class="name" { (name) }
                            td class="n" { (grouped(one.served, lang)) }
                            td class="n" { (grouped(one.invited, lang)) }
                            td class="n" { (one.answered.map_or_else(|| "–".to_owned(), |(n, _)| grouped(n, lang))) }
                            @for kind in ways() { td class="n" { (grouped(one.n(kind), lang)) } }
                        }
                    } }
                }
                table {
                    caption { (lang.pick("Dấu hiệu không phải kết luận", "Signs are no verdicts")) ". " (how("integrity", lang)) }
                    thead { tr {
                        td {}
                        @for kind in signs() { th scope="col" class="n" { (short(kind, lang)) } }
                        th scope="col" class="n" { (lang.pick("hài lòng, nếu các phiếu ấy nói ngược", "satisfied, if those say the opposite")) }
                    } }
                    tbody { @for (name, one) in rows {
                        tr {
                            th scope="row" class="name" { (name) }
                            @for kind in signs() { td class="n" { (grouped(one.n(kind), lang)) } }
                            td class="n" { @if let Some((low, high)) = one.bound() { (percent(low, lang)) " – " (percent(high, lang)) } @else { "–" } }
                        }
                    } }
                }
            }
        }
    }
}

fn trend(brief: &Brief, lang: Lang) -> Markup {
    let shares: Vec<Share> = brief
        .trend
        .iter()
        .map(|(_, part, n)| Share { part: *part, n: *n })
        .collect();
    let short = |month: &str| {
        Period::parse(month).map_or_else(String::new, |_| {
            month.get(5..).unwrap_or_default().to_owned()
        })
    };
    html! {
        section aria-labelledby="trend" {
            h2 id="trend" { (lang.pick("Tỷ lệ đúng hẹn mười hai tháng tiếp nhận", "On-time share, twelve months of reception")) }
            (chart::trend(&shares, brief.targets.on_time))
            div class="scroll" tabindex="0" role="group" aria-labelledby="trend" {
                table class="months" {
                    caption { (lang.pick("Hình: từ 50 % đến 100 %, vạch ngang đậm là chỉ tiêu. Phần trăm theo tháng:", "Drawing: from 50 % to 100 %, the strong line is the target. Per cent by month:")) }
                    thead { tr { @for (month, _, _) in &brief.trend { th scope="col" class="n" { (short(month)) } } } }
                    tbody { tr { @for share in &shares {
                        td class="n" { (share.percent().map_or_else(|| "–".to_owned(), |value| format!("{value:.0}"))) }
                    } } }
                }
            }
        }
    }
}
