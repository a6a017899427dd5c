//! `docs/DEFINITIONS.md` as a page: what "how this is counted" links to.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::Response;
use dung_hen_domain::words::Lang;
use maud::{PreEscaped, html};
use pulldown_cmark::{Parser, html::push_html};

use super::page;

const SOURCE: &str = include_str!("../../../../docs/DEFINITIONS.md");

static BODY: LazyLock<String> = LazyLock::new(|| {
    let mut body = String::new();
    push_html(&mut body, Parser::new(SOURCE));
    body
});

/// Whether the document has this section.
#[must_use]
pub fn is_defined(section: &str) -> bool {
    SOURCE.contains(&format!("<a id=\"{section}\"></a>"))
}

/// The page.
pub async fn definitions() -> Response {
    let body = html! { div class="definitions" { (PreEscaped(BODY.as_str())) } };
    page(StatusCode::OK, Lang::Vi, "Cách tính các con số", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_in_both_languages_and_its_links_lead_somewhere() {
        let sections: Vec<&str> = SOURCE.split("\n## ").skip(1).collect();
        assert!(sections.len() >= 15);
        for section in sections {
            let heading = section.lines().next().unwrap();
            assert!(heading.starts_with("<a id=\""), "{heading}");
            assert!(heading.contains(" · "), "{heading}: two languages");
            let (vi, en) = section.split_once("<div lang=\"en\">").unwrap();
            assert!(vi.len() > 80 && en.len() > 80, "{heading}");
        }
        for link in SOURCE.split("](#").skip(1) {
            let section = link.split(')').next().unwrap();
            assert!(is_defined(section), "#{section}");
        }
    }
}
