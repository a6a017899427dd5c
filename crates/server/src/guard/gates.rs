//! Attempts at one code pass one by one.

use tokio::sync::{Mutex, MutexGuard};

use crate::keys::Digest;

/// Lets attempts at one code through one by one in this server; [`crate::store::Store::one_by_one`] does so among
/// servers. Without it a hundred guesses sent at the same instant would all be let in before the first of them is counted.
#[derive(Debug)]
pub struct Gates(Vec<Mutex<()>>);

impl Default for Gates {
    fn default() -> Self {
        Self((0..256).map(|_| Mutex::new(())).collect())
    }
}

impl Gates {
    /// Waits for whoever tries the same code, or one that shares its gate.
    pub async fn enter(&self, attempt: &Digest) -> MutexGuard<'_, ()> {
        // 256 gates, one for each first byte.
        self.0[usize::from(attempt[0])].lock().await
    }
}
