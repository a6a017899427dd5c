//! Rule sets by date of reception. The set is chosen by the dossier's own date, never a
//! constant: a dossier of 2024 stays under the decree of 2018.

use chrono::NaiveDate;

use crate::legal_basis::LegalBasis;

/// The rules that govern a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// First day of reception under this set.
    pub from: (i32, u32, u32),
    /// Where the start of the period is written.
    pub period_start: LegalBasis,
    /// Where the restart after a supplement is written.
    pub restart: LegalBasis,
    /// Where the duty to apologise is written.
    pub apology: LegalBasis,
    /// The official name of the letter.
    pub apology_form_vi: &'static str,
    /// Postponements allowed.
    pub postponements: u32,
    /// Days before the due day by which the letter must be out. The text says "01 day" without
    /// saying which; the safe reading is the last working day before.
    pub apology_lead_days: u32,
}

const ND61: &str = "NĐ 61/2018/NĐ-CP";
const ND118: &str = "NĐ 118/2025/NĐ-CP";
const ND118_2026: &str = "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)";

/// Oldest first.
pub const RULE_SETS: [RuleSet; 3] = [
    RuleSet {
        from: (2018, 6, 21),
        // The receipt is in clause 1; that the period starts with it is our reading.
        period_start: LegalBasis::reading(ND61, 17, 1),
        restart: LegalBasis::verified(ND61, 19, 4),
        apology: LegalBasis::verified(ND61, 19, 9),
        apology_form_vi: "Phiếu xin lỗi và hẹn lại ngày trả kết quả (Mẫu 04, TT 01/2018/TT-VPCP)",
        postponements: 1,
        apology_lead_days: 1,
    },
    RuleSet {
        from: (2025, 7, 1),
        period_start: LegalBasis::reading(ND118, 17, 3),
        restart: LegalBasis::reading(ND118, 0, 0),
        apology: LegalBasis::reading(ND118, 0, 0),
        apology_form_vi: "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (Mẫu 04, TT 03/2025/TT-VPCP)",
        postponements: 1,
        apology_lead_days: 1,
    },
    RuleSet {
        from: (2026, 8, 5),
        period_start: LegalBasis::verified(ND118_2026, 17, 3),
        restart: LegalBasis::reading(ND118_2026, 0, 0),
        apology: LegalBasis::reading(ND118_2026, 0, 0),
        apology_form_vi: "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        postponements: 1,
        apology_lead_days: 1,
    },
];

/// The set for a dossier received on `date`; before the first set, `None`.
#[must_use]
pub fn for_reception(date: NaiveDate) -> Option<&'static RuleSet> {
    RULE_SETS.iter().rev().find(|set| {
        NaiveDate::from_ymd_opt(set.from.0, set.from.1, set.from.2).is_some_and(|from| from <= date)
    })
}
