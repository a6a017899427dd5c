//! One number out of many deadlines with their proofs, so that two builds can be compared: every date, hour, role and
//! error goes into it. `tests/wasm.rs` runs this natively and as WebAssembly.
#![expect(
    clippy::unwrap_used,
    reason = "part of a test: to fail is its way of telling"
)]
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "a test reads this file as a module of its own"
)]

use chrono::{Days, NaiveDate, NaiveTime};
use dung_hen_domain::calendar::{CalendarData, WorkingCalendar, WorkingHours};
use dung_hen_domain::deadline::{Reception, compute, due_only};
use dung_hen_domain::indices::Share;
use dung_hen_domain::time_limit::{TimeLimit, Unit};

/// FNV-1a, 64 bits.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// xorshift64*: the same questions in every build.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % bound
    }
}

/// The digest of `n` deadlines of all units, received on days of 2020 to 2027, and of as many Wilson intervals.
pub fn digest_of(seed: u64, n: u32) -> u64 {
    let text = include_str!("../../../data/holidays.json");
    let data: CalendarData = serde_json::from_str(text).unwrap();
    let calendar = WorkingCalendar::new(data).unwrap();
    let hours = WorkingHours::default();
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let mut draw = Draw(seed | 1);
    let mut digest = Fnv(0xcbf2_9ce4_8422_2325);
    for _ in 0..n {
        let date = first.checked_add_days(Days::new(draw.below(2922))).unwrap();
        let minute = u32::try_from(draw.below(1440)).unwrap();
        let time = (draw.below(4) > 0)
            .then(|| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap());
        let unit = Unit::ALL[usize::try_from(draw.below(Unit::ALL.len() as u64)).unwrap()];
        let amount = u32::try_from(1 + draw.below(60)).unwrap();
        let reception = Reception { date, time };
        let Ok(limit) = TimeLimit::new(amount, unit) else {
            digest.add("no limit");
            continue;
        };
        // Debug prints every field of the answer: dates, hours, roles, conditions, errors.
        digest.add(&format!(
            "{:?}{:?}",
            compute(&calendar, &hours, reception, limit),
            due_only(&calendar, &hours, reception, limit)
        ));
        // Floating point as bits: the same to the last one.
        let n = 1 + draw.below(5000);
        let share = Share {
            part: draw.below(n + 1),
            n,
        };
        let (low, high) = share.wilson().unwrap();
        digest.add(&format!("{:x}{:x}", low.to_bits(), high.to_bits()));
    }
    digest.0
}

/// For the one who runs the module.
#[expect(
    unsafe_code,
    reason = "an export needs a name of its own; nothing unsafe is done"
)]
#[unsafe(no_mangle)]
pub extern "C" fn digest(seed: u64, n: u32) -> u64 {
    digest_of(seed, n)
}
