//! The connector: item by item, with dead letters that hold nothing readable; streams with progress.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use chrono::NaiveDateTime;
use dung_hen_server::config::Retention;
use dung_hen_server::connector::replay;
use dung_hen_server::figures::{Counting, verify};
use dung_hen_server::keys::Purpose;
use dung_hen_server::service::retention;
use dung_hen_server::store::{DeadLetter, Reader, StoreError};
use serde_json::{Value, json};

use crate::support::{Answer, Server, case};

mod pull;

const CODE: &str = "H98.1-261005-0001";
const OTHER: &str = "H98.1-261005-0002";
const KEY: &str = "secret-of-the-connector";

fn send(server: &Server, body: &str) -> Answer {
    server.post_raw("/api/v1/connector", "application/json", body, Some(KEY))
}

fn step(code: &str) -> String {
    json!({ "service": "CapNhatTienDoHoSoMC", "madonvi": "H98.1", "data": [{ "MaHoSo": code,
        "NguoiXuLy": "Lê Văn A", "ThoiDiemXuLy": "20261006100000", "PhongBanXuLy": "Tư pháp",
        "NoiDungXuLy": "Thẩm tra", "TrangThai": "4" }] })
    .to_string()
}

fn dead_letters(server: &Server) -> Vec<DeadLetter> {
    server
        .state
        .store
        .read_now(|reader| reader.dead_letters(None, 100))
        .unwrap()
}

#[test]
fn what_is_wrong_is_told_item_by_item_and_the_rest_is_stored() {
    let server = Server::with("");
    let mut body: Value = serde_json::from_str(&case(CODE, "4", json!({}))).unwrap();
    let mut bad = body["data"][0].clone();
    bad["MaHoSo"] = json!(OTHER);
    bad["NgayHenTra"] = json!("2026-10-14");
    let mut none = bad.clone();
    none["MaHoSo"] = json!("Nguyễn Thị Bí Mật");
    body["data"].as_array_mut().unwrap().extend([bad, none]);
    let answer = send(&server, &body.to_string());
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["error_code"], "1");
    assert_eq!(
        (&answer.body["cases"], &answer.body["refused"]),
        (&json!(1), &json!(2))
    );
    let results = &answer.body["results"];
    assert_eq!(
        results[0],
        json!({ "item": 0, "case_code": CODE, "result": "stored" })
    );
    assert_eq!(results[1]["result"], "refused");
    assert_eq!(results[1]["case_code"], OTHER);
    assert_eq!(results[1]["field"], "data[1].NgayHenTra");
    assert_eq!(results[2]["field"], "data[2].MaHoSo");
    assert_eq!(results[2]["case_code"], Value::Null);
    assert_eq!(server.lookup(CODE, Some("1234")).status, 200);
    let letters = dead_letters(&server);
    assert_eq!(letters.len(), 2);
    // Sent again it is the same letter.
    send(&server, &body.to_string());
    let letters_again = dead_letters(&server);
    assert_eq!(letters_again.len(), 2);
    assert!(letters_again.iter().all(|letter| letter.repeats == 1));
    // Nothing of the applicant is at rest, readable or not: the name is not even sealed.
    let kept = String::from_utf8_lossy(&server.everything_kept()).into_owned();
    for private in [
        "Riêng Tư",
        "Bí Mật",
        "0900001234",
        "079000123456",
        "rieng.tu@example.vn",
    ] {
        assert!(!kept.contains(private), "{private}");
    }
    let keys = &server.state.keys;
    for letter in &letters {
        let text = keys
            .unseal(Purpose::DeadLetter, &letter.digest, &letter.sealed)
            .unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("1.004222"), "{text}");
        assert!(
            !text.contains("Riêng Tư") && !text.contains("rieng.tu"),
            "{text}"
        );
    }
}

