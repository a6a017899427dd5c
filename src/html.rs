//! Writes the parts of a page that never change once drawn, as one string for `inner_html`.
//!
//! Safe by its types: markup is `&'static str`, so it can only be text of this program; whatever
//! comes from a server or a citizen goes through [`Html::text`] and is escaped, inside attributes
//! too (they are always in double quotes). One string costs a fraction of what a tree of views
//! costs in code, and every citizen pays for code.

/// A page in the making.
#[derive(Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup of this program.
    #[inline(never)]
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A text, escaped for content and for attributes in double quotes.
    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, special) = rest.split_at(at);
            self.0.push_str(before);
            let mut letters = special.chars();
            self.0.push_str(match letters.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            });
            rest = letters.as_str();
        }
        self.0.push_str(rest);
        self
    }

    /// A whole number.
    pub(crate) fn number(&mut self, value: u32) -> &mut Self {
        dung_hen_domain::civil::push_padded(&mut self.0, value, 1);
        self
    }

    /// An element with nothing but a text; `open` is its name, with attributes after a blank.
    #[inline(never)]
    pub(crate) fn element(&mut self, open: &'static str, text: &str) -> &mut Self {
        self.raw("<").raw(open).raw(">").text(text);
        let name = open.split_once(' ').map_or(open, |(name, _)| name);
        self.raw("</").raw(name).raw(">")
    }

    /// The same where there is a text.
    pub(crate) fn maybe(&mut self, open: &'static str, text: Option<&String>) -> &mut Self {
        if let Some(text) = text {
            self.element(open, text);
        }
        self
    }

    /// What has been written.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    fn written(write: impl FnOnce(&mut Html)) -> String {
        let mut html = Html::default();
        write(&mut html);
        html.finish()
    }

    #[test]
    fn nothing_hostile_gets_out_of_a_text() {
        for (text, safe) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("\" onmouseover=\"x", "&quot; onmouseover=&quot;x"),
            ("' onfocus='x", "&#39; onfocus=&#39;x"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            (
                "</p><img src=x onerror=1>",
                "&lt;/p&gt;&lt;img src=x onerror=1&gt;",
            ),
            ("<<>>", "&lt;&lt;&gt;&gt;"),
            ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
            ("", ""),
        ] {
            assert_eq!(written(|html| _ = html.text(text)), safe);
        }
    }

    #[test]
    fn an_element_is_closed_by_its_name_alone() {
        assert_eq!(
            written(|html| _ = html
                .element("p class=\"dh-note\" lang=\"vi\"", "a<b")
                .number(0)),
            "<p class=\"dh-note\" lang=\"vi\">a&lt;b</p>0"
        );
        assert_eq!(
            written(|html| _ = html.maybe("p", None).element("dd", "x")),
            "<dd>x</dd>"
        );
    }
}
