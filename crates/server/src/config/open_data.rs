//! What the province says of its open data.

use dung_hen_domain::wire::Text;
use serde::{Deserialize, Serialize};

/// `data_licence`: under what the open data may be used.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DataLicence {
    /// Its name, such as that of a Creative Commons licence, or the decision of the province.
    pub name: Text,
    /// Where its text stands.
    #[serde(default)]
    pub url: Option<String>,
}
