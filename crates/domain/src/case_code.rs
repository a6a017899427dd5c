//! The case code (*mã số hồ sơ*): an opaque key, read for hints only.
//!
//! Grammars: TT 01/2018/TT-VPCP Điều 19 (`000.00.01.H19-230502-0001`) and
//! QĐ 20/2020/QĐ-TTg Điều 4 (`H19.01.02-230502-0001`). The grammar in force since 2025
//! is open, and portals show others, so an unknown form is never an error.

use chrono::NaiveDate;

/// Longest accepted code, in characters after cleaning.
pub const MAX_LENGTH: usize = 64;

/// A cleaned case code.
///
/// Invariant: 1 to [`MAX_LENGTH`] characters, upper case, of `A-Z 0-9 . - / _`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseCode(String);

/// Why a text cannot be a case code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseCodeError {
    /// Nothing but spaces.
    Empty,
    /// Over [`MAX_LENGTH`] characters.
    TooLong,
    /// A character that no case code has.
    BadCharacter(char),
}

impl std::fmt::Display for CaseCodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("case code: empty"),
            Self::TooLong => write!(f, "case code: more than {MAX_LENGTH} characters"),
            Self::BadCharacter(character) => write!(f, "case code: character {character:?}"),
        }
    }
}

impl std::error::Error for CaseCodeError {}

/// The grammar a code follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// TT 01/2018 Điều 19: the level-1 code stands last.
    Circular2018,
    /// QĐ 20/2020 Điều 4: the level-1 code stands first.
    Decision2020,
    /// Any other form.
    Opaque,
}

/// What a code tells by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hints {
    /// The grammar.
    pub grammar: Grammar,
    /// The date of reception inside the code.
    pub received: Option<NaiveDate>,
    /// The level-1 agency code, such as `H19`.
    pub level1: Option<String>,
}