#[test]
fn envelopes_are_read_with_the_mistakes_that_senders_make() {
    let server = Server::with("");
    // One item without a list, a service with a space, numbers and truth values for texts, empty texts for nothing.
    let mut body: Value = serde_json::from_str(&case(CODE, "4", json!({}))).unwrap();
    body["service"] = json!(" DongBoHoSoMC ");
    body["isUpdating"] = json!(false);
    let mut item = body["data"][0].clone();
    item["TrangThaiHoSo"] = json!(4);
    item["NgayTiepNhan"] = json!(20_261_005_080_000_i64);
    item["NgayKetThucXuLy"] = json!("");
    item["NgayTra"] = Value::Null;
    item["SoDienThoai"] = json!(900_001_234);
    item["HinhThuc"] = json!(false);
    item["PhiDiaGioi"] = json!(true);
    item["DanhSachHoSoBoSung"] = json!("");
    item["DanhSachLePhi"] = Value::Null;
    body["data"] = item;
    let answer = send(&server, &body.to_string());
    assert_eq!(answer.body["error_code"], "0", "{}", answer.body);
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["dates_held"]["promise"], "2026-10-14");
    // Neither a list nor an item.
    body["data"] = json!("x");
    let answer = send(&server, &body.to_string());
    assert_eq!(answer.code(), "bad_request_body");
    // Who sends envelopes has no page to load again.
    let message = answer.body["message"]["en"].as_str().unwrap();
    assert_eq!(
        message,
        "The envelopes cannot be read: line 1, field data: a list expected."
    );
}

#[test]
fn a_step_before_its_case_is_let_in_with_it() {
    let server = Server::with("");
    let answer = send(&server, &step(CODE));
    assert_eq!(answer.body["error_code"], "0");
    assert_eq!(answer.body["steps_without_case"], 1);
    assert_eq!(answer.body["results"][0]["result"], "early");
    assert_eq!(dead_letters(&server).len(), 1);
    send(&server, &case(OTHER, "4", json!({})));
    assert_eq!(
        dead_letters(&server).len(),
        1,
        "another case changes nothing"
    );
    send(&server, &case(CODE, "4", json!({})));
    assert_eq!(dead_letters(&server).len(), 0);
    let view = server.lookup(CODE, Some("1234")).body;
    assert_eq!(view["timeline"][1]["unit"], "Tư pháp");
    assert_eq!(view["timeline"][1]["officer"], "Lê Văn A");
}

/// Two send the same cases again and again at once, each with letters of its own, the one in the order of their codes, the
/// other against it; and with them the same steps, steps that come early, and items that cannot be read.
#[test]
fn of_two_who_send_the_same_cases_at_once_nothing_is_lost_or_doubled() {
    const CASES: usize = 250;
    const TIMES: usize = 3;
    let codes: Vec<String> = (0..CASES).map(|n| format!("H98.1-261005-{n:05}")).collect();
    let known: Vec<String> = codes
        .iter()
        .map(|code| case(code, "4", json!({})))
        .collect();
    let server = Server::with(&known.join("\n"));
    let item = |code: &str, extra: Value| {
        let body: Value = serde_json::from_str(&case(code, "4", extra)).unwrap();
        body["data"][0].clone()
    };
    let step = |code: &str, hour: usize| {
        json!({ "MaHoSo": code, "ThoiDiemXuLy": format!("20261006{hour}0000"), "PhongBanXuLy": "Tư pháp",
            "NoiDungXuLy": "Thẩm tra" })
    };
    let body = |sender: usize, time: usize| {
        let letter = json!([{ "SoVanBan": format!("{sender}/{time}"), "NgayBanHanh": "20261013080000",
            "NgayHenTraTruoc": "20261014170000",
            "NgayHenTraMoi": format!("202610{}170000", 20 + 2 * time + sender) }]);
        let mut cases: Vec<Value> = codes
            .iter()
            .map(|code| item(code, json!({ "DanhSachXinLoi": letter })))
            .collect();
        let bad = |n: usize| item(&format!("BAD-{n}"), json!({ "NgayHenTra": "2026" }));
        cases.extend((0..50).map(bad));
        let mut steps = Vec::new();
        for hour in [10, 11] {
            steps.extend(codes.iter().map(|code| step(code, hour)));
            steps.extend((0..50).map(|n| step(&format!("EARLY-{n}"), hour)));
        }
        if sender == 1 {
            cases.reverse();
            steps.reverse();
        }
        json!([
            { "service": "DongBoHoSoMC", "madonvi": "H98.1", "data": cases },
            { "service": "CapNhatTienDoHoSoMC", "madonvi": "H98.1", "data": steps },
        ])
        .to_string()
    };
    std::thread::scope(|scope| {
        for sender in [0, 1] {
            let (body, server) = (&body, &server);
            scope.spawn(move || {
                for time in 0..TIMES {
                    let told = send(server, &body(sender, time)).body;
                    let count = |what: &str| told[what].as_u64().unwrap();
                    assert_eq!(
                        ["cases", "steps", "steps_without_case", "refused"].map(count),
                        [CASES as u64, 2 * CASES as u64, 100, 50]
                    );
                }
            });
        }
    });
    let all = |reader: &mut Reader<'_>| {
        for code in &codes {
            let case = reader.find_case(code)?.unwrap();
            assert_eq!(
                (case.letters.len(), case.history.len(), case.progress.len()),
                (2 * TIMES, 1 + 2 * TIMES, 2),
                "{code}"
            );
            for letter in &case.letters {
                let about = format!("{code}/{}", letter.number.as_deref().unwrap());
                assert!(reader.event_is_kept("letter.recorded", &about)?, "{about}");
            }
        }
        let waiting = reader.dead_letters(None, 1_000)?;
        assert_eq!(waiting.len(), 150);
        let again = 2 * u32::try_from(TIMES).unwrap() - 1;
        assert!(waiting.iter().all(|one| one.repeats == again));
        let counting = Counting::new(&server.state.reference, server.state.now());
        let verified = verify::verify(reader, &counting, |_| {})?;
        assert_eq!(verified.cases, CASES as u64);
        assert!(verified.differences.is_empty());
        Ok::<_, StoreError>(())
    };
    server.state.store.read_now(all).unwrap();
}

