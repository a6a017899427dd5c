//! Reports as files: counted from the cases, checked, then written as CSV, XLSX or JSON.

pub mod ii06a;
mod table;

pub use table::{Cell, Table};
