//! What other systems are told, and what became of it at each of them.
//!
//! An event is kept in the transaction of what it tells of, once for its kind and what it is about, together with the
//! job that hands it on. For each endpoint that may read it there is a delivery, and a job in the lane of the case:
//! what belongs together arrives in order.

use std::collections::HashSet;

use chrono::NaiveDateTime;

use super::jobs::{NewJob, TakenJob};
use super::sql::{Row, values};
use super::{Reader, StoreError, Writer};

/// The kind of the jobs that hand an event on to its endpoints.
pub const EVENT_JOB: &str = "event";

/// The kind of the jobs that carry events to this endpoint.
#[must_use]
pub fn delivery_job(endpoint: &str) -> String {
    format!("webhook/{endpoint}")
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// The same however often it is sent.
    pub id: String,
    /// Such as `case.overdue`.
    pub kind: String,
    /// With the kind, what makes it this event.
    pub about: String,
    /// What it is ordered by.
    pub lane: String,
    /// The case, unless it must not be named.
    pub case_code: Option<String>,
    /// The agency; empty where there is none.
    pub agency: String,
    /// Who may read it, by commas.
    pub audience: String,
    /// When it happened.
    pub happened_at: NaiveDateTime,
    /// What is sent, byte for byte.
    pub payload: String,
}

/// What became of an event at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Not there yet.
    Waiting,
    /// Taken by the endpoint.
    Delivered,
    /// Given up.
    Failed,
}

impl Delivery {
    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// An event at an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The event.
    pub event_id: String,
    /// Its kind.
    pub kind: String,
    /// The endpoint.
    pub endpoint: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Since when.
    pub at: NaiveDateTime,
    /// How often it was sent.
    pub tries: u32,
    /// Why the last try failed.
    pub reason: Option<String>,
    /// What the endpoint said became of it behind it.
    pub reported: Option<String>,
    /// When it said so.
    pub reported_at: Option<NaiveDateTime>,
}

/// Which deliveries to list or send again.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// At this endpoint alone.
    pub endpoint: Option<String>,
    /// In this state alone.
    pub state: Option<String>,
    /// Of this case alone.
    pub case_code: Option<String>,
    /// Of events that happened at this moment or later.
    pub since: Option<NaiveDateTime>,
}

fn event(row: &Row<'_>) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        id: row.get(0)?,
        kind: row.get(1)?,
        about: row.get(2)?,
        lane: row.get(3)?,
        case_code: row.get(4)?,
        agency: row.get(5)?,
        audience: row.get(6)?,
        happened_at: row.get(7)?,
        payload: row.get(8)?,
    })
}

fn delivery(row: &Row<'_>) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        event_id: row.get(0)?,
        kind: row.get(1)?,
        endpoint: row.get(2)?,
        state: row.get(3)?,
        at: row.get(4)?,
        tries: row.get(5)?,
        reason: row.get(6)?,
        reported: row.get(7)?,
        reported_at: row.get(8)?,
    })
}

