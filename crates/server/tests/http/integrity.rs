//! What stands beside the figures: how ballots were obtained, what looked odd, what is contested; and that the counters
//! add up.

use dung_hen_server::waiting::Waiting;
use serde_json::{Value, json};

use crate::support::{Answer, Citizen, Server, case, code, rating};
use crate::tokens::{claims, eddsa, server};

/// Finished cases, collected, so that nothing about them is odd.
fn cases(n: u32) -> String {
    let collected = json!({ "NgayKetThucXuLy": "20261013100000", "NgayTra": "20261014090000" });
    let cases: Vec<String> = (0..n)
        .map(|i| case(&code(i), "10", collected.clone()))
        .collect();
    cases.join("\n")
}

fn bearer(code: &str) -> String {
    format!("Bearer {}", eddsa(&claims(&json!({ "codes": [code] }))))
}

fn ask(server: &Server, seed: u32, code: &str, contest: bool) -> Answer {
    let mut body = Citizen::new(seed).ask(code, "");
    body["contest"] = contest.into();
    server.post_with(
        "/api/v1/ballots",
        &body,
        &[("authorization", &bearer(code))],
    )
}

/// What stands beside the figure of the agency on the day after.
fn beside(server: &mut Server, agency: &str) -> Value {
    server.restart_at("2026-10-16T03:10:00+07:00");
    server.keep_house();
    let path = format!("/api/v1/metrics/satisfaction?period=2026-10&agency={agency}");
    server.get(&path).body["integrity"].clone()
}

/// Fourteen ballots: five for a token, five for the secret, four for digits, of which two are the page's.
#[test]
fn how_ballots_were_obtained_is_published_in_steps_of_five() {
    let mut server = server(&cases(14));
    for i in 0..5 {
        assert_eq!(ask(&server, i, &code(i), false).status, 200);
        // The same request again is the same ballot.
        assert_eq!(ask(&server, i, &code(i), false).status, 200);
        let secret = Citizen::new(5 + i).ask(&code(5 + i), "K7QF-2MWX");
        assert_eq!(server.post("/api/v1/ballots", &secret).status, 200);
    }
    for i in 10..12 {
        server.ballot(&code(i), i);
    }
    for i in 12..14 {
        let number = Citizen::new(i).number;
        let form = [
            ("case_code", code(i)),
            ("proof", "1234".to_owned()),
            ("number", number.as_str().to_owned()),
            ("overall", "4".to_owned()),
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, &**value)).collect();
        assert_eq!(server.post_form("/danh-gia", &form).0, 201);
    }
    // Nothing of a day that is not over.
    let path = "/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1";
    server.keep_house();
    let none = json!({ "portal_token": 0, "receipt_secret": 0, "last_digits": 0 });
    assert_eq!(server.get(path).body["integrity"]["ballots"], none);
    let beside = beside(&mut server, "H98.1");
    assert_eq!(
        beside["ballots"],
        json!({ "portal_token": 5, "receipt_secret": 5, "last_digits": 0 })
    );
    assert_eq!(
        beside["among_them"],
        json!({ "desk_network": 0, "without_javascript": 0 })
    );
    assert_eq!(beside["in_steps_of"], 5);
    // The year is the sum of its months as published, the level that of its agencies.
    for path in ["period=2026&agency=H98.1", "period=2026-Q4&level=commune"] {
        let longer = server.get(&format!("/api/v1/metrics/satisfaction?{path}"));
        assert_eq!(
            longer.body["integrity"]["ballots"], beside["ballots"],
            "{path}"
        );
    }
    // Nothing of it is in the database but whole steps, and no single ballot has any of it.
    let board = server.get_page("/board?period=2026-10&agency=H98.1").1;
    assert!(
        board.contains("mã tra cứu trên giấy hẹn</th><td class=\"number\">5</td>"),
        "{board}"
    );
}

