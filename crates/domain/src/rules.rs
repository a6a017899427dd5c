//! Rule sets by date of reception. The set is chosen by the dossier's own date, never a
//! constant: a dossier of 2024 stays under the decree of 2018.
//!
//! Each value stands with where it is written and how sure we are of it (docs/LAW.md). A value
//! whose text was not found is the one of the set before it, marked open.

use chrono::{NaiveDate, NaiveDateTime};

use crate::case_code::Grammar;
use crate::legal_basis::LegalBasis;

/// A value with where it is written and how sure we are of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruled<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub basis: LegalBasis,
}

const fn ruled<T>(value: T, basis: LegalBasis) -> Ruled<T> {
    Ruled { value, basis }
}

/// When the period of a dossier starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodStart {
    /// When the full dossier is received, as the receipt shows it.
    Reception,
}

/// When the period starts for a dossier handed in outside the boundary of its agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartElsewhere {
    /// When the competent agency receives it.
    CompetentAgency,
    /// No rule was found: nothing is computed.
    NotFound,
}

/// What a request for supplements does to the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// It starts again from the beginning when the full dossier is in.
    FromTheBeginning,
}

/// The rules that govern a dossier, one set for each day on which something of docs/LAW.md, "Which decree governs a
/// dossier", came into force.
#[derive(Clone, Copy, Debug)]
pub struct RuleSet {
    /// First day of reception under this set: year, month, day.
    pub from: (i32, u32, u32),
    /// The decree on the one-stop mechanism.
    pub one_stop: Ruled<&'static str>,
    /// The circular with the forms.
    pub forms: Ruled<&'static str>,
    /// Start of the period.
    pub period_start: Ruled<PeriodStart>,
    /// Start of the period for reception outside the boundary.
    pub start_elsewhere: Ruled<StartElsewhere>,
    /// What happens to the period after a supplement.
    pub restart: Ruled<Restart>,
    /// Working days from reception within which supplements may be asked for.
    pub supplement_days: Ruled<u32>,
    /// The duty to apologise.
    pub apology: LegalBasis,
    /// The official name of the letter.
    pub apology_form: Ruled<LetterForm>,
    /// Days before the due day by which the letter must be out. The text of 2018 says "01 day" without
    /// saying which; the safe reading is the last working day before.
    pub apology_lead_days: Ruled<u32>,
    /// Postponements allowed.
    pub postponements: Ruled<u32>,
    /// Grammars of the case code.
    pub case_code: Ruled<&'static [Grammar]>,
    /// What the service is measured by.
    pub indicators: Ruled<&'static [&'static str]>,
    /// The decree on online services.
    pub online: Ruled<&'static str>,
}

/// The form of the letter of apology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterForm {
    /// TT 01/2018/TT-VPCP, Mẫu 04.
    Circular2018,
    /// TT 03/2025/TT-VPCP, Mẫu 04; it stands until the forms of the Ministry of Justice are known.
    Circular2025,
}

impl LetterForm {
    /// The official name.
    #[must_use]
    pub const fn name_vi(self) -> &'static str {
        match self {
            Self::Circular2018 => {
                "Phiếu xin lỗi và hẹn lại ngày trả kết quả (Mẫu 04, TT 01/2018/TT-VPCP)"
            }
            Self::Circular2025 => {
                "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (Mẫu 04, TT 03/2025/TT-VPCP)"
            }
        }
    }
}

const ND61: &str = "NĐ 61/2018/NĐ-CP";
const ND107: &str = "NĐ 61/2018/NĐ-CP (sửa đổi bởi NĐ 107/2021/NĐ-CP)";
const ND118: &str = "NĐ 118/2025/NĐ-CP";
const ND367: &str = "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 367/2025/NĐ-CP)";
const ND309: &str = "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)";
const TT01: &str = "TT 01/2018/TT-VPCP";
const TT03: &str = "TT 03/2025/TT-VPCP";
const TT09: &str = "TT 09/2026/TT-BTP";
const QD20: &str = "QĐ 20/2020/QĐ-TTg";
const QD766: &str = "QĐ 766/QĐ-TTg";
const ND42: &str = "NĐ 42/2022/NĐ-CP";
const ND224: &str = "NĐ 224/2026/NĐ-CP";

