//! A case as a page.

use dung_hen_domain::case::{CaseStatus, STEPS};
use dung_hen_domain::civil::{IsoDate, IsoMoment, clock};
use dung_hen_domain::wire::{
    ApologyView, Clocks, DayMark, DeadlineView, DueCause, DueChange, HolderView, Notice, Place,
    PublicView, TimelineEvent, Todo, TodoKind, WaitClock,
};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::{Shown, objected, rating};

pub(super) fn public(view: &PublicView, lang: Lang) -> Markup {
    html! {
        h1 { (lang.pick("Hồ sơ", "Case")) " " span class="number" { (view.case_code) } }
        (state(view, lang))
        @if view.step.is_none() { p { (lang.pick(
            "Hồ sơ không đi tiếp. Hãy hỏi lý do tại nơi nộp hồ sơ.",
            "The case does not go on. Ask where you filed it for the reason.",
        )) } }
        @if let Some(dates) = &view.dates {
            p { (dates.timeliness_text.in_lang(lang)) }
            dl {
                (day(lang.pick("Ngày tiếp nhận", "Received"), Some(dates.received), lang))
                (day(lang.pick("Ngày hẹn trả", "Promised date"), dates.promise, lang))
            }
        }
        (as_of(view, lang))
        p { (lang.pick(
            "Để xem ngày hẹn, tiến trình và đánh giá, xin nhập thêm mã tra cứu hoặc số cuối giấy tờ.",
            "To see dates and progress and to rate, please add the look-up code or the last digits.",
        )) }
        (super::layout::lookup_form(lang, &view.case_code))
    }
}

/// A line of facts with a day; nothing where there is none.
fn day(title: &str, date: Option<IsoDate>, lang: Lang) -> Markup {
    html! { @if let Some(date) = date { dt { (title) } dd { (words::long_date(date.0, lang)) } } }
}

/// What somebody wrote: in Vietnamese, whatever language the page is in.
fn said(text: &str) -> Markup {
    html! { span lang="vi" { (text) } }
}

/// Hour and date. Midnight is how the senders write a day without an hour.
fn moment(IsoMoment(at): IsoMoment, lang: Lang) -> String {
    let date = words::long_date(at.date(), lang);
    match clock(at.time()).as_str() {
        "00:00" => date,
        hour => format!("{hour}, {date}"),
    }
}

/// The server's now, and the case on the national portal.
fn as_of(view: &PublicView, lang: Lang) -> Markup {
    html! {
        p class="help" { (lang.pick("Số liệu lúc", "As of")) " " (moment(view.as_of, lang)) }
        @if let Some(url) = &view.national_portal {
            p { a href=(url) rel="noreferrer" { (lang.pick("Xem trên Cổng Dịch vụ công quốc gia", "See it on the National Public Service Portal")) } }
        }
    }
}

fn state(view: &PublicView, lang: Lang) -> Markup {
    html! {
        @if let Some(outage) = &view.outage { p class="help" { (outage.in_lang(lang)) } }
        p class="state" { strong { (view.status_text.in_lang(lang)) } }
        @if let Some(reached) = view.step {
            ol class="steps" {
                @for step in 1..=STEPS {
                    li aria-current=[(step == reached).then_some("step")] {
                        (words::step(step, lang))
                        @if step < reached { " – " (lang.pick("đã qua", "done")) }
                        @if step == reached { " – " (lang.pick("đang ở bước này", "here now")) }
                    }
                }
            }
        }
    }
}

