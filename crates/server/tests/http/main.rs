//! The API through real HTTP on a real SQLite file.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: to fail is their way of telling"
)]

mod access;
mod attack;
mod bad_input;
mod board;
mod briefs;
mod connector;
mod counted;
mod decision;
mod derived;
mod events;
mod figures;
mod import;
mod integrity;
mod law;
mod notices;
mod objections;
mod officer;
mod open_data;
mod outages;
mod outcomes;
mod owed;
mod pages;
mod procedures;
mod ratings;
mod receiver;
mod recompute;
mod refused;
mod settling;
mod sheets;
mod sockets;
mod support;
mod surface;
mod tokens;
mod trying;
mod watch;
