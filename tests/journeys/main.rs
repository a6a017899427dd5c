//! What a citizen lives, in a real Chromium against the real server.

mod delivery;
mod embedding;
mod hosts;
mod journey;
mod trouble;
