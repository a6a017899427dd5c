//! The list of cases due, and the letter of one of them.

use axum::http::StatusCode;
use axum::response::Response;
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::{IsoDate, iso_date, rfc3339};
use dung_hen_domain::letter_check::{LetterFlag, MAX_LETTER_NAME, MAX_LETTER_REASON};
use dung_hen_domain::wire::{
    DueCase, DueList, DueState, LetterRecorded, LetterRequest, MAX_EVIDENCE, Open, Told, ToldState,
};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::{Desk, Form};
use crate::error::AppError;
use crate::events::LETTER_RECORDED;
use crate::service::letter::MAX_DAYS;
use crate::state::AppState;

const fn reason(state: DueState, lang: Lang) -> &'static str {
    let (vi, en) = match state {
        DueState::DueSoon => ("Sắp đến hẹn", "Due soon"),
        DueState::LastDay => (
            "Hôm nay là ngày cuối để gửi văn bản xin lỗi",
            "Today is the last day for a letter of apology",
        ),
        DueState::LetterLate => (
            "Đã qua ngày cuối để gửi văn bản xin lỗi; ngày hẹn chưa qua",
            "The last day for a letter has passed; the promise has not",
        ),
        DueState::Overdue => (
            "Quá hẹn, chưa có văn bản xin lỗi",
            "Overdue, no letter of apology",
        ),
        DueState::NewDateNear => (
            "Ngày hẹn lại sắp đến hoặc đã qua: không được hẹn lại lần nữa",
            "The new date is near or past: no second postponement",
        ),
        DueState::FinishedLate => (
            "Đã giải quyết xong sau ngày hẹn, còn nợ văn bản xin lỗi",
            "Finished after the promise; a letter of apology is still owed",
        ),
    };
    lang.pick(vi, en)
}

fn day(label: &str, day: Option<IsoDate>, lang: Lang) -> Markup {
    html! {
        @if let Some(day) = day { dt { (label) } dd { (words::long_date(day.0, lang)) } }
    }
}

/// The list, agency by agency in the order of what is most urgent.
pub(super) fn list(state: &AppState, desk: &Desk, list: &DueList, form: &Form) -> Response {
    let lang = desk.lang;
    let (agency, late) = (form.agency.as_str(), !form.finished_late.is_empty());
    let mut groups: Vec<(&str, Vec<&DueCase>)> = Vec::new();
    for case in &list.cases {
        match groups.iter_mut().find(|(code, _)| *code == case.agency) {
            Some((_, cases)) => cases.push(case),
            None => groups.push((&case.agency, vec![case])),
        }
    }
    let title = if late {
        lang.pick(
            "Hồ sơ đã xong trễ hẹn, còn nợ văn bản xin lỗi",
            "Cases finished late whose letter of apology is owed",
        )
    } else {
        lang.pick("Hồ sơ đến hạn và quá hẹn", "Cases due and overdue")
    };
    let body = html! {
        p {
            @if late {
                (lang.pick("Ngày hẹn mới nhất trước.", "The last promised first.")) " "
            } @else {
                (lang.pick("Đến hết", "Up to")) " " (words::long_date(list.until.0, lang)) ". "
            }
            (lang.pick("Số hồ sơ:", "Cases:")) " " strong { (list.total) } "."
        }
        @if !late || desk.officer.agency.is_none() { form class="filter" method="post" action="/officer" {
            (desk.hidden())
            @if late {
                input type="hidden" name="finished_late" value="1";
            } @else {
                p {
                    label for="days" { (lang.pick("Trong bao nhiêu ngày làm việc tới", "Within how many working days")) }
                    input id="days" name="days" type="number" min="0" max=(MAX_DAYS) value=(list.days);
                }
            }
            @if desk.officer.agency.is_none() {
                p {
                    label for="agency" { (lang.pick("Cơ quan", "Agency")) }
                    select id="agency" name="agency" {
                        option value="" { (lang.pick("Tất cả", "All")) }
                        @for one in &state.reference.province.agencies {
                            option value=(one.code) selected[one.code == agency] { (one.name) }
                        }
                    }
                }
            }
            p { button { (lang.pick("Lọc", "Filter")) } }
        } }
        // Among hundreds nobody turns pages for the one that lies on the desk.
        form class="filter" method="post" action="/officer/letters" {
            (desk.hidden())
            p {
                label for="case_code" { (lang.pick("Mã hồ sơ cần ghi văn bản xin lỗi", "Case whose letter is to be recorded")) }
                input id="case_code" name="case_code" required autocomplete="off" spellcheck="false" maxlength="200";
            }
            p { button { (lang.pick("Mở hồ sơ", "Open the case")) } }
        }
        @if groups.is_empty() { p { (lang.pick("Không có hồ sơ nào.", "None.")) } }
        @for (_, cases) in &groups {
            h2 { @if let Some(first) = cases.first() { (first.agency_name) } }
            ul class="due" { @for case in cases { (entry(desk, case)) } }
        }
        @let turn = |after: &str, before: &str, label| desk.button("/officer", &[("days", &list.days.to_string()), ("agency", agency),
            ("finished_late", &form.finished_late), ("after", after), ("before", before)], label);
        div class="turn" {
            @if !form.after.is_empty() {
                // The first page has no place to begin after.
                @let (earlier, last) = form.before.rsplit_once(' ').unwrap_or(("", &form.before));
                (turn(last, earlier, lang.pick("Trang trước", "Previous page")))
            }
            @if let Some(next) = &list.next {
                @let way = if form.after.is_empty() { String::new() } else { format!("{} {}", form.before, form.after) };
                (turn(next, way.trim_start(), lang.pick("Trang tiếp theo", "Next page")))
            }
        }
    };
    desk.page(StatusCode::OK, title, &body)
}

