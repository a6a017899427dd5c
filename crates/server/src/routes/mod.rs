//! Addresses and what happens there.

mod ballots;
mod comments;
mod connector;
mod criteria;
mod deliveries;
mod embed;
mod instruments;
mod law;
mod lookup;
mod metrics;
mod objections;
mod officer;
mod official;
mod open_data;
mod procedures;
mod province;
mod ratings;
mod timeliness;

use std::any::Any;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler as _;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};
use tower::{Layer as _, Service, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::cors::CorsLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::assets::Assets;
use crate::board;
use crate::error::AppError;
use crate::http::Http;
use crate::http::etag::etag;
use crate::http::limits::{MAX_BODY, MAX_CONNECTOR_BODY};
use crate::http::serve::App;
use crate::http::surround::{self, Surround, Within};
use crate::pages;
use crate::state::AppState;

/// The key or token that a request shows.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// Where look-ups are asked for.
const LOOKUP: &str = "/api/v1/lookup";
/// Where ratings are sent.
const RATINGS: &str = "/api/v1/ratings";

/// What surrounds every handler.
type Around = (
    Surround,
    CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response>,
    RequestBodyTimeoutLayer,
    DefaultBodyLimit,
);

/// As one layer, of which the first is the outermost; with the address, where there is only one.
fn around(http: &Arc<Http>, route: Option<&'static str>) -> Around {
    (
        Surround {
            http: Arc::clone(http),
            route,
        },
        CatchPanicLayer::custom(surround::panicked),
        RequestBodyTimeoutLayer::new(http.limits.body),
        DefaultBodyLimit::max(MAX_BODY),
    )
}

/// The whole service as connections ask it. Look-ups, asked for most by far, and ratings, which may come all at once, do
/// not go through the router: there each layer is a box of its own, and copied, with all inside of it, by each layer around
/// it.
pub fn service(state: AppState) -> impl App {
    let http = Arc::clone(&state.http);
    let near = (surround::cors(&http.origins), Within(http.limits.call));
    let far = |route| (around(&http, Some(route)), CompressionLayer::new());
    let lookups = near.layer(lookup::lookup.with_state(state.clone()));
    let ratings = near.layer(ratings::ratings.with_state(state.clone()));
    Whole {
        lookups: far(LOOKUP).layer(lookups),
        ratings: far(RATINGS).layer(ratings),
        rest: router(state),
    }
}

#[derive(Clone)]
struct Whole<L, R> {
    lookups: L,
    ratings: R,
    rest: Router,
}

impl<L, R> App for Whole<L, R>
where
    L: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    L::Future: Send,
    R: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    R::Future: Send,
{
    async fn answer(self, request: Request) -> Response {
        let Ok(response) = match (request.method(), request.uri().path()) {
            (&Method::POST, LOOKUP) => self.lookups.oneshot(request).await,
            (&Method::POST, RATINGS) => self.ratings.oneshot(request).await,
            _ => Ok(self.rest.answer(request).await),
        };
        response
    }
}

/// Every address.
pub fn router(state: AppState) -> Router {
    let http = Arc::clone(&state.http);
    let cors = surround::cors(&http.origins);
    let public_address = state.reference.province.public_address.clone();
    let lookup = post(lookup::lookup)
        .fallback(|| async { AppError::MethodNotAllowed })
        .with_state(state.clone());
    let lookup = (cors.clone(), Within(http.limits.call)).layer(lookup);
    let lookup = (around(&http, None), CompressionLayer::new()).layer(lookup);
    let api = Router::new()
        .merge(citizens(http.limits.call, &cors))
        .merge(public(http.limits.call, &cors))
        .merge(senders(http.limits.connector))
        .merge(officers(http.limits.call))
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .fallback(|| async { AppError::NotFound })
        .layer(CompressionLayer::new().compress_when(
            // Progress is read while it is written: no line waits for a block to be full.
            DefaultPredicate::new().and(NotForContentType::const_new("application/x-ndjson")),
        ));
    let mut router = Router::new()
        .nest("/api/v1", api)
        .merge(plain(http.limits.call))
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed });
    router = match Assets::of(state.dist.as_deref()) {
        Some(assets) => router
            .nest_service(
                "/embed",
                embed::files(&assets, public_address.as_deref()).layer(cors),
            )
            .nest_service("/hosts/framed", embed::framed(&assets))
            .fallback_service(assets.below("")),
        None => router.fallback(|| async { AppError::NotFound }),
    };
    router
        .layer(around(&http, None))
        .with_state(state)
        .route_service(LOOKUP, lookup)
}

