//! How much and how long: everything a client can make the server hold or wait for.

use std::time::Duration;

use crate::config::HttpSettings;

/// Longest body of a citizen's call, in bytes.
pub const MAX_BODY: usize = 32 * 1024;
/// Longest body of a connector's call, in bytes.
pub const MAX_CONNECTOR_BODY: usize = 16 * 1024 * 1024;

/// The settings as the server uses them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body: Duration,
    /// For a citizen's call.
    pub call: Duration,
    /// For a connector's call.
    pub connector: Duration,
    /// For a client that does not take its answer.
    pub write: Duration,
    /// Between "not ready" and the end of new connections.
    pub drain: Duration,
    /// For requests under way at the end.
    pub finish: Duration,
    /// Connections open at the same time.
    pub connections: usize,
    /// Longest head of a request, in bytes: line and headers together.
    pub head_bytes: usize,
    /// Most headers of a request.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        HttpSettings::default().into()
    }
}

impl From<HttpSettings> for Limits {
    fn from(settings: HttpSettings) -> Self {
        let seconds = |count: u32| Duration::from_secs(count.into());
        Self {
            head: seconds(settings.head_seconds),
            body: seconds(settings.body_seconds),
            call: seconds(settings.call_seconds),
            connector: seconds(settings.connector_seconds),
            write: seconds(settings.write_seconds),
            drain: seconds(settings.drain_seconds),
            finish: seconds(settings.finish_seconds),
            connections: usize::try_from(settings.connections).unwrap_or(4096),
            // Behind a proxy of the province a head is about 1 kB.
            head_bytes: 16 * 1024,
            headers: 64,
        }
    }
}
