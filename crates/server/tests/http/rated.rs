//! What ratings tell of results: nothing that the code of a case does not show.

use serde_json::{Value, json};

use crate::outcomes::{DECEMBER, ended, everything_public, many, night};
use crate::support::{Server, TWO_LEVELS, rating};

/// The holders of these cases rate, all alike, each when those before have entered as far as they are enough; the labels
/// of their ballots.
fn rated(server: &Server, cases: &[String], first: u32) -> Vec<Value> {
    let codes = cases.iter().map(|envelope| {
        let envelope: Value = serde_json::from_str(envelope).unwrap();
        envelope["data"][0]["MaHoSo"].as_str().unwrap().to_owned()
    });
    let labels = codes.zip(first..).map(|(code, seed)| {
        let ballot = server.ballot(&code, seed);
        let answer = server.post("/api/v1/ratings", &rating(&ballot, 2));
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        server.settle();
        ballot["label"].clone()
    });
    labels.collect()
}

/// Nine results of an agency all grant or all refuse, and everyone rates: with none beside them; after nine of each have
/// been rated and published; and after it was told how many there are of each. Whoever knows the codes knows that no other
/// case ended meanwhile, and would read off the rows of satisfaction what each of the nine says.
#[test]
fn satisfaction_does_not_tell_what_a_result_says() {
    let mut nine_of_each = many("H98.1", "G", 9, "13", "1");
    nine_of_each.extend(many("H98.1", "R", 9, "13", "2"));
    nine_of_each.extend(many("H98.1", "GL", 9, "15", "1"));
    nine_of_each.extend(many("H98.1", "RL", 9, "15", "2"));
    for (name, before, told) in [
        ("few", &[][..], false),
        ("after nine of each", &nine_of_each, false),
        ("after the month was told", &nine_of_each, true),
    ] {
        for day in ["13", "15"] {
            let [granted, refused] = ["1", "2"].map(|says| {
                let mut server = Server::of_province(&before.join("\n"), TWO_LEVELS);
                rated(&server, before, 1);
                server.keep_house();
                if told {
                    server.at(DECEMBER);
                    night(&server);
                }
                let those = many("H98.1", "X", 9, day, says);
                for envelope in &those {
                    server.import(envelope);
                }
                let labels = rated(&server, &those, 100);
                server.at("2026-12-02T09:00:00+07:00");
                server.keep_house();
                let path = "/api/v1/metrics/satisfaction?period=2026&agency=H98.1&by=outcome";
                let rows = server.get(path).body["rows"].clone();
                assert_ne!(rows, json!([]), "{name}, {day}");
                let mut all = everything_public(&server);
                all.insert("labels of ballots".to_owned(), json!(labels).to_string());
                all
            });
            for (path, said) in &granted {
                assert_eq!(said, &refused[path], "{name}, {day}, {path}");
            }
        }
    }
}

/// Three refused ones have ballots out. X takes one; then Y, refused like them. Whoever holds Y is not told by the label of
/// their own ballot whether there are five.
#[test]
fn a_ballot_does_not_tell_its_holder_what_the_result_of_another_says() {
    let [granted, refused] = ["1", "2"].map(|says| {
        let mut cases = many("H98.1", "G", 9, "13", "1");
        cases.extend(many("H98.1", "R", 3, "13", "2"));
        cases.push(ended("H98.1", "X", "13", says));
        let y = ended("H98.1", "Y", "13", "2");
        let server = Server::of_province(&cases.join("\n"), TWO_LEVELS);
        server.import(&y);
        rated(&server, &cases, 1);
        rated(&server, &[y], 100)
    });
    assert_eq!(granted, refused);
}
