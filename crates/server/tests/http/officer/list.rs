//! The list of cases due, with what the messages to applicants became.

use std::sync::Arc;

use dung_hen_server::reference::Reference;
use dung_hen_server::store::DeliveryFilter;
use serde_json::{Value, json};

use super::{CODE, OTHER, ask, codes, officers, server};
use crate::receiver::{FIRST, Mood, NOW, Receiver, SECOND, endpoint, key, run, tell};
use crate::support::{Server, case, case_of};

#[test]
fn the_list_shows_what_is_due_with_the_fields_of_the_letter() {
    // Two working days from Thu 15/10: Fri 16, Mon 19. So the 19th is on the list, the 20th is not.
    let cases = [
        case(CODE, "4", json!({})),
        case(
            "H98.1-261005-0002",
            "4",
            json!({ "NgayHenTra": "20261019170000" }),
        ),
        case(
            "H98.1-261005-0003",
            "4",
            json!({ "NgayHenTra": "20261020170000" }),
        ),
        case(
            "H98.1-261005-0004",
            "9",
            json!({ "NgayKetThucXuLy": "20261015080000" }),
        ),
        case_of("H98.2", OTHER, "4", json!({})),
    ]
    .join("\n");
    let server = server(&cases);
    let own = ask(&server, "cases", "key-of-one", &json!({}));
    assert_eq!(own.status, 200);
    assert_eq!(codes(&own), [CODE, "H98.1-261005-0002"]);
    assert_eq!(own.body["total"], 2);
    let first = &own.body["cases"][0];
    assert_eq!(first["state"], "overdue");
    // Tue 13/10 is the last working day before the promise.
    assert_eq!(first["last_lawful_day"], "2026-10-13");
    let letter = &first["letter"];
    assert_eq!(letter["agency"], "UBND phường Một");
    assert_eq!(letter["previous_due"], "2026-10-14");
    assert_eq!(letter["outside_rule"], false);
    assert!(
        letter["form"].as_str().unwrap().contains("Mẫu 04"),
        "{letter}"
    );
    // Received on Mon 5/10 with 7 working days: Wed 14/10. The other was promised for the 19th.
    assert_eq!(first["promise_later_than"], Value::Null);
    assert_eq!(own.body["cases"][1]["promise_later_than"], "2026-10-14");
    assert_eq!(own.body["cases"][1]["state"], "due_soon");
    // Whoever sees every agency sees the other too; nobody sees another's by naming it.
    let all = ask(&server, "cases", "key-of-all", &json!({}));
    assert_eq!(codes(&all), [CODE, OTHER, "H98.1-261005-0002"]);
    let other = ask(
        &server,
        "cases",
        "key-of-one",
        &json!({ "agency": "H98.2" }),
    );
    assert_eq!(other.code(), "agency_unknown");
    // Nothing of the applicant.
    for private in ["Trần Thị Riêng Tư", "079000123456", "0900001234"] {
        assert!(!all.body.to_string().contains(private), "{private}");
    }
}

/// Promised for Mon 30/11/2026: the shipped calendar is settled up to 22/11, so the plain day before is the last one, Sun
/// 29/11, and the officer is told that it is in doubt. Of a promise among settled days nothing is said.
#[test]
fn the_last_day_for_a_letter_says_when_it_is_in_doubt() {
    let lines = [
        case(CODE, "4", json!({})),
        case(
            "H98.1-261005-0002",
            "4",
            json!({ "NgayHenTra": "20261130170000" }),
        ),
    ]
    .join("\n");
    let mut server = server(&lines);
    server.at("2026-11-27T09:00:00+07:00");
    let cases = ask(&server, "cases", "key-of-one", &json!({})).body["cases"].clone();
    let last = |at: usize| {
        let case = &cases[at];
        (
            case["last_lawful_day"].as_str().unwrap().to_owned(),
            case["last_lawful_day_settled"].as_bool().unwrap(),
        )
    };
    assert_eq!(last(0), ("2026-10-13".to_owned(), true));
    assert_eq!(last(1), ("2026-11-29".to_owned(), false));
}

