//! A citation: instrument, article, clause, and how sure we are of it.

use crate::words::Lang;

/// How far a citation was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Read in the text of the instrument.
    Verified,
    /// The clause is open: a reading, to be worded "under the rules in force".
    Reading,
}

/// Where a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// Number of the instrument, such as `NĐ 61/2018/NĐ-CP`.
    pub instrument: &'static str,
    /// Article (*Điều*); 0 where the article is open.
    pub article: u16,
    /// Clause (*khoản*); 0 where the whole article is meant.
    pub clause: u16,
    /// How sure we are.
    pub sureness: Sureness,
}

impl LegalBasis {
    /// A citation read in the instrument's own text.
    #[must_use]
    pub const fn verified(instrument: &'static str, article: u16, clause: u16) -> Self {
        Self {
            instrument,
            article,
            clause,
            sureness: Sureness::Verified,
        }
    }

    /// A reading of an instrument whose clause could not be checked.
    #[must_use]
    pub const fn reading(instrument: &'static str, article: u16, clause: u16) -> Self {
        Self {
            instrument,
            article,
            clause,
            sureness: Sureness::Reading,
        }
    }

    /// The citation in words. An open clause is worded as such, never as a number.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let mut out = String::new();
        if self.sureness == Sureness::Reading {
            out.push_str(match lang {
                Lang::Vi => "theo quy định hiện hành (",
                Lang::En => "under the rules in force (",
            });
            out.push_str(self.instrument);
            out.push(')');
            return out;
        }
        if self.clause > 0 {
            out.push_str(match lang {
                Lang::Vi => "khoản ",
                Lang::En => "clause ",
            });
            crate::civil::push_padded(&mut out, u32::from(self.clause), 1);
            out.push(' ');
        }
        if self.article > 0 {
            out.push_str(match lang {
                Lang::Vi => "Điều ",
                Lang::En => "Article ",
            });
            crate::civil::push_padded(&mut out, u32::from(self.article), 1);
            out.push(' ');
        }
        out.push_str(self.instrument);
        out
    }
}
