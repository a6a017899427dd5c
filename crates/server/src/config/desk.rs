//! The desk: how objections are answered, and which officers may do what.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::parse_date;
use dung_hen_domain::objection::{ObjectionKind, Term};
use dung_hen_domain::time_limit::{TimeLimit, Unit};
use serde::Deserialize;

use super::ConfigError;

/// `[objections]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionsConfig {
    /// The body that reads reports about money and conduct beside the hotline.
    #[serde(default = "inspectorate")]
    pub inspectorate: String,
    /// Days after the answer on which a reporter's contact is erased.
    #[serde(default = "contact_days")]
    pub contact_days: u32,
    /// Days after the answer on which what was written is erased; kind, days and agency stay, for the figures.
    #[serde(default = "text_days")]
    pub text_days: u32,
    /// Times to answer.
    #[serde(default)]
    pub terms: Vec<TermConfig>,
}

fn inspectorate() -> String {
    "thanh tra".to_owned()
}

const fn contact_days() -> u32 {
    30
}

const fn text_days() -> u32 {
    365
}

impl Default for ObjectionsConfig {
    fn default() -> Self {
        Self {
            inspectorate: inspectorate(),
            contact_days: contact_days(),
            text_days: text_days(),
            terms: Vec::new(),
        }
    }
}

/// `[[objections.terms]]`: a time to answer, with the decision that says so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermConfig {
    /// First day of reception, `YYYY-MM-DD`.
    from: String,
    /// Machine names of the kinds; none: every kind without a term of its own.
    #[serde(default)]
    kinds: Vec<String>,
    /// How many units.
    amount: u32,
    /// A unit such as `working_day`.
    unit: String,
    /// The decision.
    source: String,
}

impl ObjectionsConfig {
    /// The terms, checked.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the key.
    pub fn terms(&self) -> Result<Vec<Term>, ConfigError> {
        self.terms.iter().map(TermConfig::read).collect()
    }
}

impl TermConfig {
    fn read(&self) -> Result<Term, ConfigError> {
        let bad = |key: &str, expected| ConfigError::Value {
            key: format!("objections.terms, {key}"),
            expected,
        };
        let unit =
            Unit::from_name(&self.unit).ok_or_else(|| bad("unit", "a unit such as working_day"))?;
        if self.source.trim().is_empty() {
            return Err(bad("source", "the decision that fixes the time"));
        }
        Ok(Term {
            from: parse_date(&self.from).ok_or_else(|| bad("from", "a day, YYYY-MM-DD,"))?,
            kinds: self
                .kinds
                .iter()
                .map(|name| {
                    ObjectionKind::from_name(name)
                        .ok_or_else(|| bad("kinds", "kinds of objection, as in docs/API.md,"))
                })
                .collect::<Result<_, _>>()?,
            limit: TimeLimit::new(self.amount, unit)
                .map_err(|_| bad("amount", "1 to 10000 units"))?,
            source: self.source.clone(),
        })
    }
}

/// What an officer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// See the cases due, and record the letters that the agency has signed.
    Letters,
    /// Read and answer objections to the agency; those about money and conduct are not among them.
    Objections,
    /// The hotline: read and answer objections of every kind.
    Hotline,
    /// The inspectorate: read and answer those about money and conduct.
    Inspectorate,
    /// The head of an agency: read its monthly briefs and its reports.
    Head,
}

/// `[[officers]]`: a person with a key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerConfig {
    /// Name.
    pub name: String,
    /// The body for which they act, as shown with what they answer.
    pub body: String,
    /// Code of the agency whose cases they see; none: every agency.
    #[serde(default)]
    pub agency: Option<String>,
    /// What they may do.
    pub roles: Vec<Role>,
    /// SHA-256 of the key, hexadecimal: `server officer-key` makes both.
    pub key_sha256: String,
}

impl OfficerConfig {
    /// Checks the hash.
    ///
    /// # Errors
    /// [`ConfigError::Value`].
    pub fn check(&self) -> Result<(), ConfigError> {
        let hex = self.key_sha256.len() == 64
            && self
                .key_sha256
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if hex {
            return Ok(());
        }
        Err(ConfigError::Value {
            key: format!("officers, {}: key_sha256", self.name),
            expected: "64 lower-case hexadecimal digits",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Province;

    const HEAD: &str = "code = \"H98\"\nname = { vi = \"a\", en = \"b\" }\n";

    fn refused(more: &str) -> String {
        Province::parse(&format!("{HEAD}{more}"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key() {
        let term = |amount: &str, unit: &str, source: &str| {
            format!(
                "[[objections.terms]]\nfrom = \"2026-01-01\"\namount = {amount}\nunit = \"{unit}\"\nsource = \"{source}\"\n"
            )
        };
        assert!(Province::parse(&format!("{HEAD}{}", term("5", "working_day", "QĐ"))).is_ok());
        assert!(refused(&term("0", "working_day", "QĐ")).contains("amount"));
        assert!(refused(&term("5", "fortnight", "QĐ")).contains("unit"));
        // A time without a decision is one that we would have invented.
        assert!(refused(&term("5", "working_day", " ")).contains("source"));
        let officer = "[[officers]]\nname = \"A\"\nbody = \"B\"\nroles = [\"letters\"]\nkey_sha256 = \"secret\"\n";
        assert!(refused(officer).contains("key_sha256"));
    }
}
