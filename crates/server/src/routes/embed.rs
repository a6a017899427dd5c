//! The files of the element: numbered directories that never change, and the alias `v1` that follows the newest; and
//! the difficult pages it is tried on.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;

use crate::assets::Assets;

/// A year, the longest that anyone honours. The address has a hash of the content in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Five minutes: how long a new version takes to reach everyone. For a day more an old copy bridges a server that is
/// down or slow, so whoever updates keeps the directories that came before.
const SOON: &str = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400";

/// What is below `/embed`.
pub(super) fn files(assets: &Assets) -> Router {
    directory(assets.below("embed"), FOR_EVER)
        .nest("/v1", directory(assets.below("embed/v1"), SOON))
}

fn directory(files: Router, caching: &'static str) -> Router {
    let keep = move |mut response: Response| async move {
        // A missing file may be there in a minute.
        if !response.status().is_client_error() {
            let value = HeaderValue::from_static(caching);
            response.headers_mut().insert(header::CACHE_CONTROL, value);
        }
        response
    };
    files.layer(map_response(keep))
}

/// The page that another of `/hosts` shows in a sandbox, for this server's pages alone. Where its files come from is not
/// limited: in a sandbox WebKit takes `'self'` for no origin at all. The page is a fixed file without a line of script.
pub(super) fn framed(assets: &Assets) -> Router {
    let open = |mut response: Response| async move {
        let headers = response.headers_mut();
        for (name, value) in [
            (
                header::CONTENT_SECURITY_POLICY,
                "object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
            ),
            (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    };
    assets.below("hosts/framed").layer(map_response(open))
}
