//! Which decree governs a dossier: by its day of reception.

use dung_hen_domain::legal_basis::Sureness;
use dung_hen_domain::rules::for_reception;
use dung_hen_domain::words::Lang;

use crate::date;

#[test]
fn the_decree_changes_with_the_day_of_reception() {
    for (received, instrument) in [
        ("2018-06-21", "NĐ 61/2018/NĐ-CP"),
        ("2025-06-30", "NĐ 61/2018/NĐ-CP"),
        ("2025-07-01", "NĐ 118/2025/NĐ-CP"),
        ("2026-08-04", "NĐ 118/2025/NĐ-CP"),
        (
            "2026-08-05",
            "NĐ 118/2025/NĐ-CP (sửa đổi bởi NĐ 309/2026/NĐ-CP)",
        ),
    ] {
        assert_eq!(
            for_reception(date(received)).unwrap().apology.instrument,
            instrument,
            "{received}"
        );
    }
    assert!(for_reception(date("2018-06-20")).is_none());
}

#[test]
fn an_open_clause_is_worded_as_the_rules_in_force() {
    let open = for_reception(date("2026-08-05")).unwrap().apology;
    assert_eq!(open.sureness, Sureness::Reading);
    assert!(open.words(Lang::Vi).starts_with("theo quy định hiện hành"));
    let known = for_reception(date("2024-01-02")).unwrap().apology;
    assert_eq!(known.words(Lang::Vi), "khoản 9 Điều 19 NĐ 61/2018/NĐ-CP");
    assert_eq!(
        known.words(Lang::En),
        "clause 9 Article 19 NĐ 61/2018/NĐ-CP"
    );
}
