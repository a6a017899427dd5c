//! What a plain form sends, field by field.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::{Criterion, INSTRUMENT};
use dung_hen_domain::wire::{Answers, FactorAnswer};
use dung_hen_domain::words::Lang;

use crate::error::AppError;

/// The fields of a plain form, in the order of the page.
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    pub(super) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What was answered. Ticks under a factor that was not rated badly were an invitation nobody gave: they stay out.
    pub(super) fn answers(&self, lang: Lang) -> Result<Answers, AppError> {
        let level = |text: &str| text.parse::<u8>().map_err(|_| AppError::AnswerOutOfRange);
        let mut factors = Vec::new();
        for (key, value) in &self.0 {
            if let Some(factor) = key.strip_prefix("factor_") {
                let level = level(value)?;
                factors.push(FactorAnswer {
                    factor: factor.to_owned(),
                    level,
                });
            }
        }
        let bad = |criterion: Criterion| {
            factors
                .iter()
                .any(|answer| answer.factor == criterion.factor().name() && answer.level <= 2)
        };
        let wrong = self
            .0
            .iter()
            .filter(|(key, value)| key == "wrong" && Criterion::from_name(value).is_none_or(bad))
            .map(|(_, value)| value.clone())
            .collect();
        let comment = self.one("comment");
        Ok(Answers {
            instrument: INSTRUMENT.to_owned(),
            language: lang.tag().to_owned(),
            overall: level(self.one("overall"))?,
            factors,
            wrong,
            comment: (!comment.is_empty()).then(|| comment.to_owned()),
        })
    }
}
