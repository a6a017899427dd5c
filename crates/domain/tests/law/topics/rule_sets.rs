//! Which decree governs a dossier: by its day of reception.

use dung_hen_domain::legal_basis::Sureness;
use dung_hen_domain::outage;
use dung_hen_domain::rules::{
    Handed, LetterForm, NoStart, RULE_SETS, StartElsewhere, for_reception, period_start,
};
use dung_hen_domain::words::Lang;

use crate::date;

/// The day before a set begins belongs to the one before.
#[test]
fn the_decree_changes_with_the_day_of_reception() {
    for (received, decree) in [
        ("2018-06-21", "NĐ 61/2018/NĐ-CP"),
        ("2021-12-05", "NĐ 61/2018/NĐ-CP"),
        (
            "2021-12-06",
            "NĐ 61/2018/NĐ-CP (sửa đổi bởi NĐ 107/2021/NĐ-CP)",
        ),
        (
            "2025-06-30",
            "NĐ 61/2018/NĐ-CP (sửa đổi bởi NĐ 107/2021/NĐ-CP)",
        ),
        ("2025-07-01", "NĐ 118/2025/NĐ-CP"),
        ("2026-06-30", "NĐ 118/2025/NĐ-CP"),
        (
            "2026-07-01",
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 367/2025/NĐ-CP)",
        ),
        (
            "2026-08-04",
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 367/2025/NĐ-CP)",
        ),
        (
            "2026-08-05",
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)",
        ),
    ] {
        assert_eq!(
            for_reception(date(received)).unwrap().one_stop.value,
            decree,
            "{received}"
        );
    }
}

/// What came into force while a decree went on: the circulars with their forms, the codes, what is measured. The day
/// before, what stood until then (docs/LAW.md, "Which decree governs a dossier").
#[test]
fn no_instrument_governs_a_day_before_its_own() {
    use Sureness::{Open, Secondary, Verified};
    let forms = |received| {
        let set = for_reception(date(received)).unwrap();
        let form = set.apology_form;
        assert_eq!(
            form.basis.instrument, set.forms.basis.instrument,
            "{received}"
        );
        (set.forms.value, form.value, form.basis.sureness)
    };
    let (old, new) = (LetterForm::Circular2018, LetterForm::Circular2025);
    for (received, expected) in [
        // TT 01/2018 is in force from 6/1/2019; what stood before was not found.
        ("2018-06-21", ("TT 01/2018/TT-VPCP", old, Open)),
        ("2019-01-05", ("TT 01/2018/TT-VPCP", old, Open)),
        ("2019-01-06", ("TT 01/2018/TT-VPCP", old, Verified)),
        ("2025-06-30", ("TT 01/2018/TT-VPCP", old, Verified)),
        // TT 03/2025 is of 15/9/2025; whether the forms of 2018 stood until then was not found.
        ("2025-07-01", ("TT 01/2018/TT-VPCP", old, Open)),
        ("2025-09-14", ("TT 01/2018/TT-VPCP", old, Open)),
        ("2025-09-15", ("TT 03/2025/TT-VPCP", new, Secondary)),
        // TT 09/2026 is in force from 1/8/2026; its content was not found.
        ("2026-07-31", ("TT 03/2025/TT-VPCP", new, Secondary)),
        ("2026-08-01", ("TT 09/2026/TT-BTP", new, Open)),
        ("2026-10-15", ("TT 09/2026/TT-BTP", new, Open)),
    ] {
        assert_eq!(forms(received), expected, "{received}");
    }
    let codes = |received| {
        let set = for_reception(date(received)).unwrap();
        let basis = set.case_code.basis;
        (set.case_code.value.len(), basis.instrument, basis.sureness)
    };
    for (received, expected) in [
        ("2019-01-05", (1, "TT 01/2018/TT-VPCP", Open)),
        ("2019-01-06", (1, "TT 01/2018/TT-VPCP", Verified)),
        ("2020-09-14", (1, "TT 01/2018/TT-VPCP", Verified)),
        // QĐ 20/2020 is in force from 15/9/2020.
        ("2020-09-15", (2, "QĐ 20/2020/QĐ-TTg", Verified)),
        ("2025-06-30", (2, "QĐ 20/2020/QĐ-TTg", Verified)),
        ("2025-07-01", (2, "QĐ 20/2020/QĐ-TTg", Open)),
        ("2025-09-15", (2, "TT 03/2025/TT-VPCP", Open)),
    ] {
        assert_eq!(codes(received), expected, "{received}");
    }
    let measured = |received| {
        let set = for_reception(date(received)).unwrap();
        (set.indicators.value, set.indicators.basis.sureness)
    };
    let (circular, decision) = ("TT 01/2018/TT-VPCP", "QĐ 766/QĐ-TTg");
    for (received, expected) in [
        ("2019-01-05", (&[circular][..], Open)),
        ("2019-01-06", (&[circular][..], Verified)),
        // QĐ 766 is of 23/6/2022.
        ("2022-06-22", (&[circular][..], Verified)),
        ("2022-06-23", (&[circular, decision][..], Secondary)),
        ("2025-07-01", (&[decision][..], Secondary)),
    ] {
        assert_eq!(measured(received), expected, "{received}");
    }
    let online = |received| for_reception(date(received)).unwrap().online.value;
    for (received, expected) in [
        // NĐ 42/2022 is of 24/6/2022; from which day it is in force was not found.
        ("2022-06-23", "TT 32/2017/TT-BTTTT"),
        ("2022-06-24", "NĐ 42/2022/NĐ-CP"),
        ("2026-06-30", "NĐ 42/2022/NĐ-CP"),
        ("2026-07-01", "NĐ 224/2026/NĐ-CP"),
    ] {
        assert_eq!(online(received), expected, "{received}");
    }
}

