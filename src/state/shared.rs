//! A value that tells whoever has read it when it changes.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

/// Shared by all that have a clone of it. One trigger for any kind of value: a signal for each kind is code for each.
pub(crate) struct Shared<T> {
    value: Arc<Mutex<T>>,
    changed: ArcTrigger,
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            changed: self.changed.clone(),
        }
    }
}

impl<T> Shared<T> {
    /// A value that nobody has read yet.
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: Arc::new(Mutex::new(value)),
            changed: ArcTrigger::new(),
        }
    }

    /// Reads it; what is drawn with it is drawn again when it changes.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        self.peek(read)
    }

    /// Reads it as it is now.
    pub(crate) fn peek<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes it; `change` says whether that is to be told.
    pub(crate) fn change(&self, change: impl FnOnce(&mut T) -> bool) -> bool {
        let changed = change(&mut self.value.lock().unwrap_or_else(PoisonError::into_inner));
        if changed {
            self.changed.notify();
        }
        changed
    }
}