/// What an older program refused and this one reads.
/// A case as it was refused when it came: before its field was read as it is by now.
fn refused_before(server: &Server, status: &str, received_at: NaiveDateTime) {
    let body: Value = serde_json::from_str(&case(CODE, status, json!({}))).unwrap();
    let content = json!({ "agency": "H98.1", "item": body["data"][0].to_string() }).to_string();
    let digest = [9; 32];
    let letter = DeadLetter {
        id: "A".to_owned(),
        digest,
        service: "DongBoHoSoMC".to_owned(),
        sender: "one-stop".to_owned(),
        case_code: Some(CODE.to_owned()),
        reason: "refused".to_owned(),
        field: "data[0].NgayTra".to_owned(),
        message: "a moment expected".to_owned(),
        received_at,
        repeats: 0,
        sealed: server
            .state
            .keys
            .seal(Purpose::DeadLetter, &digest, content.as_bytes())
            .unwrap(),
    };
    let store = &server.state.store;
    store
        .write_now(move |writer| writer.add_dead_letters(vec![letter.clone()]))
        .unwrap();
}

#[test]
fn what_was_refused_does_not_come_back_over_what_came_later() {
    let server = Server::with("");
    let now = server.state.now();
    refused_before(&server, "4", now - chrono::Duration::days(1));
    let ended = json!({ "NgayKetThucXuLy": "20261013100000" });
    assert_eq!(send(&server, &case(CODE, "10", ended)).body["cases"], 1);
    assert_eq!(dead_letters(&server), []);
    let (store, keys) = (&server.state.store, &server.state.keys);
    replay::replay(store, keys, &server.state.reference, now).unwrap();
    let shown = server.lookup(CODE, Some("K7QF2MWX"));
    assert_eq!(shown.body["status"], "returned", "{:?}", shown.body);
}

#[test]
fn who_is_erased_is_in_no_dead_letter() {
    let server = Server::with("");
    let now = server.state.now();
    send(&server, &case(CODE, "4", json!({})));
    refused_before(&server, "4", now);
    let store = &server.state.store;
    assert!(
        store
            .write_now(move |writer| writer.erase_case(CODE, now))
            .unwrap()
    );
    assert_eq!(dead_letters(&server), []);
}

#[test]
fn a_replay_stores_what_fits_by_now_and_leaves_the_rest() {
    let server = Server::with("");
    let (keys, now) = (server.state.keys.clone(), server.state.now());
    refused_before(&server, "4", now);
    send(&server, &step(OTHER));
    let done = replay::replay(&server.state.store, &keys, &server.state.reference, now).unwrap();
    assert_eq!((done.stored, done.left), (1, 1));
    assert_eq!(
        server.lookup(CODE, Some("K7QF2MWX")).status,
        200,
        "with its proofs"
    );
    assert_eq!(dead_letters(&server).len(), 1);
}

