//! Second questionnaires: drawn by lot, apart from the rating, counts alone.

use dung_hen_domain::satisfaction::instruments::instrument;
use serde_json::{Value, json};

use crate::support::{Answer, Server, case, code, finished, rating};

const CRITERIA: [&str; 16] = [
    "signage",
    "seating",
    "equipment",
    "posted_openly",
    "papers_as_prescribed",
    "fees_as_prescribed",
    "time_limit_as_prescribed",
    "polite",
    "guided_in_one_go",
    "keeps_to_the_rules",
    "on_the_appointed_day",
    "complete_and_correct",
    "fair",
    "easy_to_complain",
    "handled_as_prescribed",
    "told_in_time",
];

/// A server with so many finished cases of one agency; four more have their ballots out, so that each of these has the
/// finest label.
fn server(cases: u32, questions: &str) -> Server {
    let cases: Vec<String> = (0..cases)
        .chain(9000..9004)
        .map(|i| finished(&code(i)))
        .collect();
    let server = Server::configured(&cases.join("\n"), questions);
    for index in 9000..9004 {
        server.ballot(&code(index), index);
    }
    server
}

const EVERYONE: &str = "questions = { sixteen_one_in = 1 }";

/// Rates case `index` and gives the ballot and what its rater is invited to.
fn rate(server: &Server, index: u32) -> (Value, Value) {
    let ballot = server.ballot(&code(index), index);
    let receipt = server.post("/api/v1/ratings", &rating(&ballot, 4));
    assert_eq!(receipt.status, 201, "{:?}", receipt.body);
    (ballot, receipt.body["more"].clone())
}

/// A sheet of the sixteen: `level` says what a criterion gets.
pub(crate) fn sheet(ballot: &Value, level: impl Fn(&str) -> Option<u8>) -> Value {
    let answers: Vec<Value> = CRITERIA
        .iter()
        .map(|name| json!({ "question": name, "level": level(name) }))
        .collect();
    json!({ "ballot": ballot, "instrument": "sixteen-criteria-1", "language": "vi", "answers": answers })
}

fn send(server: &Server, sheet: &Value) -> Answer {
    server.post("/api/v1/ratings/sheets", sheet)
}

/// One in five of a hundred numbers is about twenty; two or fewer, or fifty, would be no lot of one in five. Which
/// number wins is the server's secret: another key, other winners.
#[test]
fn one_in_five_is_invited_and_nobody_else_is_heard() {
    let server = server(100, "");
    let mut invited = Vec::new();
    for index in 0..100 {
        let (ballot, more) = rate(&server, index);
        match &more {
            Value::Null => {
                let refused = send(&server, &sheet(&ballot, |_| Some(4)));
                assert_eq!((refused.status, refused.code()), (403, "not_invited"));
            }
            more => {
                assert_eq!(*more, json!(["sixteen-criteria-1"]));
                invited.push(index);
                assert_eq!(send(&server, &sheet(&ballot, |_| Some(4))).status, 201);
                // The same rating again draws the same lot.
                let again = server.post("/api/v1/ratings", &rating(&ballot, 4));
                assert_eq!(again.body["more"], *more);
            }
        }
    }
    assert!((10..=32).contains(&invited.len()), "{invited:?}");
}

#[test]
fn a_province_may_ask_nobody_or_the_three_levels() {
    let nobody = server(1, "questions = { sixteen_one_in = 0 }");
    assert_eq!(rate(&nobody, 0).1, Value::Null);
    let both = server(1, "questions = { sixteen_one_in = 1, three_levels = true }");
    let (ballot, more) = rate(&both, 0);
    assert_eq!(more, json!(["three-levels-tt32-1", "sixteen-criteria-1"]));
    let three = |level: u8| {
        json!({ "ballot": ballot, "instrument": "three-levels-tt32-1", "language": "vi",
                "answers": [{ "question": "overall", "level": level }] })
    };
    assert_eq!(send(&both, &three(4)).code(), "answer_out_of_range");
    assert_eq!(send(&both, &three(3)).status, 201);
    // Each questionnaire once, apart from the other.
    assert_eq!(send(&both, &sheet(&ballot, |_| Some(5))).status, 201);
}

