//! A little work, asked for while someone tries codes and proofs: it costs a citizen a second or two once, and whoever
//! wants a million answers a million times that. No image, no third party, nothing stored.
//!
//! A challenge is signed by us and bound to the case code and to two minutes. To solve it, find for each step from 0
//! to `steps - 1` a number such that SHA-256(challenge ‖ step ‖ number) begins with `bits` zero bits; step is one byte,
//! number four bytes, big-endian. Many small steps instead of one large one: the time hardly varies, and progress is
//! visible. A solution opens one code for two minutes, and tries at one code are limited apart from this.
//!
//! Without JavaScript waiting takes the place of work: a ticket that is good only after a while.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::keys::{Keys, Purpose, equal, random};

/// Leading zero bits of a step: 2048 tries on average.
const BITS: u8 = 11;
/// Steps of a puzzle. docs/PERFORMANCE.md has what this takes on a slow device.
const STEPS: u8 = 48;
/// Seconds for which a challenge can be answered.
const GOOD_FOR: i64 = 120;
/// Seconds to wait instead, without JavaScript.
pub const WAIT: i64 = 20;
/// Seconds for which a ticket is good.
const TICKET_FOR: i64 = 3600;

/// What the asker gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Puzzle {
    /// To be put before each step.
    pub challenge: String,
    /// Leading zero bits of each step.
    pub bits: u8,
    /// Number of steps.
    pub steps: u8,
}

impl Puzzle {
    /// A puzzle for this code.
    #[must_use]
    pub fn new(keys: &Keys, code: &str, now: NaiveDateTime) -> Self {
        let until = now.and_utc().timestamp() + GOOD_FOR;
        Self {
            challenge: signed(keys, b"puzzle", code, &[until]),
            bits: BITS,
            steps: STEPS,
        }
    }
}

/// Whether `answer`, a challenge and its numbers parted by a dot, opens this code now.
#[must_use]
pub fn solved(keys: &Keys, answer: &str, code: &str, now: NaiveDateTime) -> bool {
    let Some((challenge, numbers)) = answer.split_once('.') else {
        return false;
    };
    let Some([until]) = read(keys, b"puzzle", code, challenge) else {
        return false;
    };
    let seconds = now.and_utc().timestamp();
    let Ok(numbers) = URL_SAFE_NO_PAD.decode(numbers) else {
        return false;
    };
    seconds <= until
        && numbers.len() == usize::from(STEPS) * 4
        && (0..STEPS)
            .zip(numbers.chunks_exact(4))
            .all(|(step, number)| fits(challenge, step, number))
}

fn fits(challenge: &str, step: u8, number: &[u8]) -> bool {
    let hash = Sha256::new()
        .chain_update(challenge)
        .chain_update([step])
        .chain_update(number)
        .finalize();
    let head = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    head.leading_zeros() >= u32::from(BITS)
}

/// A ticket that opens this code after `wait` seconds, for an hour.
#[must_use]
pub fn ticket(keys: &Keys, code: &str, wait: i64, now: NaiveDateTime) -> String {
    let from = now.and_utc().timestamp() + wait;
    signed(keys, b"ticket", code, &[from, from + TICKET_FOR])
}

/// Whether a ticket opens this code now.
#[must_use]
pub fn waited(keys: &Keys, ticket: &str, code: &str, now: NaiveDateTime) -> bool {
    read(keys, b"ticket", code, ticket)
        .is_some_and(|[from, until]| (from..=until).contains(&now.and_utc().timestamp()))
}

/// Numbers and a nonce, signed for this code.
fn signed(keys: &Keys, kind: &[u8], code: &str, numbers: &[i64]) -> String {
    let mut bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect();
    bytes.extend_from_slice(&random().unwrap_or_default()[..12]);
    let mac = keys.hash(Purpose::Puzzle, &[kind, code.as_bytes(), &bytes]);
    bytes.extend_from_slice(&mac[..16]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The numbers of what we signed for this code; `None`: we did not.
fn read<const N: usize>(keys: &Keys, kind: &[u8], code: &str, text: &str) -> Option<[i64; N]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (body, mac) = bytes.split_last_chunk::<16>()?;
    let expected = keys.hash(Purpose::Puzzle, &[kind, code.as_bytes(), body]);
    if !equal(&expected[..16], mac) || body.len() != N * 8 + 12 {
        return None;
    }
    let mut numbers = [0; N];
    for (number, eight) in numbers.iter_mut().zip(body.chunks_exact(8)) {
        *number = i64::from_be_bytes(eight.try_into().ok()?);
    }
    Some(numbers)
}

/// Solves a puzzle as a browser does; for tests and benches.
#[must_use]
pub fn solve(puzzle: &Puzzle) -> String {
    let numbers: Vec<u8> = (0..puzzle.steps)
        .flat_map(|step| {
            (0u32..)
                .map(u32::to_be_bytes)
                .find(|number| fits(&puzzle.challenge, step, number))
                .unwrap_or_default()
        })
        .collect();
    format!("{}.{}", puzzle.challenge, URL_SAFE_NO_PAD.encode(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 10, 15)
            .unwrap()
            .and_hms_opt(9, 0, 0)
            .unwrap()
    }

    fn later(seconds: i64) -> NaiveDateTime {
        now() + chrono::Duration::seconds(seconds)
    }

    #[test]
    fn a_solution_opens_its_own_code_for_two_minutes() {
        let keys = Keys::new([7; 32]);
        let answer = solve(&Puzzle::new(&keys, "H98-1", now()));
        assert!(solved(&keys, &answer, "H98-1", later(120)));
        assert!(!solved(&keys, &answer, "H98-1", later(121)));
        assert!(!solved(&keys, &answer, "H98-2", now()));
        assert!(!solved(&Keys::new([8; 32]), &answer, "H98-1", now()));
    }

    #[test]
    fn work_left_out_is_noticed() {
        let keys = Keys::new([7; 32]);
        let puzzle = Puzzle::new(&keys, "H98-1", now());
        let answer = solve(&puzzle);
        let numbers = answer.split_once('.').unwrap().1;
        let last = numbers.len() - 1;
        for wrong in [
            puzzle.challenge.clone(),
            format!("{}.", puzzle.challenge),
            format!("{}.{}", puzzle.challenge, "A".repeat(numbers.len())),
            format!("{}.{}", puzzle.challenge, &numbers[..last]),
            format!("{answer}AAAA"),
            "nonsense.nonsense".to_owned(),
        ] {
            assert!(!solved(&keys, &wrong, "H98-1", now()), "{wrong}");
        }
    }

    #[test]
    fn a_ticket_opens_its_own_code_after_the_wait() {
        let keys = Keys::new([7; 32]);
        let ticket = ticket(&keys, "H98-1", WAIT, now());
        assert!(!waited(&keys, &ticket, "H98-1", later(WAIT - 1)));
        assert!(waited(&keys, &ticket, "H98-1", later(WAIT)));
        assert!(!waited(&keys, &ticket, "H98-2", later(WAIT)));
        assert!(!waited(
            &keys,
            &ticket,
            "H98-1",
            later(WAIT + TICKET_FOR + 1)
        ));
        // One is not the other.
        assert!(!solved(&keys, &format!("{ticket}."), "H98-1", later(WAIT)));
    }
}