impl CaseCode {
    /// Cleans what a person typed or pasted: spaces and invisible characters go, dashes of
    /// every length become hyphens, letters become capitals.
    ///
    /// # Errors
    /// [`CaseCodeError`].
    pub fn parse(text: &str) -> Result<Self, CaseCodeError> {
        let mut out = String::new();
        for character in text.chars() {
            match character {
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
                    out.push('-')
                }
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
                character if character.is_whitespace() => {}
                'a'..='z' => out.push(character.to_ascii_uppercase()),
                'A'..='Z' | '0'..='9' | '.' | '-' | '/' | '_' => out.push(character),
                other => return Err(CaseCodeError::BadCharacter(other)),
            }
            if out.len() > MAX_LENGTH {
                return Err(CaseCodeError::TooLong);
            }
        }
        if out.is_empty() {
            Err(CaseCodeError::Empty)
        } else {
            Ok(Self(out))
        }
    }

    /// The code in what a person typed or pasted: the whole text or, where that has the form of no national code, the
    /// one code inside it. Wide letters, look-alikes and lost separators are put right where a national code comes of
    /// it; whatever else can be a code stays as it is. Whether a case has the very code is for the asker to know.
    ///
    /// ```
    /// use dung_hen_domain::case_code::CaseCode;
    ///
    /// let pasted = CaseCode::typed("Mã hồ sơ: h98.101–260901–0007").unwrap();
    /// assert_eq!(pasted.as_str(), "H98.101-260901-0007");
    /// ```
    ///
    /// # Errors
    /// [`CaseCodeError`] of the whole text.
    pub fn typed(text: &str) -> Result<Self, CaseCodeError> {
        let plain: String = text.chars().map(narrow).collect();
        let whole = Self::parse(&plain);
        if let Some(code) = whole.as_ref().ok().and_then(Self::mended) {
            return Ok(code);
        }
        let mut inside = words(&plain).filter_map(|code| code.mended());
        match inside.next() {
            Some(first) if inside.all(|other| other == first) => Ok(first),
            _ => whole,
        }
    }

    /// How this code, read by [`CaseCode::typed`], stands in the text, in that order and each form once: the whole text,
    /// or the words that it was read from. A province may issue codes of any form, and then the very code is meant.
    #[must_use]
    pub fn written(&self, text: &str) -> Vec<Self> {
        let plain: String = text.chars().map(narrow).collect();
        let mut all: Vec<Self> = Vec::new();
        let whole = Self::parse(&plain).ok();
        for code in whole.into_iter().chain(words(&plain)) {
            let is_it = code == *self || code.mended().as_ref() == Some(self);
            if is_it && !all.contains(&code) {
                all.push(code);
            }
        }
        all
    }

    /// The national code that was meant, if one was.
    fn mended(&self) -> Option<Self> {
        if self.structured().is_some() {
            return Some(self.clone());
        }
        let text = self.0.replace(['/', '_'], "-");
        let (agency, rest) = match text.split_once('-') {
            Some((agency, rest)) => (agency.to_owned(), rest.to_owned()),
            // Six digits of a day and four of a number, after what no hyphen divides from them.
            None => {
                let (agency, run) = text.split_at_checked(text.len().checked_sub(10)?)?;
                let (day, serial) = run.split_at_checked(6)?;
                (agency.to_owned(), format!("{day}-{serial}"))
            }
        };
        let agency: Vec<String> = agency.split('.').map(numeric).collect();
        let mended = Self(format!("{}-{}", agency.join("."), look_alikes(&rest)));
        mended.structured().is_some().then_some(mended)
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the form tells.
    #[must_use]
    pub fn hints(&self) -> Hints {
        self.structured().unwrap_or(Hints {
            grammar: Grammar::Opaque,
            received: None,
            level1: None,
        })
    }

    fn structured(&self) -> Option<Hints> {
        let mut parts = self.0.split('-');
        let (agency, day, serial) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some()
            || serial.len() < 4
            || !digits(serial)
            || day.len() != 6
            || !digits(day)
        {
            return None;
        }
        let received = crate::civil::parse_stamp(&format!("20{day}000000"))?.date();
        let groups: Vec<&str> = agency.split('.').collect();
        let (grammar, level1) = match groups.as_slice() {
            [a, b, c, last]
                if a.len() == 3
                    && b.len() == 2
                    && c.len() == 2
                    && [a, b, c].iter().all(|x| digits(x)) =>
            {
                (Grammar::Circular2018, *last)
            }
            [first, rest @ ..]
                if agency.len() <= 35 && rest.iter().all(|group| alphanumeric(group)) =>
            {
                (Grammar::Decision2020, *first)
            }
            _ => return None,
        };
        let shape = level1.as_bytes();
        if shape.len() != 3
            || !shape
                .first()
                .is_some_and(|letter| (b'A'..=b'Y').contains(letter))
        {
            return None;
        }
        digits(level1.get(1..)?).then(|| Hints {
            grammar,
            received: Some(received),
            level1: Some(level1.to_owned()),
        })
    }
}

/// The letter of the usual width for one of double width, as keyboards for Chinese or Japanese type it; every dash for
/// the hyphen it was meant to be.
#[must_use]
pub fn narrow(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{ff01}'..='\u{ff5e}' => u32::from(character)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        other => other,
    }
}

/// The words of a text that can be codes.
fn words(plain: &str) -> impl Iterator<Item = CaseCode> {
    plain
        .split(|c: char| c.is_whitespace() || !(c.is_ascii_alphanumeric() || "./_-".contains(c)))
        .filter_map(|word| CaseCode::parse(word.trim_matches(['.', '/', '_', '-'])).ok())
}

/// Digits for the letters that look like them.
fn look_alikes(text: &str) -> String {
    text.replace('O', "0").replace(['I', 'L'], "1")
}

