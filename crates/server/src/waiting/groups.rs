//! Who enters the database together, and in which order: none that means anything.

use std::collections::{BTreeMap, HashMap};
use std::io;

use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH};

use super::chance::shuffle;
use super::room::WaitingRoom;
use super::{Comment, Correction, Entry, Rating, Sheet};
use crate::keys::Digest;

impl WaitingRoom {
    /// Groups of ratings that are enough to enter the database, each in random order.
    ///
    /// # Errors
    /// No randomness.
    pub(super) fn ready(&self) -> io::Result<Vec<Vec<Rating>>> {
        let mut groups: BTreeMap<(&str, &str, &str), Vec<&Rating>> = BTreeMap::new();
        for rating in self.all_ratings() {
            let key = (&*rating.label, &*rating.instrument, &*rating.language);
            groups.entry(key).or_default().push(rating);
        }
        let mut ready: Vec<Vec<Rating>> = groups
            .into_values()
            .filter(|group| group.len() >= ENOUGH)
            .map(|group| group.into_iter().cloned().collect())
            .collect();
        for group in &mut ready {
            shuffle(group)?;
        }
        Ok(ready)
    }

    /// The groups of comments that are enough, by agency, each in random order.
    ///
    /// # Errors
    /// No randomness.
    pub fn comments_ready(&self) -> io::Result<Vec<Vec<Comment>>> {
        // By id: after a power cut the same comment may stand in two slots.
        let mut groups: BTreeMap<(&str, &str), BTreeMap<Digest, Comment>> = BTreeMap::new();
        for comment in self
            .entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.comment.as_ref())
        {
            let group = groups.entry((&comment.agency, &comment.level)).or_default();
            group.insert(comment.id, comment.clone());
        }
        let mut ready: Vec<Vec<_>> = groups
            .into_values()
            .filter(|group| group.len() >= ENOUGH)
            .map(|group| group.into_values().collect())
            .collect();
        for group in &mut ready {
            shuffle(group)?;
        }
        Ok(ready)
    }

    /// Groups of sheets that are enough to be counted in the database.
    #[must_use]
    pub fn sheets_ready(&self) -> Vec<Vec<Sheet>> {
        let mut groups: BTreeMap<(&str, &str, &str), Vec<Sheet>> = BTreeMap::new();
        for sheet in self.all_sheets() {
            let key = (&*sheet.label, &*sheet.instrument, &*sheet.language);
            groups.entry(key).or_default().push(sheet.clone());
        }
        groups
            .into_values()
            .filter(|group| group.len() >= ENOUGH)
            .collect()
    }

    /// Every waiting correction, in random order.
    ///
    /// # Errors
    /// No randomness.
    pub fn waiting_corrections(&self) -> io::Result<Vec<Correction>> {
        let mut all: Vec<_> = self
            .entries
            .iter()
            .flatten()
            .filter_map(|entry| entry.correction.clone())
            .collect();
        shuffle(&mut all)?;
        Ok(all)
    }

    /// Whether anyone is in company enough to enter the database.
    #[must_use]
    pub const fn has_company(&self) -> bool {
        self.crowds.ratings() + self.crowds.comments() > 0
    }

    /// Ratings in company enough, which have not entered yet.
    #[must_use]
    pub const fn unsettled(&self) -> usize {
        self.crowds.ratings()
    }

    /// Makes the labels of ratings and sheets coarser by one step where `alone` says that no more company will come.
    ///
    /// # Errors
    /// What the disk says.
    pub fn coarsen(&mut self, alone: impl Fn(&BallotLabel) -> bool) -> io::Result<bool> {
        let mut sizes: HashMap<Company, usize> = HashMap::new();
        for entry in self.entries.iter().flatten() {
            if let Some(company) = Company::of(entry) {
                *sizes.entry(company).or_default() += 1;
            }
        }
        self.replace(|entry| {
            let company = Company::of(entry)?;
            let label = BallotLabel::parse(&company.label)?;
            let few = sizes.get(&company).is_some_and(|n| *n < ENOUGH);
            let coarser = (few && alone(&label)).then(|| label.coarser())??.to_text();
            let mut entry = entry.clone();
            match (&mut entry.rating, &mut entry.sheet) {
                (Some(rating), _) => rating.label = coarser,
                (None, Some(sheet)) => sheet.label = coarser,
                (None, None) => return None,
            }
            Some(entry)
        })
    }
}

/// What those who enter together share.
#[derive(PartialEq, Eq, Hash)]
struct Company {
    sheet: bool,
    label: String,
    instrument: String,
    language: String,
}

impl Company {
    fn of(entry: &Entry) -> Option<Self> {
        let (sheet, label, instrument, language) = match (&entry.rating, &entry.sheet) {
            (Some(one), _) => (false, &one.label, &one.instrument, &one.language),
            (None, Some(one)) => (true, &one.label, &one.instrument, &one.language),
            (None, None) => return None,
        };
        Some(Self {
            sheet,
            label: label.clone(),
            instrument: instrument.clone(),
            language: language.clone(),
        })
    }
}
