//! Counts and durations in the Prometheus text format. Labels are names of our own source or configuration: route
//! patterns, error codes, methods, endpoints, senders; nothing a client can choose, and nothing of a person.

use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabel as _, EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds in seconds: the portal norms are told in seconds, a look-up takes about a millisecond.
const BOUNDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Labels<const N: usize>([(&'static str, String); N]);

impl<const N: usize> EncodeLabelSet for Labels<N> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        for pair in &self.0 {
            (pair.0, pair.1.as_str()).encode(encoder.encode_label())?;
        }
        Ok(())
    }
}

/// Where requests of one method, route and status are counted.
#[derive(Clone)]
struct Series {
    method: &'static str,
    status: u16,
    count: Counter,
    duration: Histogram,
}

/// The telemetry of one server.
pub struct Telemetry {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    durations: Family<Labels<1>, Histogram>,
    /// The series of both, by route.
    series: RwLock<HashMap<String, Vec<Series>>>,
    refusals: Family<Labels<1>, Counter>,
    under_way: Gauge,
    connections: Gauge,
    deliveries: Family<Labels<2>, Counter>,
    delivery_lag: Family<Labels<1>, Gauge>,
    deliveries_failed: Family<Labels<1>, Gauge>,
    sender_lag: Family<Labels<1>, Gauge>,
    sender_failing: Family<Labels<1>, Gauge>,
    dead_letters: Gauge,
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telemetry")
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("dung_hen");
        let requests = Family::default();
        let durations = Family::new_with_constructor((|| Histogram::new(BOUNDS)) as fn() -> _);
        let refusals = Family::default();
        let under_way = Gauge::default();
        let connections = Gauge::default();
        let sender_lag = Family::default();
        let sender_failing = Family::default();
        let dead_letters = Gauge::default();
        registry.register_with_unit(
            "sender_lag",
            "Since when nothing came in from a connector",
            Unit::Seconds,
            sender_lag.clone(),
        );
        registry.register_with_unit(
            "sender_failing",
            "Since when a pull fails; 0: it does not",
            Unit::Seconds,
            sender_failing.clone(),
        );
        registry.register(
            "dead_letters",
            "Items of connectors that could not be stored yet",
            dead_letters.clone(),
        );
        let deliveries = Family::default();
        let delivery_lag = Family::default();
        let deliveries_failed = Family::default();
        registry.register(
            "deliveries",
            "Events sent to an endpoint, by what came of it: delivered, again, failed",
            deliveries.clone(),
        );
        registry.register_with_unit(
            "delivery_lag",
            "Since when the oldest event waits at an endpoint",
            Unit::Seconds,
            delivery_lag.clone(),
        );
        registry.register(
            "deliveries_given_up",
            "Events given up at an endpoint and not sent again",
            deliveries_failed.clone(),
        );
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version that runs", version);
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From the head of a request to the head of its answer",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register(
            "refusals",
            "Answers that were a problem, by code",
            refusals.clone(),
        );
        registry.register(
            "http_requests_under_way",
            "Requests not answered yet",
            under_way.clone(),
        );
        registry.register("connections", "Connections open", connections.clone());
        Self {
            registry,
            requests,
            durations,
            series: RwLock::default(),
            refusals,
            under_way,
            connections,
            deliveries,
            delivery_lag,
            deliveries_failed,
            sender_lag,
            sender_failing,
            dead_letters,
        }
    }
}

impl Telemetry {
    /// A request has come; it counts as under way until the value is dropped.
    #[must_use]
    pub fn begin(&self) -> Held {
        Held::of(&self.under_way)
    }

    /// A connection was opened; it counts until the value is dropped.
    #[must_use]
    pub fn connected(&self) -> Held {
        Held::of(&self.connections)
    }

    /// A request was answered.
    pub fn answered(
        &self,
        method: &'static str,
        route: &str,
        status: u16,
        code: Option<&'static str>,
        took: Duration,
    ) {
        let series = self.series(method, route, status);
        series.count.inc();
        series.duration.observe(took.as_secs_f64());
        if let Some(code) = code {
            self.refusals
                .get_or_create(&Labels([("code", code.to_owned())]))
                .inc();
        }
    }

    /// The series of such requests. Found without making its labels again, which would be the dearest part of counting.
    fn series(&self, method: &'static str, route: &str, status: u16) -> Series {
        let is_this = |one: &&Series| one.method == method && one.status == status;
        let known = self.series.read().unwrap_or_else(PoisonError::into_inner);
        let found = known
            .get(route)
            .and_then(|of_route| of_route.iter().find(is_this).cloned());
        drop(known);
        if let Some(series) = found {
            return series;
        }
        let labels = Labels([
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ]);
        let duration = Labels([("route", route.to_owned())]);
        let series = Series {
            method,
            status,
            count: self.requests.get_or_create(&labels).clone(),
            duration: self.durations.get_or_create(&duration).clone(),
        };
        let mut known = self.series.write().unwrap_or_else(PoisonError::into_inner);
        let of_route = known.entry(route.to_owned()).or_default();
        // Twice at the same moment does no harm: both are the same counters.
        of_route.push(series.clone());
        series
    }

    /// An event was sent to an endpoint of the configuration.
    pub fn delivered(&self, endpoint: &str, outcome: &'static str) {
        let labels = Labels([
            ("endpoint", endpoint.to_owned()),
            ("outcome", outcome.to_owned()),
        ]);
        self.deliveries.get_or_create(&labels).inc();
    }

    /// How far behind an endpoint is, in seconds, and how many events were given up there.
    pub fn delivery_state(&self, endpoint: &str, lag: i64, failed: u64) {
        let labels = Labels([("endpoint", endpoint.to_owned())]);
        self.delivery_lag.get_or_create(&labels).set(lag);
        let failed = i64::try_from(failed).unwrap_or(i64::MAX);
        self.deliveries_failed.get_or_create(&labels).set(failed);
    }

    /// Since when nothing came in from a connector, in seconds.
    pub fn sender_state(&self, sender: &str, lag: i64) {
        let labels = Labels([("sender", sender.to_owned())]);
        self.sender_lag.get_or_create(&labels).set(lag);
    }

    /// Since when a pull fails, in seconds; 0 where it does not.
    pub fn sender_failing(&self, sender: &str, seconds: i64) {
        let labels = Labels([("sender", sender.to_owned())]);
        self.sender_failing.get_or_create(&labels).set(seconds);
    }

    /// How many items could not be stored yet.
    pub fn dead_letters(&self, count: u64) {
        self.dead_letters
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Everything, as Prometheus reads it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Something that counts as long as this value lives.
#[derive(Debug)]
pub struct Held(Gauge);

impl Held {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}
