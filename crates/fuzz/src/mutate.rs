//! Mutations for the short form: a few edits of a seed, drawn from a number, so that a failure is found again by that
//! number. libFuzzer does this better, guided by coverage; it runs in the long form.

/// Pieces that parsers trip over.
const PIECES: [&[u8]; 24] = [
    b"",
    b"0",
    b"-",
    b"-1",
    b"9999",
    b"99999999999999999999",
    b"1e400",
    b"null",
    b"true",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"[",
    b"]}",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    "\u{feff}".as_bytes(),
    "ễ".as_bytes(),
    "𝟚".as_bytes(),
    b"\xff\xfe",
];

/// Draws mutations.
#[derive(Clone, Debug)]
pub struct Mutator(u64);

impl Mutator {
    /// The same number draws the same mutations.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % bound.max(1)
    }

    /// One to four edits of a seed.
    #[must_use]
    pub fn mutate(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let pick = self.below(seeds.len());
        let mut bytes = seeds.get(pick).cloned().unwrap_or_default();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(12)).min(bytes.len());
            match self.below(7) {
                0 => {
                    let flip = 1 << self.below(8);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= flip;
                    }
                }
                1 => bytes.truncate(at),
                2 => drop(bytes.drain(at..to)),
                3 => {
                    let again = bytes[at..to].to_vec();
                    drop(bytes.splice(at..at, again));
                }
                4 => {
                    let other = self.below(seeds.len());
                    let other = seeds.get(other).map_or(&[][..], Vec::as_slice);
                    let from = self.below(other.len() + 1);
                    let until = (from + self.below(24)).min(other.len());
                    drop(bytes.splice(at..to, other[from..until].iter().copied()));
                }
                5 => {
                    // A digit for another: dates and amounts at their edges.
                    let digit = b'0' + u8::try_from(self.below(10)).unwrap_or(0);
                    if let Some(byte) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                        *byte = digit;
                    }
                }
                _ => {
                    let piece = PIECES[self.below(PIECES.len())];
                    drop(bytes.splice(at..to, piece.iter().copied()));
                }
            }
        }
        bytes
    }
}
