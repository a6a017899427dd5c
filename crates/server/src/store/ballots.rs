//! Ballots given, and the choice of their labels.

use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH, Outcome};
use dung_hen_domain::case::WireName as _;

use super::{BallotMark, BallotOutcome, Contest, Reader, StoreError, Writer};
use crate::keys::{Digest, equal};

/// Bytes that hide a label beside the seal.
const HIDDEN: usize = 5;
const TIMELINESS: [&str; 3] = ["", "in_time", "late"];

impl Reader<'_> {
    /// Cases with ballots out under a label.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ballots_out(&mut self, label: &str) -> Result<u64, StoreError> {
        let cases = self.query_opt(
            "SELECT cases FROM ballots_out WHERE label = ?1",
            &[&label],
            |row| row.get(0),
        )?;
        Ok(cases.unwrap_or(0))
    }
}

impl Writer<'_> {
    /// Marks the case's ballot as given to the request behind `mark`, for the first label, from `finest` on, that
    /// enough cases with ballots out share, this one counted. The same request gets the same label again. Two who ask
    /// at the same moment wait for each other at the row, and the second finds the seal of the first; with a `contest` it
    /// gets a ballot all the same, once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_ballot(
        &mut self,
        code: &str,
        mark: &BallotMark,
        finest: &BallotLabel,
        contest: Option<&Contest>,
    ) -> Result<BallotOutcome, StoreError> {
        let first = self.execute(
            "UPDATE cases SET ballot_seal = ?2 WHERE code = ?1 AND ballot_seal IS NULL",
            &[&code, &mark.seal],
        )? == 1;
        if first {
            let (depth, label) = self.shared_label(finest)?;
            self.keep_seal(code, mark, depth, finest)?;
            return Ok(BallotOutcome::Given { label, now: true });
        }
        let kept: Option<Option<Vec<u8>>> = self.query_opt(
            "SELECT ballot_seal FROM cases WHERE code = ?1",
            &[&code],
            |row| row.get(0),
        )?;
        let kept = kept.flatten().unwrap_or_default();
        Ok(match kept.split_at_checked(mark.seal.len()) {
            Some((seal, hidden)) if equal(seal, &mark.seal) => BallotOutcome::Given {
                label: find(hidden, finest, &mark.mask),
                now: false,
            },
            _ => match contest {
                Some(contest) => self.give_fresh(code, mark, finest, contest)?,
                None => BallotOutcome::GivenToAnother,
            },
        })
    }

    /// A second ballot of a case whose first one is contested. It is counted in no label: the case was counted with
    /// the first, and five others share the label of this one.
    fn give_fresh(
        &mut self,
        code: &str,
        mark: &BallotMark,
        finest: &BallotLabel,
        contest: &Contest,
    ) -> Result<BallotOutcome, StoreError> {
        let contested = self.execute(
            "UPDATE cases SET ballot_contested = 1 WHERE code = ?1 AND ballot_contested = 0",
            &[&code],
        )?;
        if contested == 0 {
            return Ok(BallotOutcome::GivenToAnother);
        }
        let mut chosen = (0, finest.clone());
        for (depth, label) in finest.and_coarser().enumerate() {
            chosen = (depth, label);
            if self.ballots_out(&chosen.1.to_text())? > ENOUGH as u64 {
                break;
            }
        }
        let (depth, label) = chosen;
        self.keep_seal(code, mark, depth, finest)?;
        self.count_contested(contest)?;
        Ok(BallotOutcome::Given { label, now: true })
    }

    fn keep_seal(
        &mut self,
        code: &str,
        mark: &BallotMark,
        depth: usize,
        finest: &BallotLabel,
    ) -> Result<(), StoreError> {
        let mut kept = mark.seal.to_vec();
        kept.extend(hide(depth, finest, &mark.mask));
        self.execute(
            "UPDATE cases SET ballot_seal = ?2 WHERE code = ?1",
            &[&code, &kept],
        )?;
        Ok(())
    }

    /// Counts one more case with a ballot out under each label, and finds the first that is shared by enough.
    fn shared_label(&mut self, finest: &BallotLabel) -> Result<(usize, BallotLabel), StoreError> {
        let mut found = None;
        let mut last = (0, finest.clone());
        // From the finest to the coarsest: two who count at once meet their common rows in the same order.
        for (depth, label) in finest.and_coarser().enumerate() {
            let cases: Option<i64> = self.query_opt(
                "INSERT INTO ballots_out (label, cases) VALUES (?1, 1)
                 ON CONFLICT (label) DO UPDATE SET cases = ballots_out.cases + 1 RETURNING cases",
                &[&label.to_text()],
                |row| row.get(0),
            )?;
            let enough = cases.is_some_and(|cases| cases >= ENOUGH as i64);
            last = (depth, label);
            if enough && found.is_none() {
                found = Some(last.clone());
            }
        }
        Ok(found.unwrap_or(last))
    }
}

/// How many steps coarser than the finest, and of the finest what may change with the case: all in a few bytes that
/// read as random without the request.
fn hide(depth: usize, finest: &BallotLabel, mask: &Digest) -> [u8; HIDDEN] {
    let (year, month) = finest.period.split_once('-').unwrap_or_default();
    let outcome = Outcome::ALL
        .iter()
        .position(|one| one.name() == finest.outcome);
    let timeliness = TIMELINESS.iter().position(|one| *one == finest.timeliness);
    let byte = |index: Option<usize>| {
        index
            .and_then(|index| u8::try_from(index).ok())
            .unwrap_or(0)
    };
    let mut out = [
        byte(Some(depth)),
        byte(
            year.parse::<usize>()
                .ok()
                .and_then(|year| year.checked_sub(2000)),
        ),
        month.parse().unwrap_or(0),
        byte(outcome),
        byte(timeliness),
    ];
    for (byte, mask) in out.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    out
}

fn find(hidden: &[u8], finest: &BallotLabel, mask: &Digest) -> BallotLabel {
    let mut shown = [0; HIDDEN];
    for ((shown, hidden), mask) in shown.iter_mut().zip(hidden).zip(mask) {
        *shown = hidden ^ mask;
    }
    let [depth, year, month, outcome, timeliness] = shown;
    let name = |names: &[&str], index: u8| {
        names
            .get(usize::from(index))
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|one| one.name()).collect();
    let given = BallotLabel {
        period: format!("{:04}-{month:02}", 2000 + u32::from(year)),
        outcome: name(&outcomes, outcome),
        timeliness: name(&TIMELINESS, timeliness),
        ..finest.clone()
    };
    let coarser = given.and_coarser().nth(usize::from(depth));
    coarser.unwrap_or(given)
}
