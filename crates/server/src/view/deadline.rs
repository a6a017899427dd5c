//! Why the date is the date, in the words of both languages. The computed date is a check;
//! the promise on the receipt rules.

use chrono::{Datelike, NaiveDate};
use dung_hen_domain::civil::{IsoDate, IsoMoment, clock};
use dung_hen_domain::deadline::{Answer, NotComputed, PossibleDue, Reception, compute};
use dung_hen_domain::legal_basis::{LegalBasis, Sureness};
use dung_hen_domain::promise::{Comparison, compare};
use dung_hen_domain::rules::{self, Handed, RuleSet};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use dung_hen_domain::waiting::first_asked_late;
use dung_hen_domain::wire::{Basis, ComputedMove, DeadlineView, DueCause, PossibleDate, Text};
use dung_hen_domain::words;

use crate::catalogue::Coverage;
use crate::reference::Reference;
use crate::store::CaseRecord;

const CIVIL_CODE: &str = "Bộ luật Dân sự 2015";

/// What a deadline is computed from, and the answer.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The limit.
    pub limit: TimeLimit,
    /// Where the period starts.
    pub start: Start,
    /// Whether the source of the limit covers the day of reception.
    pub coverage: Coverage,
    /// The rules of the dossier.
    pub rules: &'static RuleSet,
    /// The answer.
    pub answer: Answer,
}

/// Where a period starts, and why there.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// The moment.
    pub at: chrono::NaiveDateTime,
    /// Where that is written.
    pub basis: LegalBasis,
    /// What kind of start it is.
    pub kind: StartKind,
}

/// What kind of start a period has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartKind {
    /// The reception.
    Reception,
    /// The full dossier came in after a supplement.
    Supplement,
    /// The competent agency received it: as sent.
    Competent,
    /// The same, taken from the first step of that agency.
    CompetentFromStep,
}

/// The deadline of a received case, or why there is none; `None` where none is owed yet.
#[must_use]
pub fn computed(
    record: &CaseRecord,
    reference: &Reference,
) -> Option<Result<Computed, NotComputed>> {
    if !record.status.is_received() {
        return None;
    }
    Some(answer(record, record.received_at?, reference))
}

fn answer(
    record: &CaseRecord,
    received: chrono::NaiveDateTime,
    reference: &Reference,
) -> Result<Computed, NotComputed> {
    let (start, rules) = start(record, received, reference)?;
    let published = reference
        .catalogue
        .get(&record.procedure)
        .ok_or(NotComputed::NoLimit)?;
    let coverage = published.coverage(received.date());
    if coverage == Coverage::Outdated {
        return Err(NotComputed::LimitOfAnotherTime);
    }
    let limit = published.limit(record.channel)?;
    let answer = compute(
        &reference.calendar,
        reference.hours(&record.agency),
        Reception::from(start.at),
        limit,
    )
    .map_err(NotComputed::Counting)?;
    Ok(Computed {
        limit,
        start,
        coverage,
        rules,
        answer,
    })
}

fn start(
    record: &CaseRecord,
    received: chrono::NaiveDateTime,
    reference: &Reference,
) -> Result<(Start, &'static RuleSet), NotComputed> {
    let (competent, from_step) = super::competent::received(record, reference);
    let handed = if record.detail.handed_elsewhere {
        Handed::Elsewhere {
            competent_received: competent,
        }
    } else {
        Handed::ToTheCompetentAgency
    };
    let first = rules::period_start(received, handed);
    let rules = rules::for_reception(received.date())
        .ok_or(NotComputed::NoStart(rules::NoStart::BeforeFirstSet))?;
    let restarted = record
        .history
        .iter()
        .any(|entry| entry.cause == DueCause::Supplement);
    if let Some(at) = record.period_start.filter(|_| restarted) {
        let start = Start {
            at,
            basis: rules.restart.basis,
            kind: StartKind::Supplement,
        };
        return Ok((start, rules));
    }
    let first = first.map_err(NotComputed::NoStart)?;
    let kind = match (handed, from_step) {
        (Handed::ToTheCompetentAgency, _) => StartKind::Reception,
        (Handed::Elsewhere { .. }, false) => StartKind::Competent,
        (Handed::Elsewhere { .. }, true) => StartKind::CompetentFromStep,
    };
    let start = Start {
        at: first.value,
        basis: first.basis,
        kind,
    };
    Ok((start, rules))
}

