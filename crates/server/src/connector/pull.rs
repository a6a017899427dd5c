//! A pull connector: asks a one-stop system for what is new, where that system does not push.
//!
//! `GET url` with `{cursor}` replaced by where it goes on answers `{"next":"…","envelopes":[…]}`, the envelopes in their
//! usual shape. Where it goes on is kept with what was brought, in one transaction, so nothing is left out and nothing
//! is asked for twice. One server pulls; another goes on where that one died. A failure waits a minute, then two, up to
//! an hour.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration as Pause;

use chrono::{Duration, NaiveDateTime};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Intake;
use super::file;
use super::intake::{ImportOutcome, store_each};
use crate::clock::Clock;
use crate::config::{ConfigError, Province, PullSettings};
use crate::figures::Counting;
use crate::keys::{Keys, random};
use crate::outgoing::post::Poster;
use crate::reference::Reference;
use crate::store::{NewJob, Store, StoreError, TakenJob};

/// The largest answer.
const MOST: u64 = 16 << 20;
/// The longest wait after failures, in seconds.
const LONGEST: i64 = 3600;
/// For how long a pull is one server's, in minutes.
const LEASE: i64 = 10;
/// Between two looks whether it is time.
const LOOK: Pause = Pause::from_secs(1);

/// A pull with its key.
#[derive(Clone, Debug)]
pub struct Pull {
    settings: PullSettings,
    key: Option<String>,
    poster: Poster,
}

impl Pull {
    /// Everyone who is asked in this province, with the keys that stand in files beside its file or in the environment.
    ///
    /// # Errors
    /// [`ConfigError::Secret`] names the key of the configuration.
    pub fn all(province: &Province, file: &Path) -> Result<Vec<Self>, ConfigError> {
        let directory = file.parent().unwrap_or(Path::new("."));
        let all = province.pulls.iter();
        all.map(|one| Self::open(one, directory, |name| std::env::var(name).ok()))
            .collect::<Result<_, _>>()
            .map_err(|message| ConfigError::Secret(message).of(file))
    }

    /// With the key that file or environment hold; `directory` is the configuration's.
    ///
    /// # Errors
    /// A sentence that names the key of the configuration.
    pub fn open(
        settings: &PullSettings,
        directory: &Path,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let of = settings.place(&settings.url);
        let key = match &settings.key_file {
            Some(file) => Some(
                String::from_utf8_lossy(&of.read("key_file", directory, file)?)
                    .trim()
                    .to_owned(),
            ),
            None => variable(&of.variable("DUNG_HEN_PULL_")),
        };
        let authority = match &settings.ca_file {
            Some(file) => Some(of.read("ca_file", directory, file)?),
            None => None,
        };
        let time = Pause::from_secs(60);
        let poster = Poster::new(settings.private_network, authority.as_deref(), time)
            .map_err(|error| of.key(&error))?;
        Ok(Self {
            settings: settings.clone(),
            key: key.filter(|key| !key.is_empty()),
            poster,
        })
    }

    /// Its name among the senders.
    #[must_use]
    pub fn sender(&self) -> String {
        format!("pull/{}", self.settings.name)
    }
}

/// What a page of a pull holds.
#[derive(Deserialize)]
struct Page<'a> {
    next: String,
    #[serde(borrow)]
    envelopes: Vec<&'a RawValue>,
}

/// What a pull did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// Items came; there may be more.
    Some(ImportOutcome),
    /// Nothing was there.
    Nothing,
    /// It failed, and is tried again after these seconds.
    Failed(i64),
}