fn entry(desk: &Desk, case: &DueCase) -> Markup {
    let lang = desk.lang;
    let late = matches!(
        case.state.known(),
        Some(
            DueState::Overdue
                | DueState::LetterLate
                | DueState::NewDateNear
                | DueState::FinishedLate
        )
    );
    html! {
        li class=(if late { "late" } else { "soon" }) {
            h3 class="number" { (case.case_code) }
            p { strong { @if let Some(state) = case.state.known() { (reason(state, lang)) } } }
            p lang="vi" { (case.letter.procedure) }
            dl {
                (day(lang.pick("Ngày hẹn", "Promise"), Some(case.promise), lang))
                (day(lang.pick("Ngày hẹn lại", "New date"), case.revised_due, lang))
                (day(lang.pick("Ngày cuối gửi văn bản", "Last day for the letter"), case.last_lawful_day, lang))
                (day(lang.pick("Ngày giải quyết xong", "Finished"), case.finished, lang))
                @if let Some(unit) = &case.letter.unit { dt { (lang.pick("Đơn vị giữ hồ sơ", "Held by")) } dd lang="vi" { (unit) } }
            }
            @if case.last_lawful_day.is_some() && !case.last_lawful_day_settled {
                p class="flag" { (lang.pick(
                    "Lịch nghỉ trước ngày hẹn chưa chốt, nên ngày cuối gửi văn bản được đếm theo ngày thường. Gửi sớm hơn, vào một ngày chắc chắn làm việc, thì không muộn.",
                    "The days off before the promise are not decided, so the last day for the letter is counted in plain days. Sent sooner, on a day that is surely worked, it is not late.",
                )) }
            }
            @if let Some(due) = case.promise_later_than { p class="flag" { (too_late(due, lang)) } }
            (told(case, lang))
            // A hundred buttons say the same: to those who only hear them, each says of which case.
            form class="button" method="post" action="/officer/letters" {
                (desk.hidden())
                input type="hidden" name="case_code" value=(case.case_code);
                @let label = lang.pick("Văn bản xin lỗi", "Letter of apology");
                button aria-label={ (label) ", " (case.case_code) } { (label) }
            }
        }
    }
}

/// Which messages to the applicant went out, and which of them did not arrive.
fn told(case: &DueCase, lang: Lang) -> Markup {
    let overdue = matches!(
        case.state.known(),
        Some(DueState::Overdue | DueState::NewDateNear | DueState::FinishedLate)
    );
    let failed = |one: &Told| one.state.known() == Some(ToldState::Failed);
    html! {
        @if overdue && case.told.as_ref().is_some_and(Vec::is_empty) {
            p class="flag" { (lang.pick("Phần mềm này chưa gửi tin nào cho người nộp hồ sơ.", "This software has sent no message to the applicant.")) }
        }
        @for one in case.told.iter().flatten() {
            p class=[failed(one).then_some("flag")] {
                (message(&one.event, lang)) " (" (one.by) "): "
                @if let Some(state) = one.state.known() { (outcome(state, lang)) }
                ", " time datetime=(rfc3339(one.at.0)) { (words::long_date(one.at.0.date(), lang)) }
                "."
                @if failed(one) { " " (lang.pick("Hãy báo cho người nộp bằng cách khác.", "Tell the applicant in another way.")) }
            }
        }
    }
}

