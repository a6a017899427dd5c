//! Work to be done once, by whichever server takes it: webhooks, the deadline watch, erasure.
//!
//! A job is added in the transaction that makes it necessary ([`Writer::add_job`]), so neither is there without the
//! other. A server takes jobs ([`Writer::take_jobs`]) for a limited time; no other server gets them meanwhile. Then one
//! of four things is said of each, after [`Writer::keep_job`] where it takes longer: it is done ([`Writer::finish_job`]), it is due again later
//! ([`Writer::postpone_job`]), it failed and is tried again ([`Writer::retry_job`]), or it is given up
//! ([`Writer::give_up_job`]) and waits for a person. A server that dies says nothing: when its time has passed, another
//! takes the job.
//!
//! Each of the four answers whether the job was still the taker's. Where the work itself is a write, say "done" first,
//! in the same transaction, and write only if the answer is yes: then it happens exactly once, whatever dies when.
//!
//! ```text
//! store.write(move |store| {
//!     if store.finish_job(&job)? {
//!         store.record_what_the_job_is_about(…)?;
//!     }
//!     Ok(())
//! })
//! ```
//!
//! What leaves the house, as a webhook does, happens at least once: the receiver tells repetitions by the job's key.
//!
//! Jobs of one lane (`lane: Some("webhook 1/H98.1-0001")`) are done one after the other in the order they were added;
//! the next is not handed out while an earlier one is neither done nor given up. What recurs (a watch every minute) is
//! one job with a fixed key, added at each start, where it is already there mostly, and postponed each time it ran.
//!
//! On PostgreSQL servers pass over rows that another is taking (`FOR UPDATE SKIP LOCKED`); SQLite has one writer.

use std::borrow::Cow;

use chrono::{Duration, NaiveDateTime};

use super::sql::{Sql, Value, values};
use super::{Reader, StoreError, Writer};
use crate::keys::Digest;

/// How jobs are taken, in the order in which they are due, for whoever asks a database how it goes about it.
pub const TAKE_ON_SQLITE: &str = "UPDATE jobs SET taken_by = ?1, taken_until = ?2, tries = tries + 1
         WHERE id IN (
            SELECT id FROM jobs AS one
            WHERE kind = ?3 AND due <= ?4 AND given_up IS NULL AND (taken_until <= ?4 OR taken_until IS NULL)
                AND NOT EXISTS (SELECT 1 FROM jobs AS earlier
                    WHERE earlier.lane = one.lane AND earlier.id < one.id AND earlier.given_up IS NULL)
            ORDER BY due, id LIMIT ?5)
         RETURNING id, key, payload, tries";
/// Chosen apart from the update, so that they are chosen once.
pub const TAKE_ON_POSTGRES: &str = "WITH chosen AS MATERIALIZED (
            SELECT id FROM jobs AS one
            WHERE kind = ?3 AND due <= ?4 AND given_up IS NULL AND (taken_until <= ?4 OR taken_until IS NULL)
                AND NOT EXISTS (SELECT 1 FROM jobs AS earlier
                    WHERE earlier.lane = one.lane AND earlier.id < one.id AND earlier.given_up IS NULL)
            ORDER BY due, id LIMIT ?5 FOR UPDATE SKIP LOCKED)
         UPDATE jobs SET taken_by = ?1, taken_until = ?2, tries = jobs.tries + 1
         FROM chosen WHERE jobs.id = chosen.id
         RETURNING jobs.id, jobs.key, jobs.payload, jobs.tries";

/// A job to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What kind of work: a word of the program, with the endpoint it is for.
    pub kind: Cow<'static, str>,
    /// What makes it this job: adding a job of the same kind and key again changes nothing while the first waits.
    pub key: String,
    /// Jobs of the same lane are done in order; without one, in any order.
    pub lane: Option<String>,
    /// What the work needs, as JSON; nothing of a person, for it stands in the database as it is.
    pub payload: String,
    /// Not before this moment.
    pub due: NaiveDateTime,
}

/// A job in the hands of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenJob {
    id: i64,
    taken_by: Digest,
    /// Its key.
    pub key: String,
    /// What the work needs.
    pub payload: String,
    /// How often it was taken, this time included.
    pub tries: u32,
}

/// How many jobs of a kind wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting or in some server's hands.
    pub waiting: u64,
    /// Of these, due already.
    pub due: u64,
    /// Given up.
    pub given_up: u64,
}