impl Reader<'_> {
    /// The event with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_event(&mut self, id: &str) -> Result<Option<EventRecord>, StoreError> {
        self.query_opt(
            "SELECT id, kind, about, lane, case_code, agency, audience, happened_at, payload FROM events WHERE id = ?1",
            &[&id],
            event,
        )
    }

    /// Endpoints that were ever sent something, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn endpoints(&mut self) -> Result<Vec<String>, StoreError> {
        self.query(
            "SELECT DISTINCT endpoint FROM deliveries ORDER BY endpoint",
            &[],
            |row| row.get(0),
        )
    }

    /// Deliveries, the newest events first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn deliveries(
        &mut self,
        filter: &DeliveryFilter,
        limit: u32,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.query(
            "SELECT d.event_id, e.kind, d.endpoint, d.state, d.at, d.tries, d.reason, d.reported, d.reported_at
             FROM deliveries d JOIN events e ON e.id = d.event_id
             WHERE (d.endpoint = ?1 OR ?1 IS NULL) AND (d.state = ?2 OR ?2 IS NULL)
                AND (e.case_code = ?3 OR ?3 IS NULL) AND (e.happened_at >= ?4 OR ?4 IS NULL)
             ORDER BY e.happened_at DESC, d.event_id, d.endpoint LIMIT ?5",
            &[
                &filter.endpoint,
                &filter.state,
                &filter.case_code,
                &filter.since,
                &limit,
            ],
            delivery,
        )
    }

    /// Deliveries of events of this case, the newest events first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn deliveries_of(&mut self, case_code: &str) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.query(
            "SELECT d.event_id, e.kind, d.endpoint, d.state, d.at, d.tries, d.reason, d.reported, d.reported_at
             FROM events e JOIN deliveries d ON d.event_id = e.id
             WHERE e.case_code = ?1 ORDER BY e.happened_at DESC, d.event_id, d.endpoint",
            &[&case_code],
            delivery,
        )
    }

    /// Since when the oldest delivery waits at this endpoint.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delivery_waits_since(
        &mut self,
        endpoint: &str,
    ) -> Result<Option<NaiveDateTime>, StoreError> {
        let found: Option<Option<NaiveDateTime>> = self.query_opt(
            "SELECT min(at) FROM deliveries WHERE endpoint = ?1 AND state = 'waiting'",
            &[&endpoint],
            |row| row.get(0),
        )?;
        Ok(found.flatten())
    }

    /// How many deliveries of this endpoint were given up and not sent again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn deliveries_failed(&mut self, endpoint: &str) -> Result<u64, StoreError> {
        let found = self.query_opt(
            "SELECT count(*) FROM deliveries WHERE endpoint = ?1 AND state = 'failed'",
            &[&endpoint],
            |row| row.get(0),
        )?;
        Ok(found.unwrap_or(0))
    }

    /// Whether an event of this kind about this was kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn event_is_kept(&mut self, kind: &str, about: &str) -> Result<bool, StoreError> {
        let found = self.query_opt(
            "SELECT 1 FROM events WHERE kind = ?1 AND about = ?2",
            &[&kind, &about],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }
}

