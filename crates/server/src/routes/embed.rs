//! The files of the element: numbered directories that never change, and the alias `v1` that follows the newest; and
//! the difficult pages it is tried on.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse as _, Response};

use crate::addresses;
use crate::assets::Assets;
use crate::error::AppError;

/// A year, the longest that anyone honours. The address has a hash of the content in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Five minutes: how long a new version takes to reach everyone. For a day more an old copy bridges a server that is
/// down or slow, so whoever updates keeps the directories that came before.
const SOON: &str = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400";

/// The lines that a portal copies to pin a version, and the address they name as they are built.
const SNIPPET: &str = "/snippet.html";
const EXAMPLE: &str = "https://dunghen.example.vn";

/// Far more than it has, in bytes.
const LONGEST_SNIPPET: usize = 64 * 1024;

/// What is below `/embed`; `public_address` as the province says it.
pub(super) fn files(assets: &Assets, public_address: Option<&str>) -> Router {
    let public_address: Option<Arc<str>> = public_address.map(Arc::from);
    directory(assets.below("embed"), FOR_EVER)
        .nest("/v1", directory(assets.below("embed/v1"), SOON))
        .layer(from_fn(move |request: Request, next: Next| {
            let public_address = public_address.clone();
            async move {
                if request.uri().path().ends_with(SNIPPET) {
                    snippet(public_address.as_deref(), request, next).await
                } else {
                    next.run(request).await
                }
            }
        }))
}

/// The lines with this server's own address, as text: a browser shows what is to be copied, and does not try it out.
async fn snippet(public_address: Option<&str>, mut request: Request, next: Next) -> Response {
    let own = addresses::own(public_address, request.headers());
    // The file itself: not a compressed form, nor that somebody has it.
    for name in [
        header::ACCEPT_ENCODING,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::RANGE,
    ] {
        request.headers_mut().remove(name);
    }
    // Who asks for the headers alone is told those of the lines, which are made of the whole file.
    let headers_alone = request.method() == Method::HEAD;
    if headers_alone {
        *request.method_mut() = Method::GET;
    }
    let whole = request.method() == Method::GET;
    let answer = next.run(request).await;
    if !whole || answer.status() != StatusCode::OK {
        return answer;
    }
    let Ok(bytes) = to_bytes(answer.into_body(), LONGEST_SNIPPET).await else {
        return AppError::Internal("snippet").into_response();
    };
    let text = String::from_utf8_lossy(&bytes).replace(EXAMPLE, &own);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut answer = (headers, text).into_response();
    if headers_alone {
        let length = answer.body().size_hint().exact().unwrap_or_default();
        answer
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length.into());
        *answer.body_mut() = Body::empty();
    }
    answer
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
