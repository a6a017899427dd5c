//! A citation: instrument, article, clause, and how sure we are of it.

use crate::case::wire_enum;
use crate::lang::Lang;

wire_enum! {
    /// How far a rule was checked; the marks of docs/LAW.md.
    Sureness {
        /// Read in the text of the instrument.
        Verified = "verified",
        /// Read only where someone else reports it.
        Secondary = "secondary",
        /// The text was read and leaves room: this is how we read it.
        Reading = "reading",
        /// The text was not found; the rule before it is carried on until it is.
        Open = "open",
    }
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
    const fn at(instrument: &'static str, article: u16, clause: u16, sureness: Sureness) -> Self {
        Self {
            instrument,
            article,
            clause,
            sureness,
        }
    }

    /// A citation read in the instrument's own text.
    #[must_use]
    pub const fn verified(instrument: &'static str, article: u16, clause: u16) -> Self {
        Self::at(instrument, article, clause, Sureness::Verified)
    }

    /// A citation that someone else reports.
    #[must_use]
    pub const fn secondary(instrument: &'static str, article: u16, clause: u16) -> Self {
        Self::at(instrument, article, clause, Sureness::Secondary)
    }

    /// How we read a clause that leaves room.
    #[must_use]
    pub const fn reading(instrument: &'static str, article: u16, clause: u16) -> Self {
        Self::at(instrument, article, clause, Sureness::Reading)
    }

    /// A rule whose clause was not found: the rule before it is carried on.
    #[must_use]
    pub const fn open(instrument: &'static str) -> Self {
        Self::at(instrument, 0, 0, Sureness::Open)
    }

    /// The citation in words. A reading and an open clause are worded as such, never as a number.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let mut out = String::new();
        if matches!(self.sureness, Sureness::Reading | Sureness::Open) {
            out.push_str(match lang {
                Lang::Vi => "theo quy định hiện hành (",
                Lang::En => "under the rules in force (",
            });
            out.push_str(&named(self.instrument, lang));
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
        if lang == Lang::En && self.article > 0 {
            out.pop();
            out.push_str(", ");
        }
        out.push_str(&named(self.instrument, lang));
        if self.sureness == Sureness::Secondary {
            out.push_str(match lang {
                Lang::Vi => " (theo nguồn thứ cấp)",
                Lang::En => " (as a secondary source reports)",
            });
        }
        out
    }
}

/// Kinds of instruments: as their numbers begin here, and in words.
const KINDS: [(&str, &str, &str); 6] = [
    ("NĐ", "Nghị định", "Decree"),
    ("TT", "Thông tư", "Circular"),
    ("QĐ", "Quyết định", "Decision"),
    ("CT", "Chỉ thị", "Directive"),
    ("NQ", "Nghị quyết", "Resolution"),
    ("Bộ luật Dân sự", "Bộ luật Dân sự", "Civil Code"),
];

/// Between an instrument and the one that amends it.
const AMENDED: &str = " (sửa đổi bởi ";

/// An instrument for a reader: its kind in words, its number as it stands, by which it is found; and what amends it.
fn named(instrument: &str, lang: Lang) -> String {
    let amended = instrument.strip_suffix(')');
    if let Some((own, by)) = amended.and_then(|both| both.split_once(AMENDED)) {
        let amended = match lang {
            Lang::Vi => ", sửa đổi bởi ",
            Lang::En => ", as amended by ",
        };
        return format!("{}{amended}{}", named(own, lang), named(by, lang));
    }
    let in_words = |(kind, vi, en): (&str, &str, &str)| {
        let number = instrument.strip_prefix(kind)?.strip_prefix(' ')?;
        let kind = match lang {
            Lang::Vi => vi,
            Lang::En => en,
        };
        Some(format!("{kind} {number}"))
    };
    let known = KINDS.into_iter().find_map(in_words);
    known.unwrap_or_else(|| instrument.to_owned())
}
