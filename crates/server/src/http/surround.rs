//! Around every handler: a request number, one line of log, counts, a time limit, headers, and what other origins may do.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};
use tracing::Instrument as _;

use super::Http;
use crate::clock::Stopwatch;
use crate::error::{AppError, ProblemCode};
use crate::guard::PUZZLE;
use crate::keys::random;

/// Under which the portal page and the element run: nothing inline, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Where the number of a request stands in its answer; the same number is in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Security headers on every answer; look-ups and forms are never stored anywhere.
pub async fn headers(request: Request, next: Next) -> Response {
    let private = request.method() == Method::POST;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(
        HeaderName::from_static("permissions-policy"),
        // The camera reads the QR code of a receipt on our own pages (parts/scan.js).
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    // The element is loaded by pages of other origins; everything else is read through CORS or not at all.
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    );
    // Heard over https only, as RFC 6797 asks of browsers: a proxy in front need not add it.
    set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    set(
        header::CACHE_CONTROL,
        if private { "no-store" } else { "no-cache" },
    );
    response
}

/// What pages of other origins may do: ask and send JSON, without cookies. A province may name its portals.
pub fn cors(origins: &[String]) -> CorsLayer {
    let named: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    let origin = if origins.is_empty() {
        AllowOrigin::from(Any)
    } else {
        AllowOrigin::list(named)
    };
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, PUZZLE])
        .expose_headers([header::RETRY_AFTER, REQUEST_ID])
        .max_age(Duration::from_secs(3600))
}

/// One number, one line and one count a request. The line has the route's pattern, never the address as asked, which
/// could hold a code; and no address of a visitor.
pub async fn account(State(http): State<Arc<Http>>, request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let under_way = http.telemetry.begin();
    let id = request_id();
    // Methods are chosen by clients; names that are not standard would fill log and telemetry.
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(file)".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let code = response
        .extensions()
        .get::<ProblemCode>()
        .map(|code| code.0);
    let took = watch.elapsed();
    http.telemetry.answered(method, &route, status, code, took);
    drop(under_way);
    let _entered = span.enter();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        http.method = method,
        http.route = route,
        http.status = status,
        http.ms = ms,
        problem = code,
        "request"
    );
    response
}

fn request_id() -> String {
    use std::fmt::Write as _;
    let bytes = random().unwrap_or_default();
    bytes.iter().take(12).fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// Gives a handler so much time, the reading of the body included.
pub async fn within(State(time): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => AppError::Busy.into_response(),
    }
}

/// A handler that panicked: the asker gets an answer, the log the place (see [`quiet_panics`]).
#[must_use]
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    AppError::Internal("panic").into_response()
}

/// Panics say where they happened and nothing else: a message could repeat what someone sent.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
}
