//! A connection to PostgreSQL, and what was prepared on it.
//!
//! Each way there and back costs more than most questions do, so statements that need no answer of one another go there
//! together: a transaction begins with its first statement ([`Session::begin`]), [`Session::ask`] sends several, and the
//! end of one that wrote nothing is waited for by nobody ([`Session::leave`]). The database runs them one by one, in
//! this order; of several that failed the first is told, the others failed because of it.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream as _;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, RowStream, Statement};

use super::rows;
use super::tls::Target;
use super::value::{Row, Value};
use super::{ErrorKind, StoreError};

/// How long a new connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may take.
const STATEMENT_TIMEOUT: &str =
    "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s";
/// How long to say goodbye may take.
const GOODBYE: Duration = Duration::from_millis(100);
/// Rows that are taken from the connection before they are read.
const PAGE: usize = 256;

/// A question, with its values.
pub(super) type Asked<'q> = (&'q str, Vec<Value<'q>>);

/// What a statement answered: its rows, and how many it touched.
#[derive(Default)]
struct Answer {
    rows: Vec<tokio_postgres::Row>,
    touched: u64,
}

/// A connection and what was prepared on it.
pub(super) struct Session {
    wire: Wire,
    statements: HashMap<String, Statement>,
    /// What goes before the next statement, and was not sent yet.
    before: Vec<String>,
}

