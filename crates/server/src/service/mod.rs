//! What a citizen or an officer may do, whichever way the request came: through the API or as a plain form.

pub mod access;
pub mod answer;
pub mod apikey;
pub mod asker;
pub mod ballot;
pub mod brief;
pub mod integrity;
pub mod letter;
pub mod notice;
pub mod objection;
pub mod officer;
pub mod rating;
pub mod report;
pub mod retention;
pub mod senders;
pub mod settle;
pub mod sheet;
mod to_its_end;
pub mod told;
