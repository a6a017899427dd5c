//! What a citizen lives, in a real Chromium against the real server.

mod case;
mod delivery;
mod embedding;
mod hosts;
mod journey;
mod kiosk;
mod lookup;
mod trouble;
