//! A table on its way into a file.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Number(u64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// A table with lines of words around it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name of the sheet.
    pub name: String,
    /// Above the table.
    pub title: Vec<String>,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows; those that begin with a number of a level are printed bold.
    pub rows: Vec<(bool, Vec<Cell>)>,
    /// Below the table.
    pub notes: Vec<String>,
}

/// A text that a spreadsheet would take for a formula is led by an apostrophe, as the programs themselves show it.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

impl Table {
    /// UTF-8 with a byte order mark, so that Excel reads the letters rightly; CRLF, fields quoted where needed.
    ///
    /// # Errors
    /// The message of the writer.
    pub fn csv(&self) -> Result<Vec<u8>, String> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let mut write = |fields: Vec<String>| {
            writer
                .write_record(fields)
                .map_err(|error| error.to_string())
        };
        for line in &self.title {
            write(vec![plain(line)])?;
        }
        write(self.heads.iter().map(|head| plain(head)).collect())?;
        for (_, row) in &self.rows {
            write(
                row.iter()
                    .map(|cell| match cell {
                        Cell::Text(text) => plain(text),
                        Cell::Number(number) => number.to_string(),
                        Cell::Empty => String::new(),
                    })
                    .collect(),
            )?;
        }
        for line in &self.notes {
            write(vec![plain(line)])?;
        }
        writer.into_inner().map_err(|error| error.to_string())
    }

    /// A workbook of these tables, one sheet each.
    ///
    /// # Errors
    /// The message of the writer.
    pub fn xlsx(tables: &[Self]) -> Result<Vec<u8>, String> {
        workbook(tables).map_err(|error| error.to_string())
    }
}

fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let number = Format::new().set_num_format("#,##0");
    let bold_number = Format::new().set_num_format("#,##0").set_bold();
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        let mut line = 0u32;
        for text in &table.title {
            sheet.write_string_with_format(line, 0, text, &bold)?;
            line += 1;
        }
        for (column, text) in (0u16..).zip(&table.heads) {
            sheet.write_string_with_format(line, column, text, &head)?;
        }
        sheet.set_repeat_rows(line, line)?;
        sheet.set_freeze_panes(line + 1, 0)?;
        sheet.set_column_width(1, 44)?;
        line += 1;
        for (strong, row) in &table.rows {
            for (column, cell) in (0u16..).zip(row) {
                match cell {
                    // Written as a string, never as a formula.
                    Cell::Text(text) if *strong => {
                        sheet.write_string_with_format(line, column, text, &bold)?;
                    }
                    Cell::Text(text) => {
                        sheet.write_string(line, column, text)?;
                    }
                    Cell::Number(count) => {
                        let format = if *strong { &bold_number } else { &number };
                        sheet.write_number_with_format(line, column, *count as f64, format)?;
                    }
                    Cell::Empty => {}
                }
            }
            line += 1;
        }
        for text in &table.notes {
            sheet.write_string(line, 0, text)?;
            line += 1;
        }
    }
    workbook.save_to_buffer()
}
