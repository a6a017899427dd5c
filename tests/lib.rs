//! Shared pieces of the journeys: the real server, a host that misbehaves on purpose, the real browser.

mod browser;
pub mod citizen;
mod host;
mod postgres;
pub mod province;
mod server;
mod until;
mod wire;

pub use browser::{Engine, Page, Problem, Wish, chromium_only, left_out};
pub use host::{Asked, Host, POLICY, Reply, content_type};
pub use postgres::Cluster;
pub use server::{Server, Situation, dist, listening, program, situation, version};
pub use until::{PATIENCE, until, within};
pub use wire::Wire;
