//! Reports as files: counted from the cases or read from the kept figures, checked, then written as CSV, XLSX or JSON.

pub mod ii06a;
pub mod open_data;
pub mod register;
mod table;

pub use table::{Cell, Table};
