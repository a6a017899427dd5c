//! The fixture of `open_data.rs`, where everything is worked by hand: field by field what is published of it.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::wire::ObjectionKind;
use serde_json::{Value, json};

use crate::open_data::counted_by_hand;

/// The fields of an answer that are no figures of its own.
fn figures_of(mut answer: Value) -> Value {
    let fields = answer.as_object_mut().unwrap();
    for name in [
        "definitions",
        "targets",
        "as_of",
        "agency",
        "level",
        "by",
        "period",
        "method",
        "counted_until",
        "basis",
        "official_index",
        "instrument",
        "named_instrument",
        "asked",
        "asked_one_in",
    ] {
        fields.remove(name);
    }
    answer
}

/// The counts of a place, as its table above has them: received, early, on time, late, overdue; finished on the last date
/// named, all finished; and whether 0011 and 0012 are in it.
fn on_time_of(counts: [u64; 5], share: Value, level_aim: Option<f64>, late_ones: u64) -> Value {
    let [received, early, on_time, late, overdue] = counts;
    let n = early + on_time + late;
    let beside = |n: u64| {
        let percent = if n == 0 { Value::Null } else { json!(0.0) };
        let standing = level_aim.map(|_| "below");
        json!({ "part": 0, "n": n, "percent": percent, "target": level_aim, "standing": standing })
    };
    json!({
        "received": received, "early": early, "on_time": on_time, "late": late, "open_overdue": overdue,
        "open_within_time": 0, "open_paused": 0, "unknown": 0, "not_counted": 0,
        "days_late": late_ones, "open_days_overdue": late_ones,
        "postponed": late_ones, "days_postponed": 7 * late_ones,
        "apologies": { "owed": 2 * late_ones, "issued_in_time": late_ones, "issued_late": 0, "missing": late_ones,
            "second_postponements": 0 },
        "on_time_share": share,
        "on_time_by_last_date_share": { "part": n, "n": n, "percent": 100.0 },
        "online_share": beside(received),
        "electronic_result_share": beside(n),
        "cashless_share": { "part": 0, "n": 0, "percent": null, "target": null, "standing": null },
    })
}

