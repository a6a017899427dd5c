//! Which decree governs a dossier: by its day of reception.

use dung_hen_domain::legal_basis::Sureness;
use dung_hen_domain::rules::{
    Handed, NoStart, RULE_SETS, StartElsewhere, for_reception, period_start,
};
use dung_hen_domain::words::Lang;

use crate::date;

/// One set for each row of the table in docs/LAW.md; the day before a set begins belongs to the one before.
#[test]
fn the_decree_changes_with_the_day_of_reception() {
    assert_eq!(RULE_SETS.len(), 5);
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
    assert_eq!(
        marks,
        [
            [
                Verified, Reading, Verified, Verified, Verified, Verified, Open
            ],
            [Open, Open, Open, Open, Open, Verified, Secondary],
            [Secondary, Open, Open, Open, Open, Secondary, Secondary],
            [Open, Open, Open, Open, Open, Open, Verified],
            [Verified, Verified, Open, Open, Open, Open, Verified],
        ]
    );
    // The only start for reception elsewhere that was found is that of NĐ 309/2026.
    let elsewhere: Vec<bool> = RULE_SETS
        .iter()
        .map(|set| set.start_elsewhere.value == StartElsewhere::CompetentAgency)
        .collect();
    assert_eq!(elsewhere, [false, false, false, false, true]);
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
