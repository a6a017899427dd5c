//! What a citizen may do, whichever way the request came: through the API or as a plain form.

pub mod access;
pub mod ballot;
pub mod objection;
pub mod rating;
