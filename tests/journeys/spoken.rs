//! What assistive technology is given: Chromium's accessibility tree in every state, the order in which it is read, and
//! what the live regions say. No voice speaks here; that people must try.

use dung_hen_tests::{Page, Problem, Server, chromium_only};
use serde_json::{Value, json};

use super::everyone::{STATES, reach};

/// What is operated or navigated by: without a name it is "button", and nobody knows which.
const NAMED: &[&str] = &[
    "button",
    "link",
    "textbox",
    "radio",
    "checkbox",
    "DisclosureTriangle",
    "heading",
    "columnheader",
    "rowheader",
    "table",
    "dialog",
];

/// One node that is told: its role, its name, and its properties by name.
struct Told {
    role: String,
    name: String,
    properties: Value,
    parent: Option<usize>,
}

impl Told {
    fn property(&self, name: &str) -> &Value {
        &self.properties[name]
    }
}

/// Why a journey with [`tree`] is Chromium's alone.
const TREE: &str =
    "Accessibility.getFullAXTree: no other driver shows the tree that screen readers are given";

/// The tree in reading order, without what is ignored; parents by their place in the list.
async fn tree(page: &Page) -> Result<Vec<Told>, Problem> {
    let answer = page.cdp("Accessibility.getFullAXTree", json!({})).await?;
    let nodes = answer["nodes"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    let find = |id: &Value| nodes.iter().find(|node| node["nodeId"] == *id);
    let mut told: Vec<Told> = Vec::new();
    let mut open: Vec<(&Value, Option<usize>)> =
        nodes.first().map(|root| (root, None)).into_iter().collect();
    while let Some((node, parent)) = open.pop() {
        let mut here = parent;
        if node["ignored"] != json!(true) {
            let properties = node["properties"].as_array().cloned().unwrap_or_default();
            let properties = properties.iter().map(|one| {
                let name = one["name"].as_str().unwrap_or_default().to_owned();
                (name, one["value"]["value"].clone())
            });
            told.push(Told {
                role: text(&node["role"]),
                name: text(&node["name"]),
                properties: Value::Object(properties.collect()),
                parent,
            });
            here = Some(told.len() - 1);
        }
        let children = node["childIds"].as_array().cloned().unwrap_or_default();
        for id in children.iter().rev() {
            open.extend(find(id).map(|child| (child, here)));
        }
    }
    Ok(told)
}

/// What is wrong with a tree, a line each.
fn faults(told: &[Told]) -> Vec<String> {
    let mut odd = Vec::new();
    let within = |at: usize, wanted: &dyn Fn(&Told) -> bool| {
        let mut here = told[at].parent;
        while let Some(place) = here {
            if wanted(&told[place]) {
                return true;
            }
            here = told[place].parent;
        }
        false
    };
    let mut level = 1;
    let mut pressed: Vec<&str> = Vec::new();
    for (at, one) in told.iter().enumerate() {
        let line = format!("{} “{}”", one.role, one.name);
        if NAMED.contains(&one.role.as_str()) && one.name.trim().is_empty() {
            odd.push(format!("no name: {line}"));
        }
        if one.role == "generic"
            && *one.property("focusable") == json!(true)
            && one.property("editable").is_null()
        {
            odd.push(format!("takes the focus and is nothing: {line}"));
        }
        if one.role == "heading" {
            let now = one.property("level").as_i64().unwrap_or_default();
            if now > level + 1 {
                odd.push(format!("from level {level} to {now}: {line}"));
            }
            level = now;
        }
        if one.role == "radio"
            && !within(at, &|above| {
                matches!(above.role.as_str(), "group" | "radiogroup") && !above.name.is_empty()
            })
        {
            odd.push(format!("an answer without a question: {line}"));
        }
        if matches!(one.role.as_str(), "button" | "DisclosureTriangle") {
            if pressed.contains(&one.name.as_str()) {
                odd.push(format!("two of one name: {line}"));
            }
            pressed.push(&one.name);
        }
    }
    odd
}

/// In every state each control has a name of its own, each answer its question, each heading its place; and the regions
/// that announce are there before there is anything to announce.
#[tokio::test]
async fn every_state_has_names_roles_and_regions() -> Result<(), Problem> {
    if chromium_only(TREE) {
        return Ok(());
    }
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for state in STATES {
        reach(&page, &server, state).await?;
        // The portal around it has buttons of its own.
        page.run("document.querySelectorAll('header, footer, .demo, .hero, .side, .know').forEach((one) => one.remove())")
            .await?;
        let told = tree(&page).await?;
        assert!(told.len() > 20, "{state}: {} nodes", told.len());
        assert_eq!(faults(&told), [""; 0], "{state}");
        let polite = told
            .iter()
            .filter(|one| *one.property("live") == json!("polite"));
        assert!(polite.count() >= 1, "{state}: nothing announces");
    }
    page.close().await
}

/// A case as it is read from top to bottom: headings in the order of what matters, the step it has reached, the
/// date in words, five answers to one question.
#[tokio::test]
async fn a_case_is_read_in_the_order_of_what_matters() -> Result<(), Problem> {
    if chromium_only(TREE) {
        return Ok(());
    }
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    reach(&page, &server, "payment_asked").await?;
    let told = tree(&page).await?;
    let headings: Vec<_> = told
        .iter()
        .filter(|one| one.role == "heading")
        .map(|one| one.name.as_str())
        .collect();
    let order: Vec<_> = [
        "Việc ông/bà cần làm",
        "Hồ sơ đang ở bước nào",
        "Ngày hẹn trả kết quả",
        "Hồ sơ đã đi đến đâu",
        "Vì sao là ngày này",
        "Thông tin hồ sơ",
    ]
    .iter()
    .map(|wanted| headings.iter().position(|name| name.contains(wanted)))
    .collect();
    assert!(
        order.iter().all(Option::is_some) && order.is_sorted(),
        "{order:?} in {headings:?}"
    );
    let steps: Vec<_> = told
        .iter()
        .filter(|one| {
            one.role == "StaticText"
                && ["(đã qua)", "(đang ở bước này)", "(chưa tới)"]
                    .iter()
                    .any(|mark| one.name.contains(mark.trim_matches(['(', ')'])))
        })
        .map(|one| one.name.trim())
        .collect();
    assert_eq!(steps.len(), 5, "{steps:?}");
    reach(&page, &server, "overdue_without_letter").await?;
    page.until("return !!root.querySelector('input[name=dh-overall]')")
        .await?;
    let told = tree(&page).await?;
    let times: Vec<_> = told
        .iter()
        .filter(|one| one.role == "time" || one.role == "Time")
        .collect();
    assert!(!times.is_empty(), "dates are marked as dates");
    let question = told
        .iter()
        .position(|one| one.role == "group" && one.name.contains("có hài lòng"));
    let answers: Vec<_> = told
        .iter()
        .filter(|one| one.role == "radio")
        .map(|one| (one.name.as_str(), one.property("checked").clone()))
        .take(5)
        .collect();
    assert!(question.is_some(), "the question is the group's name");
    let words = [
        "Rất không hài lòng",
        "Không hài lòng",
        "Bình thường",
        "Hài lòng",
        "Rất hài lòng",
    ];
    assert_eq!(answers, words.map(|word| (word, json!("false"))));
    page.close().await
}

/// Whose case has the agency's letter is told of that, and not of our notice, which only points at it.
#[tokio::test]
async fn a_letter_of_the_agency_is_said_before_our_notice() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for (situation, says, hides) in [
        (
            "overdue_letter_in_time",
            "Văn bản xin lỗi của cơ quan",
            "Thư xin lỗi",
        ),
        (
            "overdue_without_letter",
            "Thư xin lỗi",
            "Văn bản xin lỗi của cơ quan",
        ),
    ] {
        page.look_up_situation(situation).await?;
        page.until(&format!(
            "return [...root.querySelectorAll('[role=status]')].some((one) => one.textContent.includes('{says}'))"
        ))
        .await?;
        let said = page
            .run("return [...root.querySelectorAll('[role=status]')].map((one) => one.textContent).join()")
            .await?;
        assert!(!said.to_string().contains(hides), "{situation}: {said}");
    }
    page.close().await
}