/// What a citizen does beside looking up: never stored by anyone on the way.
fn citizens(time: Duration, cors: &CorsLayer) -> Router<AppState> {
    Router::new()
        .route("/ballots", post(ballots::ballots))
        .route("/ratings", post(ratings::ratings))
        .route("/ratings/corrections", post(ratings::corrections))
        .route("/ratings/sheets", post(ratings::sheets))
        .route("/objections", post(objections::objections))
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .layer((cors.clone(), Within(time)))
}

/// What anyone may read; tagged, so that it is sent once.
fn public(time: Duration, cors: &CorsLayer) -> Router<AppState> {
    Router::new()
        .route("/ballots/keys", get(ballots::keys))
        .route("/counters", get(ratings::counters))
        .route("/instruments/{id}", get(instruments::instrument))
        .route("/metrics/satisfaction", get(metrics::satisfaction))
        .route("/metrics/criteria", get(criteria::criteria))
        .route("/metrics/formulas", get(official::formulas))
        .route("/metrics/three-levels", get(criteria::three_levels))
        .route("/metrics/timeliness", get(timeliness::timeliness))
        .route("/open-data", get(open_data::index))
        .route("/open-data/figures", get(open_data::part))
        .route("/open-data/letters", get(open_data::letters))
        .route("/calendar", get(law::calendar))
        .route("/rules", get(law::rules))
        .route("/province", get(province::province))
        .route("/openapi.json", get(province::openapi))
        .route("/procedures/{code}/deadline", get(procedures::deadline))
        .route("/notices/{number}/qr.svg", get(pages::qr))
        // Before the layers: CORS must also surround the question a browser asks first (OPTIONS).
        .method_not_allowed_fallback(|| async { AppError::MethodNotAllowed })
        .layer((cors.clone(), Within(time), from_fn(etag)))
}

/// What other systems send; no page of any origin does.
fn senders(time: Duration) -> Router<AppState> {
    Router::new()
        .route(
            "/connector",
            post(connector::connector).layer(DefaultBodyLimit::max(MAX_CONNECTOR_BODY)),
        )
        .route("/comments", get(comments::comments))
        .route("/deliveries", post(deliveries::deliveries))
        .layer(Within(time))
        // As long as it comes: a pause ends it, no length does.
        .route(
            "/connector/stream",
            post(connector::streamed).layer(DefaultBodyLimit::disable()),
        )
}

/// What officers do, each with a key; no page of another origin does.
fn officers(time: Duration) -> Router<AppState> {
    Router::new()
        .route("/officer/cases", post(officer::cases))
        .route("/officer/letters", post(officer::letters))
        .route("/officer/briefs", post(officer::briefs))
        .route("/officer/reports/ii06a", post(officer::ii06a))
        .route("/officer/objections", post(officer::objections))
        .route("/officer/objections/answers", post(officer::answers))
        .layer(Within(time))
}

/// Health, and the pages for browsers without JavaScript.
fn plain(time: Duration) -> Router<AppState> {
    Router::new()
        .route("/health", get(province::health))
        .route("/health/live", get(province::live))
        .route("/demo/samples.json", get(province::samples))
        .route("/tra-cuu", get(pages::form).post(pages::lookup))
        .route("/danh-gia", post(pages::rate))
        .route("/danh-gia/them", post(pages::sheets))
        .route("/sua-danh-gia", get(pages::correction).post(pages::correct))
        .route("/phan-anh", post(pages::object))
        .route(
            "/officer",
            get(pages::officer::enter).post(pages::officer::due),
        )
        .route("/officer/letters", post(pages::officer::letters))
        .route("/officer/objections", post(pages::officer::objected))
        .route("/officer/briefs", post(pages::officer::briefs))
        .route("/officer/reports/ii06a", post(pages::officer::reports))
        .route("/brief.css", get(pages::brief::style))
        .route("/dinh-nghia", get(pages::definitions))
        .route("/thong-bao/{number}", get(pages::notice))
        .route("/board", get(board::board))
        .route("/board/xin-loi", get(board::apologies))
        .route("/board/tai-ve/{file}", get(board::file))
        .route("/board/lich-su", get(board::history))
        .route("/board.css", get(board::style))
        .route("/page.css", get(pages::style))
        .layer(Within(time))
}

/// The telemetry, on a listener of its own: it is for the operator, not for the world.
pub fn telemetry(http: Arc<Http>) -> Router {
    let text = move || {
        let text = http.telemetry.text();
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        async move { ([(header::CONTENT_TYPE, kind)], text) }
    };
    Router::new().route("/metrics", get(text))
}