/// The network of an agency's desk is that of its own cases alone; that of the province's desks is all agencies'.
#[test]
fn ballots_from_the_desks_own_network_are_counted() {
    for (networks, agency, expected) in [
        (
            "\n[integrity]\ndesk_networks = [\"127.0.0.0/8\"]\n",
            "H98.1",
            5,
        ),
        (
            "\n[integrity]\ndesk_networks = [\"10.0.0.1\"]\n",
            "H98.1",
            0,
        ),
    ] {
        let province = format!(
            "code = \"H98\"\nname = {{ vi = \"Tỉnh Mẫu\", en = \"Sample\" }}\nagencies = [{{ code = \"H98.1\", name = \"UBND phường Một\", level = \"commune\" }}]\n{networks}"
        );
        let mut server = Server::of_province(&cases(6), &province);
        for i in 0..6 {
            server.ballot(&code(i), i);
        }
        let beside = beside(&mut server, agency);
        assert_eq!(beside["among_them"]["desk_network"], expected);
    }
    // By agency: the desk is that of another one.
    let province = "code = \"H98\"\nname = { vi = \"Tỉnh Mẫu\", en = \"Sample\" }\n\
        agencies = [{ code = \"H98.1\", name = \"Một\", level = \"commune\" }, \
        { code = \"H98.2\", name = \"Hai\", level = \"commune\", desk_networks = [\"127.0.0.1\"] }]\n";
    let mut server = Server::of_province(&cases(6), province);
    for i in 0..6 {
        server.ballot(&code(i), i);
    }
    let beside = beside(&mut server, "H98.1");
    assert_eq!(beside["among_them"]["desk_network"], 0);
    assert_eq!(beside["ballots"]["last_digits"], 5);
}

/// Thirty ratings in a moment, the first twelve of them alike. All are counted in the figure all the same.
#[test]
fn what_looks_odd_is_reported_and_nothing_is_dropped() {
    let open = json!({ "NgayKetThucXuLy": "20261013100000", "NgayTra": null });
    let without: Vec<String> = (0..36)
        .map(|i| case(&code(i), "10", open.clone()))
        .collect();
    let mut server = Server::with(&without.join("\n"));
    let ballots: Vec<Value> = (0..36)
        .map(|i| {
            // Opened and rated in the same second.
            server.lookup(&code(i), Some("1234"));
            server.ballot(&code(i), i)
        })
        .collect();
    let factors = |level: u8| -> Value {
        [
            "access",
            "procedures",
            "officials",
            "outcomes",
            "feedback_handling",
        ]
        .map(|factor| json!({ "factor": factor, "level": level }))
        .into()
    };
    // The first four have another label.
    for (i, ballot) in (0u8..).zip(&ballots[4..34]) {
        let mut body = rating(ballot, if i < 12 { 5 } else { 1 + i % 5 });
        body["factors"] = factors(if i < 17 { 5 } else { 4 });
        assert_eq!(server.post("/api/v1/ratings", &body).status, 201);
    }
    let beside = beside(&mut server, "H98.1");
    // All thirty within ten minutes; a run of twelve, rounded down to ten. One level for all questions: the twelve
    // fives, the fourteenth (five), and of the last thirteen those that say four as a whole (18, 23, 28): 16, so 15.
    assert_eq!(
        beside["signs"],
        json!({ "burst": 30, "too_quick": 35, "equal_run": 10, "all_equal": 15, "without_result": 35 })
    );
    let answer = server.get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1");
    assert_eq!(answer.body["overall"]["n"], 30);
}

