//! Reports as files: counted from the cases or read from the kept figures, checked, then written as CSV, XLSX or JSON.

pub mod beside;
pub mod brief;
pub mod ii06a;
pub mod open_data;
pub mod overview;
pub mod register;
mod table;
pub mod workbook;

pub use table::{Cell, Form, Separator, Table};