/// Article and clause of everything that was read, as docs/LAW.md names them.
#[test]
fn each_citation_is_the_one_that_was_read() {
    let of = |received| for_reception(date(received)).unwrap();
    let (first, circular) = (of("2018-06-21"), of("2019-01-06"));
    let (codes, online, last) = (of("2020-09-15"), of("2026-07-01"), of("2026-08-05"));
    for (basis, instrument, article, clause) in [
        (first.one_stop.basis, "NĐ 61/2018/NĐ-CP", 0, 0),
        (first.period_start.basis, "NĐ 61/2018/NĐ-CP", 17, 1),
        (first.restart.basis, "NĐ 61/2018/NĐ-CP", 19, 4),
        (first.supplement_days.basis, "NĐ 61/2018/NĐ-CP", 19, 4),
        (first.apology, "NĐ 61/2018/NĐ-CP", 19, 9),
        (first.apology_lead_days.basis, "NĐ 61/2018/NĐ-CP", 19, 9),
        (first.postponements.basis, "NĐ 61/2018/NĐ-CP", 19, 9),
        (circular.forms.basis, "TT 01/2018/TT-VPCP", 9, 0),
        (circular.apology_form.basis, "TT 01/2018/TT-VPCP", 9, 0),
        (circular.case_code.basis, "TT 01/2018/TT-VPCP", 19, 0),
        (circular.indicators.basis, "TT 01/2018/TT-VPCP", 13, 0),
        (codes.case_code.basis, "QĐ 20/2020/QĐ-TTg", 4, 0),
        (online.online.basis, "NĐ 224/2026/NĐ-CP", 90, 0),
        (
            last.period_start.basis,
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)",
            17,
            3,
        ),
        (
            last.start_elsewhere.basis,
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)",
            17,
            3,
        ),
        (outage::BASIS, "NĐ 224/2026/NĐ-CP", 13, 0),
    ] {
        assert_eq!(
            (basis.instrument, basis.article, basis.clause),
            (instrument, article, clause)
        );
    }
}