#[test]
fn it_was_not_me_gives_a_fresh_ballot_to_the_bearer_of_a_token_once() {
    let mut server = server(&cases(13));
    let ballots: Vec<Value> = (0..13).map(|i| server.ballot(&code(i), i)).collect();
    for ballot in &ballots[4..] {
        assert_eq!(
            server.post("/api/v1/ratings", &rating(ballot, 5)).status,
            201
        );
    }
    let last = code(12);
    // Signed in, but without saying so: as ever.
    assert_eq!(
        ask(&server, 50, &last, false).code(),
        "ballot_already_given"
    );
    // Whoever has the digits or the secret can be an officer.
    for proof in ["1234", "K7QF-2MWX"] {
        let mut body = Citizen::new(50).ask(&last, proof);
        body["contest"] = true.into();
        let refused = server.post("/api/v1/ballots", &body);
        assert_eq!(
            (refused.status, refused.code()),
            (403, "contest_needs_token")
        );
    }
    let fresh = ask(&server, 50, &last, true);
    assert_eq!(fresh.status, 200, "{:?}", fresh.body);
    // A lost answer is repeated; a third ballot is not given, nor is the first one again.
    assert_eq!(
        ask(&server, 50, &last, true).body["label"],
        fresh.body["label"]
    );
    assert_eq!(ask(&server, 51, &last, true).code(), "ballot_already_given");
    assert_eq!(
        server
            .post("/api/v1/ballots", &Citizen::new(12).ask(&last, "1234"))
            .code(),
        "ballot_already_given"
    );
    let ballot = Citizen::new(50).ballot(&fresh.body, &server.get("/api/v1/ballots/keys").body);
    assert_eq!(
        server.post("/api/v1/ratings", &rating(&ballot, 1)).status,
        201
    );
    // A case without a ballot is given its first one, and nothing is contested.
    let path = "/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1";
    assert_eq!(
        server.get(path).body["integrity"]["contested"]["at_most"],
        0
    );
    let beside = beside(&mut server, "H98.1");
    // Ten ratings, nine of them satisfied; one contested, which is published as at most five: four to ten satisfied.
    let overall = server.get(path).body["overall"].clone();
    assert_eq!(
        (&overall["n"], &overall["satisfied"]),
        (&json!(10), &json!(9))
    );
    assert_eq!(
        beside["contested"],
        json!({ "at_most": 5, "lowest_percent": 40.0, "highest_percent": 100.0 })
    );
    // September is before the case ended.
    let september = server.get("/api/v1/metrics/satisfaction?period=2026-09&agency=H98.1");
    assert_eq!(september.body["integrity"]["contested"]["at_most"], 0);
    let board = server
        .get_page("/board?period=2026-10&agency=H98.1&lang=en")
        .1;
    assert!(board.contains("40.00 % to 100.00 %"), "{board}");
}

/// A portal that shows the plain pages adds the token of whoever is signed in.
#[test]
fn without_javascript_it_was_not_me_needs_the_token_too() {
    let server = server(&cases(1));
    server.ballot(&code(0), 1);
    let form = [("case_code", code(0)), ("proof", "1234".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, &**value)).collect();
    let page = server.post_form("/tra-cuu", &form).1;
    assert!(page.contains("xin đăng nhập cổng dịch vụ công"), "{page}");
    assert!(!page.contains("name=\"contest\""), "{page}");
    let page = server
        .post_form_as(&bearer(&code(0)), "/tra-cuu", &form[..1])
        .1;
    assert!(
        page.contains("Không phải tôi") && page.contains("name=\"contest\""),
        "{page}"
    );
    let rate = [
        ("case_code", code(0)),
        ("number", Citizen::new(2).number.as_str().to_owned()),
        ("contest", "1".to_owned()),
        ("overall", "2".to_owned()),
    ];
    let rate: Vec<(&str, &str)> = rate.iter().map(|(key, value)| (*key, &**value)).collect();
    let (status, page) = server.post_form("/danh-gia", &rate);
    assert_eq!(status, 422, "{page}");
    let (status, page) = server.post_form_as(&bearer(&code(0)), "/danh-gia", &rate);
    assert_eq!(status, 201, "{page}");
    let more = [rate.clone(), vec![("proof", "1234")]].concat();
    assert_eq!(server.post_form("/danh-gia", &more).0, 403);
}

