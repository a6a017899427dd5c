//! The server of Đúng Hẹn: the API, the pages for browsers without JavaScript, the
//! command line, and the store.
//!
//! What it never does: compute law or scores itself (that is `dung-hen-domain`), read the
//! clock anywhere but in [`clock`], write SQL anywhere but in [`store`], turn an error into
//! HTTP anywhere but in [`error`].

pub mod addresses;
pub mod assets;
pub mod board;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connector;
pub mod error;
pub mod events;
pub mod figures;
pub mod gather;
pub mod guard;
pub mod http;
pub mod issuers;
pub mod json;
pub mod keys;
pub mod outgoing;
pub mod owed;
pub mod pages;
pub mod recompute;
pub mod reference;
pub mod report;
pub mod routes;
pub mod service;
mod shown;
pub mod state;
pub mod steady;
pub mod store;
pub mod tag;
pub mod view;
pub mod waiting;
pub mod worker;
