//! The texts of the screens: Vietnamese in the module, every other language as data.
//!
//! `vi.rs` names each text once. A language pack (`public/lang/<tag>.json`, docs/LANGUAGES.md) has the same names; the
//! build puts its texts into the order of `vi.rs`. It is fetched by `embed.js` when it is asked for, and read here by
//! place; what it lacks stays Vietnamese.
//! Words of the field come from `dung_hen_domain::words`; what the server words comes with its answer.

mod vi;

use chrono::{Datelike, NaiveDate};
use dung_hen_domain::civil::push_padded;
use dung_hen_domain::wire::{DueCause, EventKind, TodoKind};

pub(crate) use vi::Strings;

/// Names the texts and gives the Vietnamese ones.
macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident = $vi:literal;)+) => {
        /// The texts in Vietnamese, each on a line of its own: a table of them would be larger than they are.
        const VI: &str = concat!($($vi, "\n"),+);

        /// The names in the same order, by which a language pack is checked.
        #[cfg(test)]
        pub(super) const NAMES: &[&str] = &[$(stringify!($name)),+];

        #[expect(non_camel_case_types, reason = "the names of the texts")]
        enum At { $($name),+, End }

        /// Every text of one language.
        pub(crate) struct Strings(pub(super) [&'static str; At::End as usize]);

        impl Strings {
            $($(#[$doc])* pub(crate) const fn $name(&self) -> &'static str {
                self.0[At::$name as usize]
            })+

            /// A language pack: each text by its place, Vietnamese where it is missing.
            pub(crate) fn read(word: &dyn Fn(u32) -> Option<String>) -> Self {
                let mut texts = [""; At::End as usize];
                for ((text, vi), at) in texts.iter_mut().zip(VI.split('\n')).zip(0..) {
                    *text = word(at).map_or(vi, |text| &*text.leak());
                }
                Self(texts)
            }
        }
    };
}
use strings;

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
    push_padded(&mut out, value, 1);
    out
}

