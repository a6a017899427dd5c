//! Civil dates and times of Vietnam, read and written without a formatting
//! engine: the element carries this code, and every byte of it is weighed.
//!
//! All times are local to Vietnam (UTC+07:00, no daylight saving since 1975).

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Writes `value` into `out` with at least `width` digits.
pub fn push_padded(out: &mut String, value: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut rest = value;
    let mut at = digits.len();
    while rest > 0 && at > 0 {
        at -= 1;
        if let Some(slot) = digits.get_mut(at) {
            *slot = b'0' + (rest % 10) as u8;
        }
        rest /= 10;
    }
    let start = at.min(digits.len().saturating_sub(width));
    for digit in digits.iter().skip(start) {
        out.push(char::from(*digit));
    }
}

/// A date as `YYYY-MM-DD`.
#[must_use]
pub fn iso_date(date: NaiveDate) -> String {
    let mut out = String::with_capacity(10);
    push_padded(&mut out, date.year().unsigned_abs(), 4);
    out.push('-');
    push_padded(&mut out, date.month(), 2);
    out.push('-');
    push_padded(&mut out, date.day(), 2);
    out
}

/// A local moment as `YYYY-MM-DDTHH:MM` (no offset, minutes only).
#[must_use]
pub fn iso_minute(moment: NaiveDateTime) -> String {
    let mut out = iso_date(moment.date());
    out.push('T');
    out.push_str(&clock(moment.time()));
    out
}

/// A time of day as `HH:MM`.
#[must_use]
pub fn clock(time: NaiveTime) -> String {
    let mut out = String::with_capacity(5);
    push_padded(&mut out, time.hour(), 2);
    out.push(':');
    push_padded(&mut out, time.minute(), 2);
    out
}

/// A local moment as RFC 3339 with the offset of Vietnam.
#[must_use]
pub fn rfc3339(moment: NaiveDateTime) -> String {
    let mut out = iso_minute(moment);
    out.push(':');
    push_padded(&mut out, moment.second(), 2);
    out.push_str("+07:00");
    out
}

fn number(bytes: &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
    }
    Some(value)
}

/// Reads `YYYY-MM-DD` exactly; anything else is `None`.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let year = i32::try_from(number(bytes.get(0..4)?)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(bytes.get(5..7)?)?, number(bytes.get(8..10)?)?)
}

/// Reads `HH:MM` or `HH:MM:SS`.
#[must_use]
pub fn parse_clock(text: &str) -> Option<NaiveTime> {
    let bytes = text.as_bytes();
    if bytes.get(2) != Some(&b':') {
        return None;
    }
    let second = match bytes.len() {
        5 => 0,
        8 if bytes.get(5) == Some(&b':') => number(bytes.get(6..8)?)?,
        _ => return None,
    };
    NaiveTime::from_hms_opt(number(bytes.get(0..2)?)?, number(bytes.get(3..5)?)?, second)
}

/// Reads `YYYY-MM-DDTHH:MM`, with or without seconds, with no offset or with
/// `+07:00`. Any other offset is refused: it would be another day's date.
#[must_use]
pub fn parse_moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix("+07:00").unwrap_or(text);
    let date = parse_date(text.get(0..10)?)?;
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    Some(date.and_time(parse_clock(text.get(11..)?)?))
}

/// Reads the fourteen digits `yyyyMMddHHmmss` of the national sync services.
#[must_use]
pub fn parse_stamp(text: &str) -> Option<NaiveDateTime> {
    let bytes = text.as_bytes();
    if bytes.len() != 14 {
        return None;
    }
    let at = |from: usize, to: usize| number(bytes.get(from..to)?);
    let date = NaiveDate::from_ymd_opt(i32::try_from(at(0, 4)?).ok()?, at(4, 6)?, at(6, 8)?)?;
    Some(date.and_time(NaiveTime::from_hms_opt(
        at(8, 10)?,
        at(10, 12)?,
        at(12, 14)?,
    )?))
}

/// A date on the wire: `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoDate(pub NaiveDate);

/// A moment on the wire: RFC 3339 with `+07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoMoment(pub NaiveDateTime);

impl Serialize for IsoDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&iso_date(self.0))
    }
}

impl<'de> Deserialize<'de> for IsoDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_date(&text)
            .map(Self)
            .ok_or_else(|| de::Error::custom("date: YYYY-MM-DD expected"))
    }
}

impl Serialize for IsoMoment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

impl<'de> Deserialize<'de> for IsoMoment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_moment(&text)
            .map(Self)
            .ok_or_else(|| de::Error::custom("moment: YYYY-MM-DDTHH:MM:SS+07:00 expected"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_of_thirty_years_survives_a_round_trip() {
        let mut date = parse_date("2005-01-01").unwrap();
        for _ in 0..11_000 {
            assert_eq!(parse_date(&iso_date(date)), Some(date));
            date = date.succ_opt().unwrap();
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "2023-02-29",
            "2024-13-01",
            "24-01-01",
            "2024/01/01",
            "",
            "2024-01-1x",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in [
            "20240431120000",
            "2024043012000",
            "20240430250000",
            "2024043012000a",
        ] {
            assert_eq!(parse_stamp(text), None, "{text}");
        }
        assert_eq!(parse_moment("2024-04-30T12:00:00Z"), None);
    }

    #[test]
    fn moments_read_with_and_without_seconds_and_offset() {
        let noon = parse_date("2024-04-30")
            .unwrap()
            .and_hms_opt(12, 5, 0)
            .unwrap();
        for text in [
            "2024-04-30T12:05",
            "2024-04-30T12:05:00",
            "2024-04-30T12:05:00+07:00",
        ] {
            assert_eq!(parse_moment(text), Some(noon), "{text}");
        }
        assert_eq!(parse_stamp("20240430120500"), Some(noon));
        assert_eq!(rfc3339(noon), "2024-04-30T12:05:00+07:00");
        assert_eq!(iso_minute(noon), "2024-04-30T12:05");
    }
}
