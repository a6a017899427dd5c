//! Numbers kept beside the ratings: what came and what became of it, how ballots were obtained, what looked odd.
//!
//! They stand here and not in the database because a number that grows by one when a rating arrives tells when that
//! was. Into the database they go once a day ([`WaitingRoom::tallies`]): those of the whole province by day, and those
//! of an agency and month in steps of five. A number that was counted never shrinks, so what went over twice counts
//! once.
//!
//! What is counted is owed first and written when whoever counted it inside leaves, or by the next who comes in: once for
//! all who came together, and again where the disk or another server did not let it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{Days, NaiveDate};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::{Counted, OUTCOMES, released};
use serde::{Deserialize, Serialize};

use super::file::SECTOR;
use super::kept::{Debts, Kept, With};
use super::room::WaitingRoom;
use super::{Entry, month};
use crate::keys::Digest;

/// Days after which a tally that has gone over is erased here.
const KEPT_DAYS: u64 = 62;
/// Longest agency code that has numbers of its own, in bytes. With it a tally fits into one sector of the disk, which is
/// written whole or not at all; so it is overwritten in place.
const LONGEST_AGENCY: usize = 64;
/// Bytes of a sector, less length and checksum of the slot.
const ROOM: usize = SECTOR - 36;

/// What was counted of one agency in one month, or of the whole province on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// `YYYY-MM` or `YYYY-MM-DD`.
    pub period: String,
    /// Agency code; empty for the whole province.
    pub agency: String,
    /// In the order of [`Counted`].
    pub counts: Vec<u64>,
    /// Of a month: the last day on which something was counted, and what of `counts` was since that day began.
    #[serde(default)]
    pub last: Option<(String, Vec<u64>)>,
    /// Told by it whether what was kept in the last stay is in it (`uncounted.rs`); of no meaning after the next one.
    #[serde(default)]
    pub(super) mark: u32,
}

impl Tally {
    /// So many of these were counted.
    #[must_use]
    pub fn get(&self, kind: Counted) -> u64 {
        at(&self.counts, kind)
    }

    fn key(&self) -> (String, String) {
        (self.agency.clone(), self.period.clone())
    }

    pub(super) fn add(&mut self, kind: Counted, n: i64, today: &str) {
        grow(&mut self.counts, kind, n);
        if !self.is_of_a_day() {
            let last = self.last.get_or_insert_default();
            // What is of an earlier day and comes late waits for the end of the later one.
            if *last.0 < *today {
                *last = (today.to_owned(), Vec::new());
            }
            grow(&mut last.1, kind, n);
        }
    }

    /// Whether it is of a day and not of a month.
    #[must_use]
    pub const fn is_of_a_day(&self) -> bool {
        self.period.len() > 7
    }

    /// What of it may leave the room: of days that are over, and of a month in whole steps. So what is public changes
    /// once a day, whenever a server is started.
    pub fn leaving(&self, today: &str) -> impl Iterator<Item = (Counted, u64)> {
        // A clock that was put back has left a day that is not over yet.
        let of_today = self.last.as_ref().filter(|(day, _)| **day >= *today);
        Counted::ALL.iter().map(move |kind| {
            let count = self.get(*kind);
            let value = if !self.is_of_a_day() {
                released(count.saturating_sub(of_today.map_or(0, |(_, counts)| at(counts, *kind))))
            } else if *self.period < *today {
                count
            } else {
                0
            };
            (*kind, value)
        })
    }
}

fn at(counts: &[u64], kind: Counted) -> u64 {
    counts.get(kind as usize).copied().unwrap_or(0)
}

fn grow(counts: &mut Vec<u64>, kind: Counted, n: i64) {
    if counts.len() <= kind as usize {
        counts.resize(kind as usize + 1, 0);
    }
    if let Some(count) = counts.get_mut(kind as usize) {
        *count = count.saturating_add_signed(n);
    }
}

/// A slot, what it held, and what it is to hold.
type Placed = (usize, Option<Entry>, Entry);

