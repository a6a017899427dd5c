//! Readers of the wire types. A field that is missing fails the whole, as in the derived readers,
//! except that a missing list is empty and a missing yes-or-no is no.

use dung_hen_domain::case::WireName;
use dung_hen_domain::civil::{IsoDate, IsoMoment, parse_date, parse_moment};
use dung_hen_domain::wire::{
    Agency, ApologyLetter, ApologyView, Ballot, BallotLabel, Basis, Clocks, ComputedMove, Dates,
    DeadlineDay, DeadlineView, DueChange, Fee, HolderView, Link, NotComputed, Notice,
    ObjectionReceipt, Open, PossibleDate, Problem, Procedure, PublicDates, PublicView,
    RatingReceipt, Text, TimelineEvent, Todo, WaitClock, WaitSpan,
};

use super::json::Json;

/// What can be read.
pub(super) trait Read: Sized {
    /// Reads it; `None` where it has another form.
    fn read(json: &impl Json) -> Option<Self>;
}

impl Read for String {
    fn read(json: &impl Json) -> Option<Self> {
        json.text()
    }
}

impl Read for u32 {
    fn read(json: &impl Json) -> Option<Self> {
        json.number()
    }
}

impl Read for u16 {
    fn read(json: &impl Json) -> Option<Self> {
        json.number()?.try_into().ok()
    }
}

impl Read for u8 {
    fn read(json: &impl Json) -> Option<Self> {
        json.number()?.try_into().ok()
    }
}

impl Read for bool {
    fn read(json: &impl Json) -> Option<Self> {
        if json.is_nothing() {
            return Some(false);
        }
        json.flag()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &impl Json) -> Option<Self> {
        if json.is_nothing() {
            return Some(None);
        }
        T::read(json).map(Some)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &impl Json) -> Option<Self> {
        if json.is_nothing() {
            return Some(Self::new());
        }
        json.list()?.iter().map(T::read).collect()
    }
}

impl Read for IsoDate {
    fn read(json: &impl Json) -> Option<Self> {
        parse_date(&json.text()?).map(Self)
    }
}

impl Read for IsoMoment {
    fn read(json: &impl Json) -> Option<Self> {
        parse_moment(&json.text()?).map(Self)
    }
}

impl<T: WireName> Read for Open<T> {
    fn read(json: &impl Json) -> Option<Self> {
        let name = json.text()?;
        Some(T::from_name(&name).map_or(Self::Unknown(name), Self::Known))
    }
}

/// A reader for a structure: each field by its own name.
macro_rules! read {
    ($($name:ident { $($field:ident),+ })+) => { $(
        impl Read for $name {
            #[inline(never)]
            fn read(json: &impl Json) -> Option<Self> {
                Some(Self { $($field: Read::read(&json.field(stringify!($field)))?),+ })
            }
        }
    )+ };
}

read! {
    Text { vi, en }
    PublicView { case_code, as_of, status, status_text, step, steps, dates, national_portal }
    PublicDates { received, promise, timeliness, timeliness_text }
    Procedure { code, name, field, limit_as_published, source_url }
    Agency { code, name, level, contact }
    Todo { kind, note, since, fees }
    Fee { name, amount }
    Dates { received, first_promise, promise, current, finished, returned, history }
    DueChange { due, recorded, cause, by, reason }
    TimelineEvent { at, kind, unit, officer, note }
    Link { name, url }
    DeadlineView {
        limit, starts, restarted, due, due_time, unsettled_from, possible, assuming, because, sentence, caution,
        agrees, later, days, basis, moved
    }
    PossibleDate { due, due_time, condition }
    ComputedMove { at, from, to, why }
    NotComputed { reason, text }
    Clocks { agency, applicant }
    WaitClock { working_days, spans }
    WaitSpan { from, to, working_days }
    DeadlineDay { date, mark, number, minutes, note }
    ApologyView { state, state_text, postponement, new_date_missed, letters, notice }
    ApologyLetter {
        sequence, agency, number, issued, reason, previous_due, revised_due, signer, outside_rule, incomplete
    }
    Notice { number, title, adopted_by, paragraphs, disclaimer }
    Ballot { label, number, signature }
    BallotLabel { agency, month }
    RatingReceipt { receipt, repeated }
    ObjectionReceipt { reference }
}

