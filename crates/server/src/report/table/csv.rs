//! CSV: texts that a spreadsheet shows as they are.

use dung_hen_domain::civil::iso_date;

use super::{Cell, Table};

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

impl Table {
    /// UTF-8 with a byte order mark, so that Excel reads the letters rightly; CRLF, fields quoted where needed.
    /// Percentages are whole hundredths, and their heads say so.
    ///
    /// # Errors
    /// The message of the writer.
    pub fn csv(&self, separator: Separator) -> Result<Vec<u8>, String> {
        let mut writer = ::csv::WriterBuilder::new()
            .delimiter(separator.byte())
            .flexible(true)
            .terminator(::csv::Terminator::CRLF)
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
                let mut reader = ::csv::ReaderBuilder::new()
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
}