/// Received is stored, repeated, corrected and refused: at every moment in all, day by day when a day is over, and by
/// agency in steps with the rest beside them. Through a restart, and with a second server that has a room of its own.
#[test]
fn counters_add_up_over_restarts_and_servers() {
    let mut server = Server::with(&cases(24));
    let ballots: Vec<Value> = (0..24).map(|i| server.ballot(&code(i), i)).collect();
    let adds_up = |row: &Value| {
        let n = |name: &str| row[name].as_u64().unwrap();
        assert_eq!(
            n("received"),
            n("stored") + n("repeated") + n("corrected") + n("refused"),
            "{row}"
        );
        n("received")
    };
    let listed = |server: &Server| {
        let body = server.get("/api/v1/counters?period=2026-10").body;
        adds_up(&body);
        for row in ["days", "agencies"]
            .iter()
            .flat_map(|key| body[key].as_array().unwrap())
        {
            adds_up(row);
        }
        let of = |key: &str| {
            body[key]
                .as_array()
                .unwrap()
                .iter()
                .map(adds_up)
                .sum::<u64>()
        };
        assert_eq!(adds_up(&body["sum"]), of("days"));
        assert_eq!(of("agencies") + adds_up(&body["elsewhere"]), of("days"));
        body
    };
    let send = |server: &Server, ballot: &Value, overall: u8| {
        server
            .post("/api/v1/ratings", &rating(ballot, overall))
            .status
    };
    // Seven stored, one of them sent twice, one refused for its level, one spent.
    for ballot in &ballots[4..11] {
        assert_eq!(send(&server, ballot, 4), 201);
    }
    assert_eq!(send(&server, &ballots[4], 4), 200);
    assert_eq!(send(&server, &ballots[4], 9), 422);
    assert_eq!(send(&server, &ballots[4], 1), 409);
    let now = listed(&server);
    assert_eq!((&now["received"], &now["stored"]), (&json!(10), &json!(7)));
    assert_eq!(now["days"], json!([]), "a day that is not over");

    // The server is started anew: a room from the same file, and the next day.
    let restart = |server: &mut Server, room: &str, moment: &str| {
        let directory = server.directory.path().join(room);
        server.state.waiting = Waiting::open(&directory).unwrap();
        server.restart_at(moment);
    };
    restart(&mut server, "waiting", "2026-10-16T09:00:00+07:00");
    let body = listed(&server);
    assert_eq!(body["received"], 10);
    let thursday = json!({ "day": "2026-10-15", "received": 10, "stored": 7, "repeated": 1, "corrected": 0, "refused": 2 });
    assert_eq!(body["days"], json!([thursday]));
    server.keep_house();
    let agency = json!({ "agency": "H98.1", "month": "2026-10", "received": 5, "stored": 5, "repeated": 0, "corrected": 0, "refused": 0 });
    assert_eq!(listed(&server)["agencies"], json!([agency]));

    // Another server on the same database with a room of its own; one rating reaches both, and waits in both.
    for ballot in &ballots[11..13] {
        assert_eq!(send(&server, ballot, 4), 201);
    }
    let first = server.state.waiting.clone();
    restart(&mut server, "another", "2026-10-16T10:00:00+07:00");
    for ballot in &ballots[12..20] {
        assert_eq!(send(&server, ballot, 4), 201);
    }
    adds_up(&server.get("/api/v1/counters").body);
    restart(&mut server, "another", "2026-10-17T09:00:00+07:00");
    server.keep_house();
    let second = std::mem::replace(&mut server.state.waiting, first);
    server.restart_at("2026-10-17T10:00:00+07:00");
    // Five more, so that what waits here enters: the one that both have is stored once.
    for ballot in &ballots[20..24] {
        assert_eq!(send(&server, ballot, 4), 201);
    }
    server.restart_at("2026-10-18T10:00:00+07:00");
    server.keep_house();
    let body = listed(&server);
    // 4 to 23 are twenty ratings; nineteen of them came once and one to both servers.
    assert_eq!(
        (&body["stored"], &body["repeated"], &body["refused"]),
        (&json!(20), &json!(2), &json!(2))
    );
    assert_eq!(body["received"], 24);
    drop(second);
}