/// What the live regions say, in order, along a look-up and a rating: nothing twice, and nothing that is only seen.
#[tokio::test]
async fn what_happens_is_said_once() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.until("return !!root && !!root.querySelector('.dh-list')")
        .await?;
    page.run(
        "window.said = [];
         const hear = () => root.querySelectorAll('[role=status], [role=alert]').forEach((one) => {
            const words = one.textContent.trim();
            if (words && one.__said !== words) { one.__said = words; window.said.push([one.getAttribute('role'), words]) }
         });
         new MutationObserver(hear).observe(root, { childList: true, characterData: true, subtree: true })",
    )
    .await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.sees("Hãy chọn một mức").await?;
    page.press(".dh-rating label", "Hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt')")
        .await?;
    // The thanks take the focus, so they are read without a region.
    page.until("return root.activeElement?.innerText.includes('Cảm ơn')")
        .await?;
    let said = page.run("return window.said").await?;
    let said: Vec<(String, String)> = serde_json::from_value(said).unwrap_or_default();
    let about = |words: &str| said.iter().filter(|(_, one)| one.contains(words)).count();
    assert_eq!(about("Đã quá hẹn"), 1, "{said:?}");
    assert_eq!(about("Thư xin lỗi"), 1, "{said:?}");
    assert_eq!(about("Hãy chọn một mức"), 1, "{said:?}");
    page.close().await
}
