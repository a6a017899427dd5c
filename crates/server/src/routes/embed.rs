//! The files of the element: numbered directories that never change, and the alias `v1` that follows the newest.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::services::ServeDir;

use super::not_found;

/// A year, the longest that anyone honours. The address has a hash of the content in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Five minutes: how long a new version takes to reach everyone. For a day more an old copy bridges a server that is
/// down or slow, so whoever updates keeps the directories that came before.
const SOON: &str = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400";

/// What is below `/embed`.
pub(super) fn files(embed: &Path) -> Router {
    directory(embed, FOR_EVER).nest("/v1", directory(&embed.join("v1"), SOON))
}

fn directory(path: &Path, caching: &'static str) -> Router {
    let files = ServeDir::new(path)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(not_found());
    let keep = move |mut response: Response| async move {
        // A missing file may be there in a minute.
        if !response.status().is_client_error() {
            let value = HeaderValue::from_static(caching);
            response.headers_mut().insert(header::CACHE_CONTROL, value);
        }
        response
    };
    Router::new()
        .fallback_service(files)
        .layer(map_response(keep))
}
