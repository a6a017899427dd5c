//! The rule sets in words: each value, its clause, and how sure we are of it.

use dung_hen_domain::case_code::Grammar;
use dung_hen_domain::civil::IsoDate;
use dung_hen_domain::legal_basis::LegalBasis;
use dung_hen_domain::rules::{Restart, RuleSet, StartElsewhere};
use dung_hen_domain::wire::{Basis, Text};
use serde::Serialize;

use super::deadline::cited;

/// A rule set.
#[derive(Serialize)]
pub struct RuleSetView {
    /// First day of reception under it.
    pub from: Option<IsoDate>,
    /// Its values.
    pub values: Vec<RuleView>,
}

/// One value of a set.
#[derive(Serialize)]
pub struct RuleView {
    /// Machine name.
    pub rule: &'static str,
    /// The value in words.
    pub value: Text,
    /// Where it is written, with its mark.
    pub basis: Basis,
}

/// A set with all its values.
#[must_use]
pub fn view(set: &RuleSet) -> RuleSetView {
    let name = |value: &str| Text::both(|_| value);
    let both = |vi: &str, en: &str| Text {
        vi: vi.to_owned(),
        en: en.to_owned(),
    };
    let number = |value: u32, vi: &str, en: &str| Text {
        vi: format!("{value} {vi}"),
        en: format!("{value} {en}"),
    };
    let rule = |rule, value, basis: LegalBasis| RuleView {
        rule,
        value,
        basis: cited(basis),
    };
    RuleSetView {
        from: set.first_day().map(IsoDate),
        values: vec![
            rule("one_stop", name(set.one_stop.value), set.one_stop.basis),
            rule("forms", name(set.forms.value), set.forms.basis),
            rule(
                "period_start",
                both(
                    "từ ngày tiếp nhận đủ hồ sơ, ghi trên giấy tiếp nhận",
                    "when the full dossier is received, as the receipt shows it",
                ),
                set.period_start.basis,
            ),
            rule(
                "start_elsewhere",
                match set.start_elsewhere.value {
                    StartElsewhere::CompetentAgency => both(
                        "tiếp nhận không phụ thuộc địa giới: từ khi cơ quan có thẩm quyền nhận hồ sơ",
                        "handed in outside the boundary: when the competent agency receives it",
                    ),
                    StartElsewhere::NotFound => both(
                        "tiếp nhận không phụ thuộc địa giới: chưa tìm được quy định, không tính",
                        "handed in outside the boundary: no rule was found, nothing is computed",
                    ),
                },
                set.start_elsewhere.basis,
            ),
            rule(
                "restart",
                match set.restart.value {
                    Restart::FromTheBeginning => both(
                        "nhận đủ giấy tờ bổ sung thì thời hạn tính lại từ đầu",
                        "once the missing papers are in, the period starts again from the beginning",
                    ),
                },
                set.restart.basis,
            ),
            rule(
                "supplement_days",
                number(
                    set.supplement_days.value,
                    "ngày làm việc từ khi tiếp nhận để yêu cầu bổ sung",
                    "working days from the reception to ask for supplements",
                ),
                set.supplement_days.basis,
            ),
            rule(
                "apology",
                both(
                    "sắp quá hạn thì cơ quan có thẩm quyền gửi văn bản xin lỗi, nêu lý do và thời gian hẹn lại",
                    "before a limit is missed the competent agency sends a letter of apology with the reason and a new date",
                ),
                set.apology,
            ),
            rule(
                "apology_form",
                name(set.apology_form.value.name_vi()),
                set.apology_form.basis,
            ),
            rule(
                "apology_lead_days",
                number(
                    set.apology_lead_days.value,
                    "ngày trước khi hết hạn",
                    "day before the limit ends",
                ),
                set.apology_lead_days.basis,
            ),
            rule(
                "postponements",
                number(
                    set.postponements.value,
                    "lần được hẹn lại",
                    "postponement allowed",
                ),
                set.postponements.basis,
            ),
            rule(
                "case_code",
                name(
                    &set.case_code
                        .value
                        .iter()
                        .map(|grammar| match grammar {
                            Grammar::Circular2018 => "000.00.01.H19-230502-0001",
                            Grammar::Decision2020 => "H19.01.02-230502-0001",
                            Grammar::Opaque => "",
                        })
                        .collect::<Vec<_>>()
                        .join("; "),
                ),
                set.case_code.basis,
            ),
            rule(
                "indicators",
                name(&set.indicators.value.join("; ")),
                set.indicators.basis,
            ),
            rule("online", name(set.online.value), set.online.basis),
        ],
    }
}