/// Each is a code and a sentence and keeps nothing; then the sheet is still taken.
#[test]
fn a_sheet_says_of_every_question_that_it_was_asked() {
    let server = server(2, EVERYONE);
    let (ballot, _) = rate(&server, 0);
    let whole = sheet(&ballot, |_| Some(4));
    let with = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut body = whole.clone();
        change(body["answers"].as_array_mut().unwrap());
        send(&server, &body).code().to_owned()
    };
    let bad = "answer_out_of_range";
    assert_eq!(with(&|answers| answers.truncate(15)), bad);
    assert_eq!(
        with(&|answers| answers.push(json!({ "question": "fair", "level": 4 }))),
        bad
    );
    assert_eq!(
        with(&|answers| answers[3] = json!({ "question": "overall", "level": 4 })),
        bad
    );
    assert_eq!(with(&|answers| answers[3]["level"] = json!(6)), bad);
    assert_eq!(with(&|answers| answers[3]["level"] = json!(0)), bad);
    let none = sheet(&ballot, |_| None);
    assert_eq!(send(&server, &none).code(), bad);
    let mut other = whole.clone();
    other["instrument"] = json!("five-factors-1");
    assert_eq!(send(&server, &other).code(), "unknown_instrument");
    let mut forged = whole.clone();
    forged["ballot"]["label"] = json!("2026-10|H98.2|commune||||");
    assert_eq!(send(&server, &forged).code(), "ballot_invalid");

    let first = send(&server, &whole);
    assert_eq!(
        (first.status, &first.body["repeated"]),
        (201, &json!(false))
    );
    let again = send(&server, &whole);
    assert_eq!((again.status, &again.body["repeated"]), (200, &json!(true)));
    let changed = send(&server, &sheet(&ballot, |_| Some(1)));
    assert_eq!((changed.status, changed.code()), (409, "ballot_spent"));
}

fn criteria(server: &Server) -> Value {
    let answer = server.get("/api/v1/metrics/criteria?period=2026-10&agency=H98.1");
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["factors"].clone()
}

/// Six sheets. Signage: 5, 5, 4, 4, 3, 1: satisfied 4 of 6 = 66.67 %. Seating: two left it out, four answers: nothing
/// published. Five more sheets on the next day, all of them 4: signage 9 of 11, seating 9 of 9.
#[test]
fn shares_by_criterion_come_from_sheets_alone_and_move_once_a_day() {
    let mut server = server(11, EVERYONE);
    let signage = [5, 5, 4, 4, 3, 1];
    let one = |server: &Server, index: u32| {
        let (ballot, _) = rate(server, index);
        let body = sheet(&ballot, |name| match name {
            "signage" => Some(*signage.get(index as usize).unwrap_or(&4)),
            "seating" if index < 2 => None,
            _ => Some(4),
        });
        assert_eq!(send(server, &body).status, 201);
        body
    };
    let bodies: Vec<Value> = (0..6).map(|index| one(&server, index)).collect();
    let before = criteria(&server);
    assert_eq!(before["access"]["signage"]["share"]["suppressed"], true);
    server.keep_house();
    let after = criteria(&server);
    let share = &after["access"]["signage"]["share"];
    assert_eq!(
        (&share["n"], &share["satisfied"], &share["percent"]),
        (&json!(6), &json!(4), &json!(66.67))
    );
    assert!(share["wilson95"].is_array() && share["standing"] == "below");
    assert_eq!(after["access"]["seating"]["share"]["suppressed"], true);
    assert_eq!(after["officials"]["polite"]["share"]["n"], 6);
    // Counted sheets are known again, and counted once.
    let again = send(&server, &bodies[0]);
    assert_eq!((again.status, &again.body["repeated"]), (200, &json!(true)));
    // Twice on a day nothing moves.
    for index in 6..11 {
        one(&server, index);
    }
    server.keep_house();
    assert_eq!(criteria(&server)["access"]["signage"]["share"]["n"], 6);
    server.restart_at("2026-10-16T09:00:00+07:00");
    server.keep_house();
    let next = criteria(&server);
    for (name, satisfied, n) in [("signage", 9, 11), ("seating", 9, 9)] {
        let share = &next["access"][name]["share"];
        assert_eq!(
            (&share["satisfied"], &share["n"]),
            (&json!(satisfied), &json!(n))
        );
    }
    crate::open_data::agrees(&server, "2026-10");
    // The factor has a question of its own in the rating, which nobody answered.
    let factor = server.get("/api/v1/metrics/satisfaction?period=2026-10&agency=H98.1");
    assert_eq!(factor.body["factors"]["access"]["suppressed"], true);
}

