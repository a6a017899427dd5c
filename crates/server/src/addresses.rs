//! Addresses that pages, reports and answers name without being served there themselves.

/// Where every figure is defined; a section is the fragment. Stable: it is printed on reports.
pub const DEFINITIONS_ADDRESS: &str = "/dinh-nghia";
/// Where the open data begin.
pub const OPEN_DATA_ADDRESS: &str = "/api/v1/open-data";
/// The public board.
pub const BOARD_ADDRESS: &str = "/board";
