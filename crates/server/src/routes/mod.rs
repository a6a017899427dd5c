//! Addresses and what happens there.

mod ballots;
mod connector;
mod lookup;
mod metrics;
mod objections;
mod period;
mod province;
mod ratings;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::services::ServeDir;

use crate::error::AppError;
use crate::pages;
use crate::state::AppState;

/// Longest body of a citizen's call.
pub const MAX_BODY: usize = 32 * 1024;
/// Longest body of a connector's call.
pub const MAX_CONNECTOR_BODY: usize = 16 * 1024 * 1024;

/// Under which the portal page and the element run: nothing inline, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The whole service.
pub fn router(state: AppState) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .max_age(std::time::Duration::from_secs(3600));
    let api = Router::new()
        .route("/lookup", post(lookup::lookup))
        .route("/ballots", post(ballots::ballots))
        .route("/ratings", post(ratings::ratings))
        .route("/objections", post(objections::objections))
        .route("/counters", get(ratings::counters))
        .route("/metrics/satisfaction", get(metrics::satisfaction))
        .route("/metrics/timeliness", get(metrics::timeliness))
        .route("/province", get(province::province))
        .route("/openapi.json", get(province::openapi))
        .route(
            "/connector",
            post(connector::connector).layer(DefaultBodyLimit::max(MAX_CONNECTOR_BODY)),
        )
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .fallback(|| async { AppError::NotFound })
        .layer(CompressionLayer::new())
        .layer(cors.clone());
    let mut router = Router::new()
        .nest("/api/v1", api)
        .route("/health", get(province::health))
        .route("/demo/samples.json", get(province::samples))
        .route("/tra-cuu", get(pages::form).post(pages::lookup))
        .route("/danh-gia", post(pages::rate))
        .route("/phan-anh", post(pages::object))
        .route("/dinh-nghia", get(pages::definitions))
        .route("/page.css", get(pages::style))
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed });
    router = match &state.dist {
        Some(dist) => {
            let files = |path| ServeDir::new(path).precompressed_br().precompressed_gzip();
            router
                .nest_service(
                    "/embed",
                    ServiceBuilder::new()
                        .layer(cors)
                        .service(files(dist.join("embed")).fallback(not_found())),
                )
                .fallback_service(files(dist.clone()).fallback(not_found()))
        }
        None => router.fallback(|| async { AppError::NotFound }),
    };
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(headers))
        .layer(middleware::from_fn(log))
        .with_state(state)
}

fn not_found() -> Router {
    Router::new().fallback(|| async { AppError::NotFound })
}

/// Security headers on every answer; look-ups and forms are never stored anywhere.
async fn headers(request: Request, next: Next) -> Response {
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
    set(
        header::CACHE_CONTROL,
        if private { "no-store" } else { "no-cache" },
    );
    response
}

/// One line a request: the route's pattern, never the address as asked, which could hold a code.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(file)".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    tracing::info!(http.method = %method, http.route = route, http.status = response.status().as_u16(), "request");
    response
}