/// A group of an agency's code: digits, or a letter and digits, where look-alikes make it so; else as it is.
fn numeric(group: &str) -> String {
    let mended = look_alikes(group);
    if digits(&mended) {
        return mended;
    }
    match (group.get(..1), mended.get(1..)) {
        (Some(letter), Some(rest)) if digits(rest) => format!("{letter}{rest}"),
        _ => group.to_owned(),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn alphanumeric(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, cleaned: &str, grammar: Grammar, level1: Option<&str>) {
        let code = CaseCode::parse(text).unwrap();
        assert_eq!(code.as_str(), cleaned);
        let hints = code.hints();
        assert_eq!(
            (hints.grammar, hints.level1.as_deref()),
            (grammar, level1),
            "{text}"
        );
    }

    #[test]
    fn every_grammar_is_read() {
        check(
            "000.00.01.H19-230502-0001",
            "000.00.01.H19-230502-0001",
            Grammar::Circular2018,
            Some("H19"),
        );
        check(
            "H19.01.02-230502-0001",
            "H19.01.02-230502-0001",
            Grammar::Decision2020,
            Some("H19"),
        );
        check(
            "H21.65-220914-0011",
            "H21.65-220914-0011",
            Grammar::Decision2020,
            Some("H21"),
        );
        check(
            "H26.103.25.7-250908-0112",
            "H26.103.25.7-250908-0112",
            Grammar::Decision2020,
            Some("H26"),
        );
        check("00352112000539", "00352112000539", Grammar::Opaque, None);
        // More than four serial digits happen in practice.
        check(
            "H19.01-230502-12345",
            "H19.01-230502-12345",
            Grammar::Decision2020,
            Some("H19"),
        );
    }

    #[test]
    fn what_people_paste_is_cleaned() {
        check(
            "  h19.01.02 – 230502 – 0001 \u{200b}",
            "H19.01.02-230502-0001",
            Grammar::Decision2020,
            Some("H19"),
        );
    }

    #[test]
    fn what_was_typed_badly_is_read_as_it_was_meant() {
        let typed = |text: &str| CaseCode::typed(text).map(|code| code.as_str().to_owned());
        for text in [
            "H98.101-260907-0001",
            "Ｈ９８．１０１－２６０９０７－０００１",
            "H98.1O1-26O9O7-OOO1",
            "h98.l01-260907-000l",
            "H98.1012609070001",
            "H98.101/260907/0001",
            "Mã hồ sơ: H98.101-260907-0001",
            "(H98.101–260907–0001).",
            "https://dichvucong.example.vn/tra-cuu?ma=H98.101-260907-0001&x=1",
            "Cong DVC tinh Mau: ho so H98.101-260907-0001 cua ong/ba hen tra 05/10/2026. Ma tra cuu: 8HEYEMN4. LH 1022",
            "H98.101-260907-0001: hồ sơ H98.101-260907-0001 đã được tiếp nhận",
        ] {
            assert_eq!(typed(text).as_deref(), Ok("H98.101-260907-0001"), "{text}");
        }
        for (text, code) in [
            ("000.00.08.H982608240001", "000.00.08.H98-260824-0001"),
            ("OOO.OO.O8.H98-26O824-OOO1", "000.00.08.H98-260824-0001"),
            // No national code comes of these: they stay what they are.
            ("00982610090001", "00982610090001"),
            ("H981012609070001", "H981012609070001"),
            ("HOSO-LO-01", "HOSO-LO-01"),
            ("PA-3F7K-OL2M-9QRT", "PA-3F7K-OL2M-9QRT"),
            ("H98.GOI-260907-0001", "H98.GOI-260907-0001"),
        ] {
            assert_eq!(typed(text).as_deref(), Ok(code), "{text}");
        }
        // Which of two is meant, nobody can say; nor is a sentence a code.
        for text in [
            "mã H98.101-260907-0001 và H98.101-260907-0002",
            "đơn của tôi!",
        ] {
            assert!(typed(text).is_err(), "{text}");
        }
        assert_eq!(typed(" "), Err(CaseCodeError::Empty));
    }

    #[test]
    fn impossible_dates_make_the_code_opaque() {
        check(
            "H19.01.02-231302-0001",
            "H19.01.02-231302-0001",
            Grammar::Opaque,
            None,
        );
        check(
            "Z19.01.02-230502-0001",
            "Z19.01.02-230502-0001",
            Grammar::Opaque,
            None,
        );
    }

    #[test]
    fn what_cannot_be_a_code_says_why() {
        assert_eq!(CaseCode::parse(" \u{feff} "), Err(CaseCodeError::Empty));
        assert_eq!(
            CaseCode::parse(&"1".repeat(65)),
            Err(CaseCodeError::TooLong)
        );
        assert_eq!(
            CaseCode::parse("H19'; --"),
            Err(CaseCodeError::BadCharacter('\''))
        );
    }
}