pub(super) fn holder(view: &HolderView, shown: &Shown<'_>, number: &str, lang: Lang) -> Markup {
    let dates = &view.dates_held;
    html! {
        h1 { (lang.pick("Hồ sơ", "Case")) " " span class="number" { (view.public.case_code) } }
        p { (said(&view.procedure.name)) br; (said(&view.agency.name)) }
        @for todo in &view.todo { (what_to_do(todo, lang)) }
        (state(&view.public, lang))
        @if let Some(place) = &view.place { (at_hand(place, lang)) }
        @if let Some(reason) = &view.end_reason {
            p { (reason.text.in_lang(lang)) @if let Some(note) = &reason.note { br; span lang="vi" { (note) } } }
        }
        @if let Some(promise) = dates.promise {
            p class="promise" {
                (lang.pick("Ngày hẹn trả:", "Promised date:")) " "
                strong { (words::long_date(promise.0, lang)) }
            }
        }
        p { strong { (view.timeliness_text.in_lang(lang)) } }
        @if let (Some(first), Some(promise)) = (dates.first_promise, dates.promise) && first != promise {
            p { (lang.pick("Ngày hẹn đầu tiên:", "First promised date:")) " " (words::long_date(first.0, lang)) }
        }
        @if let Some(current) = dates.current {
            p { (lang.pick("Cơ quan nay ghi ngày:", "The agency now names:")) " " (words::long_date(current.0, lang)) }
        }
        @if dates.history.len() > 1 { (promises(&dates.history, lang)) }
        @for doubt in &view.doubts { p class="help" { (doubt.in_lang(lang)) } }
        (apology(&view.apology, lang))
        h2 { (lang.pick("Tiến trình", "Progress")) }
        ol { @for event in &view.timeline { (entry(event, lang)) } }
        (results(view, lang))
        @if let Some(deadline) = &view.deadline { (why(deadline, lang)) }
        @if let Some(reason) = &view.not_computed {
            h2 { (lang.pick("Vì sao là ngày này", "Why this date")) }
            p { (reason.text.in_lang(lang)) }
        }
        @if let Some(clocks) = &view.clocks { (waiting(clocks, lang)) }
        (about(view, lang))
        (rating::form(view, shown, number, lang))
        @for one in &view.objected { (objected::shown(one, 2, lang)) }
        (objected::form(lang, &objected::Typed::about(view, shown), &objected::kinds(view)))
    }
}

/// In whose hands it is.
fn at_hand(place: &Place, lang: Lang) -> Markup {
    html! {
        p {
            (lang.pick("Hồ sơ đang ở:", "The case is now with:")) " " strong lang="vi" { (place.unit) }
            @if let Some(officer) = &place.officer { ", " (lang.pick("người xử lý:", "handled by:")) " " (said(officer)) }
            @if let Some(since) = place.since { ", " (lang.pick("từ", "since")) " " (moment(since, lang)) }
        }
    }
}

/// Electronic results, and how the paper one travels.
fn results(view: &HolderView, lang: Lang) -> Markup {
    let there = view
        .public
        .status
        .known()
        .is_some_and(CaseStatus::is_finished);
    // What is there electronically is not to be fetched.
    let paper = view.results.iter().all(|one| one.url.is_none());
    html! {
        @if there || !view.results.is_empty() || view.return_note.is_some() {
            h2 { (lang.pick("Kết quả", "Result")) }
            @if !view.results.is_empty() {
                ul { @for link in &view.results {
                    li { @if let Some(url) = &link.url { a href=(url) rel="noreferrer" lang="vi" { (link.name) } } @else { (said(&link.name)) } }
                } }
            }
            @if view.return_by_post {
                p { (lang.pick("Kết quả được gửi qua bưu chính công ích.", "The result is sent by public post.")) }
            } @else if paper {
                p { (lang.pick("Kết quả trả tại nơi nộp hồ sơ.", "The result is handed over where you filed.")) }
            }
            @if let Some(note) = &view.return_note { p lang="vi" { (note) } }
            @if let Some(url) = &view.tracking {
                p { a href=(url) rel="noreferrer" { (lang.pick("Theo dõi bưu gửi", "Track the postal item")) } }
            }
        }
    }
}

/// What does not change, and where to ask.
fn about(view: &HolderView, lang: Lang) -> Markup {
    let dates = &view.dates_held;
    html! {
        h2 { (lang.pick("Thông tin hồ sơ", "About this case")) }
        dl {
            @if let Some(contact) = &view.agency.contact { dt { (lang.pick("Hỏi tại", "Where to ask")) } dd lang="vi" { (contact) } }
            @if let Some(received) = dates.received { dt { (lang.pick("Ngày tiếp nhận", "Received")) } dd { (moment(received, lang)) } }
            (day(lang.pick("Ngày xử lý xong", "Finished"), dates.finished, lang))
            (day(lang.pick("Ngày trả kết quả", "Handed over"), dates.returned, lang))
            @if let Some(channel) = view.channel.known() { dt { (lang.pick("Cách nộp", "Filed")) } dd { (words::channel(channel, lang)) } }
        }
        (as_of(&view.public, lang))
    }
}

