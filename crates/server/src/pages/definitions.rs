//! `docs/DEFINITIONS.md` as a page: what "how this is counted" links to.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::Response;
use dung_hen_domain::words::Lang;
use maud::{PreEscaped, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::page;

const SOURCE: &str = include_str!("../../../../docs/DEFINITIONS.md");

static BODY: LazyLock<String> = LazyLock::new(|| {
    let mut body = String::new();
    let mut left_out = false;
    // Other documents are not served: of links to them the words stay.
    let events = Parser::new_ext(SOURCE, Options::ENABLE_TABLES).filter(move |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            left_out = !dest_url.starts_with(['#', '/']);
            !left_out
        }
        Event::End(TagEnd::Link) => !std::mem::take(&mut left_out),
        _ => true,
    });
    push_html(&mut body, events);
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
    use dung_hen_domain::case::WireName as _;
    use dung_hen_domain::figures::Measure;

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
        // What a reader of the page sees: tables as tables, and no address that the server does not have.
        assert_eq!(
            BODY.matches("<table>").count(),
            SOURCE.matches("\n|---").count()
        );
        assert!(!BODY.contains("|---"));
        for link in BODY.split("href=\"").skip(1) {
            assert!(link.starts_with(['#', '/']), "{}", &link[..40]);
        }
        for link in SOURCE.split("](#").skip(1) {
            let section = link.split(')').next().unwrap();
            assert!(is_defined(section), "#{section}");
        }
    }

    #[test]
    fn every_count_of_the_open_data_is_defined_in_both_languages() {
        for measure in Measure::ALL {
            // In the open data objections stand by themselves.
            if *measure == Measure::Objections {
                continue;
            }
            let row = format!("\n| `{}` | ", measure.name());
            assert_eq!(SOURCE.matches(&row).count(), 2, "{row}");
        }
    }
}
