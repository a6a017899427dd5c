//! Ratings that stand in the file before their number does.
//!
//! A process can be killed between two writes. So a rating is written with a mark that it is not counted, then the
//! numbers, then the mark is taken away. Whoever finds such marks of another process counts what is missing: each tally
//! tells whether it was written in the same stay. What says so is made from a random number of the stay that the next
//! stay replaces, so that nothing tells which numbers grew together before.

use std::io;

use chrono::NaiveDate;
use dung_hen_domain::ballot_label::BallotLabel;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::Counted;
use sha2::{Digest as _, Sha256};

use super::room::WaitingRoom;
use super::tallies::{Tally, places};

impl WaitingRoom {
    /// The day on which what is kept from now on is counted, should this process be killed before it is.
    ///
    /// # Errors
    /// What the disk says.
    pub fn is_day(&mut self, today: NaiveDate) -> io::Result<()> {
        if self.day != Some(today) {
            self.tell()?;
            self.file.set_day(today)?;
            self.day = Some(today);
        }
        Ok(())
    }

    /// What a tally holds that was written in this stay.
    pub(super) fn mark(&self, agency: &str, period: &str) -> u32 {
        let mut hash = Sha256::new();
        hash.update(self.stay);
        hash.update(agency);
        hash.update([0]);
        hash.update(period);
        let [a, b, c, d, ..] = hash.finalize()[..] else {
            return 0;
        };
        u32::from_le_bytes([a, b, c, d])
    }

    /// All that was kept has its numbers in the file.
    pub(super) fn all_counted(&mut self) {
        for slot in std::mem::take(&mut self.uncounted) {
            if let Err(error) = self.file.set_counted(slot) {
                tracing::error!(error.kind = ?error.kind(), "a number may be counted twice");
                self.doubt();
            }
        }
    }

    /// Counts the ratings of a process that was killed before it did, each where it is missing.
    pub(super) fn count_what_was_left(&mut self) -> io::Result<()> {
        if self.uncounted.is_empty() {
            return Ok(());
        }
        let mut missing: Vec<Tally> = Vec::new();
        if let Some(day) = self.day {
            for slot in &self.uncounted {
                let rating = self.entries[*slot]
                    .as_ref()
                    .and_then(|one| one.rating.as_ref());
                let label = rating.and_then(|rating| BallotLabel::parse(&rating.label));
                let agency = label.map_or_else(String::new, |label| label.agency);
                for (agency, period) in places(&agency, day, Counted::Stored) {
                    let same = |tally: &Tally| tally.agency == agency && tally.period == period;
                    let at = missing.iter().position(same).unwrap_or(missing.len());
                    if at == missing.len() {
                        let tally = self.tally(agency, &period);
                        if tally.mark == self.mark(agency, &period) {
                            continue;
                        }
                        missing.push(tally);
                    }
                    missing[at].add(Counted::Stored, 1, &iso_date(day));
                }
            }
        }
        // In the name of the stay that was cut short, so that it is right to stop here at any moment; only then are others
        // told to read the file.
        self.write_tallies(missing)?;
        self.all_counted();
        self.tell()
    }
}