/// Where something of this kind is counted: agency, or none for the whole province, and period.
pub(super) fn places(
    agency: &str,
    today: NaiveDate,
    kind: Counted,
) -> impl Iterator<Item = (&str, String)> {
    let of_agency = !agency.is_empty() && agency.len() <= LONGEST_AGENCY;
    let of_day = OUTCOMES.contains(&kind) || kind == Counted::RepeatedLater;
    let places = [
        of_agency.then(|| (agency, month(today))),
        Some(("", month(today))),
        of_day.then(|| ("", iso_date(today))),
    ];
    places.into_iter().flatten()
}

fn entry(tally: Tally) -> Entry {
    Entry {
        tally: Some(tally),
        ..Entry::default()
    }
}

impl WaitingRoom {
    /// Counts so many more of each, for an agency and for the province: written when whoever is inside leaves.
    pub fn count(&mut self, agency: &str, today: NaiveDate, kinds: &[(Counted, i64)]) {
        self.owed.add(agency, today, kinds);
        self.counting = true;
    }

    /// Counts a rating that has just been kept: where that cannot be written, [`WaitingRoom::seal`] takes back both.
    pub fn count_kept(
        &mut self,
        kept: &Kept,
        spent: Digest,
        agency: &str,
        today: NaiveDate,
        kinds: Vec<(Counted, i64)>,
    ) {
        self.count(agency, today, &kinds);
        *kept.with() = Some(With {
            spent,
            agency: agency.to_owned(),
            today,
            kinds,
            others: self.others(),
        });
        self.unpaid.push(kept.clone());
    }

    /// Takes back a rating that was kept, and what was counted with it; where it stays, that stays too. What has been
    /// taken back is not taken back again: the same ballot may have come again and be kept.
    pub fn take_back_kept(&mut self, kept: &Kept) {
        let Some(with) = kept.with().take() else {
            return;
        };
        if self.take_back(&with.spent, with.others) {
            let taken_back: Vec<_> = with.kinds.iter().map(|(kind, n)| (*kind, -n)).collect();
            self.count(&with.agency, with.today, &taken_back);
        }
    }

    /// Writes what is owed, before whoever kept something inside is told so. Where what they counted cannot be written,
    /// what they kept is taken back, before anyone else can find it.
    ///
    /// # Errors
    /// What the disk says; then nothing that was kept inside and counted may be acknowledged.
    pub fn seal(&mut self) -> io::Result<()> {
        match self.pay() {
            Err(error) if self.counting => {
                for kept in std::mem::take(&mut self.unpaid) {
                    self.take_back_kept(&kept);
                }
                self.counting = false;
                Err(error)
            }
            // What others owe is written by the next who comes in.
            _ => Ok(()),
        }
    }

    /// Whether anything was counted by those inside that is not written.
    #[cfg(test)]
    pub(super) const fn is_counting(&self) -> bool {
        self.counting
    }

    /// Writes what is owed: all of it, or nothing. Where the disk refuses a number and then to have back those that were
    /// written before it, or somebody fails in the middle, these are counted again: the operator is told.
    ///
    /// # Errors
    /// What the disk says; then it is owed still.
    pub(super) fn pay(&mut self) -> io::Result<()> {
        let mut owed = Debts::new();
        let paid = catch_unwind(AssertUnwindSafe(|| {
            if self.owed.is_empty() {
                return Ok(());
            }
            self.make_sure()?;
            owed = std::mem::take(&mut *self.owed.debts());
            self.count_each(&owed)
        }));
        // The thread that writes goes on, whatever fails here.
        let paid = paid.unwrap_or_else(|_| {
            tracing::error!("counting broke off: a number may be counted twice");
            self.doubt();
            Err(io::Error::other("counting broke off"))
        });
        if paid.is_ok() {
            self.counting = false;
            self.unpaid.clear();
            self.all_counted();
        } else {
            let mut debts = self.owed.debts();
            for (debt, n) in owed {
                *debts.entry(debt).or_default() += n;
            }
        }
        paid
    }

