//! Settings as they come from the element's attributes, read with limits.

/// The heading level of the form's title when none is given.
pub(crate) const DEFAULT_LEVEL: u8 = 2;

/// Reads a heading level, 2 to 5; anything else is the default (`embed.js` has warned already).
pub(crate) fn level(text: &str) -> u8 {
    match text.as_bytes() {
        [digit @ b'2'..=b'5'] => digit - b'0',
        _ => DEFAULT_LEVEL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_outside_two_to_five_are_the_default() {
        for (text, level_read) in [
            ("2", 2),
            ("5", 5),
            ("1", 2),
            ("6", 2),
            ("", 2),
            ("33", 2),
            ("h3", 2),
        ] {
            assert_eq!(level(text), level_read, "{text}");
        }
    }
}
