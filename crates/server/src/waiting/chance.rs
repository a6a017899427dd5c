//! Numbers and orders that mean nothing.

use std::io;

use crate::keys::random;

/// A random number below `n`, each as likely as any other.
pub(super) fn below(n: usize) -> io::Result<usize> {
    let n = u64::try_from(n.max(1)).unwrap_or(1);
    let whole = u64::MAX - u64::MAX % n;
    loop {
        let bytes = random().map_err(|_| no_randomness())?;
        let drawn = u64::from_le_bytes(bytes[..8].try_into().unwrap_or_default());
        if drawn < whole {
            return Ok(usize::try_from(drawn % n).unwrap_or(0));
        }
    }
}

/// Eight random bytes.
pub(super) fn drawn() -> io::Result<[u8; 8]> {
    let bytes = random().map_err(|_| no_randomness())?;
    Ok(bytes[..8].try_into().unwrap_or_default())
}

/// Fisher and Yates.
pub(super) fn shuffle<T>(all: &mut [T]) -> io::Result<()> {
    for last in (1..all.len()).rev() {
        all.swap(last, below(last + 1)?);
    }
    Ok(())
}

/// The machine gave no random bytes.
pub(super) fn no_randomness() -> io::Error {
    io::Error::other("no random bytes from the machine")
}