    fn count_each(&mut self, owed: &Debts) -> io::Result<()> {
        let mut grown: Vec<Tally> = Vec::new();
        for ((day, agency, kind), n) in owed.iter().filter(|(_, n)| **n != 0) {
            self.grow(&mut grown, agency, *day, *kind, *n);
        }
        if grown.is_empty() {
            return Ok(());
        }
        self.tell()?;
        self.write_tallies(grown)
    }

    /// Writes all of these, or none. Where something of this stay is not counted yet, it is with these.
    pub(super) fn write_tallies(&mut self, mut grown: Vec<Tally>) -> io::Result<()> {
        if !self.uncounted.is_empty() {
            for tally in &mut grown {
                tally.mark = self.mark(&tally.agency, &tally.period);
            }
        }
        // Where there is no room for a new one, that is known before the first byte is changed.
        let mut placed: Vec<Placed> = Vec::new();
        let mut written = Ok(());
        for tally in grown {
            let kept = self.by_tally.get(&tally.key()).copied();
            match kept.map_or_else(|| self.free_slot(), Ok) {
                Ok(slot) => {
                    let before = kept.and(self.entries[slot].clone());
                    // Taken from now on, found only when it is written.
                    self.entries[slot].get_or_insert_default();
                    self.free.take(slot);
                    placed.push((slot, before, entry(tally)));
                }
                Err(error) => written = Err(error),
            }
        }
        let written = written.and_then(|()| {
            placed.iter().try_for_each(|(slot, _, entry)| {
                let content = serde_json::to_vec(entry)?;
                debug_assert!(content.len() <= ROOM, "{} bytes", content.len());
                self.file.write(*slot, &content, true)
            })
        });
        for (slot, before, entry) in placed {
            if written.is_ok() {
                self.index(slot, entry);
            } else {
                self.give_back(slot, before);
            }
        }
        self.wrote();
        written
    }

    fn grow(&self, grown: &mut Vec<Tally>, agency: &str, today: NaiveDate, kind: Counted, n: i64) {
        let day = iso_date(today);
        for (agency, period) in places(agency, today, kind) {
            let place = |tally: &Tally| tally.agency == agency && tally.period == period;
            let at = grown.iter().position(place).unwrap_or(grown.len());
            if at == grown.len() {
                grown.push(self.tally(agency, &period));
            }
            grown[at].add(kind, n, &day);
        }
    }

    pub(super) fn tally(&self, agency: &str, period: &str) -> Tally {
        let key = (agency.to_owned(), period.to_owned());
        let kept = self
            .by_tally
            .get(&key)
            .and_then(|slot| self.entries.get(*slot)?.as_ref()?.tally.clone());
        kept.unwrap_or_else(|| Tally {
            period: key.1,
            agency: key.0,
            ..Tally::default()
        })
    }

    /// Puts there again what was there before.
    fn give_back(&mut self, slot: usize, before: Option<Entry>) {
        let content = before.as_ref().map(serde_json::to_vec).transpose();
        let given_back = match content {
            Ok(Some(content)) => self.file.write(slot, &content, true),
            Ok(None) => self.file.erase(slot),
            Err(error) => Err(error.into()),
        };
        if before.is_none() {
            self.free.give(slot);
        }
        self.entries[slot] = before;
        if let Err(error) = given_back {
            tracing::error!(error.kind = ?error.kind(), "a number may be counted twice");
            self.doubt();
        }
    }

    /// Every tally, in no order.
    pub fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.tally.as_ref())
    }

    /// Erases the tallies of long ago. They have gone over: call it after that.
    ///
    /// # Errors
    /// What the disk says.
    pub fn erase_old_tallies(&mut self, today: NaiveDate) -> io::Result<()> {
        let last = today - Days::new(KEPT_DAYS);
        let (last_day, last_month) = (iso_date(last), month(last));
        let old = |tally: &Tally| {
            if tally.is_of_a_day() {
                tally.period < last_day
            } else {
                tally.period < last_month
            }
        };
        self.remove(|entry| Entry {
            tally: entry.tally.clone().filter(|tally| !old(tally)),
            ..entry.clone()
        })
    }
}
