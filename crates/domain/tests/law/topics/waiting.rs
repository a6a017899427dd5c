//! The two clocks: working days waited for the agency and for the applicant.

use dung_hen_domain::case::{CaseStatus, WireName};
use dung_hen_domain::waiting::{Facts, Request, Span, WaitsFor, spans, total};

use crate::{calendar, date};

fn waited(
    status: CaseStatus,
    requests: &[(Option<&str>, Option<&str>)],
    finished: Option<&str>,
    as_of: &str,
) -> (Option<u32>, Option<u32>, Vec<Span>) {
    let requests: Vec<Request> = requests
        .iter()
        .map(|(asked, answered)| Request {
            asked: asked.map(date),
            answered: answered.map(date),
        })
        .collect();
    let all = spans(
        &Facts {
            status,
            // A Wednesday.
            received: date("2024-04-17"),
            requests: &requests,
            finished: finished.map(date),
            as_of: date(as_of),
        },
        &calendar(),
    );
    (
        total(&all, WaitsFor::Agency),
        total(&all, WaitsFor::Applicant),
        all,
    )
}

#[test]
fn each_side_has_its_days() {
    use CaseStatus::{Finished, Processing, SupplementRequested};
    // 18/4 is a holiday: Fri 19 (1), Mon 22 (2), Tue 23 (3).
    let (agency, applicant, _) = waited(Processing, &[], None, "2024-04-23");
    assert_eq!((agency, applicant), (Some(3), Some(0)));
    // Asked on Fri 19/4: agency 1. Waiting for the applicant: 22, 23, 24 = 3.
    let asked = [(Some("2024-04-19"), None)];
    let (agency, applicant, all) = waited(SupplementRequested, &asked, None, "2024-04-24");
    assert_eq!((agency, applicant), (Some(1), Some(3)));
    assert_eq!(all.last().unwrap().to, None, "it still runs");
    // In on Wed 24/4: applicant 3; then Thu 25, Fri 26; 27/4 to 1/5 off; Thu 2, Fri 3, Sat 4/5 worked: agency 1 + 5.
    let answered = [(Some("2024-04-19"), Some("2024-04-24"))];
    let (agency, applicant, all) = waited(Finished, &answered, Some("2024-05-04"), "2024-06-03");
    assert_eq!((agency, applicant, all.len()), (Some(6), Some(3), 3));
}

/// Both totals add up to the working days of the whole, for every day in the life of a case.
#[test]
fn the_clocks_add_up_to_the_whole() {
    let calendar = calendar();
    let requests = [
        (Some("2024-04-19"), Some("2024-04-24")),
        (Some("2024-05-06"), Some("2024-05-06")),
        (Some("2024-05-10"), Some("2024-05-20")),
    ];
    for day in date("2024-05-20").iter_days().take(400) {
        let text = dung_hen_domain::civil::iso_date(day);
        let (agency, applicant, _) = waited(CaseStatus::Processing, &requests, None, &text);
        let whole = calendar.working_days_between(date("2024-04-17"), day);
        assert_eq!(
            agency.zip(applicant).map(|(one, two)| one + two),
            whole,
            "{day}"
        );
        assert!(whole.is_some());
    }
}

#[test]
fn what_was_not_sent_is_not_counted() {
    use CaseStatus::{Finished, PaymentRequested, Processing, SupplementRequested, Withdrawn};
    let nothing: &[(Option<&str>, Option<&str>)] = &[];
    // Payment: since when is not among the facts. So is a request whose day was not sent.
    for paused in [PaymentRequested, SupplementRequested] {
        let (agency, applicant, _) = waited(paused, nothing, None, "2024-05-06");
        assert_eq!((agency, applicant), (None, None), "{paused:?}");
    }
    let (agency, applicant, _) = waited(
        Processing,
        &[(None, Some("2024-04-24"))],
        None,
        "2024-05-06",
    );
    assert_eq!((agency, applicant), (None, None));
    // The same request with the day on which its papers came in, 10/5, beside one of 19/4 that is whole: the whole one was
    // first, whatever the order in which they were sent. Until it, Thu 18/4 is a holiday: Fri 19 (1).
    let whole = (Some("2024-04-19"), Some("2024-04-24"));
    for sent in [
        [(None, Some("2024-05-10")), whole],
        [whole, (None, Some("2024-05-10"))],
    ] {
        let (.., all) = waited(Processing, &sent, None, "2024-05-20");
        let days: Vec<_> = all.iter().map(|span| span.working_days).collect();
        assert_eq!(days[..2], [Some(1), Some(3)], "{sent:?}");
    }
    // Answered before it was asked for.
    let backwards = [(Some("2024-04-24"), Some("2024-04-19"))];
    assert_eq!(waited(Processing, &backwards, None, "2024-05-06").1, None);
    // An end that was not sent, or lies before the reception.
    assert_eq!(waited(Finished, nothing, None, "2024-05-06").0, None);
    assert_eq!(
        waited(Finished, nothing, Some("2024-04-01"), "2024-05-06").0,
        None
    );
    assert_eq!(waited(Withdrawn, nothing, None, "2024-05-06").0, None);
    // Years the calendar does not have.
    assert_eq!(waited(Processing, nothing, None, "9999-12-31").0, None);
    assert_eq!(waited(Processing, nothing, None, "0000-01-01").0, None);
}

/// No state and no disorder of the requests makes it fail.
#[test]
fn every_state_has_spans() {
    let days = [
        None,
        Some("2024-04-01"),
        Some("2024-04-19"),
        Some("2024-05-20"),
    ];
    for status in CaseStatus::ALL {
        for asked in days {
            for answered in days {
                for finished in days {
                    let requests = [(asked, answered), (answered, asked)];
                    let (.., all) = waited(*status, &requests, finished, "2024-05-06");
                    assert!(!all.is_empty());
                }
            }
        }
    }
}
