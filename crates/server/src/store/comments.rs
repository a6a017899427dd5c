//! Comments: kept in batches, read in batches, apart from every rating.

use std::collections::{BTreeMap, HashSet};

use dung_hen_domain::ballot_label::ENOUGH;

use super::{CommentBatch, Reader, StoreError, Writer};
use crate::keys::Digest;
use crate::waiting::Comment;

impl Reader<'_> {
    /// The batches of an agency after number `after`, at most `limit` of them; those whose label knew no agency are
    /// found under the empty one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn comments(
        &mut self,
        agency: &str,
        after: u32,
        limit: u32,
    ) -> Result<Vec<CommentBatch>, StoreError> {
        let mut batches: BTreeMap<u32, Vec<(String, String)>> = BTreeMap::new();
        // By id, which is random: not in the order of arrival.
        self.each(
            "SELECT batch, language, text FROM comments WHERE agency = ?1 AND batch > ?2 AND batch <= ?3
             ORDER BY batch, id",
            &[&agency, &after, &after.saturating_add(limit)],
            |row| {
                batches.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
                Ok(())
            },
        )?;
        Ok(batches
            .into_iter()
            .map(|(batch, comments)| CommentBatch { batch, comments })
            .collect())
    }

    /// Those of these comments that are in the database.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn comments_there(&mut self, comments: &[Comment]) -> Result<HashSet<Digest>, StoreError> {
        let mut there = HashSet::new();
        for comment in comments {
            let found = self.query_opt(
                "SELECT 1 FROM comments WHERE id = ?1",
                &[&comment.id],
                |_| Ok(()),
            )?;
            if found.is_some() {
                there.insert(comment.id);
            }
        }
        Ok(there)
    }
}

impl Writer<'_> {
    /// Keeps a batch, as [`Writer::add_comments`] does, if without those that are there already it is a batch still.
    /// Those that are there now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admit_comments(&mut self, batch: &[Comment]) -> Result<HashSet<Digest>, StoreError> {
        let mut there = self.comments_there(batch)?;
        let fresh: Vec<Comment> = batch
            .iter()
            .filter(|comment| !there.contains(&comment.id))
            .cloned()
            .collect();
        if fresh.len() >= ENOUGH {
            self.add_comments(&fresh)?;
            there.extend(fresh.iter().map(|comment| comment.id));
        }
        Ok(there)
    }

    /// Keeps a batch of comments of one agency; one that is there already stays where it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_comments(&mut self, batch: &[Comment]) -> Result<(), StoreError> {
        let Some(first) = batch.first() else {
            return Ok(());
        };
        let number: Option<i64> = self.query_opt(
            "SELECT coalesce(max(batch), 0) + 1 FROM comments WHERE agency = ?1",
            &[&first.agency],
            |row| row.get(0),
        )?;
        for comment in batch {
            self.execute(
                "INSERT INTO comments (id, agency, level, batch, language, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO NOTHING",
                &[
                    &comment.id,
                    &comment.agency,
                    &comment.level,
                    &number.unwrap_or(1),
                    &comment.language,
                    &comment.text,
                ],
            )?;
        }
        Ok(())
    }
}