fn message(event: &str, lang: Lang) -> &'static str {
    if event == LETTER_RECORDED {
        lang.pick(
            "Tin có văn bản xin lỗi",
            "Message about the letter of apology",
        )
    } else {
        lang.pick("Tin báo quá hẹn", "Message that the case is overdue")
    }
}

const fn outcome(state: ToldState, lang: Lang) -> &'static str {
    let (vi, en) = match state {
        ToldState::Waiting => ("đang chuyển tới cổng nhắn tin", "on its way to the gateway"),
        ToldState::HandedOver => (
            "cổng nhắn tin đã nhận, chưa báo kết quả",
            "with the gateway, which has not said what became of it",
        ),
        ToldState::Delivered => ("đã đến người nhận", "delivered"),
        ToldState::Failed => ("không đến được người nhận", "not delivered"),
    };
    lang.pick(vi, en)
}

fn too_late(due: IsoDate, lang: Lang) -> String {
    let day = words::long_date(due.0, lang);
    match lang {
        Lang::Vi => {
            format!("Ngày hẹn trên giấy muộn hơn thời hạn đã công bố: theo cách tính là {day}.")
        }
        Lang::En => {
            format!("The promise is later than the published time limit, which gives {day}.")
        }
    }
}

/// The fields of the letter, and the form that records the signed one.
pub(super) fn letter(
    desk: &Desk,
    case: &DueCase,
    typed: &LetterRequest,
    error: Option<AppError>,
) -> Response {
    let lang = desk.lang;
    let status = error.as_ref().map_or(StatusCode::OK, AppError::status);
    let unseen: Vec<LetterFlag> = match &error {
        Some(AppError::LetterNeedsConfirmation(flags)) => flags.clone(),
        _ => Vec::new(),
    };
    let title = lang.pick("Văn bản xin lỗi", "Letter of apology");
    let draft = &case.letter;
    let fill = "………………………………………";
    let over = case.finished.is_some();
    let body = html! {
        @if let Some(error) = &error { (alert(error, lang)) }
        section class="letter" {
            h2 lang="vi" { (draft.form) }
            p class="help" { (lang.pick(
                "Bản kê để cơ quan soạn văn bản của mình, không phải văn bản của cơ quan. Chỗ chấm do cơ quan điền.",
                "A list for the agency to write its own letter from; it is not a letter. Dots are for the agency to fill.",
            )) " " (lang.pick("Căn cứ:", "Basis:")) " " (draft.basis.in_lang(lang)) "." }
            dl {
                dt { (lang.pick("Cơ quan ban hành", "Issuing agency")) } dd lang="vi" { (draft.agency) }
                dt { (lang.pick("Kính gửi", "Addressee")) } dd { (fill) }
                dt { (lang.pick("Mã hồ sơ", "Case code")) } dd class="number" { (draft.case_code) }
                dt { (lang.pick("Thủ tục", "Procedure")) } dd lang="vi" { (draft.procedure) }
                @if !draft.field.is_empty() { dt { (lang.pick("Lĩnh vực", "Field")) } dd lang="vi" { (draft.field) } }
                (day(lang.pick("Ngày tiếp nhận", "Received"), draft.received, lang))
                @if over {
                    (day(lang.pick("Ngày hẹn", "Promise"), Some(draft.previous_due), lang))
                    (day(lang.pick("Ngày giải quyết xong", "Finished"), case.finished, lang))
                } @else {
                    (day(lang.pick("Ngày hẹn được thay", "Date to be replaced"), Some(draft.previous_due), lang))
                }
                @if let Some(unit) = &draft.unit { dt { (lang.pick("Đơn vị đang giữ hồ sơ", "Unit holding the case")) } dd lang="vi" { (unit) } }
                dt { (lang.pick("Lý do", "Reason")) } dd { (fill) }
                @if !over { dt { (lang.pick("Ngày hẹn mới", "New date")) } dd { (fill) } }
                dt { (lang.pick("Người ký", "Signer")) } dd { (fill) }
            }
            @if draft.outside_rule { p class="flag" { (words::letter_flag(LetterFlag::SecondPostponement, lang)) } }
            @if let Some(due) = case.promise_later_than { p class="flag" { (too_late(due, lang)) } }
        }
        (told(case, lang))
        h2 { (lang.pick("Ghi văn bản đã ký", "Record the signed letter")) }
        form method="post" action="/officer/letters" {
            (desk.hidden())
            input type="hidden" name="case_code" value=(case.case_code);
            input type="hidden" name="record" value="1";
            (field("number", lang.pick("Số văn bản", "Number"), &typed.number, MAX_LETTER_NAME))
            p {
                label for="reason" { (lang.pick("Lý do, đúng như trong văn bản", "Reason, as in the letter")) }
                textarea id="reason" name="reason" rows="4" required maxlength=(MAX_LETTER_REASON) { (typed.reason) }
            }
            (date("issued", lang.pick("Ngày ban hành", "Day of issue"), &typed.issued, true))
            @if over {
                (date("revised_due", lang.pick("Ngày hẹn mới, nếu văn bản ban hành trước khi hồ sơ xong", "New date, where the letter was issued before the case was finished"), &typed.revised_due, false))
            } @else {
                (date("revised_due", lang.pick("Ngày hẹn mới", "New date"), &typed.revised_due, true))
            }
            (field("signer", lang.pick("Người ký và chức vụ", "Signer and office"), &typed.signer, MAX_LETTER_NAME))
            p {
                label for="evidence" { (lang.pick("Mã SHA-256 của tệp đã ký, hoặc chữ ký số", "SHA-256 of the signed file, or the digital signature")) }
                textarea id="evidence" name="evidence" rows="2" required maxlength=(MAX_EVIDENCE) aria-describedby="evidence-help" spellcheck="false" { (typed.evidence) }
                span id="evidence-help" class="help" { (lang.pick(
                    "Để sau này chứng minh được văn bản không bị sửa. Tệp không gửi lên đây. Trên Windows, mã hiện ra khi gõ: certutil -hashfile TÊN-TỆP SHA256",
                    "So that it can be shown later that the letter was not changed. The file itself is not sent. On Windows this prints it: certutil -hashfile FILE SHA256",
                )) }
            }
            @if !unseen.is_empty() {
                @let names = unseen.iter().map(|flag| flag.name()).collect::<Vec<_>>().join(" ");
                p { label class="choice" {
                    input type="checkbox" name="confirmed" value=(names) required;
                    " " (lang.pick("Văn bản đã ký đúng như vậy, vẫn ghi.", "The signed letter says so; record it all the same."))
                } }
            }
            p { button { (lang.pick("Ghi văn bản", "Record the letter")) } }
        }
    };
    desk.page(status, title, &body)
}

