//! Carries events to their endpoints: at least once, those of one case in order, again after a while where an endpoint
//! does not take one, and given up after three days, for a person to send again.
//!
//! Each endpoint has jobs and a task of its own, so that a slow one delays nobody else. Several servers share the work:
//! a job is one server's for a minute, and another's when that one has died.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration as Pause;

use chrono::{Duration, NaiveDateTime};

use super::endpoint::Endpoint;
use super::post::{Answer, Poster};
use super::shown::{self, SHOWN_JOB};
use super::sign::signatures;
use crate::clock::Clock;
use crate::http::Http;
use crate::keys::random;
use crate::store::{EVENT_JOB, EventRecord, Store, StoreError, TakenJob, Writer, delivery_job};

/// Between two looks for work.
const LOOK: Pause = Pause::from_secs(1);
/// For how long a job is one server's: longer than a request takes.
const LEASE: i64 = 60;
/// Requests to one endpoint at a time.
const AT_ONCE: u32 = 8;
/// Seconds after a try: three days in all, so that a weekend is survived.
const AGAIN: [i64; 12] = [
    5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 86_400,
];
/// The longest wait that an endpoint may ask for, in seconds.
const LONGEST: i64 = 86_400;

/// The moment as Standard Webhooks writes it: seconds since 1970.
#[must_use]
pub fn timestamp(now: NaiveDateTime) -> i64 {
    // Our times are Vietnam's.
    (now - Duration::hours(7)).and_utc().timestamp()
}

/// Carries to all endpoints.
#[derive(Clone, Debug)]
pub struct Courier {
    store: Store,
    clock: Clock,
    http: Arc<Http>,
    lines: Arc<Vec<Line>>,
}

#[derive(Debug)]
struct Line {
    endpoint: Endpoint,
    poster: Poster,
    kind: String,
}

impl Courier {
    /// To these endpoints.
    ///
    /// # Errors
    /// A sentence that names the endpoint whose certificates cannot be read.
    pub fn new(
        store: Store,
        clock: Clock,
        http: Arc<Http>,
        endpoints: Vec<Endpoint>,
    ) -> Result<Self, String> {
        let lines: Result<Vec<Line>, String> = endpoints
            .into_iter()
            .map(|endpoint| {
                let name = &endpoint.settings.name;
                let poster = Poster::new(
                    endpoint.settings.private_network,
                    endpoint.authority.as_deref(),
                    Pause::from_secs(endpoint.settings.timeout_seconds),
                )
                .map_err(|error| format!("webhooks, {name}: {error}"))?;
                Ok(Line {
                    kind: delivery_job(name),
                    poster,
                    endpoint,
                })
            })
            .collect();
        Ok(Self {
            store,
            clock,
            http,
            lines: Arc::new(lines?),
        })
    }

    /// Carries until the process ends.
    pub fn start(&self) {
        let courier = self.clone();
        tokio::spawn(async move {
            loop {
                if !courier.told(courier.look().await).unwrap_or(false) {
                    tokio::time::sleep(LOOK).await;
                }
            }
        });
        for line in 0..self.lines.len() {
            let courier = self.clone();
            tokio::spawn(async move {
                loop {
                    let more = courier.told(courier.deliver(line).await).unwrap_or(0) > 0;
                    courier.measure(line).await;
                    if !more {
                        tokio::time::sleep(LOOK).await;
                    }
                }
            });
        }
    }

    fn told<T>(&self, done: Result<T, StoreError>) -> Option<T> {
        done.map_err(|error| {
            tracing::error!(error.kind = ?error.kind(), "events wait: the store failed");
        })
        .ok()
    }

