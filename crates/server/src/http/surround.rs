//! Around every handler: a request number, one line of log, counts, a time limit, headers, and what other origins may do.

use std::convert::Infallible;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};
use tracing::Instrument as _;

use super::Http;
use super::rest::Rest;
use super::telemetry::Held;
use crate::clock::Stopwatch;
use crate::error::{AppError, ProblemCode};
use crate::guard::PUZZLE;

/// Under which the portal page and the element run: nothing inline, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Where the number of a request stands in its answer; the same number is in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What stands on every answer unless its handler says otherwise. Names and values are checked once, not for each answer.
static SECURE: LazyLock<[(HeaderName, HeaderValue); 8]> = LazyLock::new(|| {
    [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        (
            "permissions-policy",
            // The camera reads the QR code of a receipt on our own pages (parts/scan.js).
            "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
        // The element is loaded by pages of other origins; everything else is read through CORS or not at all.
        ("cross-origin-resource-policy", "cross-origin"),
        // Heard over https only, as RFC 6797 asks of browsers: a proxy in front need not add it.
        ("strict-transport-security", "max-age=31536000"),
    ]
    .map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    })
});

/// Security headers on every answer; look-ups and forms are never stored anywhere.
fn secure(headers: &mut HeaderMap, private: bool) {
    headers.reserve(16);
    for (name, value) in SECURE.iter() {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    let kept = if private { "no-store" } else { "no-cache" };
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(kept));
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

/// What surrounds every handler, in one layer: each layer of a router is a box, and a box is copied for each request by
/// every layer outside of it.
#[derive(Clone, Debug)]
pub struct Surround {
    /// Limits and telemetry.
    pub http: Arc<Http>,
    /// The pattern of the one address that is surrounded, where no router says it.
    pub route: Option<&'static str>,
}

impl<S> Layer<S> for Surround {
    type Service = Surrounded<S>;

    fn layer(&self, inner: S) -> Surrounded<S> {
        Surrounded {
            inner,
            http: Arc::clone(&self.http),
            route: self.route,
        }
    }
}

/// A handler with what surrounds it.
#[derive(Clone, Debug)]
pub struct Surrounded<S> {
    inner: S,
    http: Arc<Http>,
    route: Option<&'static str>,
}

/// An answer under way.
type Answering = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

impl<S> Service<Request> for Surrounded<S>
where
    S: Service<Request, Error = Infallible>,
    S::Response: IntoResponse,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Answering {
        let account = Account::open(&self.http, self.route, &request);
        let private = request.method() == Method::POST;
        let (request, rest) = Rest::of(request);
        let answer = self.inner.call(request).instrument(account.span.clone());
        Box::pin(async move {
            let Ok(answer) = answer.await;
            let mut response = answer.into_response();
            secure(response.headers_mut(), private);
            let http = account.close(&mut response);
            rest.read_out(&http.limits, response.status()).await;
            Ok(response)
        })
    }
}

/// One number, one line and one count a request. The line has the route's pattern, never the address as asked, which
/// could hold a code; and no address of a visitor.
struct Account {
    http: Arc<Http>,
    watch: Stopwatch,
    under_way: Held,
    id: String,
    method: &'static str,
    route: Route,
    span: tracing::Span,
}

enum Route {
    Known(&'static str),
    Matched(Option<MatchedPath>),
}

impl Route {
    fn pattern(&self) -> &str {
        match self {
            Self::Known(pattern) => pattern,
            Self::Matched(path) => path.as_ref().map_or("(file)", MatchedPath::as_str),
        }
    }
}

impl Account {
    fn open(http: &Arc<Http>, route: Option<&'static str>, request: &Request) -> Self {
        let id = request_id();
        Self {
            watch: Stopwatch::start(),
            under_way: http.telemetry.begin(),
            http: Arc::clone(http),
            // Methods are chosen by clients; names that are not standard would fill log and telemetry.
            method: match *request.method() {
                Method::GET => "GET",
                Method::HEAD => "HEAD",
                Method::POST => "POST",
                Method::OPTIONS => "OPTIONS",
                _ => "other",
            },
            route: route.map_or_else(
                || Route::Matched(request.extensions().get::<MatchedPath>().cloned()),
                Route::Known,
            ),
            span: tracing::info_span!("request", id),
            id,
        }
    }

    fn close(self, response: &mut Response) -> Arc<Http> {
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let status = response.status().as_u16();
        let problem = response.extensions().get::<ProblemCode>();
        let code = problem.map(|code| code.0);
        let route = self.route.pattern();
        let took = self.watch.elapsed();
        let telemetry = &self.http.telemetry;
        telemetry.answered(self.method, route, status, code, took);
        drop(self.under_way);
        let _entered = self.span.enter();
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            http.method = self.method,
            http.route = route,
            http.status = status,
            http.ms = ms,
            problem = code,
            "request"
        );
        self.http
    }
}

/// 96 bits that tell nobody how many requests came before: a count, hashed under two keys of this process.
fn request_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let [first, second] = KEYS.each_ref().map(|key| key.hash_one(count));
    format!("{first:016x}{:08x}", second >> 32)
}

/// Gives a handler so much time, the reading of the body included.
#[derive(Clone, Copy, Debug)]
pub struct Within(pub Duration);

impl<S> Layer<S> for Within {
    type Service = InTime<S>;

    fn layer(&self, inner: S) -> InTime<S> {
        InTime {
            inner,
            time: self.0,
        }
    }
}

/// A handler with its time.
#[derive(Clone, Debug)]
pub struct InTime<S> {
    inner: S,
    time: Duration,
}

impl<S, B> Service<axum::http::Request<B>> for InTime<S>
where
    S: Service<axum::http::Request<B>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: axum::http::Request<B>) -> Answering {
        let answer = tokio::time::timeout(self.time, self.inner.call(request));
        Box::pin(async move {
            answer
                .await
                .unwrap_or_else(|_| Ok(AppError::Busy.into_response()))
        })
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