impl Session {
    /// Connects to the database behind this address, and changes nothing there.
    pub(super) fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(&configuration(url)?)
    }

    /// Connects to this database.
    pub(super) fn open(target: &Target) -> Result<Self, StoreError> {
        Ok(Self {
            wire: Wire::open(target)?,
            statements: HashMap::new(),
            before: Vec::new(),
        })
    }

    /// These statements, without parameters and answers, go before the next one, on the same way.
    pub(super) fn begin(&mut self, statements: &[String]) {
        self.before.extend_from_slice(statements);
    }

    /// Whether it has not broken, as far as it was looked at.
    pub(super) const fn is_there(&self) -> bool {
        self.wire.line.is_some()
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        // `?1` here is `$1` there; no statement has a question mark otherwise.
        let text = sql.replace('?', "$");
        let statement = self.wire.run(|client| client.prepare(&text))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Every row of the answer, one by one.
    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        let before = std::mem::take(&mut self.before);
        let mut stream = None;
        trip();
        loop {
            // Read outside: reading may ask another connection, and wait for it.
            let (page, more) = self.wire.run(|client| {
                let (before, statement, stream) = (&before, &statement, &mut stream);
                async move {
                    let rows: &mut Pin<Box<RowStream>> = match stream {
                        Some(rows) => rows,
                        None => {
                            let first =
                                after(plain(client, before), rows_of(client, statement, values));
                            stream.insert(Box::pin(first.await?))
                        }
                    };
                    page_of(rows).await
                }
            })?;
            for row in &page {
                read(&Row::Postgres(row))?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// Several questions, none of which needs the answer of another: one way there and back for all.
    pub(super) fn ask(
        &mut self,
        asked: &[Asked<'_>],
        read: &mut dyn FnMut(usize, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut questions = Vec::with_capacity(asked.len());
        for (sql, values) in asked {
            questions.push((self.prepared(sql)?, values.as_slice()));
        }
        for (which, answer) in self.together(&questions)?.iter().enumerate() {
            for row in &answer.rows {
                read(which, &Row::Postgres(row))?;
            }
        }
        Ok(())
    }

    /// Runs a statement; the number of rows it touched.
    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        let answers = self.together(&[(statement, values)])?;
        Ok(answers.iter().map(|answer| answer.touched).sum())
    }

    /// Runs a statement once for each of these, in their order: an `INSERT` of given values as one statement
    /// ([`rows::all_at_once`]), any other one after the other without waiting between them.
    pub(super) fn each_of(
        &mut self,
        sql: &str,
        all: &[Vec<Value<'_>>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(first) = all.first() else {
            return Ok(());
        };
        let one = self.prepared(sql)?;
        let together = match rows::all_at_once(sql, one.params()) {
            Some(together) if all.len() > 1 => {
                let columns = rows::columns(all, first.len());
                let whole = self.prepared(&together)?;
                let values: Vec<&(dyn ToSql + Sync)> = columns
                    .iter()
                    .map(|column| column as &(dyn ToSql + Sync))
                    .collect();
                let before = std::mem::take(&mut self.before);
                trip();
                let rows = self.wire.run(|client| {
                    let (before, whole, values) = (&before, &whole, &values);
                    after(plain(client, before), client.query(whole, values))
                })?;
                vec![Answer { rows, touched: 0 }]
            }
            _ => {
                let each: Vec<_> = all
                    .iter()
                    .map(|row| (one.clone(), row.as_slice()))
                    .collect();
                self.together(&each)?
            }
        };
        for row in together.iter().flat_map(|answer| &answer.rows) {
            read(&Row::Postgres(row))?;
        }
        Ok(())
    }

    fn together(
        &mut self,
        questions: &[(Statement, &[Value<'_>])],
    ) -> Result<Vec<Answer>, StoreError> {
        let before = std::mem::take(&mut self.before);
        trip();
        self.wire.run(|client| {
            let all = questions
                .iter()
                .map(|(statement, values)| answer(client, statement, values));
            after(plain(client, &before), in_turn(all.collect()))
        })
    }

    /// Runs statements without parameters and answers.
    pub(super) fn plain(&mut self, sql: &str) -> Result<(), StoreError> {
        let before = std::mem::take(&mut self.before);
        trip();
        self.wire
            .run(|client| after(plain(client, &before), client.batch_execute(sql)))
    }

    /// Ends a transaction for good, waiting for the database to say so.
    pub(super) fn end(&mut self, sql: &str) -> Result<(), StoreError> {
        if self.nothing_begun() || sql.is_empty() {
            return Ok(());
        }
        self.plain(sql)
    }

    /// Ends a transaction that has written nothing: on its way, and nobody waits for the answer. Where it does not
    /// arrive, the connection is gone, and so are its locks; whoever uses it next finds out.
    pub(super) fn leave(&mut self, sql: &str) {
        if !self.nothing_begun() && !sql.is_empty() {
            self.wire.send(sql);
        }
    }

    /// Whether no statement has followed the beginning; then it was not sent either, and is forgotten.
    fn nothing_begun(&mut self) -> bool {
        !std::mem::take(&mut self.before).is_empty()
    }
}

/// The connection itself, which moves only while somebody waits for it.
struct Wire {
    runtime: Runtime,
    /// Gone only while it is dropped.
    client: Option<Client>,
    /// What carries questions there and answers back; nothing once it has broken.
    line: Option<Line>,
}

type Line = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Wire {
    fn open(target: &Target) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::new(ErrorKind::Unavailable, error.to_string()))?;
        let (client, line) = runtime.block_on(target.config.connect(target.tls.clone()))?;
        Ok(Self {
            runtime,
            client: Some(client),
            line: Some(Box::pin(line)),
        })
    }

    /// Does some work, all that it sends without waiting on one way there and back.
    fn run<'w, T, F>(&'w mut self, work: impl FnOnce(&'w Client) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let Self {
            runtime,
            client,
            line,
        } = self;
        let Some(client) = client else {
            return Err(StoreError::new(ErrorKind::Worker, "a connection let go"));
        };
        let mut work = pin!(work(client));
        let done = runtime.block_on(poll_fn(|cx| {
            let broke = drive(line, cx);
            match (work.as_mut().poll(cx), broke) {
                // What it said of this before it broke.
                (Poll::Ready(Err(error)), Some(broke)) if error.is_closed() => {
                    Poll::Ready(Err(broke))
                }
                (Poll::Pending, Some(broke)) => Poll::Ready(Err(broke)),
                (outcome, _) => outcome,
            }
        }));
        Ok(done?)
    }

    /// Sends a statement, and waits for nothing.
    fn send(&mut self, sql: &str) {
        let Self {
            runtime,
            client: Some(client),
            line,
        } = self
        else {
            return;
        };
        let mut sent = pin!(client.batch_execute(sql));
        runtime.block_on(poll_fn(|cx| {
            let _ = sent.as_mut().poll(cx);
            drive(line, cx);
            Poll::Ready(())
        }));
    }
}

impl Drop for Wire {
    /// Says goodbye; not where waiting is not allowed ([`super::postgres::Postgres`] sees to that).
    fn drop(&mut self) {
        self.client = None;
        if let Some(line) = self.line.take() {
            let goodbye = async { tokio::time::timeout(GOODBYE, line).await };
            let _ = self.runtime.block_on(goodbye);
        }
    }
}

/// One way there and back, for the test that counts them; what is prepared once on a connection is none.
fn trip() {
    tracing::trace!(target: "dung_hen::work", trip = "postgres");
}

/// Moves what is under way; why it broke, if it did so now. All that waits for it ends then.
fn drive(line: &mut Option<Line>, cx: &mut Context<'_>) -> Option<Error> {
    let Poll::Ready(over) = line.as_mut()?.as_mut().poll(cx) else {
        return None;
    };
    *line = None;
    over.err()
}

async fn plain(client: &Client, all: &[String]) -> Result<(), Error> {
    in_turn(all.iter().map(|sql| client.batch_execute(sql)).collect()).await?;
    Ok(())
}

async fn rows_of(
    client: &Client,
    statement: &Statement,
    values: &[Value<'_>],
) -> Result<RowStream, Error> {
    let values = values.iter().map(|value| value as &dyn ToSql);
    client.query_raw(statement, values).await
}

async fn answer(
    client: &Client,
    statement: &Statement,
    values: &[Value<'_>],
) -> Result<Answer, Error> {
    let mut stream = Box::pin(rows_of(client, statement, values).await?);
    let mut rows = Vec::new();
    while let Some(row) = next(&mut stream).await? {
        rows.push(row);
    }
    let touched = stream.rows_affected().unwrap_or_default();
    Ok(Answer { rows, touched })
}

async fn next(stream: &mut Pin<Box<RowStream>>) -> Result<Option<tokio_postgres::Row>, Error> {
    poll_fn(|cx| stream.as_mut().poll_next(cx))
        .await
        .transpose()
}

/// Some rows, and whether there may be more.
async fn page_of(
    stream: &mut Pin<Box<RowStream>>,
) -> Result<(Vec<tokio_postgres::Row>, bool), Error> {
    let mut page = Vec::new();
    while page.len() < PAGE {
        match next(stream).await? {
            Some(row) => page.push(row),
            None => return Ok((page, false)),
        }
    }
    Ok((page, true))
}

/// Two pieces of work, sent in this order without waiting in between; the second counts only where the first succeeds.
async fn after<T>(
    first: impl Future<Output = Result<(), Error>>,
    then: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let ((), done) = tokio::try_join!(biased; first, then)?;
    Ok(done)
}

/// Pieces of work, sent in this order without waiting in between; the first failure is that of all.
async fn in_turn<T>(all: Vec<impl Future<Output = Result<T, Error>>>) -> Result<Vec<T>, Error> {
    let mut sent = Vec::with_capacity(all.len());
    for one in all {
        let mut one = Box::pin(one);
        // Whoever is asked for the first time sends.
        let done = poll_fn(|cx| Poll::Ready(one.as_mut().poll(cx))).await?;
        sent.push((one, done));
    }
    let mut answers = Vec::with_capacity(sent.len());
    for (one, done) in sent {
        // They are answered in the order in which they were sent.
        answers.push(match done {
            Poll::Ready(answer) => answer,
            Poll::Pending => one.await?,
        });
    }
    Ok(answers)
}

/// Where and how to connect, from an address.
pub(super) fn configuration(url: &str) -> Result<Target, StoreError> {
    let mut target = Target::read(url)?;
    let config = &mut target.config;
    config.connect_timeout(CONNECT);
    let given = config.get_options().unwrap_or_default();
    let options = format!("{STATEMENT_TIMEOUT} {given}");
    config.options(options.trim_end());
    if config.get_application_name().is_none() {
        config.application_name("dung-hen");
    }
    Ok(target)
}
