//! XLSX: columns as wide and rows as high as what they hold.

use chrono::{Datelike as _, NaiveDate};
use dung_hen_domain::civil::iso_date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, XlsxError};

use super::{Cell, Table};

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
