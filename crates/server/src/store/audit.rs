//! Who did what: added to, never changed, each entry sealed together with the seal before it.
//!
//! The seal is keyed, so that whoever can write to the database alone cannot make a chain that holds. That the end was
//! not cut off is known by keeping the last seal elsewhere: `server audit verify` prints it, and checks one it is given.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::rfc3339;

use super::sql::{Row, Sql};
use super::{Reader, StoreError, Writer};
use crate::keys::{Digest, Keys, Purpose, equal};

/// The act of an entry with which a new key begins: what was sealed before it cannot be checked any more.
pub const NEW_KEY: &str = "key.new";
/// The newest entries of which one must be sealed under the key: more than one, so that an entry that was changed is not
/// taken for another key.
const NEWEST: i64 = 8;
/// Before the first entry.
const NOTHING: Digest = [0; 32];

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Counted from 1, without a gap.
    pub sequence: i64,
    /// When.
    pub at: NaiveDateTime,
    /// Who: a key's id, or the user at the command line.
    pub actor: String,
    /// What was done, such as `key.add`.
    pub act: String,
    /// To what; nothing of a person.
    pub subject: String,
    /// The seal.
    pub seal: Digest,
}

impl AuditEntry {
    fn sealed(&self, keys: &Keys, before: &Digest) -> Digest {
        keys.hash(
            Purpose::Audit,
            &[
                before,
                &self.sequence.to_be_bytes(),
                rfc3339(self.at).as_bytes(),
                self.actor.as_bytes(),
                self.act.as_bytes(),
                self.subject.as_bytes(),
            ],
        )
    }
}

/// What a check of the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every seal fits: number of entries and last seal.
    Whole(i64, Digest),
    /// Those before this entry were sealed under a key that is no more; it and every one since fits: their number and the
    /// last seal.
    WholeSince(i64, i64, Digest),
    /// The first entry that does not fit.
    Broken(i64),
}

fn read(row: &Row<'_>) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        sequence: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        seal: row.get(5)?,
    })
}

impl Reader<'_> {
    /// Looks at every seal; each entry is also handed to `see`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn check_audit(
        &mut self,
        keys: &Keys,
        mut see: impl FnMut(&AuditEntry),
    ) -> Result<AuditCheck, StoreError> {
        let (mut next, mut before, mut broken) = (1, NOTHING, None);
        let mut first = 1;
        self.each(
            "SELECT sequence, at, actor, act, subject, seal FROM audit ORDER BY sequence",
            &[],
            |row| {
                let entry = read(row)?;
                let fits =
                    entry.sequence == next && equal(&entry.seal, &entry.sealed(keys, &before));
                if !fits {
                    broken = broken.or(Some(next));
                } else if entry.act == NEW_KEY && broken.is_some() {
                    (first, broken) = (entry.sequence, None);
                }
                see(&entry);
                before = entry.seal;
                next = entry.sequence + 1;
                Ok(())
            },
        )?;
        Ok(match broken {
            Some(broken) => AuditCheck::Broken(broken),
            None if first > 1 => AuditCheck::WholeSince(first, next - first, before),
            None => AuditCheck::Whole(next - 1, before),
        })
    }

    /// Whether the log is sealed under these keys, by its newest entries; `None` where nothing is sealed yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sealed_under(&mut self, keys: Option<&Keys>) -> Result<Option<bool>, StoreError> {
        let newest = self.query(
            "SELECT sequence, at, actor, act, subject, seal FROM audit ORDER BY sequence DESC LIMIT ?1",
            &[&(NEWEST + 1)],
            read,
        )?;
        let fits = |keys: &Keys, place: usize| {
            let entry: &AuditEntry = &newest[place];
            let before = match newest.get(place + 1) {
                Some(before) => &before.seal,
                None if entry.sequence == 1 => &NOTHING,
                None => return false,
            };
            equal(&entry.seal, &entry.sealed(keys, before))
        };
        let sealed = keys.is_some_and(|keys| (0..newest.len()).any(|place| fits(keys, place)));
        Ok((!newest.is_empty()).then_some(sealed))
    }
}

impl Writer<'_> {
    /// Adds an entry, unless the last one of this act is about the same subject already; whether it was added.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit_change(
        &mut self,
        keys: &Keys,
        at: NaiveDateTime,
        actor: &str,
        act: &str,
        subject: &str,
    ) -> Result<bool, StoreError> {
        let last: Option<String> = self.query_opt(
            "SELECT subject FROM audit WHERE act = ?1 ORDER BY sequence DESC LIMIT 1",
            &[&act],
            |row| row.get(0),
        )?;
        let changed = last.as_deref() != Some(subject);
        if changed {
            self.audit(keys, at, actor, act, subject)?;
        }
        Ok(changed)
    }

    /// Adds an entry, in the transaction of what it tells of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn audit(
        &mut self,
        keys: &Keys,
        at: NaiveDateTime,
        actor: &str,
        act: &str,
        subject: &str,
    ) -> Result<(), StoreError> {
        // One at a time, on all servers: SQLite has one writer, PostgreSQL takes the table.
        let alone = Sql::each("SELECT 1 WHERE 0", "LOCK TABLE audit IN EXCLUSIVE MODE");
        self.query_opt(alone, &[], |_| Ok(()))?;
        let last = self.query_opt(
            "SELECT sequence, at, actor, act, subject, seal FROM audit ORDER BY sequence DESC LIMIT 1",
            &[],
            read,
        )?;
        let (sequence, before) = last.map_or((1, NOTHING), |last| (last.sequence + 1, last.seal));
        let mut entry = AuditEntry {
            sequence,
            at,
            actor: actor.to_owned(),
            act: act.to_owned(),
            subject: subject.to_owned(),
            seal: NOTHING,
        };
        entry.seal = entry.sealed(keys, &before);
        self.execute(
            "INSERT INTO audit (sequence, at, actor, act, subject, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[&entry.sequence, &entry.at, &entry.actor, &entry.act, &entry.subject, &entry.seal],
        )?;
        Ok(())
    }
}
