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

#[test]
fn the_english_pack_has_every_text_of_the_scripts_and_no_other() {
    let pack: Value = serde_json::from_str(&read("public/lang/en.json")).expect("en.json is JSON");
    let mut found = Vec::new();
    let mut scripts = vec![("form".to_owned(), read("public/embed.js"))];
    scripts.extend(
        files("public/parts", ".js")
            .into_iter()
            .map(|(name, text)| {
                let name = name.rsplit('/').next().unwrap_or_default();
                (name.trim_end_matches(".js").to_owned(), text)
            }),
    );
    let mut sections = vec!["element".to_owned()];
    for (section, script) in scripts {
        let texts = vietnamese(&script);
        if texts.is_empty() {
            continue;
        }
        let english = pack[&section].as_object().cloned().unwrap_or_default();
        for (name, vi) in &texts {
            match english.get(name).and_then(Value::as_str) {
                None => found.push(format!("{section}.{name} is missing in en.json")),
                Some(en) if places(en) != places(vi) => {
                    found.push(format!("{section}.{name}: other places than in Vietnamese"));
                }
                Some(_) => {}
            }
        }
        for name in english.keys().filter(|name| !texts.contains_key(*name)) {
            found.push(format!("{section}.{name} is in en.json and nowhere else"));
        }
        sections.push(section);
    }
    let known = ["name", "server", "reviewed"];
    for section in pack.as_object().into_iter().flat_map(|pack| pack.keys()) {
        if !sections.contains(section) && !known.contains(&section.as_str()) {
            found.push(format!(
                "{section} is a section of en.json and of no script"
            ));
        }
    }
    assert!(sections.len() > 6, "{sections:?}");
    none("Texts and en.json differ:", &found);
}

#[test]
fn every_pack_is_named_in_the_element_and_says_who_reviewed_it() {
    let embed = read("public/embed.js");
    let names = embed
        .split_once("const NAMES = {")
        .and_then(|(_, rest)| rest.split('}').next())
        .expect("NAMES in embed.js");
    let mut found = Vec::new();
    for (file, text) in files("public/lang", ".json") {
        let pack: Value = serde_json::from_str(&text).unwrap_or_default();
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