/// Pulls until the process ends.
pub async fn run(pull: Pull, store: Store, keys: Keys, reference: Arc<Reference>, clock: Clock) {
    loop {
        let done = once(&pull, &store, &keys, &reference, clock.now()).await;
        match done {
            Ok(Some(Pulled::Some(outcome))) => {
                tracing::info!(
                    pull.name = pull.settings.name,
                    items.stored = outcome.stored(),
                    items.refused = outcome.refused,
                    "pulled"
                );
                continue;
            }
            Ok(Some(Pulled::Failed(wait))) => {
                tracing::warn!(
                    pull.name = pull.settings.name,
                    pull.again_s = wait,
                    "a pull failed"
                );
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error.kind = ?error.kind(), "a pull waits: the store failed");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Pulls a page, if it is time and no other server does.
///
/// # Errors
/// [`StoreError`].
pub async fn once(
    pull: &Pull,
    store: &Store,
    keys: &Keys,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<Option<Pulled>, StoreError> {
    let kind = pull.sender();
    let asked = kind.clone();
    let known = store
        .find(move |reader| reader.job_counts(&asked, now))
        .await?;
    if known.waiting > 0 && known.due == 0 {
        return Ok(None);
    }
    let taker = random()?;
    let asked = kind.clone();
    let taken = store
        .write(move |writer| {
            writer.add_job(&NewJob {
                kind: asked.clone().into(),
                key: "page".to_owned(),
                lane: None,
                payload: String::new(),
                due: now,
            })?;
            writer.take_jobs(&asked, now, Duration::minutes(LEASE), 1, &taker)
        })
        .await?;
    let Some(job) = taken.into_iter().next() else {
        return Ok(None);
    };
    let sender = kind.clone();
    let cursor = store
        .find(move |reader| {
            let all = reader.senders()?;
            let own = all.into_iter().find(|one| one.name == sender);
            Ok::<_, StoreError>(own.and_then(|own| own.cursor).unwrap_or_default())
        })
        .await?;
    let brought = bring(pull, &cursor).await;
    match brought {
        Ok((next, entries)) => {
            // A source that always sends its last page again has nothing new.
            let nothing = entries.is_empty() || next == cursor;
            let mut entries = entries;
            super::stream::name_agency(&mut entries, pull.settings.agency.as_deref());
            let intake = Intake {
                sender: kind,
                keys: keys.clone(),
                now,
                came_at: now,
                counting: Counting::new(reference, now),
            };
            let fates = store_each(store, entries, &intake, Some(next)).await?;
            let mut outcome = ImportOutcome::default();
            for fate in fates {
                outcome.count(fate);
            }
            let wait = if nothing {
                i64::from(pull.settings.every_seconds)
            } else {
                0
            };
            let due = now + Duration::seconds(wait);
            store
                .write(move |writer| writer.postpone_job(&job, due))
                .await?;
            Ok(Some(if nothing {
                Pulled::Nothing
            } else {
                Pulled::Some(outcome)
            }))
        }
        Err(why) => fail(store, kind, job, why, now).await.map(Some),
    }
}

/// Asks for the page after `cursor`.
async fn bring(pull: &Pull, cursor: &str) -> Result<(String, Vec<file::Entry>), String> {
    let escaped: String = cursor
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let url = pull.settings.url.replace("{cursor}", &escaped);
    let (poster, key) = (pull.poster.clone(), pull.key.clone());
    let asked = tokio::task::spawn_blocking(move || {
        let headers: Vec<(&str, String)> = key
            .map(|key| ("authorization", format!("Bearer {key}")))
            .into_iter()
            .collect();
        poster.get(&url, &headers, MOST)
    });
    let (status, text) = asked.await.map_err(|_| "the asker died".to_owned())??;
    if status != 200 {
        return Err(format!("status {status}"));
    }
    read_page(&text)
}

/// Reads an answer: where it goes on, and the entries.
///
/// # Errors
/// What is wrong, without any value of the answer.
pub fn read_page(text: &str) -> Result<(String, Vec<file::Entry>), String> {
    let page: Page<'_> =
        serde_json::from_str(text).map_err(|_| "the answer is not a page".to_owned())?;
    if page.next.is_empty() || page.next.len() > 1000 {
        return Err("the answer does not say where to go on".to_owned());
    }
    let mut entries = Vec::new();
    for envelope in page.envelopes {
        entries.extend(file::read_each(envelope.get()).map_err(|error| error.to_string())?);
    }
    Ok((page.next, entries))
}

async fn fail(
    store: &Store,
    sender: String,
    job: TakenJob,
    why: String,
    now: NaiveDateTime,
) -> Result<Pulled, StoreError> {
    // A minute, two, four, … an hour.
    let doublings = job.tries.saturating_sub(1).min(6);
    let wait = (60_i64 << doublings).min(LONGEST);
    let due = now + Duration::seconds(wait);
    store
        .write(move |writer| {
            writer.sender_failed(&sender, &why, now)?;
            writer.retry_job(&job, due)
        })
        .await?;
    Ok(Pulled::Failed(wait))
}
