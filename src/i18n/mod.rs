//! The texts of the screens, one structure per language: a missing text does not compile.
//!
//! Words of the field (states, levels, dates) are `dung_hen_domain::words`; what the server words
//! comes in both languages with its answer.

mod en;
mod vi;

use dung_hen_domain::wire::{DayMark, DueCause, EventKind, TodoKind};
use dung_hen_domain::words::Lang;

/// Every text of one language. `{}` stands for what the doc comment names.
pub(crate) struct Strings {
    /// Progress of the look-up.
    pub(crate) looking: &'static str,
    /// Label.
    pub(crate) case_code: &'static str,
    /// Heading of the facts that do not change.
    pub(crate) about: &'static str,
    /// Label.
    pub(crate) procedure: &'static str,
    /// Label.
    pub(crate) agency: &'static str,
    /// Label.
    pub(crate) contact: &'static str,
    /// Label: how the case was filed.
    pub(crate) filed: &'static str,
    /// Label.
    pub(crate) received: &'static str,
    /// Label.
    pub(crate) finished: &'static str,
    /// Label.
    pub(crate) returned: &'static str,
    /// Before the moment the data are of.
    pub(crate) as_of: &'static str,
    /// Heading of the steps.
    pub(crate) progress: &'static str,
    /// Read out at a step behind us.
    pub(crate) step_done: &'static str,
    /// Read out at the current step.
    pub(crate) step_now: &'static str,
    /// Read out at a step ahead.
    pub(crate) step_next: &'static str,
    /// Where the case left the path.
    pub(crate) left_path: &'static str,
    /// Step {} of {}.
    pub(crate) step_of: &'static str,
    /// Public view: how to see everything.
    pub(crate) see_all: &'static str,
    /// Button: moves the focus to the proof field.
    pub(crate) enter_proof: &'static str,
    /// Link to the national portal.
    pub(crate) national: &'static str,
    /// Read out after a link that opens a new window.
    pub(crate) new_window: &'static str,
    /// Heading.
    pub(crate) todo: &'static str,
    /// To do.
    pub(crate) todo_supplement: &'static str,
    /// To do.
    pub(crate) todo_pay: &'static str,
    /// To do.
    pub(crate) todo_collect: &'static str,
    /// To do of an unknown kind.
    pub(crate) todo_other: &'static str,
    /// Before the day since when.
    pub(crate) since: &'static str,
    /// Caption of the amounts.
    pub(crate) fees: &'static str,
    /// Column.
    pub(crate) fee_name: &'static str,
    /// Column.
    pub(crate) fee_amount: &'static str,
    /// Heading.
    pub(crate) promise: &'static str,
    /// No promise is known.
    pub(crate) no_promise: &'static str,
    /// Label: the date on the receipt.
    pub(crate) first_promise: &'static str,
    /// Label: the date named now.
    pub(crate) current_promise: &'static str,
    /// Heading.
    pub(crate) promise_history: &'static str,
    /// Why a promise changed.
    pub(crate) due_receipt: &'static str,
    /// Why a promise changed.
    pub(crate) due_supplement: &'static str,
    /// Why a promise changed.
    pub(crate) due_apology: &'static str,
    /// Why a promise changed.
    pub(crate) due_unexplained: &'static str,
    /// Heading above a letter.
    pub(crate) letter: &'static str,
    /// Heading above a later letter; {}: which one.
    pub(crate) letter_again: &'static str,
    /// Label.
    pub(crate) letter_number: &'static str,
    /// Label.
    pub(crate) letter_issued: &'static str,
    /// Label.
    pub(crate) letter_reason: &'static str,
    /// Label.
    pub(crate) letter_previous: &'static str,
    /// Label.
    pub(crate) letter_revised: &'static str,
    /// Label.
    pub(crate) letter_signer: &'static str,
    /// Mark on a second postponement.
    pub(crate) outside_rule: &'static str,
    /// Overline of our notice.
    pub(crate) notice_kind: &'static str,
    /// Label: the body in whose name.
    pub(crate) adopted_by: &'static str,
    /// Button.
    pub(crate) print: &'static str,
    /// Heading.
    pub(crate) timeline: &'static str,
    /// Event.
    pub(crate) ev_received: &'static str,
    /// Event.
    pub(crate) ev_handled: &'static str,
    /// Event.
    pub(crate) ev_supplement_requested: &'static str,
    /// Event.
    pub(crate) ev_supplement_received: &'static str,
    /// Event.
    pub(crate) ev_apology: &'static str,
    /// Event.
    pub(crate) ev_finished: &'static str,
    /// Event.
    pub(crate) ev_returned: &'static str,
    /// Event of an unknown kind.
    pub(crate) ev_other: &'static str,
    /// Before the officer's name.
    pub(crate) officer: &'static str,
    /// Heading.
    pub(crate) deadline: &'static str,
    /// Label: the time limit.
    pub(crate) limit: &'static str,
    /// Label: start of the period.
    pub(crate) starts: &'static str,
    /// Label: start of a restarted period.
    pub(crate) starts_again: &'static str,
    /// Label: the computed date.
    pub(crate) computed: &'static str,
    /// Label: the limit as published.
    pub(crate) published_limit: &'static str,
    /// Heading of the law list.
    pub(crate) basis: &'static str,
    /// The computed date differs from the promise.
    pub(crate) differs: &'static str,
    /// The computed date equals the promise.
    pub(crate) agrees: &'static str,
    /// Summary of the day table.
    pub(crate) day_by_day: &'static str,
    /// Column.
    pub(crate) col_day: &'static str,
    /// Column.
    pub(crate) col_count: &'static str,
    /// Column.
    pub(crate) col_reason: &'static str,
    /// In the count column.
    pub(crate) not_counted: &'static str,
    /// {}: number of the day.
    pub(crate) nth: &'static str,
    /// Working time of a day.
    pub(crate) hours_minutes: &'static str,
    /// Working time of a day in whole hours.
    pub(crate) hours: &'static str,
    /// Reason.
    pub(crate) day_start: &'static str,
    /// Reason.
    pub(crate) day_working: &'static str,
    /// Reason.
    pub(crate) day_swapped_working: &'static str,
    /// Reason.
    pub(crate) day_counted_off: &'static str,
    /// Reason.
    pub(crate) day_weekend: &'static str,
    /// Reason.
    pub(crate) day_holiday: &'static str,
    /// Reason.
    pub(crate) day_in_lieu: &'static str,
    /// Reason.
    pub(crate) day_swapped_off: &'static str,
    /// Reason.
    pub(crate) day_not_counted: &'static str,
    /// Reason.
    pub(crate) day_rolled: &'static str,
    /// Heading.
    pub(crate) results: &'static str,
    /// The result travels by post.
    pub(crate) by_post: &'static str,
    /// The result waits at the counter.
    pub(crate) at_counter: &'static str,
    /// A result without an address.
    pub(crate) result_no_link: &'static str,
    /// Heading.
    pub(crate) rate: &'static str,
    /// The first question.
    pub(crate) rate_question: &'static str,
    /// Summary of the factors.
    pub(crate) rate_more: &'static str,
    /// What happens with the answer.
    pub(crate) rate_private: &'static str,
    /// Sent without an answer.
    pub(crate) rate_missing: &'static str,
    /// Heading after a rating.
    pub(crate) rate_thanks: &'static str,
    /// Label.
    pub(crate) rate_receipt: &'static str,
    /// The same rating had been stored before.
    pub(crate) rate_repeated: &'static str,
    /// The ballot has been given out.
    pub(crate) rate_given: &'static str,
    /// After a failed attempt.
    pub(crate) rate_kept: &'static str,
    /// Button.
    pub(crate) send: &'static str,
    /// Button while sending.
    pub(crate) sending: &'static str,
    /// Summary of the objection.
    pub(crate) object: &'static str,
    /// Question.
    pub(crate) object_kind: &'static str,
    /// Label.
    pub(crate) object_text: &'static str,
    /// Hint.
    pub(crate) object_hint: &'static str,
    /// Sent without a kind.
    pub(crate) object_missing: &'static str,
    /// Text too long.
    pub(crate) object_too_long: &'static str,
    /// Button.
    pub(crate) object_send: &'static str,
    /// Heading after an objection.
    pub(crate) object_done: &'static str,
    /// Label.
    pub(crate) object_reference: &'static str,
    /// After an objection.
    pub(crate) object_keep: &'static str,
    /// After a failed attempt.
    pub(crate) object_kept: &'static str,
    /// Summary under an unknown code.
    pub(crate) have_receipt: &'static str,
    /// Heading of an error.
    pub(crate) fault: &'static str,
    /// Heading where the case is unknown.
    pub(crate) fault_not_found: &'static str,
    /// Nothing reached the server.
    pub(crate) offline: &'static str,
    /// The server did not answer in time.
    pub(crate) timeout: &'static str,
    /// An answer of no known form.
    pub(crate) nonsense: &'static str,
    /// {}: minutes.
    pub(crate) wait: &'static str,
    /// Button.
    pub(crate) again: &'static str,
}