/// Field by field, so that no figure is published that is not derived above.
#[test]
fn every_published_figure_is_derived_by_hand() {
    let server = counted_by_hand();
    let of = |path: &str| figures_of(server.get(&format!("/api/v1/metrics/{path}")).body);
    let share = |part: u64, n: u64, percent: f64, (standing, verdict): (&str, &str)| json!({ "part": part, "n": n, "percent": percent, "target": 96.0, "standing": standing, "verdict": verdict });
    let (below, met) = (("below", "not_met"), ("at_or_above", "met"));
    let one = on_time_of(
        [12, 10, 0, 1, 1],
        share(10, 11, 90.91, below),
        Some(20.0),
        1,
    );
    let two = on_time_of([1, 0, 1, 0, 0], share(1, 1, 100.0, met), Some(20.0), 0);
    let all = on_time_of([13, 10, 1, 1, 1], share(11, 12, 91.67, below), None, 1);
    let level = on_time_of(
        [13, 10, 1, 1, 1],
        share(11, 12, 91.67, below),
        Some(20.0),
        1,
    );
    let kinds: Vec<&str> = ObjectionKind::ALL.iter().map(|kind| kind.name()).collect();
    let none = |hidden: bool| {
        let of_kind = |kind: &&str| {
            let secret = hidden && ["asked_to_pay_extra", "conduct"].contains(kind);
            (
                (*kind).to_owned(),
                if secret { Value::Null } else { json!(0) },
            )
        };
        json!({ "received": 0, "kinds": Value::Object(kinds.iter().map(of_kind).collect()) })
    };
    let with = |mut of: Value, name: &str, value: Value| {
        of[name] = value;
        of
    };
    // Its month, quarter and year: all was received in October.
    for period in ["2026-10", "2026-Q4", "2026"] {
        let rows = json!([
            with(one.clone(), "value", json!("H98.1")),
            with(two.clone(), "value", json!("H98.2"))
        ]);
        let whole = with(with(all.clone(), "objections", none(false)), "rows", rows);
        assert_eq!(
            of(&format!("timeliness?period={period}&by=agency")),
            whole,
            "{period}"
        );
        for (place, figures) in [
            ("agency=H98.1", &one),
            ("agency=H98.2", &two),
            ("level=commune", &level),
        ] {
            let said = of(&format!("timeliness?period={period}&{place}"));
            assert_eq!(
                said,
                with(figures.clone(), "objections", none(true)),
                "{period} {place}"
            );
        }
    }

    let hidden = json!({ "suppressed": true, "n": null, "target": 93.0 });
    let shown = |satisfied: u64, percent: f64, standing: &str, wilson: [f64; 2]| {
        json!({ "suppressed": false, "n": 5, "satisfied": satisfied, "percent": percent, "wilson95": wilson,
            "target": 93.0, "standing": standing, "verdict": "not_enough_data" })
    };
    let factors = |officials: &Value| {
        json!({ "access": hidden, "procedures": hidden, "officials": officials, "outcomes": hidden,
            "feedback_handling": hidden })
    };
    let overall = shown(4, 80.0, "below", [37.55, 96.38]);
    let officials = shown(5, 100.0, "at_or_above", [56.55, 100.0]);
    let nobody = |value: Value| json!({ "value": value, "changed_on": null, "overall": hidden, "factors": factors(&hidden) });
    let rated = |value: &str| json!({ "value": value, "changed_on": "2026-10-15", "overall": overall, "factors": factors(&officials) });
    let integrity = |percent: Option<f64>| {
        json!({
            "in_steps_of": 5,
            "ballots": { "portal_token": 0, "receipt_secret": 0, "last_digits": 0 },
            "among_them": { "desk_network": 0, "without_javascript": 0 },
            "signs": { "burst": 0, "too_quick": 0, "equal_run": 0, "all_equal": 0, "without_result": 0 },
            "contested": { "at_most": 0, "lowest_percent": percent, "highest_percent": percent },
        })
    };
    for period in ["2026-10", "2026-Q4", "2026"] {
        for (asked, served, answered) in [
            ("&by=agency", 13, true),
            ("&agency=H98.1&by=procedure", 12, true),
            ("&agency=H98.2", 1, false),
        ] {
            let said = of(&format!("satisfaction?period={period}{asked}"));
            let mut expected = if answered {
                rated("")
            } else {
                nobody(json!(""))
            };
            expected.as_object_mut().unwrap().remove("value");
            expected["step"] = json!("2026-10-15");
            let n = answered.then_some(5);
            expected["denominators"] = json!({ "served": served, "invited": 0, "answered": n });
            expected["integrity"] = integrity(answered.then_some(80.0));
            if asked.contains("by=") {
                let value = if asked.contains("procedure") {
                    "1.004222"
                } else {
                    "H98.1"
                };
                expected["rows"] = json!([rated(value)]);
                expected["rest"] = nobody(Value::Null);
            }
            assert_eq!(said, expected, "{period}{asked}");
        }
    }

    let criteria = of("criteria?period=2026-10");
    assert_eq!(criteria["step"], "2026-10-15");
    let mut seen = 0;
    for (factor, criteria) in criteria["factors"].as_object().unwrap() {
        for (name, said) in criteria.as_object().unwrap() {
            let rated = factor == "officials";
            let expected = json!({ "share": hidden,
                "named": { "suppressed": !rated, "named": rated.then_some(0), "raters": rated.then_some(5) } });
            assert_eq!(*said, expected, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 16);

    let mut formulas = of("formulas?period=2026-10");
    for group in ["qd_766", "tt_01_2018"] {
        let group = formulas[group].as_object_mut().unwrap();
        group.remove("basis");
        group.remove("definitions");
    }
    let attitude = json!({ "score": 1.9, "n": 11, "not_covered": 1 });
    let expected = json!({
        "qd_766": {
            "progress": { "score": 16.92, "most": 20.0, "part": 11, "n": 13, "unknown": 0 },
            "dossier_satisfaction": { "most": 6.0, "at_least": { "part": 10, "n": 13, "score": 5.13 },
                "at_most": { "part": 11, "n": 13, "score": 5.64 } },
            "feedback_on_time": null, "feedback_satisfaction": null,
        },
        "tt_01_2018": {
            "in_force_until": "2025-06-30",
            "indicators": { "1": { "score": 1.8, "n": 12, "not_covered": 0 }, "2": null, "3": null, "4": null, "5": null,
                "6": null, "7": { "at_least": attitude, "at_most": attitude }, "8": null, "9": null },
            "total": null,
        },
    });
    assert_eq!(formulas, expected);

    let secret = json!({ "suppressed": true, "n": null });
    let expected = json!({ "satisfied": secret,
        "levels": { "not_yet_satisfied": secret, "satisfied": secret, "very_satisfied": secret } });
    assert_eq!(of("three-levels?period=2026-10"), expected);

    let zero = json!({ "received": 0, "stored": 0, "repeated": 0, "corrected": 0, "refused": 0 });
    let expected = json!({ "received": 5, "stored": 5, "repeated": 0, "corrected": 0, "refused": 0,
        "period": "2026-10", "days": [], "agencies": [], "sum": zero, "elsewhere": zero });
    assert_eq!(server.get("/api/v1/counters?period=2026-10").body, expected);
}