impl Writer<'_> {
    /// Keeps events in this order, with the jobs that hand them on at `due`; how many were not kept before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_events(
        &mut self,
        events: &[EventRecord],
        due: NaiveDateTime,
    ) -> Result<usize, StoreError> {
        let rows = events.iter().map(|event| {
            values(&[
                &event.id,
                &event.kind,
                &event.about,
                &event.lane,
                &event.case_code,
                &event.agency,
                &event.audience,
                &event.happened_at,
                &event.payload,
            ])
        });
        let mut added = HashSet::<String>::new();
        self.each_of(
            "INSERT INTO events (id, kind, about, lane, case_code, agency, audience, happened_at, payload)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING RETURNING id",
            &rows.collect::<Vec<_>>(),
            |row| {
                added.insert(row.get(0)?);
                Ok(())
            },
        )?;
        let told = events.iter().filter(|event| added.contains(&event.id));
        let jobs = told.map(|event| NewJob {
            kind: EVENT_JOB.into(),
            key: event.id.clone(),
            lane: Some(format!("{EVENT_JOB}/{}", event.lane)),
            payload: String::new(),
            due,
        });
        self.add_jobs(&jobs.collect::<Vec<_>>())?;
        Ok(added.len())
    }

    /// The event is handed on to these endpoints: a delivery and a job for each. Nothing, where the job is another's
    /// by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn hand_on(
        &mut self,
        job: &TakenJob,
        endpoints: &[String],
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        if !self.finish_job(job)? {
            return Ok(());
        }
        let Some(event) = self.find_event(&job.key)? else {
            return Ok(());
        };
        for endpoint in endpoints {
            self.start_delivery(&event, endpoint, now)?;
        }
        Ok(())
    }

    fn start_delivery(
        &mut self,
        event: &EventRecord,
        endpoint: &str,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO deliveries (event_id, endpoint, state, at, tries) VALUES (?1, ?2, 'waiting', ?3, 0)
             ON CONFLICT (event_id, endpoint) DO UPDATE SET state = 'waiting', at = excluded.at,
                reported = NULL, reported_at = NULL",
            &[&event.id, &endpoint, &now],
        )?;
        let kind = delivery_job(endpoint);
        self.add_job(&NewJob {
            lane: Some(format!("{kind}/{}", event.lane)),
            kind: kind.into(),
            key: event.id.clone(),
            payload: String::new(),
            due: now,
        })?;
        Ok(())
    }

    /// The endpoint has taken it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn delivered(
        &mut self,
        job: &TakenJob,
        endpoint: &str,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        // Said even where the job is another's by now: it did arrive.
        self.finish_job(job)?;
        self.note_delivery(job, endpoint, Delivery::Delivered, None, now)
    }

    /// The endpoint did not take it: again at `due`, or given up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn not_delivered(
        &mut self,
        job: &TakenJob,
        endpoint: &str,
        reason: &str,
        due: Option<NaiveDateTime>,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        match due {
            Some(due) => {
                if self.retry_job(job, due)? {
                    // Since when it waits stays.
                    self.execute(
                        "UPDATE deliveries SET tries = ?3, reason = ?4
                         WHERE event_id = ?1 AND endpoint = ?2 AND state = 'waiting'",
                        &[&job.key, &endpoint, &job.tries, &reason],
                    )?;
                }
                Ok(())
            }
            None => {
                if self.give_up_job(job, reason)? {
                    self.note_delivery(job, endpoint, Delivery::Failed, Some(reason), now)?;
                }
                Ok(())
            }
        }
    }

    fn note_delivery(
        &mut self,
        job: &TakenJob,
        endpoint: &str,
        state: Delivery,
        reason: Option<&str>,
        now: NaiveDateTime,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE deliveries SET state = ?3, at = ?4, tries = ?5, reason = ?6 WHERE event_id = ?1 AND endpoint = ?2",
            &[&job.key, &endpoint, &state.name(), &now, &job.tries, &reason],
        )?;
        Ok(())
    }

    /// Sends again, once more from the first try on: what was given up, or what had arrived. How many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn deliver_again(
        &mut self,
        filter: &DeliveryFilter,
        now: NaiveDateTime,
    ) -> Result<usize, StoreError> {
        let mut again = 0;
        for found in self.deliveries(filter, u32::MAX / 2)?.iter().rev() {
            if found.state == Delivery::Waiting.name() {
                continue;
            }
            let kind = delivery_job(&found.endpoint);
            if self.replay_job(&kind, &found.event_id, now)? {
                self.execute(
                    "UPDATE deliveries SET state = 'waiting', at = ?3, tries = 0, reported = NULL, reported_at = NULL
                     WHERE event_id = ?1 AND endpoint = ?2",
                    &[&found.event_id, &found.endpoint, &now],
                )?;
            } else if let Some(event) = self.find_event(&found.event_id)? {
                self.start_delivery(&event, &found.endpoint, now)?;
            }
            again += 1;
        }
        Ok(again)
    }

    /// What an endpoint says became of an event behind it; `false` where it was never sent this event.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn report_delivery(
        &mut self,
        event_id: &str,
        endpoint: &str,
        reported: Delivery,
        now: NaiveDateTime,
    ) -> Result<bool, StoreError> {
        let touched = self.execute(
            "UPDATE deliveries SET reported = ?3, reported_at = ?4 WHERE event_id = ?1 AND endpoint = ?2",
            &[&event_id, &endpoint, &reported.name(), &now],
        )?;
        Ok(touched == 1)
    }
}
