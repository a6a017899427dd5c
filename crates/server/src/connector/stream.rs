//! Envelopes one a line, as many as there are: stored some hundred at a time while they come, with progress in the
//! answer, line by line. A line that is wrong is told and passed over.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Intake;
use super::file::{self, Entry, Item};
use super::intake::{ImportOutcome, store_each};
use crate::store::Store;

/// The longest line: an envelope of a few thousand items.
const LONGEST: usize = 4 << 20;
/// Entries stored before the next line is read.
const BATCH: usize = 500;
/// Lines of the answer that may wait for a reader before the stream waits for it.
const WAITING: usize = 256;

/// Puts the agency in the address where an envelope names none.
pub fn name_agency(entries: &mut [Entry], agency: Option<&str>) {
    for entry in entries {
        let missing = match entry {
            Entry::Item(Item::Case(agency @ None, _)) => agency,
            Entry::Refused(refused) if refused.agency.is_none() => &mut refused.agency,
            _ => continue,
        };
        *missing = agency.map(str::to_owned);
    }
}

/// The lines of an answer that is still being written.
struct Lines(mpsc::Receiver<Bytes>);

impl http_body::Body for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0
            .poll_recv(context)
            .map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}

/// Takes the stream, and answers while it comes. A pause longer than `pause` ends it.
pub fn take(
    store: Store,
    intake: Intake,
    agency: Option<String>,
    body: Body,
    pause: Duration,
) -> Body {
    let (tell, lines) = mpsc::channel(WAITING);
    let taking = Taking {
        store,
        intake,
        agency,
        tell,
        entries: Vec::new(),
        outcome: ImportOutcome::default(),
        line: 0,
        wrong_lines: 0,
    };
    tokio::spawn(taking.run(body, pause));
    Body::new(Lines(lines))
}

struct Taking {
    store: Store,
    intake: Intake,
    agency: Option<String>,
    tell: mpsc::Sender<Bytes>,
    entries: Vec<Entry>,
    outcome: ImportOutcome,
    line: usize,
    wrong_lines: usize,
}

/// Why a stream ended early.
type Broken = &'static str;

impl Taking {
    async fn run(mut self, body: Body, pause: Duration) {
        let ended = self.read(body, pause).await;
        let mut last = self.progress();
        match ended {
            Ok(()) => {
                last["finished"] = json!(true);
                let whole = self.outcome.refused == 0 && self.wrong_lines == 0;
                last["error_code"] = json!(if whole { "0" } else { "1" });
            }
            // What was stored stays, and sending everything again is safe.
            Err(why) => {
                last["finished"] = json!(false);
                last["error_code"] = json!("1");
                last["code"] = json!(why);
            }
        }
        self.say(&last).await;
    }

    async fn read(&mut self, mut body: Body, pause: Duration) -> Result<(), Broken> {
        let mut buffer: Vec<u8> = Vec::new();
        loop {
            let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            let frame = match tokio::time::timeout(pause, next).await {
                Err(_) => return Err("request_too_slow"),
                Ok(None) => break,
                Ok(Some(Err(_))) => return Err("bad_request_body"),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(bytes) = frame.into_data() else {
                continue;
            };
            let mut rest = &bytes[..];
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                buffer.extend_from_slice(&rest[..end]);
                rest = &rest[end + 1..];
                let line = std::mem::take(&mut buffer);
                self.line(&line).await?;
            }
            buffer.extend_from_slice(rest);
            if buffer.len() > LONGEST {
                return Err("body_too_large");
            }
        }
        // What ends with a line's end has no further line.
        if !buffer.is_empty() {
            self.line(&buffer).await?;
        }
        self.store().await
    }

    async fn line(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.line += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let read = std::str::from_utf8(bytes)
            .map_err(|_| (String::new(), "not UTF-8".to_owned()))
            .and_then(|text| file::read_each(text).map_err(|error| (error.field, error.message)));
        match read {
            Ok(mut entries) => {
                name_agency(&mut entries, self.agency.as_deref());
                for entry in &entries {
                    if let Entry::Refused(refused) = entry {
                        let wrong = json!({ "line": self.line, "case_code": refused.case_code,
                            "field": refused.error.field, "message": refused.error.message });
                        self.say(&wrong).await;
                    }
                }
                self.entries.append(&mut entries);
            }
            Err((field, message)) => {
                self.wrong_lines += 1;
                let wrong = json!({ "line": self.line, "field": field, "message": message });
                self.say(&wrong).await;
            }
        }
        if self.entries.len() >= BATCH {
            self.store().await?;
        }
        Ok(())
    }

    async fn store(&mut self) -> Result<(), Broken> {
        let entries = std::mem::take(&mut self.entries);
        if entries.is_empty() {
            return Ok(());
        }
        let fates = store_each(&self.store, entries, &self.intake, None)
            .await
            .map_err(|error| {
                tracing::error!(error.kind = ?error.kind(), "a stream could not be stored");
                "store_unavailable"
            })?;
        for fate in fates {
            self.outcome.count(fate);
        }
        let progress = self.progress();
        self.say(&progress).await;
        Ok(())
    }

    fn progress(&self) -> Value {
        json!({
            "lines": self.line,
            "cases": self.outcome.cases,
            "steps": self.outcome.steps,
            "steps_without_case": self.outcome.early,
            "refused": self.outcome.refused,
            "wrong_lines": self.wrong_lines,
        })
    }

    /// A sender who no longer listens does not stop what it sends.
    async fn say(&self, line: &Value) {
        let _ = self.tell.send(Bytes::from(format!("{line}\n"))).await;
    }
}
