//! Addresses that pages, reports and answers name without being served there themselves.

use axum::http::{HeaderMap, header};

/// Where every figure is defined; a section is the fragment. Stable: it is printed on reports.
pub const DEFINITIONS_ADDRESS: &str = "/dinh-nghia";
/// Where the open data begin.
pub const OPEN_DATA_ADDRESS: &str = "/api/v1/open-data";
/// The public board.
pub const BOARD_ADDRESS: &str = "/board";

/// Where people reach this server: as the province says, else as whoever sent these headers did. No slash at the end.
#[must_use]
pub fn own(public_address: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(address) = public_address {
        return address.trim_end_matches('/').to_owned();
    }
    let text = |name: header::HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let scheme = match text(header::HeaderName::from_static("x-forwarded-proto")) {
        "https" => "https",
        _ => "http",
    };
    format!("{scheme}://{}", text(header::HOST))
}
