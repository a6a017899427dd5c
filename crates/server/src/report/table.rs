//! A table on its way into a file.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::{clock, iso_date};
use dung_hen_domain::indices::Share;
use dung_hen_domain::words::{self, Lang};
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

    /// How many letters it has as the workbook shows it.
    fn letters(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Number(number) => {
                let digits = number.to_string().len();
                digits + (digits - 1) / 3
            }
            Self::Hundredths(_) => "100.00%".len(),
            Self::Day(_) => "31/12/2026".len(),
            Self::Empty => 0,
        }
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

/// When a table was made, in its title.
pub(super) fn made(now: NaiveDateTime) -> String {
    let day = words::short_date(now.date(), Lang::Vi);
    format!("lập lúc {} ngày {day}", clock(now.time()))
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

/// How wide a column is, in letters: at least this, so that a head has few lines, where it has more letters than that;
/// and no more than leaves room for the others on a page. Longer texts go on in the next line.
const WIDTHS: (usize, usize) = (10, 44);

/// How high a line of text is, and the highest row of Excel, in points.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;

/// In how many lines so many letters hold a text, broken between words where it can be.
fn lines(text: &str, letters: usize) -> usize {
    let letters = letters.max(1);
    let of_line = |line: &str| {
        let (mut lines, mut used) = (1, 0);
        for word in line.split(' ') {
            let long = word.chars().count();
            if used > 0 && used + 1 + long > letters {
                lines += 1;
                used = 0;
            }
            used += long + usize::from(used > 0);
            if used > letters {
                lines += (used - 1) / letters;
                used = (used - 1) % letters + 1;
            }
        }
        lines
    };
    text.split('\n').map(of_line).sum()
}

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
    /// How wide each column is, in letters: that of its longest cell, within [`WIDTHS`].
    fn widths(&self) -> Vec<usize> {
        let longest = |(column, head): (usize, &String)| {
            let least = head.chars().count().min(WIDTHS.0);
            let cells = self.rows.iter().filter_map(|(_, row)| row.get(column));
            let longest = cells.map(Cell::letters).max();
            longest.unwrap_or_default().clamp(least, WIDTHS.1)
        };
        self.heads.iter().enumerate().map(longest).collect()
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

/// What a column is wider than its longest cell: bold letters are wider, the cell has an edge, and texts are set in.
const MARGIN: usize = 3;

/// How high a row is in which these texts can be read. No program is left to find that out: some do, some do not.
fn height<'a>(texts: impl Iterator<Item = Option<&'a str>>, widths: &[usize]) -> f64 {
    let needed = texts
        .zip(widths)
        .filter_map(|(text, width)| Some(lines(text?, *width)));
    let needed = u32::try_from(needed.max().unwrap_or(1)).unwrap_or(u32::MAX);
    (f64::from(needed) * LINE).min(HIGHEST)
}

fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let title = Format::new().set_bold();
    let top = || Format::new().set_align(FormatAlign::Top);
    // Apart from the number at the end of the cell before.
    let text = || top().set_align(FormatAlign::Left).set_indent(1);
    let plain = text().set_text_wrap();
    let bold = text().set_text_wrap().set_bold();
    let number = top().set_num_format("#,##0");
    let bold_number = top().set_num_format("#,##0").set_bold();
    let percent = top().set_num_format("0.00%");
    let bold_percent = top().set_num_format("0.00%").set_bold();
    let day = top().set_num_format("dd/mm/yyyy");
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
            sheet.write_string_with_format(line, 0, within(text), &title)?;
            line += 1;
        }
        let widths = table.widths();
        for (column, text) in (0u16..).zip(&table.heads) {
            sheet.write_string_with_format(line, column, within(text), &bold)?;
        }
        let heads = table.heads.iter().map(|head| Some(head.as_str()));
        sheet.set_row_height(line, height(heads, &widths))?;
        sheet.set_repeat_rows(line, line)?;
        sheet.set_freeze_panes(line + 1, 2)?;
        for (column, width) in (0u16..).zip(&widths) {
            sheet.set_column_width(column, (width + MARGIN) as f64)?;
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
                        sheet.write_string_with_format(line, column, within(text), &plain)?;
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
            let texts = row.iter().map(|cell| match cell {
                Cell::Text(text) => Some(within(text)),
                _ => None,
            });
            sheet.set_row_height(line, height(texts, &widths))?;
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

    /// Twelve letters: "Tiếp nhận:" has 10, "tổng số (3)" 11. Counted by hand.
    #[test]
    fn a_text_is_broken_between_words_where_it_can_be() {
        for (text, letters, expected) in [
            ("", 12, 1),
            ("Tiếp nhận: tổng số (3)", 12, 2),
            ("Tiếp nhận: tổng số (3)", 22, 1),
            ("Tiếp nhận: tổng số (3)", 21, 2),
            ("a b c", 1, 3),
            ("abcdefghij", 4, 3),
            ("ab abcdefghij", 4, 4),
            ("a\nb", 12, 2),
            ("x", 0, 1),
        ] {
            assert_eq!(lines(text, letters), expected, "{text} in {letters}");
        }
    }

    /// The number of a row needs no wide column; a row is as high as its longest text needs: "Tiếp nhận:" and "tổng số"
    /// and "(3)" in a column of ten letters, the field in one of 44.
    #[test]
    fn columns_are_as_wide_and_rows_as_high_as_what_they_hold() {
        let long = "Đăng ký, quản lý phương tiện giao thông cơ giới, xe máy chuyên dùng";
        let table = Table {
            heads: ["TT (1)", "Lĩnh vực", "Tiếp nhận: tổng số (3)"]
                .map(str::to_owned)
                .into(),
            rows: vec![(
                false,
                vec![Cell::Number(11), long.into(), Cell::Number(1_234_567)],
            )],
            ..Table::default()
        };
        assert_eq!(table.widths(), [6, 44, 10]);
        let heads = table.heads.iter().map(|head| Some(head.as_str()));
        assert!((height(heads, &table.widths()) - 3.0 * LINE).abs() < 0.1);
        let row = [None, Some(long), None];
        assert!((height(row.into_iter(), &table.widths()) - 2.0 * LINE).abs() < 0.1);
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
