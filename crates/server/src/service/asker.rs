//! Who asks: from which network, with which token, and with which work done. Taken from the head of a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use dung_hen_domain::case_code::CaseCode;

use crate::error::AppError;
use crate::guard::PUZZLE;
use crate::guard::limits::Network;
use crate::guard::puzzle::{self, Puzzle};
use crate::guard::token::{self, Bearer};
use crate::http::serve::Peer;
use crate::state::AppState;

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    network: Option<Network>,
    /// The desks whose network this is; `None` for one that serves every agency.
    desks: Vec<Option<String>>,
    bearer: Option<Bearer>,
    solution: Option<String>,
    ticket: Option<String>,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        let text = |name: &HeaderName| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let bearer = match text(&header::AUTHORIZATION) {
            None => None,
            // A token that does not hold is told, so that the page fetches a fresh one; the visitor still has the proof.
            Some(value) => {
                let token = value.strip_prefix("Bearer ").unwrap_or_default();
                let bearer = token::bearer(&state.guard.portals, token, state.now());
                Some(bearer.ok_or(AppError::TokenInvalid)?)
            }
        };
        let peer = parts.extensions.get::<Peer>();
        let visitor = peer.map(|peer| state.guard.visitor(peer.0, &parts.headers));
        Ok(Self {
            network: visitor.map(|visitor| state.guard.networks.of(visitor)),
            desks: visitor.map_or_else(Vec::new, |visitor| state.guard.desks.at(visitor)),
            bearer,
            solution: text(&PUZZLE).map(str::to_owned),
            ticket: None,
        })
    }
}

impl Asker {
    /// With the ticket of a page without JavaScript.
    #[must_use]
    pub fn with_ticket(mut self, ticket: &str) -> Self {
        self.ticket = Some(ticket.to_owned());
        self
    }

    /// The bearer of a portal's token.
    #[must_use]
    pub const fn bearer(&self) -> Option<&Bearer> {
        self.bearer.as_ref()
    }

    /// The asker's network, as a keyed hash.
    #[must_use]
    pub const fn network(&self) -> Option<&Network> {
        self.network.as_ref()
    }

    /// Whether the asker sits at a desk of this agency.
    #[must_use]
    pub fn is_at_desk_of(&self, agency: &str) -> bool {
        self.desks
            .iter()
            .any(|desk| desk.as_deref().is_none_or(|desk| desk == agency))
    }

    /// Lets the asker on to this code, unless a puzzle must be solved first. Before anything is looked up: what comes of
    /// it tells nothing of the code.
    ///
    /// # Errors
    /// [`AppError::PuzzleRequired`]; never for the bearer of a token.
    pub fn admit(&self, state: &AppState, code: &CaseCode) -> Result<(), AppError> {
        let (now, keys, code) = (state.now(), &state.keys, code.as_str());
        let solved = |answer: &String| puzzle::solved(keys, answer, code, now);
        let waited = |ticket: &String| puzzle::waited(keys, ticket, code, now);
        if self.bearer.is_some()
            || !state.guard.networks.suspicious(self.network.as_ref(), now)
            || self.solution.as_ref().is_some_and(solved)
            || self.ticket.as_ref().is_some_and(waited)
        {
            return Ok(());
        }
        Err(AppError::PuzzleRequired(Box::new(Puzzle::new(
            keys, code, now,
        ))))
    }

    /// Counts a wrong answer against the asker's network.
    pub fn was_wrong(&self, state: &AppState) {
        state
            .guard
            .networks
            .count_wrong(self.network.as_ref(), state.now());
    }
}
