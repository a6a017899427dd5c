//! A table on its way into a file.

mod csv;
mod xlsx;

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::civil::clock;
use dung_hen_domain::indices::Share;
use dung_hen_domain::words::{self, Lang};

pub use self::csv::Separator;

/// How a table is written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV.
    Csv(Separator),
    /// XLSX.
    Xlsx,
}

impl Form {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// What its files' names end in.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(self, table: Table) -> Result<Vec<u8>, String> {
        match self {
            Self::Csv(separator) => table.csv(separator),
            Self::Xlsx => Table::xlsx(&[table]),
        }
    }
}

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

impl Table {
    /// Whether a column holds percentages.
    fn is_percent(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|(_, row)| row.get(column));
        cells.any(|cell| matches!(cell, Cell::Hundredths(_)))
    }
}