    /// Does everything that is due now, and returns when nothing is left.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run_dry(&self) -> Result<(), StoreError> {
        loop {
            let mut more = self.look().await?;
            for line in 0..self.lines.len() {
                more |= self.deliver(line).await? > 0;
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// Makes events of the notices that were shown until yesterday, those of one transaction at a time; whether there
    /// were any.
    async fn tell_shown(&self) -> Result<bool, StoreError> {
        let told = self.take(SHOWN_JOB.into(), 1, |writer, jobs, _| {
            jobs.iter().try_for_each(|job| shown::tell(writer, job))?;
            Ok(!jobs.is_empty())
        });
        Ok(told.await?.unwrap_or(false))
    }

    /// Makes some events of what was shown, and hands on what is due, a part of each at a time: whichever there is much of
    /// does not hold up the other. Whether there was anything.
    async fn look(&self) -> Result<bool, StoreError> {
        let told = self.tell_shown().await?;
        Ok(self.hand_on().await? || told)
    }

    /// Hands events on to the endpoints that want them; whether there were any.
    async fn hand_on(&self) -> Result<bool, StoreError> {
        let lines = Arc::clone(&self.lines);
        let handed = self.take(EVENT_JOB.into(), 100, move |writer, jobs, now| {
            for job in &jobs {
                let endpoints: Vec<String> = match writer.find_event(&job.key)? {
                    Some(event) => lines
                        .iter()
                        .filter(|line| line.endpoint.settings.wants(&event))
                        .map(|line| line.endpoint.settings.name.clone())
                        .collect(),
                    None => Vec::new(),
                };
                writer.hand_on(job, &endpoints, now)?;
            }
            Ok(!jobs.is_empty())
        });
        Ok(handed.await?.unwrap_or(false))
    }

    /// Takes so many jobs of a kind that are due, and does this with them in the same transaction; `None` where none is.
    /// That is looked for first: whoever finds nothing has written nothing.
    async fn take<T: Send + 'static>(
        &self,
        kind: Cow<'static, str>,
        most: u32,
        work: impl Fn(&mut Writer<'_>, Vec<TakenJob>, NaiveDateTime) -> Result<T, StoreError>
        + Send
        + 'static,
    ) -> Result<Option<T>, StoreError> {
        let now = self.clock.now();
        let asked = kind.clone();
        let due = self
            .store
            .find(move |reader| reader.job_is_due(&asked, now));
        if !due.await? {
            return Ok(None);
        }
        let taker = random()?;
        let lease = Duration::seconds(LEASE);
        let done = self.store.write(move |writer| {
            let jobs = writer.take_jobs(&kind, now, lease, most, &taker)?;
            work(writer, jobs, now)
        });
        done.await.map(Some)
    }

    /// Delivers what is due at one endpoint, some at a time; how many were tried.
    async fn deliver(&self, line: usize) -> Result<usize, StoreError> {
        let Some(kind) = self.lines.get(line).map(|line| line.kind.clone()) else {
            return Ok(0);
        };
        let taken = self.take(kind.into(), AT_ONCE, |writer, jobs, _| {
            jobs.into_iter()
                .map(|job| Ok((writer.find_event(&job.key)?, job)))
                .map(|found| found.map(|(event, job)| (job, event)))
                .collect()
        });
        let jobs: Vec<(TakenJob, Option<EventRecord>)> = taken.await?.unwrap_or_default();
        let count = jobs.len();
        let tries: Vec<_> = jobs
            .into_iter()
            .map(|(job, event)| {
                let courier = self.clone();
                tokio::spawn(async move { courier.deliver_one(line, job, event).await })
            })
            .collect();
        for one in tries {
            one.await.unwrap_or(Ok(()))?;
        }
        Ok(count)
    }

    async fn deliver_one(
        &self,
        line: usize,
        job: TakenJob,
        event: Option<EventRecord>,
    ) -> Result<(), StoreError> {
        let Some(event) = event else {
            // Erased meanwhile.
            let gone = move |writer: &mut crate::store::Writer<'_>| writer.finish_job(&job);
            return self.store.write(gone).await.map(drop);
        };
        let (lines, sent) = (Arc::clone(&self.lines), self.clock.now());
        let asked = tokio::task::spawn_blocking(move || {
            let Some(line) = lines.get(line) else {
                return Answer::None(String::new());
            };
            let at = timestamp(sent);
            let signed = signatures(&line.endpoint.secrets, &event.id, at, &event.payload);
            let headers = [
                ("webhook-id", event.id),
                ("webhook-timestamp", at.to_string()),
                ("webhook-signature", signed),
            ];
            line.poster
                .post(&line.endpoint.settings.url, &headers, &event.payload)
        });
        let answer = asked
            .await
            .unwrap_or_else(|_| Answer::None("the sender died".to_owned()));
        let now = self.clock.now();
        let name = self
            .lines
            .get(line)
            .map(|line| line.endpoint.settings.name.clone())
            .unwrap_or_default();
        let verdict = judge(&answer, &job);
        self.http.telemetry.delivered(
            &name,
            match &verdict {
                Verdict::Taken => "delivered",
                Verdict::Again(..) => "again",
                Verdict::GivenUp(_) => "failed",
            },
        );
        if let Verdict::Again(reason, _) | Verdict::GivenUp(reason) = &verdict {
            tracing::warn!(
                webhook.name = name,
                webhook.tries = job.tries,
                reason,
                "an event was not taken"
            );
        }
        self.store
            .write(move |writer| match &verdict {
                Verdict::Taken => writer.delivered(&job, &name, now),
                Verdict::Again(reason, wait) => {
                    let due = now + Duration::seconds(*wait);
                    writer.not_delivered(&job, &name, reason, Some(due), now)
                }
                Verdict::GivenUp(reason) => writer.not_delivered(&job, &name, reason, None, now),
            })
            .await
    }

    /// How far behind an endpoint is, for Prometheus.
    async fn measure(&self, line: usize) {
        let Some(name) = self
            .lines
            .get(line)
            .map(|line| line.endpoint.settings.name.clone())
        else {
            return;
        };
        let asked = name.clone();
        let found = self
            .store
            .find(move |reader| {
                let since = reader.delivery_waits_since(&asked)?;
                Ok::<_, StoreError>((since, reader.deliveries_failed(&asked)?))
            })
            .await;
        if let Ok((since, failed)) = found {
            let lag = since.map_or(0, |since| (self.clock.now() - since).num_seconds());
            self.http
                .telemetry
                .delivery_state(&name, lag.max(0), failed);
        }
    }
}

enum Verdict {
    Taken,
    /// Why not, and seconds to wait.
    Again(String, i64),
    GivenUp(String),
}

fn judge(answer: &Answer, job: &TakenJob) -> Verdict {
    let (reason, asked) = match answer {
        Answer::Status(200..=299, _) => return Verdict::Taken,
        // "Do not send me this any more."
        Answer::Status(410, _) => return Verdict::GivenUp("status 410".to_owned()),
        Answer::Status(status, after) => (format!("status {status}"), *after),
        Answer::None(reason) => (reason.clone(), None),
    };
    let tried = usize::try_from(job.tries.max(1) - 1).unwrap_or(usize::MAX);
    match AGAIN.get(tried) {
        None => Verdict::GivenUp(reason),
        Some(wait) => {
            let asked = i64::from(asked.unwrap_or(0)).min(LONGEST);
            Verdict::Again(reason, spread(*wait, &job.key).max(asked))
        }
    }
}

/// Up to a fifth longer, another one for each event: what failed together does not come back together.
fn spread(wait: i64, id: &str) -> i64 {
    let mixed = id
        .bytes()
        .fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1009);
    wait + wait * mixed / 5045
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_three_days() {
        let all: i64 = AGAIN.iter().sum();
        assert!((3 * 86_400..4 * 86_400).contains(&all), "{all}");
    }

    #[test]
    fn a_wait_is_spread_by_a_fifth_at_most() {
        for id in ["msg_a", "msg_b", "msg_c", ""] {
            assert!((100..=120).contains(&spread(100, id)), "{id}");
        }
        assert_ne!(spread(86_400, "msg_a"), spread(86_400, "msg_b"));
    }
}
