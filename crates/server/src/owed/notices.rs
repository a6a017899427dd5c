//! Notices shown for the first time that are not in the database yet.

use std::collections::BTreeMap;

use dung_hen_domain::civil::IsoDate;

use crate::keys::Digest;
use crate::outgoing::shown::{self, NoticeShown};
use crate::store::{NoticeRecord, StoreError, Writer};

/// By number, then by what they say.
#[derive(Debug, Default)]
pub(super) struct Notices(BTreeMap<(String, Digest), Waiting>);

#[derive(Debug)]
struct Waiting {
    shown: Shown,
    leaving: bool,
}

/// A notice that its holder was shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The notice.
    pub notice: NoticeRecord,
    /// Code of the case.
    pub case_code: String,
    /// Code of the agency.
    pub agency: String,
}

impl Notices {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn under(&self, number: &str) -> Vec<NoticeRecord> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let from = (number.to_owned(), [0; 32]);
        self.0
            .range(from..)
            .take_while(|((other, _), _)| other == number)
            .map(|(_, waiting)| waiting.shown.notice.clone())
            .collect()
    }

    /// Unless the same facts wait already: the first day stays. The one that stands.
    pub(super) fn add(&mut self, shown: Shown) -> NoticeRecord {
        let key = (shown.notice.number.clone(), shown.notice.facts);
        let waiting = self.0.entry(key).or_insert(Waiting {
            shown,
            leaving: false,
        });
        waiting.shown.notice.clone()
    }

    /// Some of what is owed; it stays known here until it is [`Notices::done`].
    pub(super) fn take(&mut self, most: usize) -> Vec<Shown> {
        let owed = self.0.values_mut().filter(|waiting| !waiting.leaving);
        owed.take(most)
            .map(|waiting| {
                waiting.leaving = true;
                waiting.shown.clone()
            })
            .collect()
    }

    /// What was taken is in the database, or it is not.
    pub(super) fn done(&mut self, taken: &[Shown], written: bool) {
        for one in taken {
            let key = (one.notice.number.clone(), one.notice.facts);
            if written {
                self.0.remove(&key);
            } else if let Some(waiting) = self.0.get_mut(&key) {
                waiting.leaving = false;
            }
        }
    }
}

/// Notices in the order of their numbers, then what is told of them in the order of the cases: of those written together
/// the order of rows does not tell whose number is whose.
pub(super) fn write(writer: &mut Writer<'_>, taken: &[Shown]) -> Result<(), StoreError> {
    let added = writer.add_notices(taken.iter().map(|one| &one.notice))?;
    let new = taken.iter().filter(|one| {
        let key = (one.notice.number.clone(), one.notice.facts);
        added.contains(&key)
    });
    let told = new.map(|one| NoticeShown {
        case_code: one.case_code.clone(),
        agency: one.agency.clone(),
        promise: IsoDate(one.notice.promised),
        shown: IsoDate(one.notice.issued),
    });
    shown::keep(writer, told.collect())
}
