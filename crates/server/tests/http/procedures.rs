//! "If I file today": the same computation as for a case that exists.

use serde_json::json;

use crate::support::Server;

/// Seven working days (1.004222), worked by hand: 15/10/2026 is a Thursday; Friday 16, Monday 19 to Friday 23 and
/// Monday 26 are the seven days.
#[test]
fn the_deadline_of_a_dossier_received_now() {
    let server = Server::with("");
    let view = server.get("/api/v1/procedures/1.004222/deadline").body;
    assert_eq!(view["deadline"]["due"], "2026-10-26", "{view}");
    assert_eq!(view["received"], "2026-10-15T09:00:00+07:00");
    assert_eq!(view["note"], json!(null));
    assert_eq!(
        view["deadline"]["agrees"],
        json!(null),
        "there is no promise to agree with"
    );
}

/// Saturday 17/10/2026: nobody receives it before Monday 19; Tuesday 20 to Friday 23 and Monday 26 to Wednesday 28
/// are the seven days.
#[test]
fn on_a_day_off_the_next_working_day_is_taken_and_said() {
    let server = Server::with("");
    let view = server
        .get("/api/v1/procedures/1.004222/deadline?received=2026-10-17")
        .body;
    assert_eq!(view["received"], "2026-10-19T07:30:00+07:00");
    assert_eq!(view["deadline"]["due"], "2026-10-28", "{view}");
    assert!(
        view["note"]["vi"]
            .as_str()
            .unwrap()
            .contains("là ngày nghỉ")
    );
}

#[test]
fn what_cannot_be_computed_is_said_and_nonsense_is_refused() {
    let server = Server::with("");
    let unknown = server.get("/api/v1/procedures/9.999999/deadline").body;
    assert_eq!(unknown["deadline"], json!(null));
    assert_eq!(unknown["not_computed"]["reason"], "no_limit");
    // Nobody has a receipt yet, so none is said to count.
    let text = &unknown["not_computed"]["text"];
    assert!(
        text["vi"]
            .as_str()
            .unwrap()
            .ends_with("Khi nộp, xin xem ngày ghi trên giấy hẹn."),
        "{text}"
    );
    assert!(
        !text["en"].as_str().unwrap().contains("receipt counts"),
        "{text}"
    );
    for query in [
        "received=tomorrow",
        "received=2026-13-01",
        "received=2026-02-29",
        "received=",
        "received=2026-10-17T08:00:00%2B08:00",
        "received=%C3%B2%C2%B7",
        "channel=pigeon",
        "channel=",
    ] {
        let answer = server.get(&format!("/api/v1/procedures/1.004222/deadline?{query}"));
        assert_eq!(answer.status, 400, "{query}");
    }
}
