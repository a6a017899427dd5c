//! What is wrong with the items of a file, told together: a line for each kind of fault, with how many there are of it and
//! where the first ones stand. Who has thousands of cases mends a kind, not a case.

use std::collections::BTreeMap;

use super::file::{Entry, FileError};

/// Kinds that are told; the rest is counted.
const KINDS: usize = 20;
/// Lines that are told of a kind.
const LINES: usize = 5;

/// The items of a file that cannot be read. Holds no value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// Items of the file, those that can be read too.
    items: usize,
    /// The first that is wrong.
    first: FileError,
    /// By what is wrong: field and message.
    kinds: BTreeMap<(String, String), Kind>,
}

/// What is wrong in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kind {
    items: usize,
    /// The first [`LINES`] of them, from 1.
    lines: Vec<usize>,
}

impl Refusals {
    /// Those of a file; `None` where each item can be read.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Option<Self> {
        let mut errors = entries.iter().filter_map(|entry| match entry {
            Entry::Item(_) => None,
            Entry::Refused(refused) => Some(&refused.error),
        });
        let first = errors.next()?;
        let mut kinds: BTreeMap<(String, String), Kind> = BTreeMap::new();
        for error in std::iter::once(first).chain(errors) {
            let kind = kinds.entry((everywhere(&error.field), error.message.clone()));
            let kind = kind.or_default();
            kind.items += 1;
            if kind.lines.len() < LINES {
                kind.lines.push(error.line);
            }
        }
        Some(Self {
            items: entries.len(),
            first: first.clone(),
            kinds,
        })
    }

    /// How many items cannot be read.
    #[must_use]
    pub fn count(&self) -> usize {
        self.kinds.values().map(|kind| kind.items).sum()
    }

    /// A line for each kind, those with the most items first, each after a line break.
    #[must_use]
    pub fn by_kind(&self) -> String {
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(_, kind)| (std::cmp::Reverse(kind.items), kind.lines.first().copied()));
        let mut told: Vec<String> = (kinds.iter().take(KINDS))
            .map(|((field, message), kind)| line_of(field, message, kind))
            .collect();
        if let Some(more) = kinds.len().checked_sub(KINDS).filter(|more| *more > 0) {
            let items: usize = kinds[KINDS..].iter().map(|(_, kind)| kind.items).sum();
            told.push(format!("\n  and {more} more kinds, of {items} items"));
        }
        told.concat()
    }
}

fn line_of(field: &str, message: &str, kind: &Kind) -> String {
    let lines: Vec<String> = kind.lines.iter().map(usize::to_string).collect();
    let (items, line) = match kind.items {
        1 => ("item", "line"),
        _ => ("items", "lines"),
    };
    let more = if kind.items > kind.lines.len() {
        ", …"
    } else {
        ""
    };
    let lines = lines.join(", ");
    let count = kind.items;
    format!("\n  {field}: {message}: {count} {items}, {line} {lines}{more}")
}

impl std::fmt::Display for Refusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.count() {
            1 => self.first.fmt(f),
            count => write!(f, "{count} of {} items cannot be read", self.items),
        }
    }
}

impl std::error::Error for Refusals {}

/// A field without the place of its item and of what it is in: `data[3].DanhSachXinLoi[0].LyDo` is `DanhSachXinLoi[].LyDo`.
fn everywhere(field: &str) -> String {
    let within = field.split_once("].").map_or(field, |(item, within)| {
        if item.starts_with("data[") {
            within
        } else {
            field
        }
    });
    let mut out = String::with_capacity(within.len());
    let mut inside = false;
    for one in within.chars() {
        inside &= one != ']';
        if !inside {
            out.push(one);
        }
        inside |= one == '[';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::file::read_each;
    use super::*;

    /// A case with these fields more.
    fn case(more: &str) -> String {
        format!(
            r#"{{"service":"DongBoHoSoMC","madonvi":"H98.1","data":[{{"MaHoSo":"H98.1-260901-0001","MaTTHC":"1.004222","NgayTiepNhan":"20260901080000","TrangThaiHoSo":"4"{more}}}]}}"#
        )
    }

    fn of(lines: &[String]) -> Option<Refusals> {
        Refusals::of(&read_each(&lines.join("\n")).unwrap())
    }

    #[test]
    fn a_file_that_can_be_read_has_none() {
        assert_eq!(of(&[case(""), case("")]), None);
    }

    #[test]
    fn the_only_one_is_told_with_its_line_and_field() {
        let wrong = of(&[case(""), case(r#","NgayHenTra":"20260831000000""#)]).unwrap();
        let told = "line 2, field data[0].NgayHenTra: before NgayTiepNhan";
        assert_eq!((wrong.count(), wrong.to_string().as_str()), (1, told));
    }

    /// Seven promises before the reception, of which five are named, and two letters without a day; the kind with the most
    /// first, wherever it stands.
    #[test]
    fn many_are_told_by_what_is_wrong_with_them() {
        let early = case(r#","NgayHenTra":"20260831000000""#);
        let letter = case(r#","DanhSachXinLoi":[{"NgayBanHanh":7}]"#);
        let mut lines = vec![letter.clone(), case("")];
        lines.extend(std::iter::repeat_n(early, 7));
        lines.push(letter);
        let wrong = of(&lines).unwrap();
        assert_eq!(wrong.to_string(), "9 of 10 items cannot be read");
        assert_eq!(
            wrong.by_kind(),
            "\n  NgayHenTra: before NgayTiepNhan: 7 items, lines 3, 4, 5, 6, 7, …\
             \n  DanhSachXinLoi[].NgayBanHanh: a moment as yyyyMMddHHmmss expected, found 1 digit: 2 items, lines 1, 10"
        );
    }

    #[test]
    fn no_more_kinds_are_told_than_can_be_read() {
        let lines: Vec<String> = (1..=KINDS + 2)
            .map(|n| case(&format!(r#","NgayTra":"{}""#, "x".repeat(n + 30))))
            .collect();
        let told = of(&lines).unwrap().by_kind();
        assert_eq!(told.lines().count(), 1 + KINDS + 1, "{told}");
        assert!(told.ends_with("and 2 more kinds, of 2 items"), "{told}");
    }
}
