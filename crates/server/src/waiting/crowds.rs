//! How many share what, so that who has company is known without looking at everyone.

use std::collections::HashMap;

use dung_hen_domain::ballot_label::ENOUGH;

use super::{Comment, Entry, Rating};
use crate::keys::Digest;

/// How many share what, and how many of them are enough: known at any time without looking at everyone.
#[derive(Default)]
pub(super) struct Crowds {
    sizes: HashMap<Crowd, usize>,
    /// Places of each comment: after a power cut the same one may stand in two.
    places: HashMap<Digest, usize>,
    ratings: usize,
    comments: usize,
}

/// What ratings share (label, questionnaire, language), or comments (agency, level).
#[derive(PartialEq, Eq, Hash)]
enum Crowd {
    Ratings(String, String, String),
    Comments(String, String),
}

impl Crowds {
    /// Ratings in crowds that are enough.
    pub(super) const fn ratings(&self) -> usize {
        self.ratings
    }

    /// Comments in crowds that are enough.
    pub(super) const fn comments(&self) -> usize {
        self.comments
    }

    pub(super) fn come(&mut self, entry: &Entry) {
        if let Some(rating) = &entry.rating {
            self.change(Crowd::of_rating(rating), true);
        }
        if let Some(comment) = &entry.comment {
            let places = self.places.entry(comment.id).or_default();
            *places += 1;
            if *places == 1 {
                self.change(Crowd::of_comment(comment), true);
            }
        }
    }

    pub(super) fn go(&mut self, entry: &Entry) {
        if let Some(rating) = &entry.rating {
            self.change(Crowd::of_rating(rating), false);
        }
        if let Some(comment) = &entry.comment {
            let places = self.places.entry(comment.id).or_default();
            *places = places.saturating_sub(1);
            if *places == 0 {
                self.places.remove(&comment.id);
                self.change(Crowd::of_comment(comment), false);
            }
        }
    }

    fn change(&mut self, crowd: Crowd, comes: bool) {
        let of_ratings = matches!(crowd, Crowd::Ratings(..));
        let size = self.sizes.get(&crowd).copied().unwrap_or(0);
        let now = if comes {
            size + 1
        } else {
            size.saturating_sub(1)
        };
        // With the one that makes it enough, all of them count; and none without it.
        let enough = |size: usize| if size >= ENOUGH { size } else { 0 };
        let all = self.enough(of_ratings);
        *all = (*all + enough(now)).saturating_sub(enough(size));
        if now == 0 {
            self.sizes.remove(&crowd);
        } else {
            self.sizes.insert(crowd, now);
        }
    }

    const fn enough(&mut self, of_ratings: bool) -> &mut usize {
        if of_ratings {
            &mut self.ratings
        } else {
            &mut self.comments
        }
    }
}

impl Crowd {
    fn of_rating(one: &Rating) -> Self {
        Self::Ratings(
            one.label.clone(),
            one.instrument.clone(),
            one.language.clone(),
        )
    }

    fn of_comment(one: &Comment) -> Self {
        Self::Comments(one.agency.clone(), one.level.clone())
    }
}
