//! Language packs: every text there is, no other, with the same places for values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{files, none, read};

/// The Vietnamese texts of a script: the lines `name: 'text',` of its `VI`.
fn vietnamese(script: &str) -> BTreeMap<String, String> {
    let body = script
        .split_once("const VI = {")
        .map_or("", |(_, rest)| rest)
        .split("\n}")
        .next()
        .unwrap_or_default();
    body.lines()
        .filter_map(|line| {
            let (name, text) = line.trim().split_once(": '")?;
            let text = text.rsplit_once('\'')?.0;
            name.bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
                .then(|| (name.to_owned(), text.to_owned()))
        })
        .collect()
}

/// How often each kind of place stands in a text.
fn places(text: &str) -> (usize, usize, usize) {
    let count = |what: &str| text.matches(what).count();
    (count("{"), count("}"), count("|"))
}

/// What differs between a pack's texts and those there should be, a line each.
fn differences(
    pack: &str,
    section: &str,
    texts: &BTreeMap<String, String>,
    given: &Value,
) -> Vec<String> {
    let given = given.as_object().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (name, text) in texts {
        match given.get(name).and_then(Value::as_str) {
            None => found.push(format!("{section}.{name} is missing in {pack}")),
            Some("") => found.push(format!("{section}.{name} is empty in {pack}")),
            Some(other) if places(other) != places(text) => {
                found.push(format!(
                    "{pack}: {section}.{name}: other places than “{text}”"
                ));
            }
            Some(_) => {}
        }
    }
    for name in given.keys().filter(|name| !texts.contains_key(*name)) {
        found.push(format!("{section}.{name} is in {pack} and nowhere else"));
    }
    found
}

/// The packs: name of the file, what it holds.
fn packs() -> Vec<(String, Value)> {
    files("public/lang", ".json")
        .into_iter()
        .map(|(file, text)| {
            let pack = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
            (file, pack)
        })
        .collect()
}

#[test]
fn every_pack_has_every_text_and_no_other() {
    let mut scripts = vec![("form".to_owned(), read("public/embed.js"))];
    scripts.extend(
        files("public/parts", ".js")
            .into_iter()
            .map(|(name, text)| {
                let name = name.rsplit('/').next().unwrap_or_default();
                (name.trim_end_matches(".js").to_owned(), text)
            }),
    );
    let mut wanted: BTreeMap<String, BTreeMap<String, String>> = scripts
        .into_iter()
        .map(|(section, script)| (section, vietnamese(&script)))
        .filter(|(_, texts)| !texts.is_empty())
        .collect();
    assert!(wanted.len() > 6, "{:?}", wanted.keys());
    // The texts of the module: a test of its own compares English with them (src/i18n).
    let english: Value = serde_json::from_str(&read("public/lang/en.json")).expect("en.json");
    let element = english["element"].as_object().expect("texts of the module");
    wanted.insert(
        "element".to_owned(),
        element
            .iter()
            .map(|(name, text)| (name.clone(), text.as_str().unwrap_or_default().to_owned()))
            .collect(),
    );
    let mut found = Vec::new();
    let packs = packs();
    assert!(packs.len() > 1);
    for (file, pack) in &packs {
        for (section, texts) in &wanted {
            found.extend(differences(file, section, texts, &pack[section]));
        }
        for section in pack.as_object().into_iter().flat_map(|pack| pack.keys()) {
            if !wanted.contains_key(section)
                && !["name", "server", "reviewed"].contains(&section.as_str())
            {
                found.push(format!("{section} is a section of {file} and of no script"));
            }
        }
    }
    none(
        "Language packs must be whole (docs/LANGUAGES.md; a text made by a machine will do where `reviewed` is false):",
        &found,
    );
}

#[test]
fn a_pack_that_is_not_whole_is_told() {
    let texts = BTreeMap::from([
        ("one".to_owned(), "Một".to_owned()),
        ("two".to_owned(), "{} ngày".to_owned()),
        ("three".to_owned(), "Ba".to_owned()),
    ]);
    let pack = serde_json::json!({ "one": "", "two": "days", "four": "Four" });
    assert_eq!(
        differences("xx.json", "s", &texts, &pack),
        [
            "s.one is empty in xx.json",
            "s.three is missing in xx.json",
            "xx.json: s.two: other places than “{} ngày”",
            "s.four is in xx.json and nowhere else",
        ]
    );
}

#[test]
fn every_pack_is_named_in_the_element_and_says_who_reviewed_it() {
    let embed = read("public/embed.js");
    let names = embed
        .split_once("const NAMES = {")
        .and_then(|(_, rest)| rest.split('}').next())
        .expect("NAMES in embed.js");
    let mut found = Vec::new();
    for (file, pack) in packs() {
        let tag = file
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".json");
        let named = format!("{tag}: '{}'", pack["name"].as_str().unwrap_or_default());
        if !names.contains(&named) {
            found.push(format!("{file}: embed.js does not say {named}"));
        }
        if !pack["reviewed"].is_boolean()
            || !["vi", "en"].contains(&pack["server"].as_str().unwrap_or_default())
        {
            found.push(format!("{file}: `reviewed` and `server` are needed"));
        }
    }
    none("Language packs:", &found);
}