fn what_to_do(todo: &Todo, lang: Lang) -> Markup {
    let title = match todo.kind.known() {
        Some(TodoKind::Supplement) => {
            lang.pick("Ông/bà cần bổ sung giấy tờ", "Please supply more documents")
        }
        Some(TodoKind::Pay) => lang.pick("Ông/bà cần nộp tiền", "Please pay"),
        Some(TodoKind::Collect) => lang.pick("Kết quả đã có", "The result is ready"),
        None => lang.pick("Có việc ông/bà cần làm", "There is something to do"),
    };
    html! {
        div class="todo" {
            h2 { (title) }
            @if let Some(note) = &todo.note { p lang="vi" { (note) } }
            @if !todo.fees.is_empty() {
                ul { @for fee in &todo.fees { li { (said(&fee.name)) ": " (grouped(&fee.amount)) " đ" } } }
            }
            @if let Some(since) = todo.since { p { (lang.pick("Từ", "Since")) " " (words::long_date(since.0, lang)) } }
        }
    }
}

/// Digits in groups of three, as money is written in Vietnam; anything else as it was sent.
fn grouped(amount: &str) -> String {
    let whole = amount.bytes().all(|byte| byte.is_ascii_digit());
    let dots = |at: usize| whole && at > 0 && (amount.len() - at).is_multiple_of(3);
    amount
        .char_indices()
        .flat_map(|(at, digit)| dots(at).then_some('.').into_iter().chain([digit]))
        .collect()
}

fn apology(view: &ApologyView, lang: Lang) -> Markup {
    html! {
        @if let Some(notice) = &view.notice {
            section class="notice" {
                h2 { (notice.title.in_lang(lang)) }
                @if let Some(body) = &notice.adopted_by { p { (body.in_lang(lang)) } }
                @for paragraph in &notice.paragraphs { p { (paragraph.in_lang(lang)) } }
                p class="help" { (notice.disclaimer.in_lang(lang)) " " (lang.pick("Số:", "No.")) " " (notice.number) }
                (confirmed(notice, lang))
            }
        }
        @for letter in &view.letters {
            section class="letter" {
                h2 { (lang.pick("Văn bản xin lỗi của cơ quan", "Letter of apology of the agency")) }
                @if let Some(lacks) = &letter.incomplete { p { (lacks.in_lang(lang)) } }
                @if letter.outside_rule {
                    p { strong { (lang.pick("Hẹn lại lần thứ hai: ngoài quy định.", "Second postponement: outside the rule.")) } }
                }
                dl {
                    dt { (lang.pick("Cơ quan", "Agency")) } dd lang="vi" { (letter.agency) }
                    @if let Some(number) = &letter.number { dt { (lang.pick("Số", "Number")) } dd { (number) } }
                    dt { (lang.pick("Ngày ban hành", "Issued")) } dd { (words::date_in_words(letter.issued.0, lang)) }
                    @if let Some(reason) = &letter.reason { dt { (lang.pick("Lý do", "Reason")) } dd lang="vi" { (reason) } }
                    @if let Some(due) = letter.previous_due { dt { (lang.pick("Ngày hẹn cũ", "Previous date")) } dd { (words::date_in_words(due.0, lang)) } }
                    @if let Some(due) = letter.revised_due { dt { (lang.pick("Ngày hẹn mới", "New date")) } dd { (words::date_in_words(due.0, lang)) } }
                    @if let Some(signer) = &letter.signer { dt { (lang.pick("Người ký", "Signed by")) } dd lang="vi" { (signer) } }
                }
            }
        }
    }
}

/// The check code of a notice, the page that confirms it, and the days on which it was issued.
fn confirmed(notice: &Notice, lang: Lang) -> Markup {
    html! {
        p class="help" {
            (lang.pick("Mã đối chiếu nội dung:", "Check code of the text:")) " "
            span class="number" { (notice.fingerprint) } ". "
            a href={ "/" (notice.page) "?lang=" (lang.tag()) } {
                (lang.pick("Kiểm tra thông báo này", "Check this notice"))
            }
        }
        @if notice.history.len() > 1 {
            p class="help" {
                (lang.pick("Các lần lập thông báo này:", "This notice was issued on:")) " "
                @for (at, day) in notice.history.iter().enumerate() {
                    @if at > 0 { "; " } (words::date_in_words(day.0, lang))
                }
                "."
            }
        }
    }
}