/// An entry of a list, counted from zero; nothing past its end.
pub(crate) fn entry(list: &'static str, at: u32) -> &'static str {
    list.split('|').nth(at as usize).unwrap_or_default()
}

impl Strings {
    /// A date with its weekday, in words that can be read out.
    #[inline(never)]
    pub(crate) fn long_date(&self, date: NaiveDate) -> String {
        self.date(self.date_long(), date)
    }

    /// A date without its weekday.
    pub(crate) fn short_date(&self, date: NaiveDate) -> String {
        self.date(self.date_short(), date)
    }

    fn date(&self, template: &str, date: NaiveDate) -> String {
        let mut out = String::with_capacity(40);
        for piece in template.split(['{', '}']) {
            match piece {
                "w" => out.push_str(entry(
                    self.weekdays(),
                    date.weekday().num_days_from_monday(),
                )),
                "d" => push_padded(&mut out, date.day(), 1),
                "m" => out.push_str(entry(self.months(), date.month0())),
                "y" => push_padded(&mut out, date.year().unsigned_abs(), 4),
                text => out.push_str(text),
            }
        }
        out
    }

    /// What happened; a kind of a newer server is an update.
    pub(crate) fn event(&self, kind: Option<EventKind>) -> &'static str {
        match kind {
            Some(EventKind::Received) => self.ev_received(),
            Some(EventKind::Handled) => self.ev_handled(),
            Some(EventKind::SupplementRequested) => self.ev_supplement_requested(),
            Some(EventKind::SupplementReceived) => self.ev_supplement_received(),
            Some(EventKind::ApologyIssued) => self.ev_apology(),
            Some(EventKind::Finished) => self.ev_finished(),
            Some(EventKind::Returned) => self.ev_returned(),
            Some(EventKind::WentBack) => self.ev_went_back(),
            None => self.ev_other(),
        }
    }

    /// What the applicant must do.
    pub(crate) fn todo_kind(&self, kind: Option<TodoKind>) -> &'static str {
        match kind {
            Some(TodoKind::Supplement) => self.todo_supplement(),
            Some(TodoKind::Pay) => self.todo_pay(),
            Some(TodoKind::Collect) => self.todo_collect(),
            None => self.todo_other(),
        }
    }

    /// Why a promise changed; a cause of a newer server is not told.
    pub(crate) fn due_cause(&self, cause: Option<DueCause>) -> &'static str {
        match cause {
            Some(DueCause::Receipt) => self.due_receipt(),
            Some(DueCause::Supplement) => self.due_supplement(),
            Some(DueCause::Apology) => self.due_apology(),
            Some(DueCause::Unexplained) => self.due_unexplained(),
            None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use dung_hen_domain::case::WireName;
    use dung_hen_domain::objection::ObjectionKind;
    use dung_hen_domain::wire::MAX_OBJECTION_TEXT;
    use dung_hen_domain::words::{self, Lang};

    use super::*;

    fn english() -> serde_json::Value {
        serde_json::from_str(include_str!("../../public/lang/en.json")).unwrap()
    }

    fn vietnamese() -> Strings {
        Strings::read(&|_| None)
    }

    fn name(at: u32) -> &'static str {
        vi::NAMES[at as usize]
    }

    #[test]
    fn the_english_pack_has_every_text_with_the_same_places_and_no_other() {
        let english = english();
        let texts = english["element"].as_object().unwrap();
        for (name, vi) in vi::NAMES.iter().zip(vietnamese().0) {
            let en = texts.get(*name).and_then(|text| text.as_str());
            let en = en.unwrap_or_else(|| panic!("{name} is missing in en.json"));
            assert_eq!(vi.matches("{}").count(), en.matches("{}").count(), "{name}");
            assert_eq!(vi.matches('|').count(), en.matches('|').count(), "{name}");
        }
        assert_eq!(texts.len(), vi::NAMES.len());
    }

    /// The form of a report (`public/parts/object.js`) and the pages of the server use the same words.
    #[test]
    fn kinds_of_reports_have_the_same_names_everywhere() {
        let form = include_str!("../../public/parts/object.js");
        let english = english();
        for kind in ObjectionKind::ALL {
            // Beneath an unknown code there is nothing to choose.
            if *kind == ObjectionKind::UnknownCode {
                continue;
            }
            let vi = format!(
                "\n  {}: '{}',\n",
                kind.name(),
                words::objection(*kind, Lang::Vi)
            );
            assert!(form.contains(&vi), "{vi}");
            assert_eq!(
                english["object"][kind.name()],
                words::objection(*kind, Lang::En)
            );
            let confidential = form
                .lines()
                .any(|line| line.starts_with("const CONFIDENTIAL") && line.contains(kind.name()));
            assert_eq!(confidential, kind.is_confidential(), "{}", kind.name());
        }
        assert!(form.contains(&format!("const MOST = {MAX_OBJECTION_TEXT}\n")));
    }

    #[test]
    fn a_pack_that_lacks_a_text_shows_the_vietnamese_one() {
        let half = Strings::read(&|at| (name(at) == "again").then(|| "Encore".to_owned()));
        assert_eq!((half.again(), half.print()), ("Encore", "In văn bản này"));
    }

    #[test]
    fn dates_are_words_that_can_be_read_out() {
        let english = english();
        let en = Strings::read(&|at| Some(english["element"][name(at)].as_str()?.to_owned()));
        let date = NaiveDate::from_ymd_opt(2026, 9, 2).unwrap();
        for (t, long, short) in [
            (
                &vietnamese(),
                "Thứ Tư, ngày 2 tháng 9 năm 2026",
                "2 tháng 9 năm 2026",
            ),
            (&en, "Wednesday, 2 September 2026", "2 September 2026"),
        ] {
            assert_eq!(
                (t.long_date(date).as_str(), t.short_date(date).as_str()),
                (long, short)
            );
        }
    }

    #[test]
    fn values_fill_the_places_in_order_and_never_too_many() {
        for (template, values, filled) in [
            ("Bước {} trên {}", &["3", "5"][..], "Bước 3 trên 5"),
            ("{} phút", &[], " phút"),
            ("không", &["1"], "không"),
        ] {
            assert_eq!(fill(template, values), filled);
        }
        assert_eq!((number(0).as_str(), number(120).as_str()), ("0", "120"));
        assert_eq!((entry("a|b", 1), entry("a|b", 2)), ("b", ""));
    }
}