/// Which message reached the applicant, and which did not: the officer sees it case by case, so that nobody who does not
/// come back is left without a word.
#[test]
fn the_list_shows_whom_a_message_has_reached() {
    let receiver = Receiver::start(&[Mood::Takes, Mood::Fails(410)]);
    let gateway = endpoint(&receiver.url, "");
    let webhooks = |reads: &str| {
        let url = &receiver.url;
        let one = format!(
            "webhooks = [{{ name = \"sms\", url = \"{url}\", reads_as = [{reads}], private_network = true }}]"
        );
        format!("{}\n{one}", officers())
    };
    let cases = [case(FIRST, "4", json!({})), case(SECOND, "4", json!({}))].join("\n");
    let mut server = Server::configured(&cases, &webhooks("\"gateway\", \"agency\""));
    let list = |server: &Server| {
        let answer = ask(server, "cases", "key-of-one", &json!({}));
        assert_eq!(codes(&answer), [FIRST, SECOND]);
        let told = |at: usize| answer.body["cases"][at]["told"].clone();
        (told(0), told(1))
    };
    let page = |server: &Server| {
        server
            .post_form("/officer", &[("key", "key-of-one"), ("lang", "vi")])
            .1
    };
    let none = "Phần mềm này chưa gửi tin nào cho người nộp hồ sơ.";
    assert_eq!(list(&server), (json!([]), json!([])));
    assert_eq!(page(&server).matches(none).count(), 2);

    // The gateway takes the one and is gone for the other.
    tell(&server, NOW);
    run(&server, &gateway, NOW);
    let received = receiver.received();
    let taken = received[0].json()["data"]["case_code"].clone();
    let told = |state: &str, at: &str| json!([{ "event": "case.overdue", "by": "sms", "state": state, "at": at }]);
    let (handed_over, failed) = (told("handed_over", NOW), told("failed", NOW));
    let of_both = |first: &Value, other: &Value| {
        let (first, other) = (first.clone(), other.clone());
        if taken == FIRST {
            (first, other)
        } else {
            (other, first)
        }
    };
    assert_eq!(list(&server), of_both(&handed_over, &failed));
    let shown = page(&server);
    for words in [
        "Tin báo quá hẹn (sms): cổng nhắn tin đã nhận, chưa báo kết quả, ",
        "Tin báo quá hẹn (sms): không đến được người nhận, ",
        "Hãy báo cho người nộp bằng cách khác.",
        "Thứ Năm, 15 tháng 10 năm 2026",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains(none), "{shown}");

    // What the gateway says later.
    let bearer = format!("Bearer {}", key(&server, "sms", "gateway"));
    let report = json!({ "event": received[0].id, "outcome": "delivered" });
    let said = server.post_with("/api/v1/deliveries", &report, &[("authorization", &bearer)]);
    assert_eq!(said.status, 200);
    assert_eq!(list(&server), of_both(&told("delivered", NOW), &failed));
    assert!(page(&server).contains("(sms): đã đến người nhận, "));

    // The endpoint is gone from the province's file: what its gateway said stays, and of the other nothing is known.
    let with = server.state.reference.province.clone();
    let mut without = with.clone();
    without.webhooks.clear();
    server.state.reference = Arc::new(Reference::new(without).unwrap());
    server.at(NOW);
    assert_eq!(
        list(&server),
        of_both(&told("delivered", NOW), &Value::Null)
    );
    let left = page(&server);
    assert!(left.contains("(sms): đã đến người nhận, "), "{left}");
    assert!(!left.contains(none), "{left}");
    server.state.reference = Arc::new(Reference::new(with).unwrap());
    server.at(NOW);

    // Sent again: what was said of the time before says nothing any more.
    let (store, now) = (&server.state.store, server.state.now());
    let again =
        store.write_now(move |writer| writer.deliver_again(&DeliveryFilter::default(), now));
    assert_eq!(again.unwrap(), 2);
    let waiting = told("waiting", NOW);
    assert_eq!(list(&server), (waiting.clone(), waiting));

    // Nothing of the applicant, and nothing of an agency that is another's.
    for private in ["Trần Thị Riêng Tư", "079000123456", "0900001234"] {
        assert!(!shown.contains(private), "{private}");
    }
    // One who is told of events and writes to nobody is no gateway.
    let server = Server::configured(&cases, &webhooks("\"agency\""));
    tell(&server, NOW);
    run(&server, &gateway, NOW);
    assert_eq!(list(&server), (Value::Null, Value::Null));
    let shown = page(&server);
    assert!(shown.contains(FIRST), "{shown}");
    assert!(!shown.contains("chưa gửi tin nào"), "nobody knows: {shown}");
}