/// Each set begins after the one before it.
#[test]
fn the_sets_are_in_order() {
    let days: Vec<_> = RULE_SETS
        .iter()
        .map(|set| set.first_day().unwrap())
        .collect();
    assert!(days.is_sorted_by(|one, next| one < next), "{days:?}");
}

/// Before 21/6/2018 stood rules that are not held here: no set, and no start of a period.
#[test]
fn before_the_first_set_nothing_is_known() {
    for received in ["2018-06-20", "0001-01-01"] {
        assert!(for_reception(date(received)).is_none());
        let noon = date(received).and_hms_opt(12, 0, 0).unwrap();
        assert_eq!(
            period_start(noon, Handed::ToTheCompetentAgency),
            Err(NoStart::BeforeFirstSet)
        );
    }
}

/// What was read of each set, and what was not (docs/LAW.md).
#[test]
fn each_value_has_its_own_mark() {
    use Sureness::{Open, Reading, Secondary, Verified};
    let marks: Vec<[Sureness; 7]> = RULE_SETS
        .iter()
        .map(|set| {
            [
                set.one_stop.basis.sureness,
                set.period_start.basis.sureness,
                set.restart.basis.sureness,
                set.apology.sureness,
                set.postponements.basis.sureness,
                set.apology_form.basis.sureness,
                set.online.basis.sureness,
            ]
        })
        .collect();
    let of_2018 = [
        Verified, Reading, Verified, Verified, Verified, Verified, Open,
    ];
    let before_the_circular = [Verified, Reading, Verified, Verified, Verified, Open, Open];
    let since_107 = [Open, Open, Open, Open, Open, Verified, Open];
    let since_118 = [Secondary, Open, Open, Open, Open, Open, Secondary];
    assert_eq!(
        marks,
        [
            before_the_circular,
            of_2018,
            of_2018,
            since_107,
            since_107,
            [Open, Open, Open, Open, Open, Verified, Secondary],
            since_118,
            [Secondary, Open, Open, Open, Open, Secondary, Secondary],
            [Open, Open, Open, Open, Open, Secondary, Verified],
            [Open, Open, Open, Open, Open, Open, Verified],
            [Verified, Verified, Open, Open, Open, Open, Verified],
        ]
    );
    // The only start for reception elsewhere that was found is that of NĐ 309/2026.
    let elsewhere: Vec<_> = RULE_SETS
        .iter()
        .filter(|set| set.start_elsewhere.value == StartElsewhere::CompetentAgency)
        .map(|set| set.from)
        .collect();
    assert_eq!(elsewhere, [(2026, 8, 5)]);
    for set in &RULE_SETS {
        assert_eq!(set.postponements.value, 1);
        assert_eq!(set.apology_lead_days.value, 1);
        assert_eq!(set.supplement_days.value, 3);
    }
}

#[test]
fn an_open_clause_is_worded_as_the_rules_in_force() {
    let open = for_reception(date("2026-08-05")).unwrap().apology;
    assert_eq!(open.sureness, Sureness::Open);
    assert_eq!(
        open.words(Lang::Vi),
        "theo quy định hiện hành (Nghị định 118/2025/NĐ-CP, sửa đổi bởi Nghị định 309/2026/NĐ-CP)"
    );
    assert_eq!(
        open.words(Lang::En),
        "under the rules in force (Decree 118/2025/NĐ-CP, as amended by Decree 309/2026/NĐ-CP)"
    );
    let known = for_reception(date("2020-01-02")).unwrap().apology;
    assert_eq!(
        known.words(Lang::Vi),
        "khoản 9 Điều 19 Nghị định 61/2018/NĐ-CP"
    );
    assert_eq!(
        known.words(Lang::En),
        "clause 9 Article 19, Decree 61/2018/NĐ-CP"
    );
    let reported = for_reception(date("2026-01-05"))
        .unwrap()
        .apology_form
        .basis;
    assert_eq!(
        reported.words(Lang::Vi),
        "Thông tư 03/2025/TT-VPCP (theo nguồn thứ cấp)"
    );
}