/// Five answered "officials": levels 1, 2, 2, 3, 5. The first named "polite" and "in one go", the second "polite", the
/// third was asked and named nothing, two were not asked. So: polite 2 of 5, in one go 1 of 5, keeps to the rules 0 of 5.
/// Of five more only one answered "access" (1, signage named): 1 of 1, not published.
///
/// Next day the second takes "polite" back, the third, fourth and fifth name it: four changed, it stays 2 of 5. On the
/// third day the first takes it back, too: five changed, named by the third to fifth: 3 of 5. Who named "in one go" did
/// not change.
#[test]
fn a_criterion_is_named_by_so_many_who_answered_its_factor() {
    let mut server = server(10, "questions = { sixteen_one_in = 0 }");
    let ballots: Vec<Value> = (0..10)
        .map(|index| server.ballot(&code(index), index))
        .collect();
    let answers = |factor: Option<(&str, u8)>, wrong: &[&str]| {
        let factors: Vec<Value> = factor
            .iter()
            .map(|(factor, level)| json!({ "factor": factor, "level": level }))
            .collect();
        json!({ "instrument": "five-factors-1", "language": "vi", "overall": 3, "factors": factors, "wrong": wrong })
    };
    let say = |server: &Server, index: usize, factor: Option<(&str, u8)>, wrong: &[&str]| {
        let mut body = answers(factor, wrong);
        body["ballot"] = ballots[index].clone();
        let answer = server.post("/api/v1/ratings", &body);
        assert_eq!(answer.status, 201, "{:?}", answer.body);
    };
    let correct = |server: &Server, index: usize, factor: Option<(&str, u8)>, wrong: &[&str]| {
        let mut body = answers(factor, wrong);
        body["number"] = ballots[index]["number"].clone();
        let answer = server.post("/api/v1/ratings/corrections", &body);
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    };
    let shown = |server: &Server, name: &str| -> (Value, Value) {
        let factors = criteria(server);
        let factor = if name == "signage" {
            "access"
        } else {
            "officials"
        };
        let one = &factors[factor][name];
        // Whatever is named: no share of satisfied ones comes of it.
        assert_eq!(one["share"]["suppressed"], true);
        let named = &one["named"];
        assert_eq!(named["suppressed"], named["raters"].is_null());
        (named["named"].clone(), named["raters"].clone())
    };
    let officials = |level| Some(("officials", level));
    say(&server, 0, officials(1), &["polite", "guided_in_one_go"]);
    say(&server, 1, officials(2), &["polite"]);
    say(&server, 2, officials(2), &[]);
    say(&server, 3, officials(3), &[]);
    say(&server, 4, officials(5), &[]);
    say(&server, 5, Some(("access", 1)), &["signage"]);
    for index in 6..10 {
        say(&server, index, None, &[]);
    }
    assert_eq!(shown(&server, "polite"), (Value::Null, Value::Null));
    server.keep_house();
    let counts = |named: u8| (json!(named), json!(5));
    assert_eq!(shown(&server, "polite"), counts(2));
    assert_eq!(shown(&server, "guided_in_one_go"), counts(1));
    assert_eq!(shown(&server, "keeps_to_the_rules"), counts(0));
    assert_eq!(shown(&server, "signage"), (Value::Null, Value::Null));

    server.restart_at("2026-10-16T09:00:00+07:00");
    correct(&server, 1, officials(2), &[]);
    for index in 2..5 {
        correct(&server, index, officials(2), &["polite"]);
    }
    server.keep_house();
    assert_eq!(shown(&server, "polite"), counts(2));
    server.restart_at("2026-10-17T09:00:00+07:00");
    correct(&server, 0, officials(1), &["guided_in_one_go"]);
    server.keep_house();
    assert_eq!(shown(&server, "polite"), counts(3));
    assert_eq!(shown(&server, "guided_in_one_go"), counts(1));

    // In the open data and in the workbook, too: 3 of 5.
    let path = "/api/v1/open-data/figures?period=2026-10&agency=H98.1";
    let data = server.get(path).body;
    let row = json!(["polite", 3, 5, "2026-10-17"]);
    let named = data["satisfaction"]["named"].as_array().unwrap();
    assert!(named.contains(&row), "{named:?}");
    crate::open_data::agrees(&server, "2026-10");
    // Counted again from the ratings it is the same.
    let verified = server.state.store.read_now(|reader| {
        let mut differences = Vec::new();
        dung_hen_server::figures::verify::satisfaction(reader, &mut differences)?;
        Ok::<_, dung_hen_server::store::StoreError>(differences)
    });
    assert_eq!(verified.unwrap(), []);
}

