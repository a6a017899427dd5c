//! NĐ 118/2025 Điều 17(3) as amended by NĐ 309/2026: handed in outside the boundary, the period runs from when the
//! competent agency receives the dossier.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::parse_moment;
use dung_hen_domain::legal_basis::Sureness;
use dung_hen_domain::rules::{Handed, NoStart, period_start};

fn at(text: &str) -> NaiveDateTime {
    parse_moment(text).unwrap()
}

fn elsewhere(received: &str, competent: Option<&str>) -> Result<NaiveDateTime, NoStart> {
    let handed = Handed::Elsewhere {
        competent_received: competent.map(at),
    };
    period_start(at(received), handed).map(|start| start.value)
}

#[test]
fn the_period_runs_from_the_competent_agency_s_reception() {
    // Handed in on Thu 1/10/2026, received by the competent agency on Mon 5/10.
    assert_eq!(
        elsewhere("2026-10-01T09:00", Some("2026-10-05T08:00")),
        Ok(at("2026-10-05T08:00"))
    );
    let start = period_start(at("2026-10-01T09:00"), Handed::ToTheCompetentAgency).unwrap();
    assert_eq!(start.value, at("2026-10-01T09:00"));
    assert_eq!(start.basis.sureness, Sureness::Verified);
    assert_eq!((start.basis.article, start.basis.clause), (17, 3));
}

#[test]
fn what_is_not_known_is_not_guessed() {
    assert_eq!(
        elsewhere("2026-10-01T09:00", None),
        Err(NoStart::CompetentReceptionUnknown)
    );
    assert_eq!(
        elsewhere("2026-10-01T09:00", Some("2026-09-30T08:00")),
        Err(NoStart::CompetentBeforeReception)
    );
    // Before 5/8/2026 no rule was found, whatever is known of the facts.
    for received in ["2020-03-02T09:00", "2024-03-04T09:00", "2026-08-04T09:00"] {
        assert_eq!(
            elsewhere(received, Some(received)),
            Err(NoStart::NoRule),
            "{received}"
        );
    }
}