fn alert(error: &AppError, lang: Lang) -> Markup {
    html! {
        div class="alert" role="alert" {
            h2 { (lang.pick("Chưa ghi được", "Not recorded")) }
            p { (error.problem().message.in_lang(lang)) }
        }
    }
}

fn field(name: &str, label: &str, value: &str, most: usize) -> Markup {
    html! { p {
        label for=(name) { (label) }
        input id=(name) name=(name) value=(value) required maxlength=(most) autocomplete="off";
    } }
}

fn date(name: &str, label: &str, value: &str, required: bool) -> Markup {
    html! { p {
        label for=(name) { (label) }
        input id=(name) name=(name) type="date" value=(value) required[required];
    } }
}

/// A day as it is typed where the browser has no field of its own for days, such as `21/10/2026`; anything else stays.
pub(super) fn day_typed(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split('/').collect();
    match *parts {
        [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    }
}

/// What the holder sees from now on.
pub(super) fn recorded(desk: &Desk, code: &str, recorded: &LetterRecorded) -> Response {
    let lang = desk.lang;
    let title = if recorded.repeated {
        lang.pick(
            "Văn bản này đã được ghi từ trước",
            "This letter had been recorded before",
        )
    } else {
        lang.pick("Đã ghi văn bản", "The letter is recorded")
    };
    let letter = &recorded.letter;
    let body = html! {
        p { (lang.pick("Người có hồ sơ thấy ngay văn bản này.", "The holder of the case sees it at once.")) }
        dl {
            dt { (lang.pick("Mã hồ sơ", "Case code")) } dd class="number" { (code) }
            dt { (lang.pick("Số văn bản", "Number")) } dd { (letter.number.as_deref().unwrap_or_default()) }
            @if let Some(due) = letter.revised_due {
                dt { (lang.pick("Ngày hẹn mới", "New date")) }
                dd { time datetime=(iso_date(due.0)) { (words::long_date(due.0, lang)) } }
            }
        }
        @for flag in recorded.flags.iter().filter_map(Open::known) { p class="flag" { (words::letter_flag(flag, lang)) } }
    };
    let status = if recorded.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    desk.page(status, title, &body)
}