/// The deadline in words.
pub(super) fn view(
    computed: &Computed,
    record: &CaseRecord,
    reference: &Reference,
) -> DeadlineView {
    let limit = computed.limit;
    let limit_text = Text::both(|lang| limit_words(limit, lang));
    let start = computed.start;
    let (due, due_time, unsettled_from, days) = match &computed.answer {
        Answer::Due(deadline) => (Some(deadline.due), deadline.due_time, None, &deadline.days),
        Answer::Unsettled {
            first_open, days, ..
        } => (None, None, Some(*first_open), days),
    };
    let possible: &[PossibleDue] = match &computed.answer {
        Answer::Unsettled { possible, .. } => possible,
        Answer::Due(_) => &[],
    };
    let covered = computed.coverage == Coverage::Covered;
    let comparison = if covered {
        compare(record.promise, &computed.answer)
    } else {
        Comparison::Unknown
    };
    DeadlineView {
        sentence: sentence(&limit_text, start, due, unsettled_from, possible),
        limit: limit_text,
        starts: IsoDate(start.at.date()),
        restarted: start.kind == StartKind::Supplement,
        due: due.map(IsoDate),
        due_time: due_time.map(clock),
        unsettled_from: unsettled_from.map(IsoDate),
        possible: possible
            .iter()
            .map(|one| PossibleDate {
                due: IsoDate(one.due),
                due_time: one.due_time.map(clock),
                condition: Text::both(|lang| one.condition_words(lang)),
            })
            .collect(),
        assuming: unsettled_from
            .filter(|_| !possible.is_empty())
            .and_then(|open| {
                let vi = reference.calendar.assumption(open, words::Lang::Vi)?;
                let en = reference.calendar.assumption(open, words::Lang::En)?;
                Some(Text { vi, en })
            }),
        because: unsettled_from
            .filter(|_| possible.is_empty())
            .map(|open| because(reference, open))
            .unwrap_or_default(),
        caution: cautions(computed, record, reference),
        agrees: due.and_then(|_| match comparison {
            Comparison::Unknown => None,
            other => Some(other == Comparison::Agrees),
        }),
        later: comparison == Comparison::Later,
        days: days
            .iter()
            .map(|day| super::proof::line(day, limit))
            .collect(),
        basis: basis(computed),
        moved: record
            .moves
            .iter()
            .map(|moved| ComputedMove {
                at: IsoMoment(moved.at),
                from: moved.before.map(IsoDate),
                to: moved.after.map(IsoDate),
                why: Text {
                    vi: moved.why_vi.clone(),
                    en: moved.why_en.clone(),
                },
            })
            .collect(),
    }
}

/// What is not decided in the years from `open` on, one reason each.
#[must_use]
pub fn undecided(
    calendar: &dung_hen_domain::calendar::WorkingCalendar,
    open: NaiveDate,
) -> Vec<Text> {
    let from = open.year();
    let mut all: Vec<Text> = calendar
        .years()
        .iter()
        .filter(|year| year.year >= from)
        .flat_map(|year| &year.open)
        .map(|question| Text::both(|lang| question.note().in_lang(lang)))
        .collect();
    if calendar.years().iter().all(|year| year.year < from) {
        all.push(Text {
            vi: format!("chưa có lịch năm {from}"),
            en: format!("there is no calendar of {from}"),
        });
    }
    all
}

fn because(reference: &Reference, open: NaiveDate) -> Vec<Text> {
    undecided(&reference.calendar, open)
}

/// What is to be known about the count, all of it in one paragraph.
fn cautions(computed: &Computed, record: &CaseRecord, reference: &Reference) -> Option<Text> {
    caution(computed)
        .into_iter()
        .chain(asked_late(computed, record, reference))
        .reduce(|one, next| Text {
            vi: format!("{} {}", one.vi, next.vi),
            en: format!("{} {}", one.en, next.en),
        })
}

/// Papers asked for later than the rules allow. A law of its own may give a procedure more time.
fn asked_late(computed: &Computed, record: &CaseRecord, reference: &Reference) -> Option<Text> {
    let allowed = computed.rules.supplement_days;
    let days = first_asked_late(
        record.received_at?.date(),
        &super::waiting::requests(record),
        allowed.value,
        &reference.calendar,
    )?;
    let (n, basis) = (allowed.value, allowed.basis);
    let read = !matches!(basis.sureness, Sureness::Verified | Sureness::Secondary);
    let reading = if read {
        ("Theo cách hiểu của hệ thống, ", "As this system reads it, ")
    } else {
        ("", "")
    };
    Some(Text {
        vi: format!(
            "Cơ quan yêu cầu bổ sung giấy tờ vào ngày làm việc thứ {days} sau khi tiếp nhận. {}{} là trong {n} ngày làm việc, {}, trừ khi luật riêng của thủ tục này quy định khác.",
            reading.0,
            if read {
                "thời hạn yêu cầu"
            } else {
                "Thời hạn yêu cầu"
            },
            basis.words(words::Lang::Vi)
        ),
        en: format!(
            "The agency asked for papers on working day {days} after the reception. {}{} within {n} working days, {}, unless a law of its own says otherwise of this procedure.",
            reading.1,
            if read {
                "they are to be asked for"
            } else {
                "They are to be asked for"
            },
            basis.words(words::Lang::En)
        ),
    })
}