// Each set begins with the decree, circular or decision that is new in it; what came before a day of its own is not cited.
const SINCE_2018: RuleSet = RuleSet {
    from: (2018, 6, 21),
    one_stop: ruled(ND61, LegalBasis::verified(ND61, 0, 0)),
    // The circular is in force from 6 January 2019; what stood before it was not found.
    forms: ruled(TT01, LegalBasis::open(TT01)),
    // The receipt is in clause 1; that the period starts with it is our reading.
    period_start: ruled(PeriodStart::Reception, LegalBasis::reading(ND61, 17, 1)),
    start_elsewhere: ruled(StartElsewhere::NotFound, LegalBasis::open(ND61)),
    restart: ruled(Restart::FromTheBeginning, LegalBasis::verified(ND61, 19, 4)),
    supplement_days: ruled(3, LegalBasis::verified(ND61, 19, 4)),
    apology: LegalBasis::verified(ND61, 19, 9),
    apology_form: ruled(LetterForm::Circular2018, LegalBasis::open(TT01)),
    // "01 day" is in the text; that a working day is meant is our reading.
    apology_lead_days: ruled(1, LegalBasis::reading(ND61, 19, 9)),
    postponements: ruled(1, LegalBasis::verified(ND61, 19, 9)),
    case_code: ruled(&[Grammar::Circular2018], LegalBasis::open(TT01)),
    indicators: ruled(&[TT01], LegalBasis::open(TT01)),
    online: ruled(
        "TT 32/2017/TT-BTTTT",
        LegalBasis::open("TT 32/2017/TT-BTTTT"),
    ),
};

const SINCE_2019: RuleSet = RuleSet {
    from: (2019, 1, 6),
    forms: ruled(TT01, LegalBasis::verified(TT01, 9, 0)),
    apology_form: ruled(LetterForm::Circular2018, LegalBasis::verified(TT01, 9, 0)),
    case_code: ruled(&[Grammar::Circular2018], LegalBasis::verified(TT01, 19, 0)),
    indicators: ruled(&[TT01], LegalBasis::verified(TT01, 13, 0)),
    ..SINCE_2018
};

const SINCE_2020: RuleSet = RuleSet {
    from: (2020, 9, 15),
    // The codes of the decision came beside those of the circular.
    case_code: ruled(
        &[Grammar::Circular2018, Grammar::Decision2020],
        LegalBasis::verified(QD20, 4, 0),
    ),
    ..SINCE_2019
};

const SINCE_2021: RuleSet = RuleSet {
    from: (2021, 12, 6),
    one_stop: ruled(ND107, LegalBasis::open(ND107)),
    period_start: ruled(PeriodStart::Reception, LegalBasis::open(ND107)),
    // Reception whatever the boundary is said to begin here; when the period starts then was not found.
    start_elsewhere: ruled(StartElsewhere::NotFound, LegalBasis::open(ND107)),
    restart: ruled(Restart::FromTheBeginning, LegalBasis::open(ND107)),
    supplement_days: ruled(3, LegalBasis::open(ND107)),
    apology: LegalBasis::open(ND107),
    apology_lead_days: ruled(1, LegalBasis::open(ND107)),
    postponements: ruled(1, LegalBasis::open(ND107)),
    ..SINCE_2020
};

const SINCE_23_JUNE_2022: RuleSet = RuleSet {
    from: (2022, 6, 23),
    indicators: ruled(&[TT01, QD766], LegalBasis::secondary(QD766, 0, 0)),
    ..SINCE_2021
};

const SINCE_24_JUNE_2022: RuleSet = RuleSet {
    from: (2022, 6, 24),
    // Of this day; from which day it is in force was not found.
    online: ruled(ND42, LegalBasis::secondary(ND42, 0, 0)),
    ..SINCE_23_JUNE_2022
};

const SINCE_JULY_2025: RuleSet = RuleSet {
    from: (2025, 7, 1),
    one_stop: ruled(ND118, LegalBasis::secondary(ND118, 0, 0)),
    // The next circular is of 15 September; whether the forms of 2018 stood until then was not found.
    forms: ruled(TT01, LegalBasis::open(TT01)),
    period_start: ruled(PeriodStart::Reception, LegalBasis::open(ND118)),
    start_elsewhere: ruled(StartElsewhere::NotFound, LegalBasis::open(ND118)),
    restart: ruled(Restart::FromTheBeginning, LegalBasis::open(ND118)),
    supplement_days: ruled(3, LegalBasis::open(ND118)),
    apology: LegalBasis::open(ND118),
    apology_form: ruled(LetterForm::Circular2018, LegalBasis::open(TT01)),
    apology_lead_days: ruled(1, LegalBasis::open(ND118)),
    postponements: ruled(1, LegalBasis::open(ND118)),
    case_code: ruled(
        &[Grammar::Circular2018, Grammar::Decision2020],
        LegalBasis::open(QD20),
    ),
    indicators: ruled(&[QD766], LegalBasis::secondary(QD766, 0, 0)),
    ..SINCE_24_JUNE_2022
};

const SINCE_SEPTEMBER_2025: RuleSet = RuleSet {
    from: (2025, 9, 15),
    forms: ruled(TT03, LegalBasis::secondary(TT03, 0, 0)),
    apology_form: ruled(LetterForm::Circular2025, LegalBasis::secondary(TT03, 0, 0)),
    case_code: ruled(
        &[Grammar::Circular2018, Grammar::Decision2020],
        LegalBasis::open(TT03),
    ),
    ..SINCE_JULY_2025
};

