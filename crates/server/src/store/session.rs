//! A connection to PostgreSQL, and what was prepared on it.

use std::collections::HashMap;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;
use postgres::{Client, Statement};

use super::StoreError;
use super::tls::Target;
use super::value::{Row, Value};

/// How long a new connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may take.
const STATEMENT_TIMEOUT: &str =
    "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s";
/// A connection and what was prepared on it.
pub(super) struct Session {
    pub(super) client: Client,
    statements: HashMap<String, Statement>,
}

impl Session {
    /// Connects to the database behind this address, and changes nothing there.
    pub(super) fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(&configuration(url)?)
    }

    /// Connects to this database.
    pub(super) fn open(target: &Target) -> Result<Self, StoreError> {
        Ok(Self {
            client: target.config.connect(target.tls.clone())?,
            statements: HashMap::new(),
        })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        // `?1` here is `$1` there; no statement has a question mark otherwise.
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        let mut rows = self
            .client
            .query_raw(&statement, values.iter().map(|value| value as &dyn ToSql))?;
        while let Some(row) = rows.next()? {
            read(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = values
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        Ok(self.client.execute(&statement, &params)?)
    }

    /// Runs statements without parameters and answers.
    pub(super) fn plain(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.client.batch_execute(sql)?)
    }
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
