//! A table on its way into a file.

use chrono::{Datelike as _, NaiveDate};
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::indices::Share;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, XlsxError};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Number(u64),
    /// A share of a hundred in hundredths: 9667 is 96.67 %. A spreadsheet shows the per cent; a CSV file holds the whole
    /// number, because a decimal sign is read otherwise in each country.
    Hundredths(u64),
    /// A day.
    Day(NaiveDate),
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

impl Cell {
    /// Per cent, rounded as the figures are everywhere.
    #[must_use]
    pub fn percent(value: Option<f64>) -> Self {
        // Shares lie between 0 and 100.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 10,000"
        )]
        value.map_or(Self::Empty, |value| {
            Self::Hundredths((value.clamp(0.0, 100.0) * 100.0).round() as u64)
        })
    }

    /// The percentage of a share.
    #[must_use]
    pub fn share(share: Share) -> Self {
        Self::percent(share.percent())
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

/// What a formula begins with; the wide forms where Chinese or Japanese is typed.
const LEADS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Words that make a day, an hour or a number of digits, in the languages that are to be expected here.
const WORDS: [&str; 37] = [
    "e",
    "a",
    "p",
    "am",
    "pm",
    "sa",
    "ch",
    "đ",
    "vnd",
    "thg",
    "tháng",
    "ngày",
    "năm",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The longest text within a formula of Excel, in the units of UTF-16.
const LONGEST_IN_FORMULA: usize = 255;

/// Whether a spreadsheet would take a text for a number, a day, an hour, an amount or a truth value.
fn is_taken_for_a_value(text: &str) -> bool {
    let word = |word: &str| word.is_empty() || WORDS.contains(&&*word.to_lowercase());
    let mark = |letter: char| letter.is_alphanumeric() || " \u{a0}.,/:-+%()$€₫£¥'".contains(letter);
    let truth = ["true", "false"]
        .iter()
        .any(|one| text.eq_ignore_ascii_case(one));
    truth
        || text.contains(|letter: char| letter.is_ascii_digit())
            && text.chars().all(mark)
            && text.split(|letter: char| !letter.is_alphabetic()).all(word)
}

/// A text as a CSV file holds it, so that a spreadsheet shows the same text. What it would take for a formula is led by
/// an apostrophe, as the programs themselves show it; behind a separator, too, where a program that expects the other one
/// begins a cell. What it would take for a number or a day (the procedure 1.012750, the period 2026-10, the letter 3-Oct)
/// is written as a formula that is nothing but this text, in which no quotation mark ends it.
fn plain(text: &str) -> String {
    if !text.starts_with(LEADS) && is_taken_for_a_value(text) {
        if text.encode_utf16().count() > LONGEST_IN_FORMULA {
            return format!("'{text}");
        }
        return format!("=\"{text}\"");
    }
    let mut out = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for letter in text.chars() {
        let control = matches!(letter, '\t' | '\r' | '\n');
        if begins && LEADS.contains(&letter) || out.is_empty() && control {
            out.push('\'');
        }
        out.push(letter);
        begins = control || matches!(letter, ',' | ';') || begins && matches!(letter, ' ' | '"');
    }
    out
}

/// What stands between two fields of a CSV file. Excel takes the list separator of Windows for it, whatever the file
/// says: the comma where the point is the decimal sign, the semicolon where Vietnamese settings make that the comma.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Separator {
    /// `,`, as programs expect it.
    #[default]
    Comma,
    /// `;`.
    Semicolon,
}

impl Separator {
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// The paper of the State's own forms.
const A4: u8 = 9;

/// The longest text of a cell in Excel, in the units of UTF-16.
const LONGEST: usize = 32_767;

/// A text as a cell can hold it: cut where Excel would refuse the file.
fn within(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

impl Table {
    /// How wide each column is, in letters: that of its longest cell, between what a head needs and what a page takes.
    fn widths(&self) -> Vec<f64> {
        let longest = |column: usize| {
            let cells = self.rows.iter().filter_map(|(_, row)| row.get(column));
            cells
                .map(|cell| match cell {
                    Cell::Text(text) => text.chars().count(),
                    _ => 10,
                })
                .max()
                .unwrap_or_default()
        };
        let width = |column| u32::try_from(longest(column).clamp(10, 44) + 1).unwrap_or(44);
        (0..self.heads.len())
            .map(|column| f64::from(width(column)))
            .collect()
    }

    /// Whether a column holds percentages.
    fn is_percent(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|(_, row)| row.get(column));
        cells.any(|cell| matches!(cell, Cell::Hundredths(_)))
    }

    /// UTF-8 with a byte order mark, so that Excel reads the letters rightly; CRLF, fields quoted where needed.
    /// Percentages are whole hundredths, and their heads say so.
    ///
    /// # Errors
    /// The message of the writer.
    pub fn csv(&self, separator: Separator) -> Result<Vec<u8>, String> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(separator.byte())
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
        let heads = self.heads.iter().enumerate().map(|(column, head)| {
            if self.is_percent(column) {
                format!("{} (phần vạn)", plain(head))
            } else {
                plain(head)
            }
        });
        write(heads.collect())?;
        for (_, row) in &self.rows {
            write(
                row.iter()
                    .map(|cell| match cell {
                        Cell::Text(text) => plain(text),
                        Cell::Number(number) | Cell::Hundredths(number) => number.to_string(),
                        Cell::Day(day) => iso_date(*day),
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

/// A day as Excel knows it; `None` of years that it does not know.
fn excel(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let number = Format::new().set_num_format("#,##0");
    let bold_number = Format::new().set_num_format("#,##0").set_bold();
    let percent = Format::new().set_num_format("0.00%");
    let bold_percent = Format::new().set_num_format("0.00%").set_bold();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?;
        sheet.set_landscape();
        sheet.set_paper_size(A4);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_header(format!("&R{}", table.name.replace('&', "&&")));
        sheet.set_footer("&R&P/&N");
        let mut line = 0u32;
        for text in &table.title {
            sheet.write_string_with_format(line, 0, within(text), &bold)?;
            line += 1;
        }
        for (column, text) in (0u16..).zip(&table.heads) {
            sheet.write_string_with_format(line, column, within(text), &head)?;
        }
        sheet.set_repeat_rows(line, line)?;
        sheet.set_freeze_panes(line + 1, 2)?;
        for (column, width) in (0u16..).zip(table.widths()) {
            sheet.set_column_width(column, width)?;
        }
        line += 1;
        for (strong, row) in &table.rows {
            for (column, cell) in (0u16..).zip(row) {
                match cell {
                    // Written as a string, never as a formula.
                    Cell::Text(text) if *strong => {
                        sheet.write_string_with_format(line, column, within(text), &bold)?;
                    }
                    Cell::Text(text) => {
                        sheet.write_string(line, column, within(text))?;
                    }
                    Cell::Number(count) => {
                        let format = if *strong { &bold_number } else { &number };
                        sheet.write_number_with_format(line, column, *count as f64, format)?;
                    }
                    Cell::Hundredths(hundredths) => {
                        let format = if *strong { &bold_percent } else { &percent };
                        sheet.write_number_with_format(
                            line,
                            column,
                            *hundredths as f64 / 10_000.0,
                            format,
                        )?;
                    }
                    // A year that somebody mistyped stays what it is, and the file can be opened.
                    Cell::Day(date) => {
                        if let Some(known) = excel(*date) {
                            sheet.write_datetime_with_format(line, column, known, &day)?;
                        } else {
                            sheet.write_string(line, column, iso_date(*date))?;
                        }
                    }
                    Cell::Empty => {}
                }
            }
            line += 1;
        }
        for text in &table.notes {
            sheet.write_string(line, 0, within(text))?;
            line += 1;
        }
        // Codes are texts; no green corner asks whether they should not be numbers.
        let columns = u16::try_from(table.heads.len()).unwrap_or(u16::MAX);
        sheet.ignore_error_range(0, 0, line, columns, IgnoreError::NumberStoredAsText)?;
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_read_otherwise_stays_a_text() {
        for text in [
            "1.004222",
            "0012",
            "2026-10",
            "1/2",
            "1E5",
            "12:30",
            ".5",
            "(5)",
            "50%",
            "5 %",
            "$5",
            "5 ₫",
            "₫5",
            "5 đ",
            "3-Oct",
            "Oct-3",
            "5 thg 10",
            "1 tháng 10",
            "2:30 PM",
            "1 1/2",
            "TRUE",
            "false",
            "1\u{a0}000",
            "1,5",
        ] {
            assert_eq!(plain(text), format!("=\"{text}\""), "{text}");
        }
        let digits = "7".repeat(LONGEST_IN_FORMULA + 1);
        assert_eq!(plain(&digits), format!("'{digits}"));
        for text in [
            "Tổ 5",
            "2026-Q3",
            "12/PXL-UBND",
            "Quý 3",
            "Mar",
            "5 ngón",
            "",
            "(số 5)",
            "1.004222\"&A1",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    /// With a comma between the fields, and opened where the semicolon is expected, or the other way round, a text goes on
    /// in a cell of its own.
    #[test]
    fn nothing_is_a_formula_in_whatever_cell_it_ends_up() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("\t=1+1", "'\t'=1+1"),
            ("Phòng A;=1+1", "Phòng A;'=1+1"),
            ("Phòng A, =1+1", "Phòng A, '=1+1"),
            ("A;\"=1+1\"", "A;\"'=1+1\""),
            ("A\r\n-2+3", "A\r\n'-2+3"),
            ("a=b, c-d; e+f", "a=b, c-d; e+f"),
        ] {
            assert_eq!(plain(text), written, "{text}");
            let table = Table {
                heads: vec!["a".to_owned(), "b".to_owned()],
                rows: vec![(false, vec!["x".into(), Cell::Text(text.to_owned())])],
                ..Table::default()
            };
            for (ours, theirs) in [(Separator::Comma, b';'), (Separator::Semicolon, b',')] {
                let file = table.csv(ours).unwrap();
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(theirs)
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(&file[3..]);
                for row in reader.records() {
                    for cell in &row.unwrap() {
                        assert!(!cell.trim().starts_with(LEADS), "{text}: {cell}");
                    }
                }
            }
        }
    }

    /// Excel counts days from 1900; a letter of 1899 must not cost the others their file.
    #[test]
    fn a_year_that_excel_does_not_know_is_written_as_text() {
        let day = |year| Cell::Day(NaiveDate::from_ymd_opt(year, 10, 13).unwrap());
        let table = Table {
            name: "Sổ".to_owned(),
            heads: vec!["Ngày".to_owned()],
            rows: [1, 1899, 1900, 2026, 9999]
                .map(|year| (false, vec![day(year)]))
                .into(),
            ..Table::default()
        };
        assert!(Table::xlsx(&[table]).is_ok());
    }
}
