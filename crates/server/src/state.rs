//! What every request needs.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::clock::Clock;
use crate::guard::Guard;
use crate::guard::gates::Gates;
use crate::http::Http;
use crate::issuers::Issuers;
use crate::keys::Keys;
use crate::owed::Owed;
use crate::reference::Reference;
use crate::steady::Steady;
use crate::store::Store;
use crate::waiting::Waiting;

/// A key that connectors must show; an empty one is none, and none opens nothing.
#[must_use]
pub fn connector_key_from(text: Option<String>) -> Option<Arc<str>> {
    text.filter(|key| !key.trim().is_empty()).map(Arc::from)
}

/// The state of the server. Every layer around a handler takes a copy for each request: it is one pointer.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

/// What the state of the server consists of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// Keys.
    pub keys: Keys,
    /// Ratings that wait for company.
    pub waiting: Arc<Waiting>,
    /// Where the time comes from.
    pub clock: Clock,
    /// Whether it is believed with what cannot be taken back.
    pub steady: Arc<Steady>,
    /// Law, catalogue and province.
    pub reference: Arc<Reference>,
    /// The built element and portal page.
    pub dist: Option<PathBuf>,
    /// The key that connectors show; without one the connector's address is closed.
    pub connector_key: Option<Arc<str>>,
    /// Limits, telemetry, and whether the server is about to stop.
    pub http: Arc<Http>,
    /// Limits by network, and the portals whose tokens are believed.
    pub guard: Arc<Guard>,
    /// The keys that answer for ballots, by quarter.
    pub issuers: Arc<Issuers>,
    /// Attempts at one case pass one by one.
    pub gates: Arc<Gates>,
    /// What look-ups leave to be written.
    pub owed: Arc<Owed>,
    /// Whether this is the demonstration.
    pub demo: bool,
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for AppState {
    /// For tests, which set a clock or another room: the copies that others have stay as they are.
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

impl AppState {
    /// How many copies of this pointer there are: whoever is at work has one.
    #[must_use]
    pub fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    /// Whether the clock is believed with what cannot be taken back.
    #[must_use]
    pub fn clock_holds(&self) -> bool {
        self.steady.holds(self.now())
    }

    /// Now, in Vietnam.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        self.clock.now()
    }
}
