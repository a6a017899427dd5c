//! What surrounds every request: sockets with limits, headers, request numbers, the log, telemetry.
//!
//! What it never does: know a route's meaning, look into a body, write down an address or anything a citizen sent.

pub mod etag;
pub mod limits;
mod rest;
pub mod serve;
pub mod surround;
pub mod telemetry;

use std::sync::atomic::{AtomicBool, Ordering};

use self::limits::Limits;
use self::telemetry::Telemetry;

/// What all requests of one server share.
#[derive(Debug, Default)]
pub struct Http {
    /// Sizes and times.
    pub limits: Limits,
    /// Counts and durations.
    pub telemetry: Telemetry,
    /// Origins that may call from a page; none named: all may, without cookies.
    pub origins: Vec<String>,
    draining: AtomicBool,
}

impl Http {
    /// With these limits and origins.
    #[must_use]
    pub fn new(limits: Limits, origins: Vec<String>) -> Self {
        Self {
            limits,
            origins,
            ..Self::default()
        }
    }

    /// From now on this server is not ready: a balancer should send new requests elsewhere.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
