//! `ETag` on public resources: who has the same bytes already gets none.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::Body as _;

use crate::error::AppError;
use crate::tag;

/// Larger answers, and those of unknown size, are not held in memory for this: they go out without a tag.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Tags a good answer to `GET` by its bytes, and answers 304 to who names that tag.
pub async fn etag(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let size = response.body().size_hint().exact();
    let small = size.is_some_and(|size| size <= LARGEST);
    if !reading || response.status() != StatusCode::OK || !small {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return AppError::Internal("an answer that broke off").into_response();
    };
    // Weak: the same tag stands for the compressed and the plain form.
    let tag = format!("W/\"{}\"", tag::of(&bytes));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        head.headers.insert(header::ETAG, value);
    }
    if asked.is_some_and(|asked| matches(&asked, &tag)) {
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::CONTENT_TYPE);
        return (StatusCode::NOT_MODIFIED, head.headers).into_response();
    }
    Response::from_parts(head, Body::from(bytes))
}

/// Whether `If-None-Match` names this tag (RFC 9110, 13.1.2: weak comparison).
#[must_use]
pub fn matches(asked: &HeaderValue, tag: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    asked
        .to_str()
        .is_ok_and(|list| list.trim() == "*" || list.split(',').any(|one| bare(one) == bare(tag)))
}

/// Whether these headers show that the asker has this tag.
#[must_use]
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|asked| matches(asked, tag))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::{StatusCode, header};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn a_large_answer_goes_out_without_a_tag() {
        for (size, tagged) in [(super::LARGEST, true), (super::LARGEST + 1, false)] {
            let size = usize::try_from(size).unwrap();
            let app = Router::new()
                .route("/", get(move || async move { "a".repeat(size) }))
                .layer(from_fn(super::etag));
            let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{size}");
            assert_eq!(
                answer.headers().contains_key(header::ETAG),
                tagged,
                "{size}"
            );
            let sent = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
            assert_eq!(sent.unwrap().len(), size);
        }
    }
}
