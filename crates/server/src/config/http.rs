//! Times and sizes of requests.

use serde::Deserialize;

/// `[http]` of the configuration. Times are in seconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// For the head of a request, also of the next one on an open connection.
    pub head_seconds: u32,
    /// Between two pieces of a body.
    pub body_seconds: u32,
    /// For the whole of a citizen's call.
    pub call_seconds: u32,
    /// For the whole of a connector's call.
    pub connector_seconds: u32,
    /// For a client that does not take its answer.
    pub write_seconds: u32,
    /// Before a server that was told to stop takes no more requests: time for the balancer to notice.
    pub drain_seconds: u32,
    /// For requests under way when the server stops.
    pub finish_seconds: u32,
    /// Connections open at the same time.
    pub connections: u32,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            head_seconds: 10,
            body_seconds: 10,
            call_seconds: 30,
            connector_seconds: 300,
            write_seconds: 30,
            drain_seconds: 0,
            finish_seconds: 20,
            connections: 4096,
        }
    }
}

impl HttpSettings {
    /// The first key whose value is not possible, and what is.
    #[must_use]
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let hour = 1..=3600;
        let times = [
            ("http.head_seconds", self.head_seconds),
            ("http.body_seconds", self.body_seconds),
            ("http.call_seconds", self.call_seconds),
            ("http.connector_seconds", self.connector_seconds),
            ("http.write_seconds", self.write_seconds),
            ("http.finish_seconds", self.finish_seconds),
        ];
        let wrong = times.into_iter().find(|(_, value)| !hour.contains(value));
        if let Some((key, _)) = wrong {
            return Some((key, "seconds, 1 to 3600,"));
        }
        if self.drain_seconds > 3600 {
            return Some(("http.drain_seconds", "seconds, 0 to 3600,"));
        }
        (!(1..=65_536).contains(&self.connections))
            .then_some(("http.connections", "1 to 65536 connections"))
    }
}
