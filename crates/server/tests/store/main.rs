//! The store, on both databases: every test runs once on SQLite and once on a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: to fail is their way of telling"
)]

mod attempts;
mod briefs;
mod cases;
mod desk;
mod figures;
mod jobs;
mod linear;
mod moving;
mod notices;
mod objections;
mod pages;
mod queue;
mod ratings;
mod readers;
mod register;
mod satisfaction;
mod schema;
mod senders;
mod support;
mod tls;
mod trust;
mod upgrade;
mod versions;
mod watch;
