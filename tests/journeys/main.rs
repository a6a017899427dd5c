//! What a citizen lives, in a real Chromium against the real server.

mod baseline;
mod case;
mod delivery;
mod embedding;
mod engines;
mod fallback;
mod hosts;
mod journey;
mod kiosk;
mod lookup;
mod notice;
mod rating;
mod trouble;

mod objection;