fn caution(computed: &Computed) -> Option<Text> {
    if computed.start.kind == StartKind::CompetentFromStep {
        return Some(Text {
            vi: "Ngày cơ quan có thẩm quyền nhận hồ sơ không được gửi đến; ở đây lấy bước xử lý đầu tiên của cơ quan đó."
                .to_owned(),
            en: "The day on which the competent agency received the case was not sent; its first recorded step is taken here."
                .to_owned(),
        });
    }
    (computed.coverage == Coverage::PublishedLater).then(|| Text {
        vi: "Thời hạn này được công bố sau ngày tiếp nhận; hệ thống không biết khi đó có cùng thời hạn hay không, nên không so với ngày hẹn."
            .to_owned(),
        en: "This limit was published after the day of reception; whether the same limit stood then is not known, so it is not compared with the promise."
            .to_owned(),
    })
}

/// A limit in words: "5 ngày làm việc", "same day".
#[must_use]
pub fn limit_words(limit: TimeLimit, lang: words::Lang) -> String {
    if limit.unit() == Unit::SameDay {
        return words::unit(limit.unit(), false, lang).to_owned();
    }
    let half = limit.ends_with_half();
    let whole = if half {
        limit.units() - 1
    } else {
        limit.units()
    };
    let fraction = match (half, lang) {
        (false, _) => "",
        (true, words::Lang::Vi) => ",5",
        (true, words::Lang::En) => ".5",
    };
    format!(
        "{whole}{fraction} {}",
        words::unit(limit.unit(), whole == 1 && !half, lang)
    )
}

fn start_words(start: Start) -> Text {
    let Text { vi, en } = match start.kind {
        StartKind::Reception => Text {
            vi: "từ ngày tiếp nhận".to_owned(),
            en: "from the day of reception".to_owned(),
        },
        StartKind::Supplement => Text {
            vi: "từ ngày nhận đủ giấy tờ bổ sung".to_owned(),
            en: "from the day the missing papers came in".to_owned(),
        },
        StartKind::Competent | StartKind::CompetentFromStep => Text {
            vi: "từ ngày cơ quan có thẩm quyền nhận hồ sơ".to_owned(),
            en: "from the day the competent agency received it".to_owned(),
        },
    };
    Text {
        vi: format!(
            "{vi} ({})",
            words::date_in_words(start.at.date(), words::Lang::Vi)
        ),
        en: format!(
            "{en} ({})",
            words::date_in_words(start.at.date(), words::Lang::En)
        ),
    }
}

fn sentence(
    limit: &Text,
    start: Start,
    due: Option<NaiveDate>,
    unsettled: Option<NaiveDate>,
    possible: &[PossibleDue],
) -> Text {
    use words::Lang::{En, Vi};
    let from = start_words(start);
    match (due, unsettled) {
        (Some(due), _) => Text {
            vi: format!(
                "Thời hạn {} tính {}, hết hạn vào {}.",
                limit.vi,
                from.vi,
                words::long_date(due, Vi)
            ),
            en: format!(
                "The limit of {}, counted {}, ends on {}.",
                limit.en,
                from.en,
                words::long_date(due, En)
            ),
        },
        (None, Some(open)) => {
            let (end_vi, end_en) = if possible.is_empty() {
                (
                    "nên chưa thể tính ngày hết hạn",
                    "so the last day cannot be computed yet",
                )
            } else {
                (
                    "nên ngày hết hạn còn tùy quyết định đó",
                    "so the last day depends on that decision",
                )
            };
            Text {
                vi: format!(
                    "Thời hạn {} tính {} kéo qua ngày {}. Lịch nghỉ từ ngày đó chưa có quyết định trong dữ liệu của hệ thống, {end_vi}.",
                    limit.vi,
                    from.vi,
                    words::date_in_words(open, Vi)
                ),
                en: format!(
                    "The limit of {}, counted {}, runs past {}. The days off from then on are not decided in the data of this system, {end_en}.",
                    limit.en,
                    from.en,
                    words::date_in_words(open, En)
                ),
            }
        }
        (None, None) => Text::default(),
    }
}

fn basis(computed: &Computed) -> Vec<Basis> {
    let mut all = vec![computed.start.basis];
    match computed.limit.unit() {
        Unit::WorkingHour => all.push(LegalBasis::verified(CIVIL_CODE, 147, 1)),
        Unit::SameDay => {}
        // The reception is an event: clause 3 says of it what clause 2 says of a first day.
        Unit::WorkingDay => all.extend([
            LegalBasis::verified(CIVIL_CODE, 147, 2),
            LegalBasis::verified(CIVIL_CODE, 147, 3),
        ]),
        Unit::CalendarDay | Unit::Week | Unit::Month | Unit::Year => all.extend([
            LegalBasis::verified(CIVIL_CODE, 147, 2),
            LegalBasis::verified(CIVIL_CODE, 147, 3),
            LegalBasis::verified(CIVIL_CODE, 148, 5),
        ]),
    }
    all.into_iter().map(cited).collect()
}

/// A citation with its mark.
#[must_use]
pub fn cited(basis: LegalBasis) -> Basis {
    Basis {
        text: Text::both(|lang| basis.words(lang)),
        mark: basis.sureness.into(),
    }
}