#[test]
fn dead_letters_are_erased_after_thirty_days() {
    let server = Server::with("");
    send(&server, &step(CODE));
    let erase = |days| {
        let now = server.state.now() + chrono::Duration::days(days);
        retention::erase(&server.state.store, Retention::default(), now)
            .unwrap()
            .dead_letters
    };
    assert_eq!(erase(30), 0);
    assert_eq!(erase(31), 1);
    assert_eq!(dead_letters(&server).len(), 0);
}

/// Sends lines in pieces that end anywhere, and reads the answer's lines.
fn stream(server: &Server, lines: &str) -> Vec<Value> {
    let mut socket = TcpStream::connect(server.address()).unwrap();
    write!(
        socket,
        "POST /api/v1/connector/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\
         content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut writing = socket.try_clone().unwrap();
    let pieces: Vec<Vec<u8>> = lines.as_bytes().chunks(7001).map(<[u8]>::to_vec).collect();
    let sender = std::thread::spawn(move || {
        for piece in pieces {
            write!(writing, "{:x}\r\n", piece.len()).unwrap();
            writing.write_all(&piece).unwrap();
            writing.write_all(b"\r\n").unwrap();
        }
        writing.write_all(b"0\r\n\r\n").unwrap();
    });
    let answer: Vec<Value> = BufReader::new(socket)
        .lines()
        .map(Result::unwrap)
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect();
    sender.join().unwrap();
    answer
}

#[test]
fn a_stream_is_stored_while_it_comes_and_says_how_far_it_is() {
    let server = Server::with("");
    let code = |index: usize| format!("H98.1-261005-{index:05}");
    let mut lines: Vec<String> = (0..1500)
        .map(|index| case(&code(index), "4", json!({})))
        .collect();
    lines[700] = "{ not JSON".to_owned();
    lines[701] = case(&code(701), "99", json!({}));
    lines.push(String::new());
    let answer = stream(&server, &lines.join("\n"));
    let last = answer.last().unwrap();
    assert_eq!(last["finished"], true, "{last}");
    assert_eq!(last["error_code"], "1");
    // The last one ends with a line's end, as files do.
    assert_eq!(last["lines"], 1500, "{last}");
    assert_eq!(
        (&last["cases"], &last["refused"], &last["wrong_lines"]),
        (&json!(1498), &json!(1), &json!(1))
    );
    let progress: Vec<u64> = answer
        .iter()
        .filter(|line| line["finished"].is_null())
        .filter_map(|line| line["cases"].as_u64())
        .collect();
    assert_eq!(progress, [500, 999, 1498], "{answer:?}");
    let wrong: Vec<&Value> = answer
        .iter()
        .filter(|line| line["message"].is_string())
        .collect();
    assert_eq!(
        (&wrong[0]["line"], &wrong[0]["message"]),
        (&json!(701), &json!("not JSON"))
    );
    assert_eq!(
        (&wrong[1]["line"], &wrong[1]["case_code"]),
        (&json!(702), &json!(code(701)))
    );
    assert_eq!(server.lookup(&code(1499), Some("1234")).status, 200);
    // The address is closed without a key.
    let none = server.post_raw("/api/v1/connector/stream", "application/x-ndjson", "", None);
    assert_eq!(none.code(), "connector_key_invalid");
}

#[test]
fn a_stream_that_breaks_off_keeps_what_came() {
    let server = Server::with("");
    let mut socket = TcpStream::connect(server.address()).unwrap();
    let line = case(CODE, "4", json!({}));
    let half = &case(OTHER, "4", json!({}))[..40];
    write!(
        socket,
        "POST /api/v1/connector/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{line}\n{half}",
        line.len() + 1 + half.len()
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let last: Value =
        serde_json::from_str(answer.lines().rfind(|line| line.starts_with('{')).unwrap()).unwrap();
    assert_eq!(
        (&last["cases"], &last["wrong_lines"]),
        (&json!(1), &json!(1)),
        "{answer}"
    );
    assert_eq!(server.lookup(CODE, Some("1234")).status, 200);
}