fn promises(history: &[DueChange], lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Các lần hẹn", "Dates promised")) }
        ol {
            @for change in history {
                li {
                    strong { (words::long_date(change.due.0, lang)) } ": "
                    (match change.cause.known() {
                        Some(DueCause::Receipt) => lang.pick("giấy tiếp nhận", "the receipt"),
                        Some(DueCause::Supplement) => lang.pick("nhận đủ giấy tờ bổ sung", "the missing papers came in"),
                        Some(DueCause::Apology) => lang.pick("văn bản xin lỗi và hẹn lại", "a letter of apology"),
                        Some(DueCause::Unexplained) | None => lang.pick("không nêu lý do", "no reason was sent"),
                    })
                    ". " (change.who.in_lang(lang))
                    @if let Some(reason) = &change.reason { br; (said(reason)) }
                }
            }
        }
    }
}

fn waiting(clocks: &Clocks, lang: Lang) -> Markup {
    let line = |title: &str, clock: &WaitClock| {
        html! {
            li {
                (title) ": "
                @match clock.working_days {
                    Some(days) => { (days) " " (lang.pick("ngày làm việc", if days == 1 { "working day" } else { "working days" })) }
                    None => { (lang.pick("chưa đủ dữ liệu", "not enough data")) }
                }
            }
        }
    };
    html! {
        h2 { (lang.pick("Hồ sơ đã chờ", "How long the case has waited")) }
        ul {
            (line(lang.pick("Chờ cơ quan", "For the agency"), &clocks.agency))
            @if !clocks.applicant.spans.is_empty() {
                (line(lang.pick("Chờ ông/bà", "For you"), &clocks.applicant))
            }
        }
    }
}

fn entry(event: &TimelineEvent, lang: Lang) -> Markup {
    let what = event.kind.known().map_or_else(
        || lang.pick("Cập nhật", "Update"),
        |kind| words::event(kind, lang),
    );
    html! {
        li {
            (moment(event.at, lang)) " – " strong { (what) }
            @if let Some(unit) = &event.unit { ", " (said(unit)) }
            @if let Some(officer) = &event.officer { ", " (said(officer)) }
            @if let Some(note) = &event.note { br; (said(note)) }
        }
    }
}

fn why(view: &DeadlineView, lang: Lang) -> Markup {
    html! {
        h2 { (lang.pick("Vì sao là ngày này", "Why this date")) }
        p { (view.sentence.in_lang(lang)) }
        @if view.agrees == Some(false) {
            p { strong { (lang.pick(
                "Ngày hẹn trên giấy khác với cách tính này. Ngày ghi trên giấy hẹn là ngày có giá trị.",
                "The date on the receipt differs from this computation. The date on the receipt is the one that counts.",
            )) } }
        }
        @if view.later {
            p { (lang.pick(
                "Ngày hẹn trên giấy muộn hơn thời hạn công bố.",
                "The date on the receipt is later than the published limit.",
            )) }
        }
        @if let Some(caution) = &view.caution { p class="help" { (caution.in_lang(lang)) } }
        @if !view.possible.is_empty() {
            p { (lang.pick("Có thể là:", "It can be:")) }
            ul { @for one in &view.possible {
                li {
                    strong {
                        (words::long_date(one.due.0, lang))
                        @if let Some(hour) = &one.due_time { " " (hour) }
                    }
                    ", " (one.condition.in_lang(lang))
                }
            } }
        }
        @if let Some(assuming) = &view.assuming {
            p class="help" { (lang.pick("Với giả định:", "Assuming:")) " " (assuming.in_lang(lang)) }
        }
        @if !view.because.is_empty() {
            p { (lang.pick("Chưa thể tính, vì:", "It cannot be computed yet, because:")) }
            ul { @for reason in &view.because { li { (reason.in_lang(lang)) } } }
        }
        @if !view.moved.is_empty() {
            ul { @for moved in &view.moved { li { (moved.why.in_lang(lang)) } } }
        }
        ul class="help" { @for basis in &view.basis { li { (basis.text.in_lang(lang)) } } }
        table {
            thead { tr {
                th scope="col" { (lang.pick("Ngày", "Day")) }
                th scope="col" { (lang.pick("Tính", "Counted")) }
                th scope="col" { (lang.pick("Lý do", "Reason")) }
            } }
            tbody {
                @for day in &view.days {
                    tr {
                        th scope="row" { (words::long_date(day.date.0, lang)) }
                        td {
                            @if let Some(number) = day.number { (number) }
                            @else if let Some(minutes) = day.minutes { (minutes) " " (lang.pick("phút", "min")) }
                            @else { "–" }
                        }
                        td {
                            (words::day_mark(day.mark.known().unwrap_or(DayMark::NotCounted), lang))
                            @if let Some(note) = &day.note { ": " (note.in_lang(lang)) }
                        }
                    }
                }
            }
        }
    }
}