/// What the database holds of sheets is counts and hashes: whatever is read out of it, no two answers are of one person.
/// And a sheet that arrives leaves the database as it was, byte for byte.
#[test]
fn a_sheet_that_waits_is_not_in_the_database() {
    let server = server(6, EVERYONE);
    let ballots: Vec<Value> = (0..6).map(|index| rate(&server, index).0).collect();
    let files = || -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<_> = std::fs::read_dir(server.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = files();
    for ballot in &ballots {
        assert_eq!(send(&server, &sheet(ballot, |_| Some(2))).status, 201);
    }
    assert!(files() == before, "a sheet that waits is in the database");
    server.keep_house();
    assert_eq!(
        criteria(&server)["access"]["signage"]["share"]["satisfied"],
        0
    );
}

/// Very 2, satisfied 2, not yet 1: 4 of 5 are satisfied, and none of it is in the five levels.
#[test]
fn the_three_levels_are_counted_by_themselves() {
    let server = server(5, "questions = { sixteen_one_in = 0, three_levels = true }");
    for (index, level) in [3, 3, 2, 2, 1].into_iter().enumerate() {
        let (ballot, _) = rate(&server, u32::try_from(index).unwrap());
        let body = json!({ "ballot": ballot, "instrument": "three-levels-tt32-1", "language": "vi",
                           "answers": [{ "question": "overall", "level": level }] });
        assert_eq!(send(&server, &body).status, 201);
    }
    server.keep_house();
    let shown = server
        .get("/api/v1/metrics/three-levels?period=2026-Q4")
        .body;
    assert_eq!(
        (&shown["satisfied"]["part"], &shown["satisfied"]["n"]),
        (&json!(4), &json!(5))
    );
    assert_eq!(shown["levels"]["very_satisfied"]["percent"], 40.0);
    assert_eq!(shown["levels"]["not_yet_satisfied"]["part"], 1);
    // Everybody answered 4 of five levels in the rating.
    let five = server
        .get("/api/v1/metrics/satisfaction?period=2026-Q4")
        .body;
    assert_eq!(five["overall"]["satisfied"], 5);
    crate::open_data::agrees(&server, "2026-Q4");
}

/// The way without JavaScript: the same questions after the thanks, the three levels first and only where filed online.
#[test]
fn without_javascript_the_sheets_follow_the_thanks() {
    let online = case(
        "H98.1-261005-0001",
        "10",
        json!({ "NgayKetThucXuLy": "20261013100000", "KenhThucHien": "2" }),
    );
    let counter = finished("H98.1-261005-0002");
    let server = Server::configured(
        &[online, counter].join("\n"),
        "questions = { sixteen_one_in = 1, three_levels = true }",
    );
    let value = |page: &str, name: &str| {
        let at = page.find(&format!("name=\"{name}\"")).unwrap();
        let value = page[at..].split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let rated = |code: &str| {
        let proof = [("case_code", code), ("proof", "1234"), ("lang", "vi")];
        let (_, page) = server.post_form("/tra-cuu", &proof);
        let (number, channel) = (value(&page, "number"), value(&page, "channel"));
        let mut fields = proof.to_vec();
        fields.extend([
            ("number", &*number),
            ("channel", &*channel),
            ("overall", "4"),
        ]);
        let (status, page) = server.post_form("/danh-gia", &fields);
        assert_eq!(status, 201);
        page
    };
    let hidden = |page: &str| -> Vec<(&'static str, String)> {
        ["lang", "label", "number", "output", "instrument"]
            .into_iter()
            .map(|name| (name, value(page, name)))
            .collect()
    };
    let with = |page: &str, more: &[(&'static str, &str)]| {
        let mut fields = hidden(page);
        fields.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        server.post_form("/danh-gia/them", &fields)
    };
    let page = rated("H98.1-261005-0001");
    assert_eq!(value(&page, "instrument"), "three-levels-tt32-1");
    let (status, page) = with(&page, &[("q_overall", "2"), ("next", "sixteen-criteria-1")]);
    assert_eq!(status, 201);
    assert_eq!(value(&page, "instrument"), "sixteen-criteria-1");
    assert!(page.contains("16/16. ") && page.contains("Máy rút thăm"));
    let (status, refused) = with(&page, &[]);
    assert_eq!(status, 422, "{refused}");
    let (status, thanks) = with(&page, &[("q_polite", "5")]);
    assert_eq!(status, 201);
    assert!(!thanks.contains("name=\"instrument\""));

    let page = rated("H98.1-261005-0002");
    assert_eq!(value(&page, "instrument"), "sixteen-criteria-1");
}

/// 4 early, 1 on time, 1 late, 1 open and overdue (promised for Wed 14/10, today is the 15th): progress 20 × 5 / 7 =
/// 14.29. Overdue 2 of 7: satisfied 5 of 7, 6 × 0.7143 / 0.9 = 4.76. Indicator 1: (4 × 2 + 1) / 6 = 1.5. Indicator 7:
/// nobody reported conduct: (8 + 1) / 5 = 1.8 at both ends, one late case not covered.
#[test]
fn the_formulas_of_the_instruments_stand_by_themselves() {
    let finished = |index: u32, day: &str| {
        case(
            &code(index),
            "10",
            json!({ "NgayKetThucXuLy": format!("202610{day}100000") }),
        )
    };
    let cases = [
        finished(0, "12"),
        finished(1, "12"),
        finished(2, "13"),
        finished(3, "13"),
        finished(4, "14"),
        finished(5, "15"),
        case(&code(6), "4", json!({})),
    ];
    let server = Server::configured(&cases.join("\n"), "");
    let shown = server.get("/api/v1/metrics/formulas?period=2026-10").body;
    let qd766 = &shown["qd_766"];
    assert_eq!(qd766["basis"]["mark"], "secondary");
    assert_eq!(qd766["progress"]["score"], 14.29);
    for end in ["at_least", "at_most"] {
        assert_eq!(qd766["dossier_satisfaction"][end]["score"], 4.76, "{end}");
    }
    // No time to answer is configured, and contentment with answers is not recorded.
    assert_eq!(qd766["feedback_on_time"], Value::Null);
    assert_eq!(qd766["feedback_satisfaction"], Value::Null);
    let tt01 = &shown["tt_01_2018"];
    assert_eq!(tt01["indicators"]["1"]["score"], 1.5);
    assert_eq!(tt01["indicators"]["7"]["at_least"]["score"], 1.8);
    assert_eq!(tt01["indicators"]["7"]["at_most"]["not_covered"], 1);
    assert_eq!(
        (&tt01["indicators"]["3"], &tt01["total"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(shown["official_index"], false);
    // An agency must not learn that somebody spoke about conduct.
    let agency = server
        .get("/api/v1/metrics/formulas?period=2026-10&agency=H98.1")
        .body;
    assert_eq!(agency["tt_01_2018"]["indicators"]["7"], Value::Null);
    assert_eq!(agency["tt_01_2018"]["indicators"]["1"]["score"], 1.5);
    crate::open_data::agrees(&server, "2026-10");
}

/// Who writes a form by the description asks what the server asks: the questions, their number, the levels.
#[test]
fn the_description_names_every_question_and_level() {
    let description = Server::with("").get("/api/v1/openapi.json").body;
    let of_sheets = &description["components"]["schemas"]["SheetRequest"];
    let known = of_sheets["properties"]["instrument"]["enum"]
        .as_array()
        .unwrap();
    let forms = of_sheets["oneOf"].as_array().unwrap();
    assert_eq!(known.len(), forms.len());
    for (id, form) in known.iter().zip(forms) {
        let asked = instrument(id.as_str().unwrap()).unwrap();
        assert!(asked.has_sheet());
        let form = &form["properties"];
        assert_eq!(form["instrument"]["const"], *id);
        let answers = &form["answers"];
        let one = &answers["items"]["properties"];
        let questions: Vec<&str> = asked.sheet().map(|question| question.name()).collect();
        let named = match &one["question"]["const"] {
            Value::Null => one["question"]["enum"].clone(),
            only => json!([only]),
        };
        assert_eq!(named, json!(questions));
        assert_eq!(answers["minItems"], questions.len());
        assert_eq!(answers["maxItems"], questions.len());
        for level in 0..=9_u8 {
            let listed = one["level"]["enum"]
                .as_array()
                .unwrap()
                .contains(&json!(level));
            assert_eq!(listed, asked.has_level(level), "{id}: {level}");
        }
    }
}