/// One server keeps the ratings, another stands in while it is down: nothing is lost and nothing counted twice; what the
/// other one took can be corrected when it is back.
#[test]
fn another_server_stands_in_while_the_keeper_of_ratings_is_down() {
    let mut server = Server::with(&cases(14));
    let ballots: Vec<Value> = (0..14).map(|i| server.ballot(&code(i), i)).collect();
    let send = |server: &Server, ballot: &Value, overall: u8| {
        server
            .post("/api/v1/ratings", &rating(ballot, overall))
            .status
    };
    let correct = |server: &Server, ballot: &Value| {
        let mut body = rating(&Value::Null, 2);
        body["ballot"].take();
        body["number"] = ballot["number"].clone();
        server.post("/api/v1/ratings/corrections", &body)
    };
    for ballot in &ballots[4..7] {
        assert_eq!(send(&server, ballot, 5), 201);
    }
    let stand_in = Waiting::open(&server.directory.path().join("stand-in")).unwrap();
    let keeper = std::mem::replace(&mut server.state.waiting, stand_in);
    server.restart_at("2026-10-15T10:00:00+07:00");
    // The outbox of the third sends again; six more come. Five of these seven enter at once.
    for ballot in &ballots[6..13] {
        assert_eq!(send(&server, ballot, 5), 201);
    }
    assert_eq!(
        correct(&server, &ballots[4]).code(),
        "rating_not_correctable"
    );
    let stand_in = std::mem::replace(&mut server.state.waiting, keeper);
    server.restart_at("2026-10-15T11:00:00+07:00");
    assert_eq!(correct(&server, &ballots[4]).status, 200);
    // The same rating again, whichever server it reached first.
    assert_eq!(send(&server, &ballots[5], 5), 200);
    server.keep_house();
    // The third waits here no more: it has entered from there. The last one comes.
    assert_eq!(send(&server, &ballots[13], 5), 201);
    let n = |server: &Server| {
        server
            .get("/api/v1/metrics/satisfaction?period=2026-10")
            .body["overall"]["n"]
            .clone()
    };
    server.restart_at("2026-10-16T04:00:00+07:00");
    server.keep_house();
    assert_eq!(n(&server), 5);
    // A quarter later both have let in what they hold: ten ratings, each once.
    for room in [server.state.waiting.clone(), stand_in] {
        server.state.waiting = room;
        server.restart_at("2027-01-08T04:00:00+07:00");
        server.keep_house();
    }
    let counters = server.get("/api/v1/counters").body;
    assert_eq!(
        (&counters["stored"], &counters["corrected"]),
        (&json!(10), &json!(1))
    );
}

/// A token that is over, and what is no JSON, are refusals like any other; to be asked to wait is none.
#[test]
fn refused_requests_for_ballots_are_counted() {
    let server = server(&cases(1));
    let refused = || server.get("/api/v1/counters").body["refused"].clone();
    let body = Citizen::new(1).ask(&code(0), "1234");
    let answer = server.post_with(
        "/api/v1/ballots",
        &body,
        &[("authorization", "Bearer a.b.c")],
    );
    assert_eq!((answer.status, answer.code()), (401, "token_invalid"));
    assert_eq!(refused(), 1);
    let answer = server.post("/api/v1/ballots", &json!({ "case_code": code(0) }));
    assert_eq!(answer.code(), "bad_request_body");
    assert_eq!(refused(), 2);
    for wrong in 0..7 {
        server.post("/api/v1/ballots", &Citizen::new(1).ask(&code(0), "9999"));
        // Five wrong proofs are refused; then one waits.
        assert_eq!(refused(), 2 + (wrong + 1).min(5));
    }
    assert_eq!(server.get("/api/v1/counters").body["received"], 7);
}
