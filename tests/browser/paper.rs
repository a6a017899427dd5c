//! What a page takes on paper.

use serde_json::json;
use thirtyfour::common::print::{PrintPage, PrintParameters};

use super::{Engine, Page, Problem};

impl Page {
    /// How many sheets of this size, in inches, the page prints on, by the browser's own printing. WebKit's driver has none.
    ///
    /// # Panics
    /// When what was printed is no PDF.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn sheets(&self, width: f64, height: f64) -> Result<usize, Problem> {
        // The browser's printer now and then says no when the machine is busy: it is asked three times.
        let mut made = self.print(width, height).await;
        for _ in 0..2 {
            if made.is_err() {
                made = self.print(width, height).await;
            }
        }
        // Each page is an object of its own type, `/Pages` is the tree of them; Firefox packs its objects.
        let script = format!(
            r"const file = atob('{}');
             if (!file.startsWith('%PDF-')) return null;
             const objects = [file];
             for (const [, packed] of file.matchAll(/\/ObjStm[^]*?stream\r?\n([^]*?)\r?\nendstream/g)) {{
                const bytes = new Blob([Uint8Array.from(packed, (one) => one.charCodeAt(0))]);
                objects.push(await new Response(bytes.stream().pipeThrough(new DecompressionStream('deflate'))).text());
             }}
             return (objects.join(' ').match(/\/Type\s*\/Page(?!s)/g) || []).length",
            made?
        );
        let count = self.run(&script).await?;
        let count = count.as_u64().expect("a PDF");
        Ok(usize::try_from(count).expect("a count"))
    }

    async fn print(&self, width: f64, height: f64) -> Result<String, Problem> {
        if self.engine == Engine::Blink {
            let asked =
                json!({ "paperWidth": width, "paperHeight": height, "printBackground": false });
            let made = self.cdp("Page.printToPDF", asked).await?;
            return Ok(made["data"].as_str().unwrap_or_default().to_owned());
        }
        let centimetres = |inches: f64| inches * 2.54;
        let page = PrintPage {
            width: centimetres(width),
            height: centimetres(height),
        };
        let asked = PrintParameters {
            page,
            ..PrintParameters::default()
        };
        self.driver.print_page_base64(asked).await
    }
}