impl Read for Basis {
    fn read(json: &impl Json) -> Option<Self> {
        Some(Self {
            // The text's fields lie beside the mark.
            text: Read::read(json)?,
            mark: Read::read(&json.field("mark"))?,
        })
    }
}

impl Read for HolderView {
    fn read(json: &impl Json) -> Option<Self> {
        macro_rules! field {
            ($($field:ident),+) => {
                Some(Self {
                    // The fields of the public view lie among those of the holder.
                    public: Read::read(json)?,
                    $($field: Read::read(&json.field(stringify!($field)))?),+
                })
            };
        }
        field! {
            procedure, agency, channel, todo, dates_held, timeliness, timeliness_text, timeline,
            deadline, not_computed, clocks, doubts, apology, results, return_by_post, return_note, rating, objections
        }
    }
}

impl Read for Problem {
    fn read(json: &impl Json) -> Option<Self> {
        Some(Self {
            // Not shown: `code` tells the kinds apart, `message` is the sentence.
            kind: "about:blank".into(),
            title: String::new(),
            status: Read::read(&json.field("status"))?,
            code: Read::read(&json.field("code"))?,
            message: Read::read(&json.field("message"))?,
            retry_after_s: Read::read(&json.field("retry_after_s"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    impl Json for Value {
        fn field(&self, key: &str) -> Self {
            self.get(key).cloned().unwrap_or(Self::Null)
        }
        fn is_nothing(&self) -> bool {
            self.is_null()
        }
        fn text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }
        fn number(&self) -> Option<u32> {
            self.as_u64()?.try_into().ok()
        }
        fn flag(&self) -> Option<bool> {
            self.as_bool()
        }
        fn list(&self) -> Option<Vec<Self>> {
            self.as_array().cloned()
        }
    }

    pub(crate) fn full() -> Value {
        let text = json!({ "vi": "chữ", "en": "word" });
        json!({
            "access": "holder", "case_code": "H98.101-1", "as_of": "2026-11-20T08:30:00+07:00",
            "status": "processing", "status_text": text, "step": 3, "steps": 5,
            "dates": { "received": "2026-11-01", "promise": "2026-11-09", "timeliness": "late", "timeliness_text": text },
            "national_portal": "https://example.vn/1",
            "procedure": { "code": "1.0", "name": "Khai sinh", "field": "Hộ tịch", "limit_as_published": "5 ngày", "source_url": "https://example.vn" },
            "agency": { "code": "A", "name": "UBND", "level": "commune", "contact": "1022" },
            "channel": "online",
            "todo": [{ "kind": "pay", "note": "nộp", "since": "2026-11-02", "fees": [{ "name": "Phí", "amount": "15000" }] }, { "kind": "dance" }],
            "dates_held": {
                "received": "2026-11-01T09:00:00+07:00", "first_promise": "2026-11-08", "promise": "2026-11-09", "current": "2026-11-12",
                "finished": "2026-11-10", "returned": "2026-11-11",
                "history": [{ "due": "2026-11-09", "recorded": "2026-11-01T09:00:00+07:00", "cause": "receipt", "by": "Bà B", "reason": "vì" },
                    { "due": "2026-11-12", "recorded": "2026-11-05T09:00:00+07:00", "cause": "unexplained" }]
            },
            "timeliness": "overdue", "timeliness_text": text,
            "timeline": [{ "at": "2026-11-01T09:00:00+07:00", "kind": "received", "unit": "Một cửa", "officer": "Lan", "note": "đủ" }],
            "deadline": {
                "limit": text, "starts": "2026-11-01", "restarted": true, "due": "2026-11-09", "due_time": "09:00", "unsettled_from": null,
                "sentence": text, "agrees": false, "later": true, "caution": text, "assuming": text, "because": [text],
                "basis": [{ "vi": "chữ", "en": "word", "mark": "verified" }],
                "possible": [{ "due": "2026-11-09", "due_time": "09:00", "condition": text }],
                "moved": [{ "at": "2026-11-01T09:00:00+07:00", "from": "2026-11-08", "to": null, "why": text }],
                "days": [{ "date": "2026-11-02", "mark": "working", "number": 1, "minutes": 90, "note": text }, { "date": "2026-11-03", "mark": "eclipse" }]
            },
            "apology": {
                "state": "missing", "state_text": text, "postponement": "within_rule", "new_date_missed": true,
                "letters": [{ "sequence": 2, "agency": "Sở", "number": "1/TB", "issued": "2026-11-08", "reason": "vì", "previous_due": "2026-11-09",
                    "revised_due": "2026-11-12", "signer": "Ông A", "outside_rule": true, "incomplete": text }],
                "notice": { "number": "TB-1", "title": text, "adopted_by": text, "paragraphs": [text, text], "disclaimer": text }
            },
            "results": [{ "name": "Giấy", "url": "https://example.vn/2" }, { "name": "Khác", "url": null }],
            "return_by_post": true, "return_note": "EE1", "rating": "open", "objections": ["date_moved", "too_fast"],
            "not_computed": { "reason": "no_limit", "text": text }, "doubts": [text],
            "clocks": {
                "agency": { "working_days": 3, "spans": [{ "from": "2026-11-01", "to": "2026-11-04", "working_days": 3 }] },
                "applicant": { "working_days": null, "spans": [{ "from": null, "to": null, "working_days": null }] }
            },
            "new_field": { "deep": [1, 2, 3] }
        })
    }

    fn same<T: Read + DeserializeOwned + PartialEq + std::fmt::Debug>(json: Value) {
        let derived = serde_json::from_value::<T>(json.clone()).ok();
        assert_eq!(T::read(&json), derived, "{json}");
    }

    #[test]
    fn the_readers_agree_with_the_derived_ones() {
        same::<HolderView>(full());
        same::<PublicView>(full());
        same::<Ballot>(
            json!({ "label": { "agency": "A", "month": "2026-10" }, "number": "n", "signature": "s" }),
        );
        same::<RatingReceipt>(json!({ "receipt": "1", "repeated": true }));
        same::<ObjectionReceipt>(json!({ "reference": "PA-1" }));
        same::<Problem>(
            json!({ "type": "about:blank", "status": 429, "code": "x", "message": { "vi": "a", "en": "b" }, "retry_after_s": 3 }),
        );
        for nonsense in [json!([]), json!({ "code": 7 }), json!(null), json!("x")] {
            same::<HolderView>(nonsense.clone());
            same::<Problem>(nonsense);
        }
    }

    /// Takes every single value away, then makes it null, then a number no field has room for.
    #[test]
    fn a_field_that_is_missing_or_of_another_kind_is_no_answer_or_nothing_but_never_a_guess() {
        fn damaged(json: &Value, out: &mut Vec<(String, Value)>, path: &str) {
            let Value::Object(fields) = json else { return };
            for (key, value) in fields {
                let path = [path, "/", key].concat();
                for bad in [None, Some(Value::Null), Some(json!(-1.5))] {
                    let mut copy = fields.clone();
                    match &bad {
                        Some(bad) => copy.insert(key.clone(), bad.clone()),
                        None => copy.remove(key),
                    };
                    out.push((path.clone(), Value::Object(copy)));
                }
                let mut inner = Vec::new();
                damaged(value, &mut inner, &path);
                for (path, value) in inner {
                    let mut copy = fields.clone();
                    copy.insert(key.clone(), value);
                    out.push((path, Value::Object(copy)));
                }
            }
        }
        let mut all = Vec::new();
        damaged(&full(), &mut all, "");
        assert!(all.len() > 150, "{}", all.len());
        for (path, json) in all {
            let derived = serde_json::from_value::<HolderView>(json.clone()).ok();
            // Missing lists and flags are the one thing read more kindly.
            if derived.is_some() {
                assert_eq!(HolderView::read(&json), derived, "{path}");
            } else if let Some(view) = HolderView::read(&json) {
                let lenient = view.todo.is_empty()
                    || view.timeline.is_empty()
                    || view.objections.is_empty()
                    || view.dates_held.history.is_empty()
                    || view.apology.letters.is_empty()
                    || view.deadline.is_some_and(|d| {
                        d.days.is_empty()
                            || d.basis.is_empty()
                            || d.possible.is_empty()
                            || d.because.is_empty()
                            || d.moved.is_empty()
                            || !d.restarted
                            || !d.later
                    })
                    || view.doubts.is_empty()
                    || !view.apology.new_date_missed
                    || view.clocks.is_some_and(|clocks| {
                        clocks.agency.spans.is_empty() || clocks.applicant.spans.is_empty()
                    })
                    || view.apology.notice.is_some_and(|n| n.paragraphs.is_empty())
                    || view.results.is_empty()
                    || !view.return_by_post;
                assert!(lenient, "{path}");
            }
        }
    }
}
