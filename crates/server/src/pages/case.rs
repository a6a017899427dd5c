//! A case as a page.

use dung_hen_domain::case::STEPS;
use dung_hen_domain::civil::{IsoMoment, clock};
use dung_hen_domain::wire::{
    ApologyView, Clocks, DayMark, DeadlineView, DueCause, DueChange, HolderView, PublicView,
    TimelineEvent, Todo, TodoKind, WaitClock,
};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::{Shown, objected, rating};

pub(super) fn public(view: &PublicView, lang: Lang) -> Markup {
    html! {
        h1 { (lang.pick("Hồ sơ", "Case")) " " span class="number" { (view.case_code) } }
        (state(view, lang))
        @if let Some(dates) = &view.dates {
            p { (dates.timeliness_text.in_lang(lang)) }
        }
        p { (lang.pick(
            "Để xem ngày hẹn, tiến trình và đánh giá, xin nhập thêm mã tra cứu hoặc số cuối giấy tờ.",
            "To see dates and progress and to rate, please add the secret or the last digits.",
        )) }
        (super::layout::lookup_form(lang, &view.case_code))
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
        p { (view.procedure.name) br; (view.agency.name) }
        @for todo in &view.todo { (what_to_do(todo, lang)) }
        (state(&view.public, lang))
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
        @if !view.results.is_empty() {
            h2 { (lang.pick("Kết quả", "Result")) }
            ul { @for link in &view.results {
                li { @if let Some(url) = &link.url { a href=(url) rel="noreferrer" { (link.name) } } @else { (link.name) } }
            } }
        }
        @if let Some(deadline) = &view.deadline { (why(deadline, lang)) }
        @if let Some(reason) = &view.not_computed {
            h2 { (lang.pick("Vì sao là ngày này", "Why this date")) }
            p { (reason.text.in_lang(lang)) }
        }
        @if let Some(clocks) = &view.clocks { (waiting(clocks, lang)) }
        (rating::form(view, shown, number, lang))
        @for one in &view.objected { (objected::shown(one, 2, lang)) }
        (objected::form(lang, &objected::Typed::about(view, shown), &objected::kinds(view)))
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
            @if let Some(note) = &todo.note { p { (note) } }
            @if !todo.fees.is_empty() {
                ul { @for fee in &todo.fees { li { (fee.name) ": " (fee.amount) " đ" } } }
            }
        }
    }
}

fn apology(view: &ApologyView, lang: Lang) -> Markup {
    html! {
        @if let Some(notice) = &view.notice {
            section class="notice" {
                h2 { (notice.title.in_lang(lang)) }
                @if let Some(body) = &notice.adopted_by { p { (body.in_lang(lang)) } }
                @for paragraph in &notice.paragraphs { p { (paragraph.in_lang(lang)) } }
                p class="help" { (notice.disclaimer.in_lang(lang)) " " (lang.pick("Số:", "No.")) " " (notice.number) }
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
                    dt { (lang.pick("Cơ quan", "Agency")) } dd { (letter.agency) }
                    @if let Some(number) = &letter.number { dt { (lang.pick("Số", "Number")) } dd { (number) } }
                    dt { (lang.pick("Ngày ban hành", "Issued")) } dd { (words::date_in_words(letter.issued.0, lang)) }
                    @if let Some(reason) = &letter.reason { dt { (lang.pick("Lý do", "Reason")) } dd { (reason) } }
                    @if let Some(due) = letter.previous_due { dt { (lang.pick("Ngày hẹn cũ", "Previous date")) } dd { (words::date_in_words(due.0, lang)) } }
                    @if let Some(due) = letter.revised_due { dt { (lang.pick("Ngày hẹn mới", "New date")) } dd { (words::date_in_words(due.0, lang)) } }
                    @if let Some(signer) = &letter.signer { dt { (lang.pick("Người ký", "Signed by")) } dd { (signer) } }
                }
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
                    @if let Some(reason) = &change.reason { br; (reason) }
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
    let IsoMoment(at) = event.at;
    html! {
        li {
            (words::date_in_words(at.date(), lang)) " " (clock(at.time())) " – " strong { (what) }
            @if let Some(unit) = &event.unit { ", " (unit) }
            @if let Some(officer) = &event.officer { ", " (officer) }
            @if let Some(note) = &event.note { br; (note) }
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
