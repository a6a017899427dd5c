//! JSON without a parser of our own: the browser parses, and what it parsed is read field by field.
//!
//! The readers are generic over [`Json`], so that natively they are tested against the derived ones
//! that the server uses.

use wasm_bindgen::{JsCast, JsValue};

/// A parsed value.
pub(super) trait Json: Sized {
    /// The field with this key; a missing one reads as nothing.
    fn field(&self, key: &str) -> Self;
    /// Whether it is missing or null.
    fn is_nothing(&self) -> bool;
    /// As a text.
    fn text(&self) -> Option<String>;
    /// As a whole number.
    fn number(&self) -> Option<u32>;
    /// As yes or no.
    fn flag(&self) -> Option<bool>;
    /// As a list.
    fn list(&self) -> Option<Vec<Self>>;
}

impl Json for JsValue {
    #[inline(never)]
    fn field(&self, key: &str) -> Self {
        // Throws where there is no object to have fields.
        js_sys::Reflect::get(self, &Self::from_str(key)).unwrap_or(Self::UNDEFINED)
    }

    fn is_nothing(&self) -> bool {
        self.is_undefined() || self.is_null()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<u32> {
        let number = self.as_f64()?;
        let whole = number as u32;
        (f64::from(whole) == number).then_some(whole)
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn list(&self) -> Option<Vec<Self>> {
        Some(self.dyn_ref::<js_sys::Array>()?.iter().collect())
    }
}
