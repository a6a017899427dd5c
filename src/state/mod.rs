//! What the widget can be in, as plain values and the steps between them.
//!
//! No Leptos and no browser here: every step is tested natively.

mod fault;
mod lookup;
mod shared;

pub(crate) use fault::Fault;
pub(crate) use lookup::{Answer, Lookup, LookupEvent, Phase, Query};
pub(crate) use shared::Shared;
