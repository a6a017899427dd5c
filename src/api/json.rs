//! JSON without a parser of our own: the browser parses, and what it parsed is read where it is drawn.
//!
//! Readers are generic over [`Json`], so that natively they are tested on `serde_json` values.
//! A field that is missing, or of another kind, reads as nothing: it is left out, never guessed.

use dung_hen_domain::case::WireName;
use dung_hen_domain::civil::{IsoDate, IsoMoment, parse_date, parse_moment};
use dung_hen_domain::words::Lang;
use wasm_bindgen::{JsCast, JsValue};

/// A parsed value.
pub(crate) trait Json: Sized {
    /// The field with this key; a missing one reads as nothing.
    fn field(&self, key: &str) -> Self;
    /// Whether it is missing or null.
    fn is_nothing(&self) -> bool;
    /// As a text.
    fn text(&self) -> Option<String>;
    /// As a whole number.
    fn number(&self) -> Option<u32>;
    /// As yes or no; anything else is no.
    fn flag(&self) -> bool;
    /// As a list; anything else is empty.
    fn list(&self) -> Vec<Self>;

    /// The text under this key, as somebody wrote it.
    #[inline(never)]
    fn said(&self, key: &str) -> Option<String> {
        self.field(key).text()
    }

    /// The text the server worded under this key; empty where it is missing.
    #[inline(never)]
    fn words(&self, key: &str, lang: Lang) -> String {
        self.field(key).in_lang(lang)
    }

    /// A text in both languages, in one.
    fn in_lang(&self, lang: Lang) -> String {
        self.said(lang.tag()).unwrap_or_default()
    }

    /// A day.
    #[inline(never)]
    fn day(&self, key: &str) -> Option<IsoDate> {
        parse_date(&self.said(key)?).map(IsoDate)
    }

    /// A moment.
    #[inline(never)]
    fn moment(&self, key: &str) -> Option<IsoMoment> {
        parse_moment(&self.said(key)?).map(IsoMoment)
    }

    /// A value that a newer server may extend; `None` where this version does not know it.
    fn known<T: WireName>(&self, key: &str) -> Option<T> {
        T::from_name(&self.said(key)?)
    }
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

    fn flag(&self) -> bool {
        self.as_bool() == Some(true)
    }

    #[inline(never)]
    fn list(&self) -> Vec<Self> {
        self.dyn_ref::<js_sys::Array>()
            .map(|array| array.iter().collect())
            .unwrap_or_default()
    }
}

#[cfg(test)]
impl Json for serde_json::Value {
    fn field(&self, key: &str) -> Self {
        self.get(key).cloned().unwrap_or(Self::Null)
    }
    fn is_nothing(&self) -> bool {
        self.is_null()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<u32> {
        self.as_u64()?.try_into().ok()
    }
    fn flag(&self) -> bool {
        self.as_bool() == Some(true)
    }
    fn list(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
}
