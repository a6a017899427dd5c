//! What leaves the room or takes another shape in it: at no moment is there neither old nor new.

use std::io;

use super::Entry;
use super::room::WaitingRoom;
use crate::keys::Digest;

impl WaitingRoom {
    /// Takes out what has entered the database, and erases it here before it returns: `left` says what is left of an
    /// entry.
    ///
    /// # Errors
    /// What the disk says; what could not be erased is taken out again after the next start.
    pub fn remove(&mut self, left: impl Fn(&Entry) -> Entry) -> io::Result<()> {
        self.replace(|entry| Some(left(entry)).filter(|left| left != entry))
            .map(|_| ())
    }

    /// The same without waiting for the zeros: they are on the disk at the moment that is returned, with those of
    /// others.
    ///
    /// # Errors
    /// What the disk says; then what was taken out may come back, and is known to be in the database.
    pub fn depart(&mut self, left: impl Fn(&Entry) -> Entry) -> io::Result<u64> {
        self.exchange(|entry| Some(left(entry)).filter(|left| left != entry))?;
        Ok(self.moment())
    }

    /// The same for the entries of these ratings, without a look at the others.
    ///
    /// # Errors
    /// As [`WaitingRoom::depart`].
    pub fn depart_of<'a>(
        &mut self,
        spent: impl IntoIterator<Item = &'a Digest>,
        left: impl Fn(&Entry) -> Entry,
    ) -> io::Result<u64> {
        let slots = spent.into_iter().filter_map(|one| self.by_spent.get(one));
        let changed = slots.filter_map(|slot| {
            let entry = self.entries[*slot].as_ref()?;
            Some((*slot, left(entry))).filter(|(_, left)| left != entry)
        });
        let changed = changed.collect();
        self.put_instead(changed)?;
        Ok(self.moment())
    }

    /// Puts something else in the place of entries; `false` where there was nothing to do.
    pub(super) fn replace(&mut self, with: impl Fn(&Entry) -> Option<Entry>) -> io::Result<bool> {
        let done = self.exchange(with)?;
        if done {
            self.file.sync()?;
        }
        Ok(done)
    }

    /// Does it without waiting for the zeros. What is new is on the disk before the old is erased, and nobody else is
    /// inside in between: at no moment is there neither, and no other server takes the one for the other.
    fn exchange(&mut self, with: impl Fn(&Entry) -> Option<Entry>) -> io::Result<bool> {
        let changed: Vec<(usize, Entry)> = (self.entries.iter().enumerate())
            .filter_map(|(slot, entry)| Some((slot, with(entry.as_ref()?)?)))
            .collect();
        self.put_instead(changed)
    }

    fn put_instead(&mut self, changed: Vec<(usize, Entry)>) -> io::Result<bool> {
        if changed.is_empty() {
            return Ok(false);
        }
        self.tell()?;
        self.put(changed).inspect_err(|_| self.unsure = true)?;
        self.wrote();
        Ok(true)
    }

    fn put(&mut self, changed: Vec<(usize, Entry)>) -> io::Result<()> {
        let mut moved = Vec::new();
        let mut gone = Vec::new();
        for (slot, entry) in changed {
            if entry.is_empty() {
                gone.push(slot);
                continue;
            }
            let place = self.free_slot()?;
            let counted = !self.uncounted.contains(&slot);
            let content = serde_json::to_vec(&entry)?;
            self.file.write(place, &content, counted)?;
            if !counted {
                self.uncounted.push(place);
            }
            // Taken from now on, found only when the old one is forgotten.
            self.entries[place] = Some(Entry::default());
            self.free.take(place);
            moved.push((slot, place, entry));
        }
        if !moved.is_empty() {
            self.file.sync()?;
        }
        for slot in gone {
            self.file.erase(slot)?;
            self.forget(slot);
        }
        for (slot, place, entry) in moved {
            self.file.erase(slot)?;
            self.forget(slot);
            self.index(place, entry);
        }
        Ok(())
    }
}