/// The texts of a language.
pub(crate) fn strings(lang: Lang) -> &'static Strings {
    match lang {
        Lang::Vi => &vi::STRINGS,
        Lang::En => &en::STRINGS,
    }
}

/// Puts `values` in the places marked `{}`, in order.
pub(crate) fn fill(template: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut values = values.iter();
    for letter in template.chars() {
        match letter {
            '{' => out.push_str(values.next().unwrap_or(&"")),
            '}' => {}
            _ => out.push(letter),
        }
    }
    out
}

/// A whole number in digits.
pub(crate) fn number(value: u32) -> String {
    let mut out = String::new();
    dung_hen_domain::civil::push_padded(&mut out, value, 1);
    out
}

impl Strings {
    /// What happened; a kind of a newer server is an update.
    pub(crate) fn event(&self, kind: Option<EventKind>) -> &'static str {
        match kind {
            Some(EventKind::Received) => self.ev_received,
            Some(EventKind::Handled) => self.ev_handled,
            Some(EventKind::SupplementRequested) => self.ev_supplement_requested,
            Some(EventKind::SupplementReceived) => self.ev_supplement_received,
            Some(EventKind::ApologyIssued) => self.ev_apology,
            Some(EventKind::Finished) => self.ev_finished,
            Some(EventKind::Returned) => self.ev_returned,
            None => self.ev_other,
        }
    }

    /// What the applicant must do.
    pub(crate) fn todo_kind(&self, kind: Option<TodoKind>) -> &'static str {
        match kind {
            Some(TodoKind::Supplement) => self.todo_supplement,
            Some(TodoKind::Pay) => self.todo_pay,
            Some(TodoKind::Collect) => self.todo_collect,
            None => self.todo_other,
        }
    }

    /// Why a promise changed; a cause of a newer server is not told.
    pub(crate) fn due_cause(&self, cause: Option<DueCause>) -> &'static str {
        match cause {
            Some(DueCause::Receipt) => self.due_receipt,
            Some(DueCause::Supplement) => self.due_supplement,
            Some(DueCause::Apology) => self.due_apology,
            Some(DueCause::Unexplained) => self.due_unexplained,
            None => "",
        }
    }

    /// What a day is in the proof; a mark of a newer server is left to its note.
    pub(crate) fn day_mark(&self, mark: Option<DayMark>) -> &'static str {
        match mark {
            Some(DayMark::Start) => self.day_start,
            Some(DayMark::Working) => self.day_working,
            Some(DayMark::SwappedWorking) => self.day_swapped_working,
            Some(DayMark::CountedDayOff) => self.day_counted_off,
            Some(DayMark::Weekend) => self.day_weekend,
            Some(DayMark::Holiday) => self.day_holiday,
            Some(DayMark::InLieu) => self.day_in_lieu,
            Some(DayMark::SwappedOff) => self.day_swapped_off,
            Some(DayMark::NotCounted) => self.day_not_counted,
            Some(DayMark::RolledTo) => self.day_rolled,
            None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_the_places_in_order_and_never_too_many() {
        for (template, values, filled) in [
            ("Bước {} trên {}", &["3", "5"][..], "Bước 3 trên 5"),
            ("{} phút", &[], " phút"),
            ("không", &["1"], "không"),
        ] {
            assert_eq!(fill(template, values), filled);
        }
        assert_eq!(number(0), "0");
        assert_eq!(number(120), "120");
    }
}
