//! What raters are asked beside the rating.

use serde::Deserialize;

/// `[questions]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionsConfig {
    /// One in so many raters, drawn by lot, is invited to the sixteen criteria; 0: nobody.
    #[serde(default = "one_in")]
    pub sixteen_one_in: u32,
    /// Whether those who filed online are asked on the three levels of TT 32/2017 as well.
    #[serde(default)]
    pub three_levels: bool,
}

const fn one_in() -> u32 {
    5
}

impl Default for QuestionsConfig {
    fn default() -> Self {
        Self {
            sixteen_one_in: one_in(),
            three_levels: false,
        }
    }
}
