//! The number of a ballot, which is also the receipt of the rating: 22 random characters and two that check them,
//! read out in six groups of four.
//!
//! Letters and digits as Crockford's base 32 has them: no I, L, O, U; whoever writes O for 0 or I or L for 1 is
//! understood. The two last characters make it a code word of a Reed-Solomon code over GF(32): any two wrong
//! characters, and any two that changed places, are noticed.

/// Characters of a number, without hyphens.
pub const NUMBER_LEN: usize = 24;
const DATA: usize = NUMBER_LEN - 2;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A number: 110 random bits and their check characters, in upper case without hyphens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Number([u8; NUMBER_LEN]);

// A number is the key to a correction: it must not end in a log.
impl core::fmt::Debug for Number {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Number(…)")
    }
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Too short, too long, or with a sign that numbers do not have.
    Form,
    /// The check characters do not fit: something was mistyped.
    Check,
}

impl core::fmt::Display for NumberError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => "not of the form of a number",
            Self::Check => "the check characters do not fit",
        })
    }
}

impl core::error::Error for NumberError {}

impl Number {
    /// A number from 22 random bytes, five bits of each.
    #[must_use]
    pub fn from_random(bytes: [u8; DATA]) -> Self {
        let mut word = [0; NUMBER_LEN];
        for (slot, byte) in word.iter_mut().zip(bytes) {
            *slot = byte & 31;
        }
        // Two symbols that make the word zero at 1 and at the generator 2: s0 = Σ w, s1 = Σ w·2^(23-i).
        let (s0, s1) = syndromes(&word);
        // a + b = s0 and 2a + b = s1 hence 3a = s0 + s1 (addition is exclusive or).
        let a = mul(s0 ^ s1, INVERSE_OF_3);
        word[DATA] = a;
        word[DATA + 1] = a ^ s0;
        Self(word.map(|symbol| ALPHABET[usize::from(symbol & 31)]))
    }

    /// Reads a number as people type it: any case, spaces and hyphens anywhere.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let mut word = [0; NUMBER_LEN];
        let mut len = 0;
        for c in text.chars() {
            if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.') {
                continue;
            }
            let symbol = symbol(c).ok_or(NumberError::Form)?;
            *word.get_mut(len).ok_or(NumberError::Form)? = symbol;
            len += 1;
        }
        if len != NUMBER_LEN {
            return Err(NumberError::Form);
        }
        if syndromes(&word) != (0, 0) {
            return Err(NumberError::Check);
        }
        Ok(Self(word.map(|symbol| ALPHABET[usize::from(symbol & 31)])))
    }

    /// The characters, which are also the private input of the function.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; NUMBER_LEN] {
        &self.0
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The four characters of each group.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0
            .chunks(4)
            .map(|group| core::str::from_utf8(group).unwrap_or_default())
    }
}

fn symbol(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == c)?;
    u8::try_from(at).ok()
}

/// The word as a polynomial, at 1 and at 2.
fn syndromes(word: &[u8; NUMBER_LEN]) -> (u8, u8) {
    word.iter().fold((0, 0), |(s0, s1), symbol| {
        (s0 ^ symbol, mul(s1, 2) ^ symbol)
    })
}

/// 3 · 28 = 1 in GF(32) with x^5 + x^2 + 1; `the_inverse_is_one` has the proof.
const INVERSE_OF_3: u8 = 28;

/// The product in GF(32), x^5 = x^2 + 1.
const fn mul(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a, b, 0);
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Number {
        Number::from_random(core::array::from_fn(|i| {
            u8::try_from(i * 37 % 251).unwrap()
        }))
    }

    #[test]
    fn the_inverse_is_one() {
        assert_eq!(mul(3, INVERSE_OF_3), 1);
    }

    #[test]
    fn read_back_however_it_is_typed() {
        let number = some();
        let grouped = number.groups().collect::<Vec<_>>().join("-");
        assert_eq!(grouped.len(), 29);
        for typed in [
            grouped.clone(),
            grouped.to_lowercase(),
            grouped.replace('-', " "),
            grouped.replace('-', "–"),
            format!("  {}\n", grouped.replace('0', "o").replace('1', "l")),
        ] {
            assert_eq!(Number::parse(&typed), Ok(number), "{typed}");
        }
    }

    #[test]
    fn one_or_two_wrong_characters_and_swapped_ones_are_noticed() {
        let right = some().0;
        let broken = |word: [u8; NUMBER_LEN]| {
            let text = core::str::from_utf8(&word).unwrap();
            assert_eq!(Number::parse(text), Err(NumberError::Check), "{text}");
        };
        for i in 0..NUMBER_LEN {
            for wrong in *ALPHABET {
                let mut word = right;
                word[i] = wrong;
                if word != right {
                    broken(word);
                }
                for j in 0..i {
                    let mut word = word;
                    word[j] = if right[j] == b'7' { b'8' } else { b'7' };
                    broken(word);
                }
            }
            for j in 0..i {
                let mut word = right;
                word.swap(i, j);
                if word != right {
                    broken(word);
                }
            }
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "7",
            "U",
            &"0".repeat(25),
            &"A".repeat(23),
            "đơn của tôi",
        ] {
            assert_eq!(Number::parse(text), Err(NumberError::Form), "{text}");
        }
    }
}
