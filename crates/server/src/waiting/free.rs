//! Which slots nobody has: one of them drawn, taken and given back without a look at the others.

/// Slots that nobody has.
#[derive(Debug, Default)]
pub(super) struct Free {
    slots: Vec<usize>,
    /// Of each slot its place in `slots`; none while somebody has it.
    places: Vec<Option<usize>>,
}

impl Free {
    /// There are so many slots; those that were not there before are free.
    pub(super) fn grow(&mut self, all: usize) {
        for slot in self.places.len()..all {
            self.places.push(Some(self.slots.len()));
            self.slots.push(slot);
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.slots.len()
    }

    /// The free slot at this place; the order says nothing.
    pub(super) fn at(&self, place: usize) -> Option<usize> {
        self.slots.get(place).copied()
    }

    /// Somebody has it from now on.
    pub(super) fn take(&mut self, slot: usize) {
        let Some(place) = self.places.get_mut(slot).and_then(Option::take) else {
            return;
        };
        self.slots.swap_remove(place);
        if let Some(moved) = self.slots.get(place) {
            self.places[*moved] = Some(place);
        }
    }

    /// Nobody has it any more.
    pub(super) fn give(&mut self, slot: usize) {
        if let Some(place @ None) = self.places.get_mut(slot) {
            *place = Some(self.slots.len());
            self.slots.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_free_is_what_was_not_taken_or_was_given_back() {
        let mut free = Free::default();
        let mut expected = BTreeSet::new();
        let mut random = 1u64;
        for step in 0..2000u64 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            if step % 500 == 0 {
                let all = 40 + usize::try_from(step / 10).unwrap();
                expected.extend(free.places.len()..all);
                free.grow(all);
            }
            // Taken twice and given back twice as well.
            let slot = usize::try_from(random >> 33).unwrap() % free.places.len();
            if random & (1 << 20) == 0 {
                free.take(slot);
                expected.remove(&slot);
            } else {
                free.give(slot);
                expected.insert(slot);
            }
            let drawn: BTreeSet<usize> =
                (0..free.len()).filter_map(|place| free.at(place)).collect();
            assert_eq!(
                (drawn.len(), &drawn),
                (free.len(), &expected),
                "step {step}"
            );
        }
    }
}
