//! The law and the arithmetic of Đúng Hẹn.
//!
//! What it is: case codes, the ten national states, the working calendar, time
//! limits, deadlines with their day-by-day reasons, timeliness, apologies,
//! satisfaction scores, planned outages, and the types that travel between element and server.
//!
//! What it never does: read a clock, a file or a network, draw a random number,
//! log, or block. The time is always a parameter. The law it follows is listed
//! in `docs/LAW.md`; each rule cites instrument, article and clause.
//!
//! Five working days from Wednesday 24 April 2024, worked by hand in `docs/LAW.md`: Monday 29 is off by swap, two
//! holidays follow, and Saturday 4 May was worked for the 29th.
//!
//! ```
//! use dung_hen_domain::calendar::{WorkingCalendar, WorkingHours};
//! use dung_hen_domain::case::CaseStatus;
//! use dung_hen_domain::civil::parse_date;
//! use dung_hen_domain::deadline::{Answer, Reception, compute};
//! use dung_hen_domain::time_limit::{TimeLimit, Unit};
//! use dung_hen_domain::timeliness::{Facts, Timeliness, assess};
//!
//! let days = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/holidays.json"));
//! let calendar = WorkingCalendar::new(serde_json::from_str(days).unwrap()).unwrap();
//! let received = Reception::parse("2024-04-24").unwrap();
//! let limit = TimeLimit::new(5, Unit::WorkingDay).unwrap();
//!
//! let Answer::Due(deadline) = compute(&calendar, &WorkingHours::default(), received, limit).unwrap() else {
//!     panic!("2024 is settled");
//! };
//! assert_eq!(Some(deadline.due), parse_date("2024-05-04"));
//! assert_eq!(deadline.days.len(), 11); // each day from the 24th to the 4th, with its part in the count
//!
//! // Promised for that day, and not finished on the Monday after it: two calendar days overdue.
//! let facts = Facts {
//!     status: CaseStatus::Processing,
//!     promise: Some(deadline.due),
//!     finished: None,
//!     returned: None,
//!     as_of: parse_date("2024-05-06").unwrap(),
//! };
//! assert_eq!(assess(&facts, &calendar), (Timeliness::Overdue, 2));
//! ```

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