impl Writer<'_> {
    /// Adds a job; `false` where one of this kind and key is there already, waiting or given up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_job(&mut self, job: &NewJob) -> Result<bool, StoreError> {
        Ok(self.add_jobs(std::slice::from_ref(job))? == 1)
    }

    /// Adds jobs in this order; how many of them were not there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_jobs(&mut self, jobs: &[NewJob]) -> Result<usize, StoreError> {
        let rows = jobs.iter().map(|job| {
            let kind: &str = &job.kind;
            let kind = Value::Text(kind.into());
            let rest = values(&[&job.key, &job.lane, &job.payload, &job.due, &0u32]);
            std::iter::once(kind).chain(rest).collect()
        });
        let mut added = 0;
        self.each_of(
            "INSERT INTO jobs (kind, key, lane, payload, due, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (kind, key) DO NOTHING RETURNING id",
            &rows.collect::<Vec<_>>(),
            |_| {
                added += 1;
                Ok(())
            },
        )?;
        Ok(added)
    }

    /// Takes up to `limit` jobs of this kind that are due, for the time of `lease`: long enough for the work, since
    /// after it another server takes them. `taker` is a random number, new for each call.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn take_jobs(
        &mut self,
        kind: &str,
        now: NaiveDateTime,
        lease: Duration,
        limit: u32,
        taker: &Digest,
    ) -> Result<Vec<TakenJob>, StoreError> {
        let until = now + lease;
        let mut jobs = self.query(
            Sql::each(TAKE_ON_SQLITE, TAKE_ON_POSTGRES),
            &[taker, &until, &kind, &now, &limit],
            |row| {
                Ok(TakenJob {
                    id: row.get(0)?,
                    taken_by: *taker,
                    key: row.get(1)?,
                    payload: row.get(2)?,
                    tries: row.get(3)?,
                })
            },
        )?;
        jobs.sort_by_key(|job| job.id);
        Ok(jobs)
    }

    /// The job is done, and gone; `false` where it is another's by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish_job(&mut self, job: &TakenJob) -> Result<bool, StoreError> {
        let done = self.execute(
            "DELETE FROM jobs WHERE id = ?1 AND taken_by = ?2",
            &[&job.id, &job.taken_by],
        )?;
        Ok(done == 1)
    }

    /// The job takes longer: it stays the taker's until then; `false` where it is another's by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_job(&mut self, job: &TakenJob, until: NaiveDateTime) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE jobs SET taken_until = ?3 WHERE id = ?1 AND taken_by = ?2",
            &[&job.id, &job.taken_by, &until],
        )?;
        Ok(done == 1)
    }

    /// The job went well and is due again at this moment; `false` where it is another's by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn postpone_job(&mut self, job: &TakenJob, due: NaiveDateTime) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE jobs SET due = ?3, tries = 0, taken_by = NULL, taken_until = NULL WHERE id = ?1 AND taken_by = ?2",
            &[&job.id, &job.taken_by, &due],
        )?;
        Ok(done == 1)
    }

    /// The job failed and may be tried again at this moment; `false` where it is another's by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retry_job(&mut self, job: &TakenJob, due: NaiveDateTime) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE jobs SET due = ?3, taken_by = NULL, taken_until = NULL WHERE id = ?1 AND taken_by = ?2",
            &[&job.id, &job.taken_by, &due],
        )?;
        Ok(done == 1)
    }

    /// The job is given up, and kept with the reason; `false` where it is another's by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_up_job(&mut self, job: &TakenJob, reason: &str) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE jobs SET given_up = ?3, taken_by = NULL, taken_until = NULL WHERE id = ?1 AND taken_by = ?2",
            &[&job.id, &job.taken_by, &reason],
        )?;
        Ok(done == 1)
    }

    /// A job that was given up is due again; `false` where there is none of this kind and key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn replay_job(
        &mut self,
        kind: &str,
        key: &str,
        due: NaiveDateTime,
    ) -> Result<bool, StoreError> {
        let done = self.execute(
            "UPDATE jobs SET given_up = NULL, tries = 0, due = ?3 WHERE kind = ?1 AND key = ?2 AND given_up IS NOT NULL",
            &[&kind, &key, &due],
        )?;
        Ok(done == 1)
    }
}

impl Reader<'_> {
    /// Whether a job of this kind is due and in nobody's hands, or in the hands of one whose time has passed. It may
    /// still have to wait for another of its lane.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn job_is_due(&mut self, kind: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
        let found = self.query_opt(
            "SELECT 1 FROM jobs WHERE kind = ?1 AND due <= ?2 AND given_up IS NULL
                AND (taken_until <= ?2 OR taken_until IS NULL) LIMIT 1",
            &[&kind, &now],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// When this job is due, where there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn job_due(&mut self, kind: &str, key: &str) -> Result<Option<NaiveDateTime>, StoreError> {
        self.query_opt(
            "SELECT due FROM jobs WHERE kind = ?1 AND key = ?2",
            &[&kind, &key],
            |row| row.get(0),
        )
    }

    /// How many jobs of this kind wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn job_counts(&mut self, kind: &str, now: NaiveDateTime) -> Result<JobCounts, StoreError> {
        let counts = self.query_opt(
            "SELECT count(CASE WHEN given_up IS NULL THEN 1 END),
                count(CASE WHEN given_up IS NULL AND due <= ?2 THEN 1 END),
                count(given_up)
             FROM jobs WHERE kind = ?1",
            &[&kind, &now],
            |row| {
                Ok(JobCounts {
                    waiting: row.get(0)?,
                    due: row.get(1)?,
                    given_up: row.get(2)?,
                })
            },
        )?;
        Ok(counts.unwrap_or_default())
    }
}
