//! The law and the arithmetic of Đúng Hẹn.
//!
//! What it is: case codes, the ten national states, the working calendar, time
//! limits, deadlines with their day-by-day reasons, timeliness, apologies,
//! satisfaction scores, planned outages, and the types that travel between widget and server.
//!
//! What it never does: read a clock, a file or a network, draw a random number,
//! log, or block. The time is always a parameter. The law it follows is listed
//! in `docs/LAW.md`; each rule cites instrument, article and clause.

pub mod apology;
pub mod ballot_label;
pub mod calendar;
pub mod case;
pub mod case_code;
pub mod civil;
pub mod consistency;
pub mod deadline;
pub mod figures;
pub mod indices;
pub mod integrity;
pub mod lang;
pub mod legal_basis;
pub mod letter;
pub mod letter_check;
pub mod objection;
pub mod outage;
pub mod outcomes;
pub mod period;
pub mod promise;
pub mod report;
pub mod rules;
pub mod satisfaction;
pub mod time_limit;
pub mod timeliness;
pub mod waiting;
pub mod wire;
pub mod words;