const SINCE_JULY_2026: RuleSet = RuleSet {
    from: (2026, 7, 1),
    one_stop: ruled(ND367, LegalBasis::open(ND367)),
    period_start: ruled(PeriodStart::Reception, LegalBasis::open(ND367)),
    start_elsewhere: ruled(StartElsewhere::NotFound, LegalBasis::open(ND367)),
    restart: ruled(Restart::FromTheBeginning, LegalBasis::open(ND367)),
    supplement_days: ruled(3, LegalBasis::open(ND367)),
    apology: LegalBasis::open(ND367),
    apology_lead_days: ruled(1, LegalBasis::open(ND367)),
    postponements: ruled(1, LegalBasis::open(ND367)),
    online: ruled(ND224, LegalBasis::verified(ND224, 90, 0)),
    ..SINCE_SEPTEMBER_2025
};

const SINCE_1_AUGUST_2026: RuleSet = RuleSet {
    from: (2026, 8, 1),
    // Its content was not found.
    forms: ruled(TT09, LegalBasis::open(TT09)),
    apology_form: ruled(LetterForm::Circular2025, LegalBasis::open(TT09)),
    ..SINCE_JULY_2026
};

const SINCE_5_AUGUST_2026: RuleSet = RuleSet {
    from: (2026, 8, 5),
    one_stop: ruled(ND309, LegalBasis::verified(ND309, 0, 0)),
    period_start: ruled(PeriodStart::Reception, LegalBasis::verified(ND309, 17, 3)),
    start_elsewhere: ruled(
        StartElsewhere::CompetentAgency,
        LegalBasis::verified(ND309, 17, 3),
    ),
    restart: ruled(Restart::FromTheBeginning, LegalBasis::open(ND309)),
    supplement_days: ruled(3, LegalBasis::open(ND309)),
    apology: LegalBasis::open(ND309),
    apology_lead_days: ruled(1, LegalBasis::open(ND309)),
    postponements: ruled(1, LegalBasis::open(ND309)),
    // The Ministry of Public Security is to issue the rule (Điều 35(2)g); until then both forms are met.
    case_code: ruled(
        &[Grammar::Circular2018, Grammar::Decision2020],
        LegalBasis::open(ND309),
    ),
    // Assessment moves to the Ministry of Justice (Điều 28(4)); its instrument is not known.
    indicators: ruled(&[QD766], LegalBasis::open(ND309)),
    ..SINCE_1_AUGUST_2026
};

/// Oldest first.
pub const RULE_SETS: [RuleSet; 11] = [
    SINCE_2018,
    SINCE_2019,
    SINCE_2020,
    SINCE_2021,
    SINCE_23_JUNE_2022,
    SINCE_24_JUNE_2022,
    SINCE_JULY_2025,
    SINCE_SEPTEMBER_2025,
    SINCE_JULY_2026,
    SINCE_1_AUGUST_2026,
    SINCE_5_AUGUST_2026,
];

/// The set for a dossier received on `date`; `None` before the first set: which rules stood then
/// is not in this software, and nothing is computed from them.
#[must_use]
pub fn for_reception(date: NaiveDate) -> Option<&'static RuleSet> {
    RULE_SETS
        .iter()
        .rev()
        .find(|set| set.first_day() <= Some(date))
}

impl RuleSet {
    /// First day of reception under this set.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.from.0, self.from.1, self.from.2)
    }
}

/// Where a dossier was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// To the agency that decides it, or its one-stop unit.
    ToTheCompetentAgency,
    /// To another agency's one-stop unit, whatever the boundary.
    Elsewhere {
        /// When the competent agency received it, where that is known.
        competent_received: Option<NaiveDateTime>,
    },
}

/// Why the start of a period is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoStart {
    /// Received before the first rule set.
    BeforeFirstSet,
    /// Handed in elsewhere, and no rule says when the period starts then.
    NoRule,
    /// Handed in elsewhere, and when the competent agency received it was not sent.
    CompetentReceptionUnknown,
    /// The competent agency is said to have received it before anyone did.
    CompetentBeforeReception,
}

/// When the first period of a dossier starts, and where that is written.
///
/// # Errors
/// [`NoStart`]: nothing is guessed.
pub fn period_start(
    received: NaiveDateTime,
    handed: Handed,
) -> Result<Ruled<NaiveDateTime>, NoStart> {
    let set = for_reception(received.date()).ok_or(NoStart::BeforeFirstSet)?;
    match (handed, set.start_elsewhere.value) {
        (Handed::ToTheCompetentAgency, _) => match set.period_start.value {
            PeriodStart::Reception => Ok(ruled(received, set.period_start.basis)),
        },
        (Handed::Elsewhere { .. }, StartElsewhere::NotFound) => Err(NoStart::NoRule),
        (Handed::Elsewhere { competent_received }, StartElsewhere::CompetentAgency) => {
            let start = competent_received.ok_or(NoStart::CompetentReceptionUnknown)?;
            if start < received {
                return Err(NoStart::CompetentBeforeReception);
            }
            Ok(ruled(start, set.start_elsewhere.basis))
        }
    }
}
