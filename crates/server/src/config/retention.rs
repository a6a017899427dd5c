//! How long what is kept of people is kept.

use serde::Deserialize;

/// `[retention]` of the configuration. Without a number nothing is erased: how long is for the province to decide.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Days after its end for which the contents of a case are kept.
    pub case_days: Option<u32>,
}
